package oauth_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Metadata that an application wrote comes back whole: each field, and each call its own copy.
func TestMetadataOfTheApplicationComesBack(t *testing.T) {
	t.Parallel()
	for i := range reflect.TypeFor[oauth.Metadata]().NumField() {
		field := reflect.TypeFor[oauth.Metadata]().Field(i)
		if !field.IsExported() {
			continue
		}
		t.Run(field.Name, func(t *testing.T) {
			t.Parallel()
			m := &oauth.Metadata{Issuer: server}
			var value any
			switch field.Type.Kind() {
			case reflect.Bool:
				value = true
			case reflect.String:
				value = server
				if field.Name != "Issuer" {
					value = server + "/" + strings.ToLower(field.Name)
				}
			case reflect.Slice:
				value = []string{"a", "S256"}
			default:
				value = map[string]string{"token_endpoint": "https://mtls.server.example.com/token"}
			}
			reflect.ValueOf(m).Elem().Field(i).Set(reflect.ValueOf(value))
			c, err := oauth.NewClient(oauth.Config{ClientID: clientID, RedirectURI: "https://app.example.com/back", Metadata: m})
			require.NoError(t, err)
			for range 2 {
				got, err := c.Metadata(t.Context())
				require.NoError(t, err)
				assert.Equal(t, m, got)
				assert.ErrorContains(t, got.Claims(&map[string]any{}), "not read from a document")
				switch at := reflect.ValueOf(got).Elem().Field(i); at.Kind() {
				case reflect.Slice:
					at.Index(0).SetString("changed")
				case reflect.Map:
					at.Clear()
				}
			}
		})
	}
}

// An empty list stays an empty list.
func TestEmptyListOfTheApplicationComesBack(t *testing.T) {
	t.Parallel()
	m := &oauth.Metadata{Issuer: server, ScopesSupported: []string{}, MTLSEndpointAliases: map[string]string{}}
	c, err := oauth.NewClient(oauth.Config{ClientID: clientID, Metadata: m})
	require.NoError(t, err)
	got, err := c.Metadata(t.Context())
	require.NoError(t, err)
	assert.Equal(t, m, got)
}
