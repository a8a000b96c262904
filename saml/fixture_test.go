package saml_test

import (
	"context"
	"crypto"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// The service provider and the identity providers of these tests.
const (
	testSP    = "https://sp.example/metadata"
	testACS   = "https://sp.example/acs"
	testIDP   = "https://idp.example/metadata"
	otherIDP  = "https://other.example/metadata"
	requestID = "_request"
	loginKey  = "KEY0123456789"
)

// clock is the time at which a good message is read.
var clock = time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC)

// idps is an IDPSource of these tests' own.
type idps map[string]*metadata.IDP

func (all idps) IDP(_ context.Context, entityID string) (*metadata.IDP, error) {
	if entityID == "" {
		entityID = testIDP
	}
	if p, ok := all[entityID]; ok {
		return p, nil
	}
	return nil, metadata.CheckUnknown
}

// neverSeen is a Replay that never saw a key: it lets tests present one message often.
type neverSeen struct{}

func (neverSeen) First(context.Context, string, time.Time) (bool, error) { return true, nil }

func idpWith(entityID string, keys ...crypto.PublicKey) *metadata.IDP {
	sso := strings.TrimSuffix(entityID, "metadata") + "sso"
	return &metadata.IDP{EntityID: entityID, Keys: keys, SSO: []metadata.Endpoint{
		{Binding: saml.BindingRedirect, Location: sso}, {Binding: saml.BindingPOST, Location: sso},
	}}
}

func config(t testing.TB, change ...func(*saml.Config)) saml.Config {
	t.Helper()
	sp := key(t, "sp")
	cfg := saml.Config{
		EntityID: testSP,
		ACSURL:   testACS,
		Keys:     []saml.Key{{Signer: sp, Decrypter: sp.(decrypter)}},
		IDP:      idps{testIDP: idpWith(testIDP, key(t, "idp").Public()), otherIDP: idpWith(otherIDP, key(t, "other").Public())},
		Replay:   neverSeen{},
		Now:      func() time.Time { return clock },
	}
	for _, f := range change {
		if f != nil {
			f(&cfg)
		}
	}
	return cfg
}

func client(t testing.TB, change ...func(*saml.Config)) *saml.Client {
	t.Helper()
	c, err := saml.NewClient(config(t, change...))
	require.NoError(t, err)
	return c
}

// pending is the login that good messages answer.
func pending() *saml.Login {
	return &saml.Login{Key: loginKey, RequestID: requestID, IDP: testIDP, Client: testSP, ACSURL: testACS, CreatedAt: clock.Add(-20 * time.Second)}
}

// posted is what the browser sends to the ACS.
func posted(form url.Values) *http.Request {
	r, err := http.NewRequest(http.MethodPost, testACS, strings.NewReader(form.Encode()))
	if err != nil {
		panic(err) // the address is a constant
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func responseForm(message []byte) url.Values {
	return url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(message)}, "RelayState": {loginKey}}
}

// edit replaces a text that appears exactly once.
type edit struct{ old, new string }

func (e edit) apply(t testing.TB, s string) string {
	t.Helper()
	require.Equal(t, 1, strings.Count(s, e.old), "%q in %s", e.old, s)
	return strings.Replace(s, e.old, e.new, 1)
}

// message is a response with the marks {R} and {A} where its signatures come, {E}...{/E} around what is encrypted
// as an assertion and {N}...{/N} around what is encrypted as a name identifier. A mark that has no work is removed.
type message struct {
	text         string
	before       []edit // of the text, before it is signed
	sealed       []edit // of the assertion, after it was signed and before it is encrypted
	after        []edit // when all is done
	finish       func(string) string
	signR, signA *signature
	encE, encN   *encryption

	config func(*saml.Config)
	login  func(*saml.Login)
	// unasked presents it without a login.
	unasked bool
	// encode makes the octets that are sent; form changes the form.
	encode func([]byte) []byte
	form   func(url.Values)
}

func (m message) xml(t testing.TB) string {
	t.Helper()
	s := m.text
	for _, e := range m.before {
		s = e.apply(t, s)
	}
	s = m.encN.mark(t, s, "{N}", "{/N}", "EncryptedID")
	s = m.signA.mark(t, s, "{A}")
	for _, e := range m.sealed {
		s = e.apply(t, s)
	}
	s = m.encE.mark(t, s, "{E}", "{/E}", "EncryptedAssertion")
	s = m.signR.mark(t, s, "{R}")
	for _, e := range m.after {
		s = e.apply(t, s)
	}
	if m.finish != nil {
		s = m.finish(s)
	}
	return s
}

func (m message) client(t testing.TB) *saml.Client {
	t.Helper()
	return client(t, m.config)
}

func (m message) pending() *saml.Login {
	if m.unasked {
		return nil
	}
	l := pending()
	if m.login != nil {
		m.login(l)
	}
	return l
}

// present makes the request that brings a text to the ACS.
func (m message) present(xml string) *http.Request {
	octets := []byte(xml)
	if m.encode != nil {
		octets = m.encode(octets)
	}
	form := responseForm(octets)
	if m.form != nil {
		m.form(form)
	}
	return posted(form)
}

func (m message) complete(t testing.TB) (*saml.Assertion, error) {
	t.Helper()
	return m.client(t).CompleteLogin(context.Background(), m.pending(), m.present(m.xml(t)))
}
