package authentication

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// A user cannot choose a name that makes them another user, of the issuer or of another NameQualifier.
func TestSAML50SubjectsOfTwoUsersDiffer(t *testing.T) {
	t.Parallel()
	const issuer = "https://idp.example/%20a"
	seen := map[string]saml.NameID{}
	for _, n := range []struct{ domain, value, want string }{
		{"", "alice", "alice"},
		{"https://up.example", "alice", "https://up.example!alice"},
		{"", "https://up.example!alice", "https://idp.example/%2520a!https://up.example!alice"},
		{"https://up.example!alice", "bob", "https://up.example%21alice!bob"},
		{"https://up.example", "alice!bob", "https://up.example!alice!bob"},
		{"https://up.example%21alice", "bob", "https://up.example%2521alice!bob"},
		{"", "!alice", "https://idp.example/%2520a!!alice"},
		{"!", "alice", "%21!alice"},
		{"!", "", ""},
	} {
		name := saml.NameID{Value: n.value, NameQualifier: n.domain}
		got := samlSubject(issuer, name)
		assert.Equal(t, n.want, got)
		assert.NotContains(t, seen, got)
		seen[got] = name
	}
	for _, value := range []string{"alice", "alice!bob"} {
		assert.Equal(t, samlSubject(issuer, saml.NameID{Value: value}), samlSubject(issuer, saml.NameID{Value: value, NameQualifier: issuer}), "without a NameQualifier the issuer is meant")
	}
}

// A name identifier among the attributes keeps its qualifiers: its value alone names nobody.
func TestSAMLClaimsOfNameIDs(t *testing.T) {
	t.Parallel()
	name := saml.NameID{Value: "NDVj", Format: saml.NameIDPersistent, NameQualifier: "https://idp.example/", SPNameQualifier: "https://sp.example/", SPProvidedID: "7"}
	got := samlClaims([]saml.Attribute{
		{Name: "targeted", Values: []saml.Value{{XML: "<x/>", NameID: &name}}},
		{Name: "both", Values: []saml.Value{{XML: "<x/>", NameID: &saml.NameID{Value: "a"}}, {XML: "<y/>"}, {Text: "b"}}},
	})
	assert.Equal(t, map[string]any{
		"targeted": map[string]any{"value": "NDVj", "format": saml.NameIDPersistent, "name_qualifier": "https://idp.example/", "sp_name_qualifier": "https://sp.example/", "sp_provided_id": "7"},
		"both":     []any{map[string]any{"value": "a"}, "<y/>", "b"},
	}, got)
	assert.Equal(t, got, cloneJSON(got))
}

// One attribute for each value, and one with all values, are the same claim.
func TestSAMLClaimsOfRepeatedAttributes(t *testing.T) {
	t.Parallel()
	values := func(texts ...string) (values []saml.Value) {
		for _, text := range texts {
			values = append(values, saml.Value{Text: text, Nil: text == "nil"})
		}
		return values
	}
	for _, c := range []struct {
		attributes [][]saml.Value
		want       any
	}{
		{[][]saml.Value{values()}, []any{}},
		{[][]saml.Value{values(), values()}, []any{}},
		{[][]saml.Value{values("a")}, "a"},
		{[][]saml.Value{values("nil")}, nil},
		{[][]saml.Value{values("nil"), values("nil")}, []any{nil, nil}},
		{[][]saml.Value{values(), values("a")}, "a"},
		{[][]saml.Value{values("a"), values()}, "a"},
		{[][]saml.Value{values("a", "b")}, []any{"a", "b"}},
		{[][]saml.Value{values("a"), values("b"), values("c")}, []any{"a", "b", "c"}},
		{[][]saml.Value{values("a"), values("b", "c")}, []any{"a", "b", "c"}},
		{[][]saml.Value{values("a", "b"), values(), values("c")}, []any{"a", "b", "c"}},
	} {
		var all []saml.Attribute
		for _, v := range c.attributes {
			all = append(all, saml.Attribute{Name: "role", Values: v})
		}
		assert.Equal(t, map[string]any{"role": c.want}, samlClaims(all))
	}
}

// A SAML status about the request is the application's fault, one about the user is a denial.
func TestSAMLStatusVerdicts(t *testing.T) {
	t.Parallel()
	for want, codes := range map[verdict][][]saml.StatusCode{
		ErrMisconfigured: {{saml.Requester}, {saml.Requester, saml.InvalidNameIDPolicy}, {saml.VersionMismatch}},
		ErrDenied:        {{saml.Responder}, {saml.Requester, saml.RequestDenied}, {saml.Responder, saml.AuthnFailed}, {saml.Requester, saml.NoPassive}},
	} {
		for _, c := range codes {
			err := judgeSAML(&saml.StatusError{Codes: c})
			assert.ErrorIs(t, err, want)
			for _, other := range []verdict{ErrMisconfigured, ErrDenied, ErrRefused} {
				assert.Equal(t, other == want, errors.Is(err, other), c)
			}
		}
	}
}
