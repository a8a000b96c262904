package oauth_test

import (
	"context"
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Metadata gives the whole document, however it is kept: each call its own copy.
func TestMetadataIsTheWholeDocument(t *testing.T) {
	t.Parallel()
	document := described(map[string]any{
		"response_types_supported": []string{"code", "code id_token"}, "x_tenants": []string{"a", "b"},
		"mtls_endpoint_aliases": map[string]string{"token_endpoint": "https://mtls.server.example.com/token"},
	})
	text, err := json.Marshal(document)
	require.NoError(t, err)
	want, err := oauth.ParseMetadata(text)
	require.NoError(t, err)
	for name, c := range map[string]*oauth.Client{
		"discovered": discovering(t, publishing(document, oauthDocument), nil),
		"configured": with(t, silent(t), func(c *oauth.Config) { c.Issuer, c.Endpoints, c.Metadata = "", oauth.Endpoints{}, want }),
	} {
		assert.NoError(t, c.CanLogin(t.Context(), "id_token code"), name)
		for range 2 {
			got, err := c.Metadata(t.Context())
			require.NoError(t, err, name)
			assert.Equal(t, want, got, name)
			var more struct {
				Tenants []string `json:"x_tenants"`
			}
			require.NoError(t, got.Claims(&more), name)
			assert.Equal(t, []string{"a", "b"}, more.Tenants, name)
			got.Issuer, got.ResponseTypesSupported[0], got.MTLSEndpointAliases["token_endpoint"] = "", "", ""
		}
		assert.EqualError(t, c.CanLogin(t.Context(), "id_token"), "oauth: the server's response_types_supported does not have \"id_token\": it is code, code id_token", name)
	}
}

// A field that the application changed after it read the document counts, and so does a configured address.
func TestMetadataHasWhatTheApplicationChanged(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(described(nil))
	require.NoError(t, err)
	for name, changes := range map[string]bool{"as read": false, "changed": true} {
		m, err := oauth.ParseMetadata(text)
		require.NoError(t, err)
		if changes {
			m.UserInfoEndpoint, m.CodeChallengeMethodsSupported = server+"/me", []string{"plain"}
		}
		want := *m
		want.RevocationEndpoint = server + "/withdraw"
		c := with(t, silent(t), func(c *oauth.Config) {
			c.Issuer, c.Endpoints, c.Metadata = "", oauth.Endpoints{Revocation: server + "/withdraw"}, m
		})
		got, err := c.Metadata(t.Context())
		require.NoError(t, err, name)
		assert.Equal(t, &want, got, name)
		assert.Equal(t, changes, c.CanLogin(t.Context(), "") != nil, name)
	}
}

// A listed response type is compared as it is: a line break in it separates words, and an empty one is no type.
func TestListedResponseTypesAreComparedWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		listed   []string
		asked    oauth.ResponseType
		accepted bool
	}{
		"no list":                  {nil, "id_token", true},
		"a list without a type":    {[]string{""}, "id_token", false},
		"one of two":               {[]string{"code", "id_token"}, "id_token", true},
		"a part of one":            {[]string{"code id_token"}, "id_token", false},
		"a part before the break":  {[]string{"id_token\ncode"}, "id_token", false},
		"both parts in any order":  {[]string{"id_token\ncode"}, "code id_token", true},
		"a break at the beginning": {[]string{"\nid_token"}, "id_token", true},
	} {
		m := &oauth.Metadata{Issuer: server, AuthorizationEndpoint: server + "/authorize", TokenEndpoint: server + "/token", ResponseTypesSupported: c.listed}
		client, err := oauth.NewClient(oauth.Config{ClientID: clientID, RedirectURI: "https://app.example.com/back", Metadata: m})
		require.NoError(t, err, name)
		if err := client.CanLogin(t.Context(), c.asked); c.accepted {
			assert.NoError(t, err, name)
		} else {
			assert.ErrorContains(t, err, "response_types_supported does not have", name)
		}
	}
}

// A client of a server with a long document keeps little of it, and nothing twice.
func TestClientKeepsLittleOfALongDocument(t *testing.T) {
	const clients = 20
	document := described(map[string]any{
		"x_long": strings.Repeat("a long text, ", 20_000), "token_endpoint_auth_methods_supported": []string{"client_secret_basic"},
		"response_types_supported": []string{"code"}, "code_challenge_methods_supported": []string{"plain"},
		"authorization_details_types_supported": []string{"payment"}, "response_modes_supported": []string{"jwt"},
	})
	publisher := publishing(document, oauthDocument)
	live := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	all := make([]*oauth.Client, clients)
	before := live()
	for i := range all {
		all[i] = discovering(t, publisher, func(c *oauth.Config) {
			c.ReadAuthorizationResponse = func(context.Context, string) (string, error) { return "", nil }
		})
		require.ErrorContains(t, all[i].CanLogin(t.Context(), ""), "S256")
	}
	assert.Less(t, (int64(live())-int64(before))/clients, int64(20_000), "bytes of one client")
	runtime.KeepAlive(all)
}
