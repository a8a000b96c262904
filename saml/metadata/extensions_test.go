package metadata_test

import (
	"crypto"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const mdExtensions = `<md:Extensions><mdrpi:RegistrationInfo xmlns:mdrpi="urn:oasis:names:tc:SAML:metadata:rpi" registrationAuthority="https://federation.example/"/>` +
	`<mdattr:EntityAttributes xmlns:mdattr="urn:oasis:names:tc:SAML:metadata:attribute" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` +
	`<saml:Attribute Name="http://macedir.org/entity-category"><!-- x --><saml:AttributeValue> http://refeds.org/category/hide-from-discovery
</saml:AttributeValue><saml:AttributeValue>urn:x</saml:AttributeValue></saml:Attribute><saml:Assertion/></mdattr:EntityAttributes>` +
	`<shibmd:Scope xmlns:shibmd="urn:mace:shibboleth:metadata:1.0">entity.example</shibmd:Scope></md:Extensions>`

const mdRoleExtensions = `<md:Extensions xmlns:shibmd="urn:mace:shibboleth:metadata:1.0"><shibmd:Scope regexp="false"> Role.example
</shibmd:Scope><shibmd:Scope regexp="1">[a-z]+\.role\.example</shibmd:Scope><shibmd:Scope regexp="x">bad.example</shibmd:Scope><shibmd:Scope regexp="true">(</shibmd:Scope><shibmd:Scope/>` +
	`<mdrpi:RegistrationInfo xmlns:mdrpi="urn:oasis:names:tc:SAML:metadata:rpi" registrationAuthority="https://evil.example/"/></md:Extensions>`

func mdFederated(t testing.TB, name string) string {
	t.Helper()
	return mdNamed(t, name, `<md:Extensions><x:Any xmlns:x="urn:x" Location="javascript:alert(1)"/></md:Extensions>`, mdExtensions, `<md:KeyDescriptor use="signing">`, mdRoleExtensions+`<md:KeyDescriptor use="signing">`)
}

func TestExtensions(t *testing.T) {
	t.Parallel()
	p, err := mdParse(mdFederated(t, idpID))
	require.NoError(t, err)
	assert.Equal(t, "https://federation.example/", p.RegistrationAuthority, "that of the entity")
	assert.Equal(t, []metadata.EntityAttribute{{Name: metadata.EntityCategory, Values: []string{metadata.HideFromDiscovery, "urn:x"}}}, p.Attributes)
	assert.True(t, p.HasAttribute(metadata.EntityCategory, metadata.HideFromDiscovery))
	assert.False(t, p.HasAttribute(metadata.EntityCategorySupport, metadata.HideFromDiscovery))
	assert.False(t, p.HasAttribute(metadata.EntityCategory, "urn:y"))
	assert.Equal(t, []metadata.Scope{{Text: "entity.example"}, {Text: "Role.example"}, {Text: `[a-z]+\.role\.example`, Regexp: true}}, p.Scopes)
	assert.False(t, p.CheckScopes, "the application chose this one identity provider itself")
	for _, bad := range []string{"<saml:AttributeValue>urn:<!-- -->x", "<saml:AttributeValue>urn:x"} {
		text := strings.Replace(mdFederated(t, idpID), "<saml:AttributeValue>urn:x", bad, 1)
		_, err = mdParse(text)
		require.Equal(t, strings.Contains(bad, "!"), err != nil, "a comment in a value that is read")
	}
}

func TestCommentInAScope(t *testing.T) {
	t.Parallel()
	_, err := mdParse(strings.Replace(mdFederated(t, idpID), ">entity.example<", "><!-- x -->entity.example<", 1))
	require.ErrorIs(t, err, xmlgate.Comment)
	_, err = mdParse(strings.Replace(mdFederated(t, idpID), "<shibmd:Scope xmlns", "<!-- x --><shibmd:Scope xmlns", 1))
	require.NoError(t, err, "the accepted twin")
}

func TestInScope(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 250)
	for _, c := range []struct {
		scope metadata.Scope
		yes   []string
		no    []string
	}{
		{metadata.Scope{Text: "example.org"}, []string{"example.org", "EXAMPLE.org"}, []string{"", "sub.example.org", "example.orgx", "xexample.org", "example.or", "example.org ", "exampleXorg"}},
		{metadata.Scope{Text: "kelvin.example"}, []string{"Kelvin.example"}, []string{"\u212aelvin.example"}},
		{metadata.Scope{Text: `[a-z]+\.example\.org|other\.org`, Regexp: true}, []string{"sub.example.org", "other.org"}, []string{"", "sub.example.org.evil.example", "evil.example/sub.example.org", "sub.example.org\n", "Sub.example.org"}},
		{metadata.Scope{Text: `a)|(b`, Regexp: true}, nil, []string{"a", "b", "a)|(b"}},
		{metadata.Scope{Text: `(?=a)a`, Regexp: true}, nil, []string{"a"}},
		{metadata.Scope{Text: `a*`, Regexp: true}, []string{long}, []string{long + "aaaaaaa"}},
		{metadata.Scope{Text: long + "aaaaaaa|x", Regexp: true}, nil, []string{"x"}},
		{metadata.Scope{}, nil, []string{"", "a"}},
		{metadata.Scope{Regexp: true}, nil, []string{"", "a"}},
	} {
		p := metadata.IDP{Scopes: []metadata.Scope{{Text: "first.example"}, c.scope}}
		for _, domain := range c.yes {
			assert.True(t, p.InScope(domain), "%v %q", c.scope, domain)
		}
		for _, domain := range c.no {
			assert.False(t, p.InScope(domain), "%v %q", c.scope, domain)
		}
	}
}

