package saml_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// another is a second identity provider.
func another() *saml.IDP {
	p := provider()
	p.EntityID = "https://other.example/metadata"
	return p
}

func TestIDPs(t *testing.T) {
	t.Parallel()
	one, two := saml.IDPs(provider()), saml.IDPs(provider(), another())
	for name, c := range map[string]struct {
		source saml.IDPSource
		ask    string
		want   string
		error  string
	}{
		"the only one":        {one, "", idpID, ""},
		"the only one, named": {one, idpID, idpID, ""},
		"one of two":          {two, another().EntityID, another().EntityID, ""},
		"none of two named":   {two, "", "", "saml: refused (idp): 2 identity providers are configured, and none was named"},
		"unknown":             {one, "https://evil.example/\n", "", `saml: refused (idp): "https://evil.example/\\n" is not configured`},
		"unknown in case":     {one, "https://IDP.example/metadata", "", `saml: refused (idp): "https://IDP.example/metadata" is not configured`},
		"none":                {saml.IDPs(), "", "", "saml: refused (idp): no identity provider is configured"},
		"none, a name":        {saml.IDPs(), idpID, "", `saml: refused (idp): "https://idp.example/metadata" is not configured`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := c.source.IDP(t.Context(), c.ask)
			if c.error != "" {
				require.EqualError(t, err, c.error)
				require.ErrorIs(t, err, saml.CheckUnknownIDP)
				assert.Nil(t, p)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, p.EntityID)
		})
	}
}

// A list that cannot be used says so at each call, since IDPs returns no error.
func TestIDPsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	with := func(f func(*saml.IDP)) *saml.IDP {
		p := provider()
		f(p)
		return p
	}
	for want, list := range map[string][]*saml.IDP{
		"saml: IDPs: entry 1 is nil":                                              {provider(), nil},
		`saml: IDPs: "https://idp.example/metadata" stands there twice`:           {provider(), another(), provider()},
		"saml: IDPs: entry 0: EntityID is missing":                                {with(func(p *saml.IDP) { p.EntityID = "" })},
		"saml: IDPs: entry 0: EntityID begins or ends with white space":           {with(func(p *saml.IDP) { p.EntityID += " " }), nil},
		"saml: IDPs: entry 0: EntityID has a character that XML forbids":          {with(func(p *saml.IDP) { p.EntityID = "a\nb" })},
		"saml: IDPs: entry 0: there are no Keys: nothing of it could be verified": {with(func(p *saml.IDP) { p.Keys = nil })},
		"saml: IDPs: entry 0: Keys[1] is nil":                                     {with(func(p *saml.IDP) { p.Keys = append(p.Keys, (*rsa.PublicKey)(nil)) })},
		"saml: IDPs: entry 0: Keys[0] is of type rsa.PublicKey, want *rsa.PublicKey or *ecdsa.PublicKey": {
			with(func(p *saml.IDP) { p.Keys = []crypto.PublicKey{idpKey().PublicKey} }),
		},
		"saml: IDPs: entry 0: Keys[0] is of type *rsa.PrivateKey, want *rsa.PublicKey or *ecdsa.PublicKey": {
			with(func(p *saml.IDP) { p.Keys = []crypto.PublicKey{idpKey()} }),
		},
		"saml: IDPs: entry 0: Keys[0] is nil":                                               {with(func(p *saml.IDP) { p.Keys = []crypto.PublicKey{nil} })},
		"saml: IDPs: entry 0: Location must be an absolute URL such as https://example.com": {with(func(p *saml.IDP) { p.SSO[0].Location = "" })},
		"saml: IDPs: entry 0: Location must be an https URL":                                {with(func(p *saml.IDP) { p.SLO = []saml.Endpoint{{Location: "javascript://x/%0aalert(1)"}} })},
		"saml: IDPs: entry 0: ResponseLocation must not carry a user name or password": {with(func(p *saml.IDP) {
			p.SLO = []saml.Endpoint{{Location: "https://idp.example/slo", ResponseLocation: "https://a:b@idp.example/"}}
		})},
	} {
		for range 2 {
			p, err := saml.IDPs(list...).IDP(t.Context(), "")
			require.EqualError(t, err, want)
			assert.Nil(t, p)
		}
	}
}

