//go:build interop

package simplesamlphp

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

func TestNameIDByRequest(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, who := s.party(t, nil), person(t)
	for format, value := range map[string]string{
		saml.NameIDEmail: "alice@example.test", saml.NameIDPersistent: "", saml.NameIDTransient: "",
	} {
		got := p.login(t, who, saml.AuthorizeOptions{NameIDPolicy: &saml.NameIDPolicy{Format: format, AllowCreate: true}})
		assert.Equal(t, format, got.NameID.Format)
		if value != "" {
			assert.Equal(t, value, got.NameID.Value)
		}
	}
}

// The server's choice for a service provider that requests none.
func TestNameIDByConfiguration(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, q := s.party(t, options{"NameIDFormat": saml.NameIDPersistent}), s.party(t, options{"NameIDFormat": saml.NameIDPersistent})
	first := p.login(t, person(t), saml.AuthorizeOptions{})
	assert.Equal(t, saml.NameIDPersistent, first.NameID.Format)
	assert.Equal(t, p.config.EntityID, first.NameID.SPNameQualifier)
	assert.Equal(t, first.NameID, p.login(t, person(t), saml.AuthorizeOptions{}).NameID)
	assert.NotEqual(t, first.NameID.Value, q.login(t, person(t), saml.AuthorizeOptions{}).NameID.Value)
	bob, err := formlogin.New("bob", "builder", nil)
	require.NoError(t, err)
	assert.NotEqual(t, first.NameID.Value, p.login(t, bob, saml.AuthorizeOptions{}).NameID.Value)

	email := s.party(t, options{"NameIDFormat": saml.NameIDEmail}).login(t, person(t), saml.AuthorizeOptions{})
	assert.Equal(t, saml.NameIDEmail+" alice@example.test", email.NameID.Format+" "+email.NameID.Value)
}

func TestAttributesByOID(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, options{
		"attributes.NameFormat": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
		"authproc":              map[string]any{"100": map[string]any{"class": "core:AttributeMap", "0": "name2oid"}},
	})
	got := p.login(t, person(t), saml.AuthorizeOptions{})
	assert.Contains(t, flat(got.Attributes), "urn:oid:0.9.2342.19200300.100.1.3=alice@example.test")
	assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:attrname-format:uri", got.Attributes[0].NameFormat)
}

func TestNoAttributes(t *testing.T) {
	t.Parallel()
	s := server(t)
	assert.Empty(t, s.party(t, options{"simplesaml.attributes": false}).login(t, person(t), saml.AuthorizeOptions{}).Attributes)
}
