package saml_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// A login is completed by the client that began it, in its time, with its key.
func TestWhichLoginIsCompleted(t *testing.T) {
	const second = "https://sp.example/acs2"
	more := func(c *saml.Config) { c.MoreACSURLs = []string{second} }
	moved := func(l *saml.Login) { l.ACSURL = second }
	to2 := all(says(`Destination="https://sp.example/acs"`, `Destination="https://sp.example/acs2"`), says(`Recipient="https://sp.example/acs"`, `Recipient="https://sp.example/acs2"`))
	begun := func(d time.Duration) change { return asked(func(l *saml.Login) { l.CreatedAt = clock.Add(-d) }) }
	refusals(t, signedBoth, map[string]refusal{
		"an empty login":      {asked(func(l *saml.Login) { *l = saml.Login{} }), saml.CheckLogin, nil},
		"no key":              {asked(func(l *saml.Login) { l.Key = "" }), saml.CheckLogin, nil},
		"no request":          {asked(func(l *saml.Login) { l.RequestID = "" }), saml.CheckLogin, nil},
		"no IDP":              {asked(func(l *saml.Login) { l.IDP = "" }), saml.CheckLogin, nil},
		"another client's":    {asked(func(l *saml.Login) { l.Client = otherIDP }), saml.CheckLogin, nil},
		"an address not ours": {all(asked(moved), to2), saml.CheckLogin, all(asked(moved), to2, with(more))},
		"another address":     {all(asked(moved), with(more)), saml.CheckDestination, nil},
		"old":                 {begun(time.Hour + 1), saml.CheckExpired, begun(time.Hour)},
		"of the future":       {begun(-time.Minute - 1), saml.CheckExpired, begun(-time.Minute)},
		"older than allowed":  {all(begun(3*time.Minute), with(func(c *saml.Config) { c.LoginLifetime = 2 * time.Minute })), saml.CheckExpired, begun(3 * time.Minute)},
		"another key":         {asked(func(l *saml.Login) { l.Key += "x" }), saml.CheckRelayState, nil},
		"another IDP's":       {asked(func(l *saml.Login) { l.IDP = otherIDP }), saml.CheckSignature, nil},
		"no login at all":     {func(m *message) { m.unasked = true }, saml.CheckUnsolicited, nil},
	})
}

// The key is compared before anything else of the message is looked at.
func TestTheKeyComesFirst(t *testing.T) {
	t.Parallel()
	m := signedBoth()
	m.encode = func([]byte) []byte { return []byte("<!DOCTYPE x>") }
	m.login = func(l *saml.Login) { l.Key = "another" }
	_, err := m.complete(t)
	require.ErrorIs(t, err, saml.CheckRelayState)
	m.login = nil
	_, err = m.complete(t)
	require.ErrorIs(t, err, saml.CheckXML)
}

func TestRequestsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	c := client(t)
	good := signedBoth()
	parsed := good.present(good.xml(t))
	require.NoError(t, parsed.ParseForm())
	for name, r := range map[string]*http.Request{"nil": nil, "no URL": {Method: http.MethodPost}, "parsed": parsed} {
		got, err := c.CompleteLogin(t.Context(), pending(), r)
		require.Error(t, err, name)
		assert.Nil(t, got)
		var invalid *saml.InvalidError
		require.NotErrorAs(t, err, &invalid, name)
	}
	r := good.present(good.xml(t))
	var none context.Context
	_, err := c.CompleteLogin(none, pending(), r)
	require.ErrorContains(t, err, "context")

	for name, change := range map[string]func(*http.Request){
		"GET":          func(r *http.Request) { r.Method = http.MethodGet },
		"HEAD":         func(r *http.Request) { r.Method = http.MethodHead },
		"no method":    func(r *http.Request) { r.Method = "" },
		"also a query": func(r *http.Request) { r.URL.RawQuery = "SAMLResponse=x" },
	} {
		r := good.present(good.xml(t))
		change(r)
		_, err := c.CompleteLogin(t.Context(), pending(), r)
		require.ErrorIs(t, err, saml.CheckMethod, name)
	}
	// The body need not come at once.
	r = good.present(good.xml(t))
	r.Body = io.NopCloser(onebyone{r.Body})
	r.ContentLength = -1
	_, err = c.CompleteLogin(t.Context(), pending(), r)
	require.NoError(t, err)
}

// What else was posted is the application's, which can read it afterwards.
func TestCaseOidcFormPostExtraField(t *testing.T) {
	t.Parallel()
	m := signedBoth()
	m.form = func(f url.Values) { f.Set("user", "kim") }
	c, r := client(t), m.present(m.xml(t))
	assert.Equal(t, loginKey, saml.LoginKey(r))
	_, err := c.CompleteLogin(t.Context(), pending(), r)
	require.NoError(t, err)
	assert.Equal(t, "kim", r.PostFormValue("user"))
	_, err = c.CompleteLogin(t.Context(), pending(), r)
	assert.EqualError(t, err, "saml: callback: the body was parsed before; pass the request on unread", "the refused twin")
}

