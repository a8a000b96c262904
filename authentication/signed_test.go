package authentication_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// signed is a server with fixed replies; ID tokens are signed with the secret.
type signed struct {
	client   *authentication.Client
	wire     *wire
	issuer   string
	userInfo string
	token    map[string]any // the next token reply
	now      time.Time
}

func newSigned(t testing.TB, p authentication.Protocol, userInfo string) *signed {
	t.Helper()
	s := &signed{issuer: testHost + "/oidc", userInfo: userInfo, now: time.Unix(1700000000, 0)}
	s.wire = newWire(t, func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/me") {
			return httpmock.NewStringResponse(http.StatusOK, s.userInfo), nil
		}
		return httpmock.NewJsonResponse(http.StatusOK, s.token)
	})
	s.client = newTestClient(t, s.wire, func(o *authentication.Options) {
		o.Protocol, o.Now = p, func() time.Time { return s.now }
	})
	return s
}

// reply is a token reply with an ID token of these claims; without one when claims is nil.
func (s *signed) reply(t testing.TB, claims map[string]any, more map[string]any) {
	t.Helper()
	s.token = map[string]any{"access_token": "AT", "token_type": "Bearer", "expires_in": 3600}
	if claims != nil {
		all := map[string]any{"iss": s.issuer, "aud": testApp, "sub": "u-1", "iat": s.now.Unix(), "exp": s.now.Unix() + 3600}
		maps.Copy(all, claims)
		maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
		s.token["id_token"] = sign(t, all)
	}
	maps.Copy(s.token, more)
}

// login completes a login whose ID token has these claims and the required ones.
func (s *signed) login(t testing.TB, claims map[string]any) (*authentication.Identity, error) {
	t.Helper()
	return s.loginWith(t, authentication.AuthorizeOptions{}, claims)
}

func (s *signed) loginWith(t testing.TB, o authentication.AuthorizeOptions, claims map[string]any) (*authentication.Identity, error) {
	t.Helper()
	login, err := s.client.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	all := map[string]any{"nonce": queryOf(t, login.URL).Get("nonce")}
	maps.Copy(all, claims)
	s.reply(t, all, map[string]any{"refresh_token": "RT-1"})
	return s.client.CompleteLogin(t.Context(), login, callback(t, url.Values{"code": {"C"}, "state": {login.Key}}))
}

// sign makes a JWS by HS256 with the secret (RFC 7515 §3.1).
func sign(t testing.TB, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(payload)
	mac := hmac.New(sha256.New, []byte(testSecret))
	mac.Write([]byte(text))
	return text + "." + encode(mac.Sum(nil))
}