func TestIDPsAreCopied(t *testing.T) {
	t.Parallel()
	p := provider()
	p.SLO = []saml.Endpoint{{Binding: saml.BindingPOST, Location: "https://idp.example/slo"}}
	p.NameIDFormats = []string{saml.NameIDEmail}
	source := saml.IDPs(p)
	p.EntityID, p.Keys[0], p.SSO[0].Location, p.SLO[0].Location, p.NameIDFormats[0] = "x", nil, "x", "x", "x"
	got, err := source.IDP(t.Context(), "")
	require.NoError(t, err)
	want := provider()
	want.SLO = []saml.Endpoint{{Binding: saml.BindingPOST, Location: "https://idp.example/slo"}}
	want.NameIDFormats = []string{saml.NameIDEmail}
	assert.Equal(t, want, got)
}

// sourceFunc is a source that a user wrote.
type sourceFunc func(ctx context.Context, entityID string) (*saml.IDP, error)

func (f sourceFunc) IDP(ctx context.Context, entityID string) (*saml.IDP, error) {
	return f(ctx, entityID)
}

// What a source returns is looked at by whoever asked it.
func TestSourcesAreNotTrustedBlindly(t *testing.T) {
	t.Parallel()
	errDown := errors.New("the database is down")
	for name, c := range map[string]struct {
		change func(*saml.IDP) *saml.IDP
		err    error
		http   bool
		error  string
		is     error
	}{
		"good":           {func(p *saml.IDP) *saml.IDP { return p }, nil, false, "", nil},
		"ends later":     {func(p *saml.IDP) *saml.IDP { p.ValidUntil = noon.Add(1); return p }, nil, false, "", nil},
		"ended":          {func(p *saml.IDP) *saml.IDP { p.ValidUntil = noon; return p }, nil, false, "saml: refused (metadata): the metadata of the identity provider have ended (ValidUntil)", saml.CheckMetadata},
		"nothing":        {func(*saml.IDP) *saml.IDP { return nil }, nil, false, "saml: the IDPSource returned neither an identity provider nor an error", nil},
		"another":        {func(*saml.IDP) *saml.IDP { return another() }, nil, false, "saml: refused (idp): the IDPSource returned another identity provider than it was asked for", saml.CheckUnknownIDP},
		"without a name": {func(p *saml.IDP) *saml.IDP { p.EntityID = ""; return p }, nil, false, "saml: refused (idp): the IDPSource returned another identity provider than it was asked for", saml.CheckUnknownIDP},
		"fails":          {nil, errDown, false, "saml: identity provider: the database is down", errDown},
		"unknown":        {nil, saml.CheckUnknownIDP, false, `saml: refused (idp): the IDPSource does not know "https://idp.example/metadata"`, saml.CheckUnknownIDP},
		"http":           {func(p *saml.IDP) *saml.IDP { p.SSO[0].Location = "http://idp.example/sso"; return p }, nil, false, "saml: refused (metadata): an endpoint of the identity provider: Location must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)", saml.CheckMetadata},
		"http allowed":   {func(p *saml.IDP) *saml.IDP { p.SSO[0].Location = "http://idp.example/sso"; return p }, nil, true, "", nil},
		"a script":       {func(p *saml.IDP) *saml.IDP { p.SLO = []saml.Endpoint{{Location: "javascript:alert(1)"}}; return p }, nil, true, "saml: refused (metadata): an endpoint of the identity provider: Location must be an absolute URL such as https://example.com", saml.CheckMetadata},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := sp(t, func(cfg *saml.Config) {
				cfg.InsecureAllowHTTP = c.http
				cfg.IDP = sourceFunc(func(context.Context, string) (*saml.IDP, error) {
					if c.err != nil {
						return nil, c.err
					}
					return c.change(provider()), nil
				})
			})
			login, err := client.BeginLogin(t.Context(), saml.AuthorizeOptions{IDP: idpID})
			if c.error == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, c.error)
			assert.Nil(t, login)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
		})
	}
}

// only is a source that answers with one identity provider, whoever is asked for.
type only struct{ p *saml.IDP }

func (o only) IDP(context.Context, string) (*saml.IDP, error) { return o.p, nil }

func TestSourceOfTheNameless(t *testing.T) {
	t.Parallel()
	p := provider()
	p.EntityID = ""
	_, err := sp(t, func(c *saml.Config) { c.IDP = only{p} }).BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.ErrorIs(t, err, saml.CheckUnknownIDP)
	_, err = sp(t, func(c *saml.Config) { c.IDP = only{provider()} }).BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.NoError(t, err, "the accepted twin")
}
