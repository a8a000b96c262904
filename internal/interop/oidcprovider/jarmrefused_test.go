//go:build interop

package oidcprovider

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// One fact differs each time: the response is refused, and the code in it is not sent.
func TestJARMRefused(t *testing.T) {
	t.Parallel()
	p := provider(t)
	rs, ec := p.secret(t, "rp-enc-rsa"), p.secret(t, "rp-enc-ec")
	signed, sealed := responseJWT("ES256"), sealedResponse("RS256", "RSA-OAEP", "A256GCM", rs)
	bend := func(r *http.Request) *http.Request {
		return changed(r, "response", flipped(r.URL.Query().Get("response")))
	}
	for name, row := range map[string]struct {
		id         string
		begin, end func(*oidc.Config)
		bend       func(*http.Request) *http.Request
		refusal    error
	}{
		"another alg":        {"jarm-es256", signed, responseJWT("PS256"), nil, oidc.CheckAlgorithm},
		"changed":            {"jarm-es256", signed, signed, bend, oidc.CheckSignature},
		"code beside it":     {"jarm-es256", signed, signed, func(r *http.Request) *http.Request { return changed(r, "code", "1") }, oauth.CheckResponse},
		"not encrypted":      {"jarm-es256", signed, sealedResponse("ES256", "ECDH-ES", "A128GCM", ec), nil, oidc.CheckEncrypted},
		"encrypted":          {"jarm-enc", sealed, responseJWT("RS256"), nil, oidc.CheckEncrypted},
		"encrypted, changed": {"jarm-enc", sealed, sealed, bend, oidc.CheckDecryption},
		"another enc":        {"jarm-enc", sealed, sealedResponse("RS256", "RSA-OAEP", "A128GCM", rs), nil, oidc.CheckAlgorithm},
		"another secret":     {"jarm-hs256", responseJWT("HS256"), func(c *oidc.Config) { responseJWT("HS256")(c); c.ClientSecret += "x" }, nil, oidc.CheckSignature},
	} {
		login, callback := jarmBegin(t, p.oidcClient(t, row.id, row.begin), oidc.AuthorizeOptions{})
		came := callback
		if row.bend != nil {
			came = row.bend(callback)
		}
		_, err := p.oidcClient(t, row.id, row.end).CompleteLogin(t.Context(), login, came)
		require.ErrorIs(t, err, row.refusal, name)
		_, err = p.oidcClient(t, row.id, row.begin).CompleteLogin(t.Context(), login, callback)
		require.NoError(t, err, "%s: the code was not sent", name)
	}
}

// The response to one client, brought to another one, and a plain response where a JWT was asked for.
func TestJARMOfAnotherClient(t *testing.T) {
	t.Parallel()
	p := provider(t)
	es, hybrid := p.oidcClient(t, "jarm-es256", responseJWT("ES256")), p.oidcClient(t, "jarm-hybrid", responseJWT("ES256"))
	login, own := jarmBegin(t, es, oidc.AuthorizeOptions{})
	_, foreign := jarmBegin(t, hybrid, oidc.AuthorizeOptions{})
	_, err := es.CompleteLogin(t.Context(), login, foreign)
	require.ErrorIs(t, err, oidc.CheckAudience)
	plain := own.Clone(t.Context())
	plain.URL.RawQuery = url.Values{"code": {"1"}, "state": {login.State}, "iss": {p.base}}.Encode()
	_, err = es.CompleteLogin(t.Context(), login, plain)
	require.ErrorIs(t, err, oauth.CheckResponse)
	_, err = es.CompleteLogin(t.Context(), login, own)
	require.NoError(t, err)
}

// The provider gives these clients no plain response, and a client that did not ask for a JWT takes none.
func TestJARMDemanded(t *testing.T) {
	t.Parallel()
	p := provider(t)
	plain := p.oidcClient(t, "jarm-es256")
	login, callback := oidcBegin(t, plain, person(t), oidc.AuthorizeOptions{})
	_, err := plain.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.InvalidRequest)
	_, err = plain.BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseMode: oauth.ResponseModeJWT})
	require.ErrorContains(t, err, "AuthorizationSigningAlg")

	login, err = p.oidcClient(t, "basic").BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	_, callback = jarmBegin(t, p.oidcClient(t, "jarm-es256", responseJWT("ES256")), oidc.AuthorizeOptions{})
	_, err = p.oidcClient(t, "basic").CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.CheckState)
}
