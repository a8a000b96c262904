package oidctest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const (
	exchangeGrant  = "urn:ietf:params:oauth:grant-type:token-exchange"
	jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	tokenType      = "urn:ietf:params:oauth:token-type:"
)

func (j *journey) trade(subject string, pairs ...string) (int, map[string]any) {
	j.t.Helper()
	return j.call("/token", append([]string{"grant_type", exchangeGrant, "subject_token", subject, "subject_token_type", tokenType + "access_token"}, pairs...)...)
}

func TestTokenExchange(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{TokenExchange: &oidctest.TokenExchange{Audiences: []string{"ledger", "https://ledger.example"}}, AllowPublic: true})
	login := j.tokens()
	subject := text(login, "access_token")
	status, reply := j.trade(subject, "audience", "ledger", "resource", "https://ledger.example", "scope", "email")
	granted(t, status, reply)
	assert.Equal(t, []any{"Bearer", tokenType + "access_token", "email"}, []any{reply["token_type"], reply["issued_token_type"], reply["scope"]})
	assert.NotContains(t, reply, "id_token")
	access := j.claims(text(reply, "access_token"), "RS256")
	assert.Equal(t, idptest.Subject, access["sub"])
	assert.Equal(t, []any{"https://ledger.example", "ledger"}, access["aud"])
	assert.NotContains(t, access, "act")

	// Delegation, twice.
	_, machine := j.call("/token", "grant_type", "client_credentials", "scope", "email")
	status, reply = j.trade(subject, "actor_token", text(machine, "access_token"), "actor_token_type", tokenType+"jwt")
	granted(t, status, reply)
	act := map[string]any{"sub": oidctest.ClientID}
	assert.Equal(t, act, j.claims(text(reply, "access_token"), "RS256")["act"])
	_, seen := j.call("/token/introspection", "token", text(reply, "access_token"))
	assert.Equal(t, act, seen["act"])
	status, reply = j.trade(text(reply, "access_token"), "actor_token", subject, "actor_token_type", tokenType+"access_token")
	granted(t, status, reply)
	assert.Equal(t, map[string]any{"sub": idptest.Subject, "act": act}, j.claims(text(reply, "access_token"), "RS256")["act"])

	// Other types.
	for kind, want := range map[string]string{"jwt": "Bearer", "id_token": "N_A", "refresh_token": "N_A"} {
		status, reply = j.trade(subject, "requested_token_type", tokenType+kind)
		granted(t, status, reply)
		assert.Equal(t, []any{want, tokenType + kind}, []any{reply["token_type"], reply["issued_token_type"]})
	}
	status, reply = j.trade(text(login, "id_token"), "subject_token_type", tokenType+"id_token")
	granted(t, status, reply)

	for code, pairs := range map[string][]string{
		"invalid_target": {"audience", "elsewhere"}, "invalid_scope": {"scope", "address"}, "invalid_request": {"requested_token_type", tokenType + "saml2"},
	} {
		status, reply = j.trade(subject, pairs...)
		refused(t, status, reply, http.StatusBadRequest, code)
	}
	for _, pairs := range [][]string{
		{"subject_token", "x"}, {"subject_token_type", tokenType + "id_token"}, {"subject_token_type", ""}, {"actor_token", "x"}, {"actor_token_type", tokenType + "jwt"},
	} {
		status, reply = j.trade(subject, pairs...)
		refused(t, status, reply, http.StatusBadRequest, "invalid_request")
	}
	status, reply = j.post("/token", nil, form("grant_type", exchangeGrant, "client_id", oidctest.ClientID, "subject_token", subject, "subject_token_type", tokenType+"access_token"))
	refused(t, status, reply, http.StatusBadRequest, "unauthorized_client")
	_, _ = j.call("/token/revocation", "token", subject)
	status, reply = j.trade(subject)
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")
}

func TestTokenExchangeFaults(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{TokenExchange: &oidctest.TokenExchange{}})
	subject := text(j.tokens(), "access_token")
	j.idp.Break(oidctest.MissingIssuedTokenType)
	_, reply := j.trade(subject)
	assert.NotContains(t, reply, "issued_token_type")
	j.idp.Break(oidctest.OtherIssuedTokenType)
	_, reply = j.trade(subject)
	assert.Equal(t, tokenType+"saml2", reply["issued_token_type"])
	j.idp.Break()
	_, reply = j.trade(subject)
	assert.Equal(t, tokenType+"access_token", reply["issued_token_type"])

	j = start(t, &oidctest.Server{})
	status, reply := j.trade(text(j.tokens(), "access_token"))
	refused(t, status, reply, http.StatusBadRequest, "unsupported_grant_type")
}

func TestJWTBearer(t *testing.T) {
	t.Parallel()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: private.Public(), KeyID: "k"}}})
	require.NoError(t, err)
	j := start(t, &oidctest.Server{JWTBearer: &oidctest.JWTBearer{Issuers: map[string]json.RawMessage{"https://hr.example": keys}}})
	assertion := func(pairs ...any) string {
		claims := map[string]any{"iss": "https://hr.example", "sub": idptest.Email, "aud": j.url, "exp": time.Now().Add(time.Minute).Unix(), "jti": idptest.Opaque()}
		for i := 0; i < len(pairs); i += 2 {
			claims[pairs[i].(string)] = pairs[i+1]
		}
		body, err := json.Marshal(claims)
		require.NoError(t, err)
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private}, (&jose.SignerOptions{}).WithHeader("kid", "k"))
		require.NoError(t, err)
		signed, err := signer.Sign(body)
		require.NoError(t, err)
		raw, err := signed.CompactSerialize()
		require.NoError(t, err)
		return raw
	}
	bear := func(raw string, pairs ...string) (int, map[string]any) {
		return j.call("/token", append([]string{"grant_type", jwtBearerGrant, "assertion", raw}, pairs...)...)
	}
	once := assertion()
	status, reply := bear(once)
	granted(t, status, reply)
	assert.Equal(t, idptest.Subject, j.claims(text(reply, "access_token"), "RS256")["sub"])
	assert.NotContains(t, reply, "refresh_token")
	status, reply = bear(assertion("aud", j.url+"/token"), "scope", "email offline_access")
	granted(t, status, reply)
	assert.Equal(t, "email", reply["scope"])
	for name, raw := range map[string]string{
		"used": once, "unsigned": once[:len(once)-8] + "AAAAAAAA", "another issuer": assertion("iss", "https://other.example"), "another server": assertion("aud", "https://other.example"),
		"two servers": assertion("aud", []string{j.url, "https://other.example"}), "expired": assertion("exp", 1), "endless": assertion("exp", time.Now().Add(2*time.Hour).Unix()),
		"not yet": assertion("nbf", time.Now().Add(time.Minute).Unix()), "nobody": assertion("sub", "nobody"), "no JWT": "x",
	} {
		status, reply := bear(raw)
		assert.Equal(t, []any{http.StatusBadRequest, "invalid_grant"}, []any{status, reply["error"]}, name)
	}
	status, reply = bear(assertion(), "client_secret", "wrong")
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")
	status, reply = start(t, &oidctest.Server{}).call("/token", "grant_type", jwtBearerGrant, "assertion", assertion())
	refused(t, status, reply, http.StatusBadRequest, "unsupported_grant_type")
}
