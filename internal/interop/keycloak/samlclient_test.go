//go:build interop

package keycloak

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/simplesamlphp"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// party is a service provider, registered by its metadata. Its addresses are on a server of the test, to which Keycloak
// posts by itself; the browser's walk ends before it.
type party struct {
	*saml.Client
	config saml.Config
	home   string

	mu       sync.Mutex
	requests []*saml.LogoutRequest // by SOAP
	refused  []error
	status   saml.StatusCode // of the answers
}

// attributes are those of a client in Keycloak's console.
type attributes map[string]string

// samlParty registers a service provider. The other fields of a client are in fields, such as frontchannelLogout.
func (k *keycloak) samlParty(t *testing.T, fields map[string]any, a attributes, change ...func(*saml.Config)) *party {
	t.Helper()
	p := &party{status: saml.Success}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.answer(t, w, r) }))
	t.Cleanup(server.Close)
	p.home = server.URL
	source, err := metadata.NewSource(metadata.Config{URL: k.base + "/realms/interop/protocol/saml/descriptor", HTTPClient: k.http})
	require.NoError(t, err)
	pair, err := simplesamlphp.NewPair()
	require.NoError(t, err)
	key, err := saml.NewKey(pair)
	require.NoError(t, err)
	p.config = saml.Config{
		EntityID: "urn:interop:" + rand.Text(), ACSURL: p.home + "/acs", SLOURL: p.home + "/slo", IDP: source, HTTPClient: k.http, Keys: []saml.Key{key},
	}
	for _, f := range change {
		f(&p.config)
	}
	p.Client, err = saml.NewClient(p.config)
	require.NoError(t, err)

	ours, err := p.Metadata(t.Context(), saml.MetadataDocOptions{})
	require.NoError(t, err)
	var client map[string]any
	require.NoError(t, json.Unmarshal(k.call(t, "/interop/client-description-converter", document(ours)), &client))
	maps.Copy(client, fields)
	known, _ := client["attributes"].(map[string]any)
	for name, value := range a {
		known[name] = value
	}
	k.call(t, "/interop/clients", client)
	return p
}

// answer is the service provider's endpoint for SOAP.
func (p *party) answer(t *testing.T, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	assert.NoError(t, err)
	r.Body = io.NopCloser(bytes.NewReader(body))
	request, err := p.ReceiveLogout(r.Context(), r)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		t.Logf("%s %s %s: %v: %s", r.Method, r.URL, r.Header.Get("Content-Type"), err, body)
		p.refused = append(p.refused, err)
		http.Error(w, "refused", http.StatusForbidden)
		return
	}
	p.requests = append(p.requests, request)
	reply, err := p.RespondLogout(r.Context(), request, p.status)
	assert.NoError(t, err)
	assert.NoError(t, reply.Send(w))
}

func (p *party) received() ([]*saml.LogoutRequest, []error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests, p.refused
}

// begin sends the user to Keycloak, and returns what the browser brings back.
func (p *party) begin(t *testing.T, who *formlogin.Person, o saml.AuthorizeOptions) (*saml.Login, *http.Request) {
	t.Helper()
	l, err := p.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	if l.Form == nil {
		return l, visit(t, who, l.URL, p.config.ACSURL)
	}
	r, err := who.Submit(t.Context(), l.URL, l.Form, p.config.ACSURL)
	require.NoError(t, err)
	return l, r
}

func (p *party) login(t *testing.T, who *formlogin.Person, o saml.AuthorizeOptions) *saml.Assertion {
	t.Helper()
	l, r := p.begin(t, who, o)
	require.Equal(t, l.Key, saml.LoginKey(r))
	user, err := p.CompleteLogin(t.Context(), l, r)
	require.NoError(t, err)
	return user
}
