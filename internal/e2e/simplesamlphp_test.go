//go:build interop

package e2e

import (
	"bytes"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/simplesamlphp"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// samlServer is the running SimpleSAMLphp.
type samlServer struct {
	facts map[string]string
	idp   saml.IDPSource
	key   saml.Key
}

func simpleSAML(t *testing.T) *samlServer {
	t.Helper()
	facts, err := interop.Facts("simplesamlphp")
	require.NoError(t, err)
	source, err := metadata.NewSource(metadata.Config{URL: facts["METADATA_URL"]})
	require.NoError(t, err)
	pair, err := simplesamlphp.NewPair()
	require.NoError(t, err)
	key, err := saml.NewKey(pair)
	require.NoError(t, err)
	return &samlServer{facts, source, key}
}

func (f *samlServer) pages() *loginPages {
	return &loginPages{user: "#username", password: "#password", submit: "#submit_button", name: "alice", secret: "wonderland"}
}

// sp starts a service provider that is registered with its own metadata, without the part cut.
func (f *samlServer) sp(t *testing.T, options map[string]any, change func(*saml.Config), cut ...string) *sp {
	t.Helper()
	s := newSP(t, func(c *saml.Config) {
		c.Keys, c.IDP = []saml.Key{f.key}, f.idp
		if change != nil {
			change(c)
		}
	})
	s.server = f.pages()
	metadata, err := s.Metadata(t.Context(), saml.MetadataDocOptions{})
	require.NoError(t, err)
	for _, element := range cut {
		before, rest, ok := bytes.Cut(metadata, []byte(element))
		require.True(t, ok)
		_, after, _ := bytes.Cut(rest, []byte("/>"))
		metadata = append(before[:len(before):len(before)], after...)
	}
	forget, err := simplesamlphp.Drop(f.facts["SP_DIR"], metadata, options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, forget()) })
	return s
}

// Each response of this server, and each binding of the request, in the browser: pages that post automatically, their
// policies, and cookies between two sites.
func TestSimpleSAMLphp(t *testing.T) {
	b, f := startBrowser(t), simpleSAML(t)
	t.Run("logins", func(t *testing.T) { testSAMLLogins(t, f, b) })
	t.Run("passive", func(t *testing.T) { testSAMLPassive(t, f, b) })
	t.Run("force", func(t *testing.T) { testSAMLForce(t, f, b) })
	t.Run("begun by the server", func(t *testing.T) { testSAMLUnsolicited(t, f, b) })
	t.Run("response in another browser", func(t *testing.T) { testSAMLElsewhere(t, f, b) })
	for name, binding := range map[string]saml.Binding{"redirect": saml.BindingRedirect, "POST": saml.BindingPOST} {
		t.Run("logout of two by "+name, func(t *testing.T) { testSAMLLogout(t, f, b, binding) })
		t.Run("logout at the server by "+name, func(t *testing.T) { testSAMLLogoutAtServer(t, f, b, binding) })
	}
}