// A body that does not come ends with the context, and nothing goes on reading it: synctest fails otherwise.
func TestContextGovernsTheBody(t *testing.T) {
	t.Parallel()
	m := signedBoth()
	c, text := client(t), m.xml(t)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r := m.present(text)
		r.Body, _ = io.Pipe()
		_, err := c.CompleteLogin(ctx, pending(), r)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// onebyone reads a byte at a time.
type onebyone struct{ r io.Reader }

func (o onebyone) Read(p []byte) (int, error) { return o.r.Read(p[:min(len(p), 1)]) }

// rolling is a source whose identity provider has a new key.
type rolling struct {
	old, fresh *metadata.IDP
	asked      int
}

func (r *rolling) IDP(context.Context, string) (*metadata.IDP, error) { return r.old, nil }

func (r *rolling) Refresh(context.Context, string) (*metadata.IDP, error) {
	r.asked++
	return r.fresh, nil
}

func TestKeysThatAreFetchedAnew(t *testing.T) {
	t.Parallel()
	source := func(old, fresh string) *rolling {
		return &rolling{old: idpWith(testIDP, key(t, old).Public()), fresh: idpWith(testIDP, key(t, fresh).Public())}
	}
	for name, row := range map[string]struct {
		source *rolling
		m      message
		times  int
		ok     bool
	}{
		"new key":               {source("other", "idp"), signedAssertion(), 1, true},
		"another kind":          {source("p256", "idp"), signedResponse(), 1, true},
		"old key":               {source("idp", "other"), signedAssertion(), 0, true},
		"neither":               {source("other", "p256"), signedAssertion(), 1, false},
		"not because of a key":  {source("idp", "idp"), message{text: plain, signA: &signature{}, after: []edit{{"alice@", "bob@"}}}, 0, false},
		"the answer is another": {&rolling{old: idpWith(testIDP, key(t, "other").Public()), fresh: idpWith(otherIDP, key(t, "idp").Public())}, signedAssertion(), 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row.m.config = func(c *saml.Config) { c.IDP = row.source }
			_, err := row.m.complete(t)
			assert.Equal(t, row.times, row.source.asked)
			if row.ok {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, saml.CheckSignature)
		})
	}
}

// Every fault of an encrypted assertion in an unsigned response is the same error.
func TestSAML33OneFailure(t *testing.T) {
	t.Parallel()
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte {
			b[(at+len(b))%len(b)] ^= 1
			return b
		}
	}
	text := ""
	for name, m := range map[string]message{
		"ciphertext":       {text: plain, signA: &signature{}, encE: &encryption{cipher: flip(-1)}},
		"wrapped key":      {text: plain, signA: &signature{}, encE: &encryption{wrapped: flip(9)}},
		"plaintext is not": {text: plain, signA: &signature{}, encE: &encryption{plaintext: func(string) string { return "x" }}},
		"plaintext's gate": {text: plain, signA: &signature{}, encE: &encryption{plaintext: func(s string) string { return "<!DOCTYPE x>" + s }}},
		"no assertion":     {text: plain, signA: &signature{}, encE: &encryption{plaintext: func(string) string { return "<x/>" }}},
		"two assertions": {text: plain, signA: &signature{}, encE: &encryption{plaintext: func(s string) string {
			return strings.Replace(s, "</saml:Conditions>", "</saml:Conditions><saml:Advice><saml:Assertion/></saml:Advice>", 1)
		}}},
		"not signed":    {text: plain, encE: &encryption{}},
		"another's key": {text: plain, signA: &signature{key: "other"}, encE: &encryption{}},
		"tampered":      {text: plain, signA: &signature{}, sealed: []edit{{"alice@", "bob@"}}, encE: &encryption{}},
		"CBC":           {text: plain, signA: &signature{}, encE: &encryption{block: aes128CBC, cipher: flip(16)}, config: func(c *saml.Config) { c.AllowCBC = true }},
		"CBC's padding": {text: plain, signA: &signature{}, encE: &encryption{block: aes128CBC, cipher: flip(-17)}, config: func(c *saml.Config) { c.AllowCBC = true }},
		"RSA 1.5":       {text: plain, signA: &signature{}, encE: &encryption{transport: rsa15, wrapped: flip(9)}, config: func(c *saml.Config) { c.AllowRSA15 = true }},
	} {
		_, err := m.complete(t)
		require.ErrorIs(t, err, saml.CheckEncryption, name)
		require.ErrorIs(t, err, saml.CheckSignature, name)
		if text == "" {
			text = err.Error()
		}
		assert.Equal(t, text, err.Error(), name)
	}
	// What everyone sees in the message is told.
	for name, row := range map[string]struct {
		m     message
		check saml.Check
		says  string
	}{
		"CBC":     {message{text: plain, signA: &signature{}, encE: &encryption{block: aes128CBC}}, saml.CheckAlgorithm, "AllowCBC"},
		"RSA 1.5": {message{text: plain, signA: &signature{}, encE: &encryption{transport: rsa15}}, saml.CheckAlgorithm, "AllowRSA15"},
		"no keys": {message{text: plain, signA: &signature{}, encE: &encryption{}, config: func(c *saml.Config) { c.Keys = nil }}, saml.CheckEncryption, "Decrypter"},
	} {
		_, err := row.m.complete(t)
		require.ErrorIs(t, err, row.check, name)
		require.ErrorContains(t, err, row.says, name)
	}
}
