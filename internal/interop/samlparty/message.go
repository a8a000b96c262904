//go:build interop

package samlparty

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// Arrived returns a new copy of the request at a service provider.
func Arrived(t *testing.T, r *http.Request) *http.Request {
	t.Helper()
	c := r.Clone(t.Context())
	if r.GetBody != nil {
		var err error
		c.Body, err = r.GetBody()
		require.NoError(t, err)
	}
	return c
}

// Message is the response in a form.
func Message(t *testing.T, r *http.Request) string {
	t.Helper()
	r = Arrived(t, r)
	require.NoError(t, r.ParseForm())
	b, err := base64.StdEncoding.DecodeString(r.PostForm.Get("SAMLResponse"))
	require.NoError(t, err)
	return string(b)
}

// Posted is the request with another response in its form.
func Posted(t *testing.T, r *http.Request, message string) *http.Request {
	t.Helper()
	r = Arrived(t, r)
	require.NoError(t, r.ParseForm())
	form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(message))}, "RelayState": r.PostForm["RelayState"]}
	c, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL.String(), strings.NewReader(form.Encode()))
	require.NoError(t, err)
	c.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c
}

// Moved is the request at another address, as for a query that was changed.
func Moved(t *testing.T, r *http.Request, address string) *http.Request {
	t.Helper()
	require.NotEqual(t, r.URL.String(), address)
	u, err := url.Parse(address)
	require.NoError(t, err)
	c := r.Clone(t.Context())
	c.URL = u
	return c
}

// Flat are names and texts of all attributes.
func Flat(attributes []saml.Attribute) []string {
	var all []string
	for _, a := range attributes {
		for _, v := range a.Values {
			all = append(all, a.Name+"="+v.Text)
		}
	}
	return all
}
