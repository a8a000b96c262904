package oidc_test

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func fapi(module string) string { return "fapi2-security-profile-final-client-test-" + module }

type fapiModule struct {
	first   idptest.Fault // from the beginning
	token   idptest.Fault // from the callback on: it strikes the token endpoint alone
	noNonce bool          // the server wants no nonce in proofs
	rework  func(t *testing.T, idToken string) string
	edit    func(w http.ResponseWriter, r *http.Request, next http.Handler)
	want    error // nil: the login is accepted
	signed  error // when it differs under FAPI2MessageSigning
	then    func(*testing.T, *fapiWorld, *oidc.Result)
}

// fapiWorld is a server of the profile, and its client.
type fapiWorld struct {
	idp    *oidctest.Server
	edit   func(w http.ResponseWriter, r *http.Request, next http.Handler)
	dpop   *oauth.DPoP
	client *oidc.Client
	http   *http.Client
	proof  string // of the last token request
}

func (w *fapiWorld) ServeHTTP(reply http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/token" {
		w.proof = r.Header.Get("DPoP")
	}
	if w.edit == nil {
		w.idp.ServeHTTP(reply, r)
		return
	}
	w.edit(reply, r, w.idp)
}

func newFAPIWorld(t *testing.T, profile oidc.Profile, nonce time.Duration) *fapiWorld {
	t.Helper()
	set, err := json.Marshal(oauth.JWKSet{{Public: keys()["p256"].Public()}})
	require.NoError(t, err)
	w := &fapiWorld{idp: &oidctest.Server{
		Realm: &idptest.Realm{BaseURL: issuer}, SigningKey: keys()["fake"].(*rsa.PrivateKey), JWKS: set, RedirectURIs: []string{redirectURI},
		FAPI2: true, FAPI2MessageSigning: profile == oidc.FAPI2MessageSigning, DPoPNonce: nonce,
	}, dpop: newDPoP(t)}
	w.http = &http.Client{Transport: handler{w}, Timeout: time.Minute}
	config := oidc.Config{
		Profile: profile, Issuer: issuer, ClientID: oidctest.ClientID, RedirectURI: redirectURI, HTTPClient: w.http, DPoP: w.dpop,
		TokenAuth: oauth.PrivateKeyJWT{Keys: signs("p256", "")},
	}
	if profile == oidc.FAPI2MessageSigning {
		messageSigning(&config)
	}
	w.client, err = oidc.NewClient(config)
	require.NoError(t, err)
	return w
}

// login looks at the address of the browser, too: it has client_id and request_uri alone.
func (w *fapiWorld) login(t *testing.T, c fapiModule) (*oidc.Result, error) {
	t.Helper()
	breaks := func(f idptest.Fault) {
		if f != "" {
			w.idp.Break(f)
		}
	}
	breaks(c.first)
	login, err := w.client.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "openid email offline_access", Prompt: "consent"})
	if err != nil {
		return nil, err
	}
	address, err := url.Parse(login.URL)
	require.NoError(t, err)
	assert.Len(t, address.Query(), 2)
	assert.True(t, address.Query().Has("client_id") && address.Query().Has("request_uri"), "P3")
	callback, err := w.idp.Login(t.Context(), login.URL, "")
	require.NoError(t, err)
	before := w.idp.Requests("/token")
	breaks(c.token)
	result, err := w.client.CompleteLogin(t.Context(), login, callback)
	if c.first != "" && err != nil {
		assert.Equal(t, before, w.idp.Requests("/token"), "the code was sent")
	}
	return result, err
}

// editJSON changes the replies of a path.
func editJSON(w http.ResponseWriter, r *http.Request, next http.Handler, path string, change func(map[string]any)) {
	if r.URL.Path != path {
		next.ServeHTTP(w, r)
		return
	}
	recorder := httptest.NewRecorder()
	next.ServeHTTP(recorder, r)
	var members map[string]any
	body := recorder.Body.Bytes()
	if json.Unmarshal(body, &members) == nil && recorder.Code == http.StatusOK {
		change(members)
		body, _ = json.Marshal(members)
	}
	header := w.Header()
	for name, values := range recorder.Header() {
		header[name] = values
	}
	header.Del("Content-Length")
	w.WriteHeader(recorder.Code)
	_, _ = w.Write(body)
}

// signedAgain signs an ID token by the server's RSA key and another algorithm.
func signedAgain(alg gojose.SignatureAlgorithm) func(*testing.T, string) string {
	return func(t *testing.T, raw string) string {
		token, err := gojose.ParseSignedCompact(raw, []gojose.SignatureAlgorithm{gojose.PS256})
		require.NoError(t, err)
		header := (&gojose.SignerOptions{}).WithHeader("kid", token.Signatures[0].Header.KeyID)
		signer, err := gojose.NewSigner(gojose.SigningKey{Algorithm: alg, Key: keys()["fake"]}, header)
		require.NoError(t, err)
		signed, err := signer.Sign(token.UnsafePayloadWithoutVerification())
		require.NoError(t, err)
		text, err := signed.CompactSerialize()
		require.NoError(t, err)
		return text
	}
}