// Scopes are checked for what comes from a federation, unless an option says otherwise.
func TestCheckScopes(t *testing.T) {
	t.Parallel()
	const a = "https://a.example/"
	group := mdGroup("", mdFederated(t, a), mdNamed(t, "https://b.example/"))
	for _, c := range []struct {
		text  string
		allow bool
		want  bool
	}{{group, false, true}, {group, true, false}, {mdFederated(t, a), false, false}} {
		p, err := mdParse(c.text, mdWant(a), func(o *metadata.Options) { o.AllowForeignScopes = c.allow })
		require.NoError(t, err)
		assert.Equal(t, c.want, p.CheckScopes)
		mdInCell(t, func(cell *mdCell) {
			cell.serve(c.text)
			p, err := cell.ask(a)
			require.NoError(t, err)
			assert.Equal(t, c.want, p.CheckScopes)
		}, func(cfg *metadata.Config) { cfg.AllowForeignScopes = c.allow })
	}
}

func TestFilter(t *testing.T) {
	t.Parallel()
	const a, b = "https://a.example/", "https://b.example/"
	registered := func(p *metadata.IDP) bool { return p.RegistrationAuthority == "https://federation.example/" }
	mdInCell(t, func(c *mdCell) {
		c.serve(mdGroup("", mdFederated(t, a), mdNamed(t, b)))
		_, err := c.ask(a)
		require.NoError(t, err)
		p, err := c.ask(b)
		requireRefused(t, p, err, metadata.CheckUnknown, "Filter leaves it out")
		assert.Equal(t, 1, c.mock.GetTotalCallCount(), "it is not looked for again")
	}, func(cfg *metadata.Config) { cfg.Filter = registered })
	p, err := mdParse(mdNamed(t, b), func(o *metadata.Options) { o.Filter = registered })
	requireRefused(t, p, err, metadata.CheckUnknown, "Filter leaves it out")
	_, err = mdParse(mdFederated(t, a), func(o *metadata.Options) { o.Filter = registered })
	require.NoError(t, err, "the accepted twin")
}

