package saml_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

func attribute(name string, values ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<saml:Attribute Name="%s">`, name)
	for _, v := range values {
		b.WriteString("<saml:AttributeValue>" + v + "</saml:AttributeValue>")
	}
	return b.String() + "</saml:Attribute>"
}

// An identity provider of a federation speaks for the users of its own domains alone.
func TestScopedAttributes(t *testing.T) {
	t.Parallel()
	const eppn, affiliation, home = "urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "urn:oid:1.3.6.1.4.1.25178.1.2.9"
	const subject, pairwise = "urn:oasis:names:tc:SAML:attribute:subject-id", "urn:oasis:names:tc:SAML:attribute:pairwise-id"
	texts := func(a *saml.Assertion) map[string][]string {
		all := map[string][]string{}
		for i := range a.Attributes {
			all[a.Attributes[i].Name] = append(all[a.Attributes[i].Name], a.Values(a.Attributes[i].Name)...)
		}
		return all
	}
	dropped := func(a *saml.Assertion) (all []string) {
		for _, attribute := range a.OutOfScope {
			for _, v := range attribute.Values {
				all = append(all, attribute.Name+" "+v.Text+v.XML)
			}
		}
		return all
	}
	complete := func(checked bool, attributes string, scopes ...metadata.Scope) *saml.Assertion {
		m := signedBoth()
		m.before = []edit{{none, attributes}}
		m.config = func(c *saml.Config) {
			p := *idpWith(testIDP, key(t, "idp").Public())
			p.Scopes, p.CheckScopes = scopes, checked
			c.IDP = idps{testIDP: &p}
		}
		a, err := m.complete(t)
		require.NoError(t, err)
		return a
	}
	own := metadata.Scope{Text: "example.org"}
	sent := attribute(eppn, "alice@example.org") + attribute(affiliation, "staff@example.org", "member@evil.example", "student@EXAMPLE.org") +
		attribute(home, "example.org", "evil.example") + attribute(subject, "a1@victim.example") + attribute(pairwise, "b2@example.org") + attribute("mail", "alice@victim.example")
	a := complete(true, sent, metadata.Scope{Text: "first.example"}, own)
	assert.Equal(t, map[string][]string{
		"groups": {"staff", "研发"}, eppn: {"alice@example.org"}, affiliation: {"staff@example.org", "student@EXAMPLE.org"}, home: {"example.org"}, pairwise: {"b2@example.org"}, "mail": {"alice@victim.example"},
	}, texts(a))
	assert.Equal(t, []string{affiliation + " member@evil.example", home + " evil.example", subject + " a1@victim.example"}, dropped(a))

	a = complete(false, sent, own)
	assert.Equal(t, []string{"a1@victim.example"}, a.Values(subject), "the accepted twin: nobody asked for it")
	assert.Empty(t, a.OutOfScope)

	for _, value := range []string{"alice", "alice@", "@example.org", "", "alice@example.org@evil.example", "alice@evil.example@example.org", " ", "alice@example.org ", "alice@sub.example.org", "<x>alice@example.org</x>"} {
		for _, name := range []string{eppn, affiliation, subject, pairwise, "urn:mace:dir:attribute-def:eduPersonPrincipalName", "urn:oid:1.3.6.1.4.1.5923.1.1.1.13", "urn:oid:1.3.6.1.4.1.5923.1.1.1.12"} {
			a = complete(true, attribute(name, value), own)
			assert.Empty(t, a.Values(name), value)
			_, ok := a.Attribute(name)
			assert.False(t, ok)
			assert.Len(t, a.OutOfScope, 1, value)
		}
	}
	a = complete(true, attribute(eppn, "alice@example.org"))
	assert.Empty(t, a.Values(eppn), "without scopes it speaks for nobody")
	a = complete(true, attribute(eppn, "alice@x.example.org", "alice@x.example.orgy"), metadata.Scope{Text: `.+\.example\.org`, Regexp: true})
	assert.Equal(t, []string{"alice@x.example.org"}, a.Values(eppn))
	a = complete(true, attribute(eppn, "alice@victim.example@x.example.org"), metadata.Scope{Text: `.+\.example\.org`, Regexp: true})
	assert.Empty(t, a.Values(eppn), "a pattern may have an @, a domain has none")
	a = complete(true, attribute(affiliation, slices.Repeat([]string{"staff@example.org"}, 201)...), own)
	assert.Len(t, a.Values(affiliation), 200)
	assert.Len(t, dropped(a), 1, "a login must not pay for more")
	a = complete(true, `<saml:Attribute Name="`+eppn+`"><saml:AttributeValue xsi:nil="true"/></saml:Attribute>`, own)
	assert.Empty(t, a.OutOfScope, "no value says nothing of a domain")
}