func testSAMLLogins(t *testing.T, f *samlServer, b *browser) {
	const (
		response, assertion = "saml20.sign.response", "saml20.sign.assertion"
		encrypt, encryptID  = "assertion.encryption", "nameid.encryption"
		algorithm           = "signature.algorithm"
	)
	cbc := func(c *saml.Config) { c.AllowCBC = true }
	for name, test := range map[string]struct {
		idp     map[string]any
		sp      func(*saml.Config)
		asks    saml.AuthorizeOptions
		format  string
		refused string // the text of the failure
	}{
		"both signed":             {},
		"assertion signed":        {idp: map[string]any{response: false}},
		"response signed":         {idp: map[string]any{assertion: false}},
		"unsigned":                {idp: map[string]any{response: false, assertion: false}, refused: "refused (signature)"},
		"SHA-1":                   {idp: map[string]any{algorithm: "http://www.w3.org/2000/09/xmldsig#rsa-sha1"}, refused: "AllowSHA1"},
		"SHA-512":                 {idp: map[string]any{algorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"}},
		"encrypted":               {idp: map[string]any{encrypt: true}, sp: cbc},
		"encrypted by CBC":        {idp: map[string]any{encrypt: true}, refused: "AllowCBC"},
		"encrypted name id":       {idp: map[string]any{encryptID: true}, sp: cbc},
		"persistent name id":      {idp: map[string]any{"NameIDFormat": saml.NameIDPersistent}, format: saml.NameIDPersistent},
		"email":                   {asks: saml.AuthorizeOptions{NameIDPolicy: &saml.NameIDPolicy{Format: saml.NameIDEmail}}, format: saml.NameIDEmail},
		"OID attributes":          {idp: map[string]any{"authproc": map[string]any{"100": map[string]any{"class": "core:AttributeMap", "0": "name2oid"}}}},
		"signed request demanded": {idp: map[string]any{"validate.authnrequest": true, "redirect.validate": true}},
		"request by POST":         {asks: saml.AuthorizeOptions{Binding: saml.BindingPOST}},
	} {
		t.Run(name, func(t *testing.T) {
			s, who := f.sp(t, test.idp, test.sp), b.profile(t)
			s.asks = test.asks
			s.signIn(who)
			if test.refused != "" {
				who.see("#failure")
				assert.Contains(t, who.text("#failure"), test.refused)
				assert.False(t, s.loggedIn(who))
				return
			}
			s.hasUser(who)
			if test.format == "" {
				test.format = saml.NameIDTransient
			}
			assert.Equal(t, test.format, who.text("#format"))
			if test.idp["authproc"] != nil {
				assert.Contains(t, who.text("#attributes"), "urn:oid:0.9.2342.19200300.100.1.3=alice@example.test")
			}
			own := sessionCookies(t, who)
			require.Len(t, own, 1, "only the session cookie stays, not the pending login")
			assert.Contains(t, own, "localhost "+s.cookie())
		})
	}
}

func testSAMLPassive(t *testing.T, f *samlServer, b *browser) {
	s, who := f.sp(t, nil, nil), b.profile(t)
	s.asks.IsPassive = true
	who.open(s.origin + "/login")
	who.see("#failure")
	assert.Contains(t, who.text("#failure"), "NoPassive")
	s.asks.IsPassive = false
	s.signIn(who)
	s.hasUser(who)
	s.asks.IsPassive = true
	who.open(s.origin + "/login")
	s.hasUser(who)
}

// A user with a session at the server is not asked again, unless the service provider asks for it.
func testSAMLForce(t *testing.T, f *samlServer, b *browser) {
	s, q, who := f.sp(t, nil, nil), f.sp(t, nil, nil), b.profile(t)
	s.signIn(who)
	s.hasUser(who)
	who.open(q.origin + "/login")
	q.hasUser(who)
	q.asks.ForceAuthn = true
	who.open(q.origin + "/login")
	q.server.signIn(who)
	q.hasUser(who)
}

func testSAMLUnsolicited(t *testing.T, f *samlServer, b *browser) {
	for _, allowed := range []bool{false, true} {
		s := f.sp(t, nil, func(c *saml.Config) { c.AllowUnsolicited = allowed })
		who := b.profile(t)
		who.open(f.facts["SSO_URL"] + "?" + url.Values{"spentityid": {s.origin + "/metadata"}}.Encode())
		s.server.signIn(who)
		if allowed {
			s.hasUser(who)
			continue
		}
		who.see("#failure")
		assert.Contains(t, who.text("#failure"), "AllowUnsolicited")
		assert.False(t, s.loggedIn(who))
	}
}

// A response in a browser that began no login, and then in the right browser.
func testSAMLElsewhere(t *testing.T, f *samlServer, b *browser) {
	s, who, other := f.sp(t, nil, nil), b.profile(t), b.profile(t)
	var form url.Values
	who.interceptForm(s.origin+"/acs", func() { s.signIn(who) }, &form)
	other.open(f.facts["BASE_URL"] + "/logout.php")
	other.post(s.origin+"/acs", form)
	other.see("#failure")
	assert.False(t, s.loggedIn(other))
	who.open(f.facts["BASE_URL"] + "/logout.php")
	who.post(s.origin+"/acs", form)
	s.hasUser(who)
}

// The server also logs out the second service provider. When that one fails to end its session, the first is told.
func testSAMLLogout(t *testing.T, f *samlServer, b *browser, binding saml.Binding) {
	s := f.sp(t, nil, nil)
	q := f.sp(t, nil, nil, cutSLO(binding))
	s.leaves = binding
	for _, answer := range []saml.StatusCode{saml.Success, saml.PartialLogout} {
		who, other := b.profile(t), b.profile(t)
		q.answers = answer
		s.signIn(who)
		s.hasUser(who)
		who.open(q.origin + "/login")
		q.hasUser(who)
		s.signIn(other)
		s.hasUser(other)

		who.open(s.origin + "/")
		who.click("#logout")
		if answer == saml.Success {
			who.see("#notice")
		} else {
			who.see("#failure")
			assert.Contains(t, who.text("#failure"), "PartialLogout")
		}
		who.shoot("logged out")
		assert.False(t, s.loggedIn(who))
		assert.False(t, q.loggedIn(who))
		assert.True(t, s.loggedIn(other), "another person stays")
		who.open(s.origin + "/login")
		who.see(s.server.password)
	}
}

// The user logs out at the server itself.
func testSAMLLogoutAtServer(t *testing.T, f *samlServer, b *browser, binding saml.Binding) {
	s, q, who := f.sp(t, nil, nil, cutSLO(binding)), f.sp(t, nil, nil, cutSLO(binding)), b.profile(t)
	s.signIn(who)
	s.hasUser(who)
	who.open(q.origin + "/login")
	q.hasUser(who)
	who.open(f.facts["SLO_URL"] + "?" + url.Values{"ReturnTo": {f.facts["BASE_URL"] + "/logout.php"}}.Encode())
	who.at(f.facts["BASE_URL"] + "/logout.php")
	assert.False(t, s.loggedIn(who))
	assert.False(t, q.loggedIn(who))
}

// cutSLO leaves a service provider with one binding for logouts.
func cutSLO(keep saml.Binding) string {
	other := saml.BindingPOST
	if keep == other {
		other = saml.BindingRedirect
	}
	return `<md:SingleLogoutService Binding="` + string(other) + `"`
}
