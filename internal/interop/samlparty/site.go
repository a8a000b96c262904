//go:build interop

package samlparty

import (
	"crypto/rand"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/simplesamlphp"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// Home is where the addresses of all service providers begin.
const Home = "https://sp.example.test/"

// Site is a running identity provider.
type Site struct {
	// Facts are what its start.sh wrote.
	Facts map[string]string
	// IDP is what its metadata says.
	IDP *metadata.IDP
}

// Options are the identity provider's options for one service provider.
type Options map[string]any

// Open reads the facts and the metadata of the running server called name.
func Open(t *testing.T, name string) *Site {
	t.Helper()
	facts, err := interop.Facts(name)
	require.NoError(t, err)
	idp, err := metadata.Parse(Fetch(t, facts["METADATA_URL"]), metadata.Options{})
	require.NoError(t, err)
	return &Site{Facts: facts, IDP: idp}
}

// Fetch returns the document at address.
func Fetch(t *testing.T, address string) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode)
	return body
}

// Register registers a service provider until the test ends.
func (s *Site) Register(t *testing.T, document []byte, o Options) {
	t.Helper()
	forget, err := simplesamlphp.Drop(s.Facts["SP_DIR"], document, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, forget()) })
}

// Party makes a registered service provider.
func (s *Site) Party(t *testing.T, o Options, change ...func(*saml.Config)) *Party {
	t.Helper()
	p := s.Unregistered(t, change...)
	s.Register(t, p.Document(t, saml.MetadataDocOptions{}), o)
	return p
}

// Unregistered makes a service provider that the identity provider does not know.
func (s *Site) Unregistered(t *testing.T, change ...func(*saml.Config)) *Party {
	t.Helper()
	base := Home + rand.Text()
	p := &Party{Site: s, Config: saml.Config{
		EntityID: base + "/metadata", ACSURL: base + "/acs", SLOURL: base + "/slo",
		Keys: []saml.Key{OwnKey(t)}, IDP: metadata.NewList(s.IDP),
	}}
	return p.As(t, change...)
}

var ownPair = sync.OnceValues(simplesamlphp.NewPair)

// OwnKey is the key of all service providers.
func OwnKey(t *testing.T) saml.Key {
	t.Helper()
	pair, err := ownPair()
	require.NoError(t, err)
	key, err := saml.NewKey(pair)
	require.NoError(t, err)
	return key
}

// NewKey makes another key.
func NewKey(t *testing.T) saml.Key {
	t.Helper()
	pair, err := simplesamlphp.NewPair()
	require.NoError(t, err)
	key, err := saml.NewKey(pair)
	require.NoError(t, err)
	return key
}

// Alice is a user in a new browser.
func Alice(t *testing.T) *formlogin.Person {
	t.Helper()
	who, err := formlogin.New("alice", "wonderland", nil)
	require.NoError(t, err)
	return who
}
