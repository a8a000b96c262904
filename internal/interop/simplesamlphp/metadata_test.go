//go:build interop

package simplesamlphp

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

func TestMetadataOfTheServer(t *testing.T) {
	t.Parallel()
	s := server(t)
	source, err := metadata.NewSource(metadata.Config{URL: s.entityID})
	require.NoError(t, err)
	idp, err := source.IDP(t.Context(), "")
	require.NoError(t, err)
	assert.Equal(t, s.entityID, idp.EntityID)
	both := func(location string) []metadata.Endpoint {
		return []metadata.Endpoint{{Binding: saml.BindingRedirect, Location: location}, {Binding: saml.BindingPOST, Location: location}}
	}
	assert.Equal(t, both(s.sso), idp.SSO)
	assert.Equal(t, both(s.slo), idp.SLO)
	assert.Equal(t, []string{saml.NameIDTransient, saml.NameIDPersistent, saml.NameIDEmail}, idp.NameIDFormats)
	assert.Len(t, idp.Keys, 1)
	assert.False(t, idp.WantAuthnRequestsSigned)

	s.party(t, nil, func(c *saml.Config) { c.IDP = source }).login(t, person(t), saml.AuthorizeOptions{IDP: s.entityID})
	_, err = source.IDP(t.Context(), s.entityID+"/other")
	require.ErrorIs(t, err, metadata.CheckUnknown)
	_, err = metadata.Parse(fetch(t, s.entityID), metadata.Options{EntityID: s.entityID + "/other"})
	require.Error(t, err)
}

type recorder struct {
	mu       sync.Mutex
	statuses []int
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.statuses = append(r.statuses, response.StatusCode)
	}
	return response, err
}

// Unchanged metadata is not sent again: the server answers with an empty page labelled as HTML.
func TestMetadataOfTheServerAgain(t *testing.T) {
	t.Parallel()
	s := server(t)
	var wire recorder
	now := time.Now()
	source, err := metadata.NewSource(metadata.Config{
		URL: s.entityID, HTTPClient: &http.Client{Transport: &wire}, Now: func() time.Time { return now },
	})
	require.NoError(t, err)
	first, err := source.IDP(t.Context(), "")
	require.NoError(t, err)
	for range 2 {
		now = now.Add(2 * time.Hour)
		again, err := source.IDP(t.Context(), "")
		require.NoError(t, err)
		assert.Equal(t, first, again)
	}
	assert.Equal(t, []int{http.StatusOK, http.StatusNotModified, http.StatusNotModified}, wire.statuses)
}

// The server does not sign its metadata. When a signature is required it is refused, and so is its page for people.
func TestMetadataOfTheServerUnsigned(t *testing.T) {
	t.Parallel()
	s := server(t)
	idp, err := s.source.IDP(t.Context(), "")
	require.NoError(t, err)
	source, err := metadata.NewSource(metadata.Config{URL: s.entityID, Keys: idp.Keys})
	require.NoError(t, err)
	_, err = source.IDP(t.Context(), "")
	require.ErrorIs(t, err, metadata.CheckSignature)
	source, err = metadata.NewSource(metadata.Config{URL: s.entityID + "?output=xhtml"})
	require.NoError(t, err)
	_, err = source.IDP(t.Context(), "")
	require.Error(t, err)
}

// Our own metadata in each form. All other tests use the plain one.
func TestMetadataOfOurs(t *testing.T) {
	t.Parallel()
	s := server(t)
	for name, o := range map[string]saml.MetadataDocOptions{
		"signed": {Sign: true},
		"whole":  {Sign: true, ValidFor: time.Hour, CacheDuration: time.Minute, NameIDFormats: []string{saml.NameIDEmail, saml.NameIDTransient}},
	} {
		p := &party{config: s.config(t), site: s}
		p.config.MoreACSURLs = []string{p.config.ACSURL + "/2?a=1&b=2"}
		p.Client = newClient(t, p.config)
		metadata, err := p.Metadata(t.Context(), o)
		require.NoError(t, err)
		s.register(t, metadata, nil)
		got := p.login(t, person(t), saml.AuthorizeOptions{ACSURL: p.config.MoreACSURLs[0]})
		want := saml.NameIDTransient
		if len(o.NameIDFormats) > 0 {
			want = o.NameIDFormats[0]
		}
		assert.Equal(t, want, got.NameID.Format, name)
	}
}

// A service provider without keys and logouts.
func TestMetadataWithoutKeys(t *testing.T) {
	t.Parallel()
	s := server(t)
	s.party(t, nil, func(c *saml.Config) { c.Keys, c.SLOURL = nil, "" }).login(t, person(t), saml.AuthorizeOptions{})
}