// fapiUse calls the protected resource of the login, the user info.
func fapiUse(t *testing.T, w *fapiWorld, r *oidc.Result) {
	user, err := w.client.GetUserInfoByAccessToken(t.Context(), r.Token.AccessToken, oauth.UserInfoOptions{Subject: r.IDToken.Subject, Binding: r.Token.Binding})
	require.NoError(t, err)
	assert.Equal(t, "alice@example.com", user.Email)
}

// fapiOtherCase has the resource demand a nonce, by the scheme in another case.
func fapiOtherCase(t *testing.T, w *fapiWorld, r *oidc.Result) {
	var proofs []string
	w.edit = func(reply http.ResponseWriter, request *http.Request, next http.Handler) {
		proofs = append(proofs, request.Header.Get("DPoP"))
		if len(proofs) > 1 {
			next.ServeHTTP(reply, request)
			return
		}
		reply.Header().Set("WWW-Authenticate", `dPOp error="use_dpop_nonce"`)
		reply.Header().Set("DPoP-Nonce", "N1")
		reply.WriteHeader(http.StatusUnauthorized)
	}
	fapiUse(t, w, r)
	require.Len(t, proofs, 2)
	assert.NotContains(t, string(payloadOf(t, proofs[0])), "N1")
	assert.Contains(t, string(payloadOf(t, proofs[1])), `"nonce":"N1"`)
}

// fapiTokenType has a token_type that is spelled in another way.
func fapiTokenType(t *testing.T, w *fapiWorld, r *oidc.Result) {
	fapiOtherType(t, r.Token)
	fapiUse(t, w, r)
}

func fapiOtherType(t *testing.T, token *oauth.Token) {
	t.Helper()
	assert.NotEqual(t, "DPoP", token.TokenType)
	assert.True(t, strings.EqualFold("DPoP", token.TokenType))
}

// fapiList has the audience as a list.
func fapiList(t *testing.T, _ *fapiWorld, r *oidc.Result) {
	var claims map[string]any
	require.NoError(t, r.IDToken.Claims(&claims))
	assert.Equal(t, []any{oidctest.ClientID}, claims["aud"])
}

// usedNonce says whether the proof of the last token request has a nonce of the server.
func (w *fapiWorld) usedNonce(t *testing.T) bool {
	t.Helper()
	return strings.Contains(string(payloadOf(t, w.proof)), `"nonce":"`)
}

func payloadOf(t *testing.T, jwt string) []byte {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[1])
	require.NoError(t, err)
	return payload
}

func fapiRefresh(t *testing.T, w *fapiWorld, r *oidc.Result) {
	next, err := w.client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: r.Token.RefreshToken, Previous: r.IDToken, Binding: r.Token.Binding})
	require.NoError(t, err)
	assert.NotEqual(t, r.Token.AccessToken, next.Token.AccessToken)
	fapiUse(t, w, &oidc.Result{Token: next.Token, IDToken: r.IDToken})
}

// granted is a server of Grant Management: it tells the grant_id, and has an address for the grant.
func granted(w http.ResponseWriter, r *http.Request, next http.Handler) {
	switch {
	case r.URL.Path != "/grants/G1":
		editJSON(w, r, next, "/token", func(m map[string]any) { m["grant_id"] = "G1" })
	case !strings.HasPrefix(r.Header.Get("Authorization"), "DPoP ") || r.Header.Get("DPoP") == "":
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	default:
		_, _ = w.Write([]byte(`{"scopes":[{"scope":"openid email"}]}`))
	}
}

// fapiGrant asks for the grant, and revokes it. This package has no calls of Grant Management: the application makes them
// with the token and its key.
func fapiGrant(t *testing.T, w *fapiWorld, r *oidc.Result) {
	for method, want := range map[string]int{http.MethodGet: http.StatusOK, http.MethodDelete: http.StatusNoContent} {
		request, err := http.NewRequestWithContext(t.Context(), method, issuer+"/grants/G1", nil)
		require.NoError(t, err)
		reply, err := w.dpop.Send(w.http.Transport, request, r.Token)
		require.NoError(t, err)
		require.NoError(t, reply.Body.Close())
		assert.Equal(t, want, reply.StatusCode)
	}
}

// unknownGrant is a server of Grant Management that does not know the grant_id of the request.
func unknownGrant(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if r.URL.Path != "/par" {
		next.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write([]byte(`{"error":"invalid_grant_id"}`))
}
