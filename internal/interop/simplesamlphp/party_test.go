//go:build interop

package simplesamlphp

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// parties is where the addresses of all service providers begin.
const parties = "https://sp.example.test/"

// party is a service provider of a test.
type party struct {
	*saml.Client
	config saml.Config
	site   *site
}

var ownPair = sync.OnceValues(NewPair)

func newKey(t *testing.T) saml.Key {
	t.Helper()
	pair, err := NewPair()
	require.NoError(t, err)
	key, err := saml.NewKey(pair)
	require.NoError(t, err)
	return key
}

func ownKey(t *testing.T) saml.Key {
	t.Helper()
	pair, err := ownPair()
	require.NoError(t, err)
	key, err := saml.NewKey(pair)
	require.NoError(t, err)
	return key
}

// config is the configuration of a service provider.
func (s *site) config(t *testing.T) saml.Config {
	t.Helper()
	base := parties + rand.Text()
	return saml.Config{
		EntityID: base + "/metadata", ACSURL: base + "/acs", SLOURL: base + "/slo",
		Keys: []saml.Key{ownKey(t)}, IDP: s.source,
	}
}

// party makes a registered service provider.
func (s *site) party(t *testing.T, o options, change ...func(*saml.Config)) *party {
	t.Helper()
	p := &party{config: s.config(t), site: s}
	for _, f := range change {
		f(&p.config)
	}
	p.Client = newClient(t, p.config)
	s.register(t, p.metadata(t), o)
	return p
}

// metadata is the client's metadata.
func (p *party) metadata(t *testing.T) []byte {
	t.Helper()
	metadata, err := p.Metadata(t.Context(), saml.MetadataDocOptions{})
	require.NoError(t, err)
	return metadata
}

// without removes the element that begins with this text, which must be present.
func without(t *testing.T, metadata []byte, start string) []byte {
	t.Helper()
	before, rest, ok := strings.Cut(string(metadata), start)
	require.True(t, ok)
	_, after, ok := strings.Cut(rest, "/>")
	require.True(t, ok)
	return []byte(before + after)
}

// as returns the same service provider with another configuration of the client.
func (p *party) as(t *testing.T, change func(*saml.Config)) *party {
	t.Helper()
	other := *p
	change(&other.config)
	other.Client = newClient(t, other.config)
	return &other
}

func newClient(t *testing.T, config saml.Config) *saml.Client {
	t.Helper()
	c, err := saml.NewClient(config)
	require.NoError(t, err)
	return c
}

// visit goes from our message to the next service provider as the user would.
func visit(t *testing.T, who *formlogin.Person, address string, form url.Values) *http.Request {
	t.Helper()
	var r *http.Request
	var err error
	if form == nil {
		r, err = who.Visit(t.Context(), address, parties)
	} else {
		r, err = who.Submit(t.Context(), address, form, parties)
	}
	require.NoError(t, err)
	return r
}

// arrived returns a new copy of the request at a service provider.
func arrived(t *testing.T, r *http.Request) *http.Request {
	t.Helper()
	c := r.Clone(t.Context())
	if r.GetBody != nil {
		var err error
		c.Body, err = r.GetBody()
		require.NoError(t, err)
	}
	return c
}

func (p *party) begin(t *testing.T, who *formlogin.Person, o saml.AuthorizeOptions) (*saml.Login, *http.Request) {
	t.Helper()
	login, err := p.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	return login, visit(t, who, login.URL, login.Form)
}

func (p *party) login(t *testing.T, who *formlogin.Person, o saml.AuthorizeOptions) *saml.Assertion {
	t.Helper()
	login, callback := p.begin(t, who, o)
	got, err := p.CompleteLogin(t.Context(), login, arrived(t, callback))
	require.NoError(t, err)
	return got
}
