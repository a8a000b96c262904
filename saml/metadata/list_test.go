package metadata_test

import (
	"crypto"
	"crypto/rsa"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

func TestList(t *testing.T) {
	t.Parallel()
	one, two := metadata.NewList(provider()), metadata.NewList(provider(), another())
	for name, c := range map[string]struct {
		source *metadata.List
		ask    string
		want   string
		error  string
	}{
		"the only one":        {one, "", idpID, ""},
		"the only one, named": {one, idpID, idpID, ""},
		"one of two":          {two, another().EntityID, another().EntityID, ""},
		"none of two named":   {two, "", "", "saml: metadata (unknown): 2 identity providers are configured, and none was named"},
		"unknown":             {one, "https://evil.example/\n", "", `saml: metadata (unknown) of "https://evil.example/\n": it is not configured`},
		"unknown in case":     {one, "https://IDP.example/metadata", "", `saml: metadata (unknown) of "https://IDP.example/metadata": it is not configured`},
		"none":                {metadata.NewList(), "", "", "saml: metadata (unknown): no identity provider is configured"},
		"none, a name":        {metadata.NewList(), idpID, "", `saml: metadata (unknown) of "https://idp.example/metadata": it is not configured`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := c.source.IDP(t.Context(), c.ask)
			if c.error != "" {
				require.EqualError(t, err, c.error)
				require.ErrorIs(t, err, metadata.CheckUnknown)
				assert.Nil(t, p)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, p.EntityID)
		})
	}
}

// A list that cannot be used says so at each call, since NewList returns no error.
func TestListThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	with := func(f func(*metadata.IDP)) *metadata.IDP {
		p := provider()
		f(p)
		return p
	}
	for want, list := range map[string][]*metadata.IDP{
		"saml: metadata (configuration): List: entry 1 is nil":                                              {provider(), nil},
		`saml: metadata (configuration): List: "https://idp.example/metadata" is listed twice`:              {provider(), another(), provider()},
		"saml: metadata (configuration): List: entry 0: EntityID is missing":                                {with(func(p *metadata.IDP) { p.EntityID = "" })},
		"saml: metadata (configuration): List: entry 0: EntityID begins or ends with white space":           {with(func(p *metadata.IDP) { p.EntityID += " " }), nil},
		"saml: metadata (configuration): List: entry 0: EntityID has a character that XML forbids":          {with(func(p *metadata.IDP) { p.EntityID = "a\nb" })},
		"saml: metadata (configuration): List: entry 0: there are no Keys: nothing of it could be verified": {with(func(p *metadata.IDP) { p.Keys = nil })},
		"saml: metadata (configuration): List: entry 0: Keys[1] is nil":                                     {with(func(p *metadata.IDP) { p.Keys = append(p.Keys, (*rsa.PublicKey)(nil)) })},
		"saml: metadata (configuration): List: entry 0: Keys[0] is of type rsa.PublicKey, want *rsa.PublicKey or *ecdsa.PublicKey": {
			with(func(p *metadata.IDP) { p.Keys = []crypto.PublicKey{idpKey().PublicKey} }),
		},
		"saml: metadata (configuration): List: entry 0: Keys[0] is of type *rsa.PrivateKey, want *rsa.PublicKey or *ecdsa.PublicKey": {
			with(func(p *metadata.IDP) { p.Keys = []crypto.PublicKey{idpKey()} }),
		},
		"saml: metadata (configuration): List: entry 0: Keys[0] is nil":                                               {with(func(p *metadata.IDP) { p.Keys = []crypto.PublicKey{nil} })},
		"saml: metadata (configuration): List: entry 0: Location must be an absolute URL such as https://example.com": {with(func(p *metadata.IDP) { p.SSO[0].Location = "" })},
		"saml: metadata (configuration): List: entry 0: Location must be an https URL":                                {with(func(p *metadata.IDP) { p.SLO = []metadata.Endpoint{{Location: "javascript://x/%0aalert(1)"}} })},
		"saml: metadata (configuration): List: entry 0: ResponseLocation must not carry a user name or password": {with(func(p *metadata.IDP) {
			p.SLO = []metadata.Endpoint{{Location: "https://idp.example/slo", ResponseLocation: "https://a:b@idp.example/"}}
		})},
	} {
		for range 2 {
			p, err := metadata.NewList(list...).IDP(t.Context(), "")
			require.EqualError(t, err, want)
			require.ErrorIs(t, err, metadata.CheckConfig)
			assert.Nil(t, p)
		}
	}
}

func TestListAreCopied(t *testing.T) {
	t.Parallel()
	p := provider()
	p.SLO = []metadata.Endpoint{{Binding: metadata.BindingPOST, Location: "https://idp.example/slo"}}
	p.NameIDFormats = []string{formatEmail}
	source := metadata.NewList(p)
	p.EntityID, p.Keys[0], p.SSO[0].Location, p.SLO[0].Location, p.NameIDFormats[0] = "x", nil, "x", "x", "x"
	got, err := source.IDP(t.Context(), "")
	require.NoError(t, err)
	want := provider()
	want.SLO = []metadata.Endpoint{{Binding: metadata.BindingPOST, Location: "https://idp.example/slo"}}
	want.NameIDFormats = []string{formatEmail}
	assert.Equal(t, want, got)
}

func TestListThatWasNotMade(t *testing.T) {
	t.Parallel()
	var none *metadata.List
	_, err := none.IDP(t.Context(), idpID)
	require.EqualError(t, err, "saml: metadata (configuration): the List is nil")
	_, err = new(metadata.List).IDP(t.Context(), idpID)
	require.ErrorIs(t, err, metadata.CheckUnknown, "the zero value knows none")
	_, err = metadata.NewList(provider()).IDP(t.Context(), idpID)
	require.NoError(t, err, "the accepted twin")
}
