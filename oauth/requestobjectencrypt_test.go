package oauth_test

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// The hook gets the signed object, and what it returns is sent, or kept by Host. What is no JWE goes nowhere.
func TestRequestObjectEncrypt(t *testing.T) {
	t.Parallel()
	key, seen, result, fail := oauth.SigningKey{Signer: signers()["ed"]}, "", "a.b.c.d.e", error(nil)
	o := &oauth.RequestObject{Keys: []oauth.SigningKey{key}, ClientIDOnly: true, Encrypt: func(_ context.Context, signed string) (string, error) {
		seen = signed
		return result, fail
	}}
	link, err := signing(t, o).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{State: "S"})
	require.NoError(t, err)
	assert.Equal(t, url.Values{"client_id": {clientID}, "request": {"a.b.c.d.e"}}, query(t, link))
	assert.Equal(t, "S", open(t, seen, "EdDSA", key.Signer.Public()).claims["state"])

	kept := 0
	hosted := *o
	hosted.Host = func(_ context.Context, object string) (string, error) {
		kept++
		assert.Equal(t, "a.b.c.d.e", object)
		return "https://client.example.com/o/1", nil
	}
	link, err = signing(t, &hosted).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, url.Values{"client_id": {clientID}, "request_uri": {"https://client.example.com/o/1"}}, query(t, link))

	for _, bad := range []string{"", "a.b.c", "a.b.c.d", "a.b.c.d.e.f"} {
		result = bad
		for _, object := range []*oauth.RequestObject{o, &hosted} {
			_, err = signing(t, object).BeginLogin(t.Context(), oauth.AuthorizeOptions{})
			require.EqualError(t, err, "oauth: RequestObject.Encrypt returned no compact JWE")
		}
	}
	fail = errors.New("no key")
	_, err = signing(t, &hosted).BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.ErrorIs(t, err, fail)
	assert.Equal(t, 1, kept)
}