func TestMaxValidity(t *testing.T) {
	t.Parallel()
	key := otherKey()
	fortnight := func(o *metadata.Options) {
		o.Keys, o.MaxValidity = []crypto.PublicKey{key.Public()}, 14*24*time.Hour
	}
	const in = ` validUntil="2026-11-21T12:00:00Z"`
	group := func(attributes string, named ...string) string { return mdGroup(`ID="_g" `+attributes, named...) }
	entity := func(pairs ...string) string {
		return strings.Replace(mdNamed(t, "https://a.example/", pairs...), "entityID=", `ID="_a" entityID=`, 1)
	}
	sign := func(text string) string { return mdSigned(t, text, key, "") }
	for name, c := range map[string]struct{ bad, good, detail string }{
		"an entity without":       {sign(entity(in, "")), sign(entity()), "there is no validUntil, which MaxValidity demands"},
		"an entity far away":      {sign(entity("2026-11-21T12:00:00Z", "2026-12-04T12:00:00.001Z")), sign(entity("2026-11-21T12:00:00Z", "2026-12-04T12:00:00Z")), "validUntil is further away than MaxValidity"},
		"a group without":         {sign(group("", entity())), sign(group(`validUntil="2026-12-04T12:00:00Z"`, entity(in, ""))), "there is no validUntil, which MaxValidity demands"},
		"a group far away":        {sign(group(`validUntil="2026-12-05T12:00:00Z"`, entity())), sign(group(`validUntil="2026-12-04T12:00:00Z"`, entity("2026-11-21T12:00:00Z", "2027-11-21T12:00:00Z"))), "validUntil is further away than MaxValidity"},
		"a group that is no time": {sign(group(`validUntil="soon"`, entity())), sign(group(in, entity())), "validUntil: not a time"},
		// Anyone can write one beside what is signed.
		"around a signed entity": {group(in, sign(entity(in, ""))), group("", sign(entity())), "there is no validUntil, which MaxValidity demands"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := mdParse(c.bad, fortnight)
			require.ErrorIs(t, err, metadata.CheckExpired)
			require.ErrorContains(t, err, c.detail)
			assert.Nil(t, p)
			_, err = mdParse(c.good, fortnight)
			require.NoError(t, err, "the accepted twin")
		})
	}
	for want, o := range map[string]metadata.Options{
		"saml: metadata: WantSigned needs Keys":                                                 {WantSigned: true},
		"saml: metadata: MaxValidity needs Keys: without a signature validUntil proves nothing": {MaxValidity: 1},
		"saml: metadata: MaxValidity is negative":                                               {MaxValidity: -1, Keys: []crypto.PublicKey{key.Public()}},
	} {
		_, err := metadata.Parse(nil, o)
		require.EqualError(t, err, want)
		_, err = metadata.NewSource(metadata.Config{URL: mdURL, WantSigned: o.WantSigned, MaxValidity: o.MaxValidity, Keys: o.Keys})
		require.EqualError(t, err, want)
	}
}

// White space around URIs and times is none of the value (XML Schema part 2 §4.3.6).
func TestCaseWhiteSpaceInMetadata(t *testing.T) {
	t.Parallel()
	want, err := mdParse(mdDoc(t))
	require.NoError(t, err)
	got, err := mdParse(mdDoc(t, `"https://idp.example/metadata"`, "\"\n  https://idp.example/metadata \"", `"https://idp.example/sso"`, "\" https://idp.example/sso\t\"", `"https://idp.example/slo/done"`, `" https://idp.example/slo/done "`,
		`"2026-11-21T12:00:00Z"`, `" 2026-11-21T12:00:00Z "`, `"PT2H"`, `" PT2H "`, `bindings:HTTP-POST"`, `bindings:HTTP-POST "`, `WantAuthnRequestsSigned="true"`, `WantAuthnRequestsSigned=" 1 "`))
	require.NoError(t, err)
	assert.Equal(t, want, got)
	_, err = mdParse(mdDoc(t, `"https://idp.example/sso"`, `"https://idp. example/sso"`))
	require.ErrorIs(t, err, metadata.CheckEndpoint, "white space within is part of it")
}

func TestAllowTimeOffsets(t *testing.T) {
	t.Parallel()
	text := mdDoc(t, "2026-11-21T12:00:00Z", "2026-11-20T20:00:01+08:00")
	_, err := mdParse(text)
	require.ErrorIs(t, err, metadata.CheckExpired)
	require.ErrorContains(t, err, "AllowTimeOffsets")
	allow := func(o *metadata.Options) { o.AllowTimeOffsets = true }
	p, err := mdParse(text, allow)
	require.NoError(t, err)
	assert.Equal(t, noon.Add(time.Second), p.ValidUntil)
	_, err = mdParse(mdDoc(t, "2026-11-21T12:00:00Z", "2026-11-20T20:00:00+08:00"), allow)
	require.ErrorContains(t, err, "validUntil is past")
}
