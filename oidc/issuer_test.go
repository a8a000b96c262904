package oidc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const (
	template = issuer + "/{tenantid}/v2.0"
	tenant   = "t-42"
)

func issuerOf(tenant string) string { return issuer + "/" + tenant + "/v2.0" }

// family is a server of many tenants, discovered by its common address, and a token of one tenant.
func family(tr *trial) {
	tr.config.Issuer = issuer + "/common/v2.0"
	tr.config.IssuerFamily = &oidc.IssuerFamily{Template: template, TenantClaim: "tid", AllowAnyTenant: true}
	tr.claims["iss"], tr.claims["tid"] = issuerOf(tenant), tenant
}

// bound accepts the users of some tenants.
func bound(tr *trial) {
	family(tr)
	tr.config.IssuerFamily.Tenants, tr.config.IssuerFamily.AllowAnyTenant = []string{"t-1", tenant}, false
}

func of42(tr *trial, tenant string) {
	tr.claims["iss"], tr.claims["tid"] = issuerOf(tenant), tenant
}

// newFamily is a provider whose metadata has the template as issuer.
func newFamily(t testing.TB) *provider {
	t.Helper()
	p := newProvider(t)
	document := metadata()
	document["issuer"] = template
	p.serve("/common/v2.0"+wellKnown, document)
	return p
}

func (tr *trial) inFamily(t testing.TB) (*oidc.IDToken, error) {
	t.Helper()
	return newFamily(t).client(tr.config).VerifyIDToken(t.Context(), tr.token(t), tr.expect)
}

func TestCaseOidcIssuerFamily(t *testing.T) {
	t.Parallel()
	for name, base := range map[string]change{"any tenant": family, "some tenants": bound} {
		tr := newTrial()
		base(tr)
		id, err := tr.inFamily(t)
		require.NoError(t, err, name)
		assert.Equal(t, "https://op.example/t-42/v2.0", id.Issuer)
		for what, spoil := range map[string]change{
			"another tenant than its issuer's": set("tid", "t-1"),
			"another issuer than its tenant's": set("iss", issuerOf("t-1")),
			"no tenant":                        set("tid", nil),
			"an empty tenant":                  func(tr *trial) { of42(tr, "") },
			"a tenant that is no text":         set("tid", 42),
			"a tenant in another case":         set("tid", "T-42"),
			"the template itself":              func(tr *trial) { of42(tr, "{tenantid}") },
			"a tenant that is a path":          func(tr *trial) { of42(tr, "t-42/v2.0/x") },
			"a tenant that climbs":             func(tr *trial) { of42(tr, "..") },
			"a tenant with a query":            func(tr *trial) { of42(tr, "t-42?") },
			"a tenant in two halves":           func(tr *trial) { ending("tid", firstHalf)(tr) },
			"an issuer outside the family":     set("iss", "https://attacker.example/t-42/v2.0"),
			"an issuer with more":              set("iss", issuerOf(tenant)+"/"),
			"an issuer with less":              set("iss", issuer+"/t-42"),
			"no issuer":                        set("iss", nil),
		} {
			tr := newTrial()
			base(tr)
			spoil(tr)
			id, err := tr.inFamily(t)
			require.ErrorIs(t, err, oidc.CheckIssuer, what)
			assert.Nil(t, id)
		}
	}
	// Without IssuerFamily the issuer is exact.
	tr := newTrial()
	family(tr)
	tr.config.IssuerFamily = nil
	_, err := tr.inFamily(t)
	require.EqualError(t, err, `oauth: discovery refused (issuer): the document's issuer is "https://op.example/{tenantid}/v2.0", want "https://op.example/common/v2.0" (it has a placeholder for a tenant: use IssuerFamily of package oidc)`)
	tr.config.Issuer, tr.config.Metadata = "", &oidc.Metadata{Issuer: template, JWKSURI: issuer + "/jwks"}
	_, err = tr.inFamily(t)
	require.ErrorIs(t, err, oidc.CheckIssuer)
	tr.config.IssuerFamily = &oidc.IssuerFamily{Template: template, TenantClaim: "tid", AllowAnyTenant: true}
	_, err = tr.inFamily(t)
	require.NoError(t, err, "the accepted twin")
}

func TestIssuerFamilyBoundsTheTenants(t *testing.T) {
	t.Parallel()
	for name, ok := range map[string]bool{"t-1": true, tenant: true, "t-2": false, "t-": false, "t-421": false, "T-42": false, "common": false} {
		tr := newTrial()
		bound(tr)
		of42(tr, name)
		_, err := tr.inFamily(t)
		if ok {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, oidc.CheckTenant, name)
	}
	// Both sides of each class of characters.
	for _, c := range "azAZ09-._~" {
		tr := newTrial()
		family(tr)
		of42(tr, "t"+string(c))
		_, err := tr.inFamily(t)
		require.NoError(t, err, string(c))
	}
	for _, c := range "`{@[/:,+^%}\x7f !é" {
		tr := newTrial()
		family(tr)
		of42(tr, "t"+string(c))
		_, err := tr.inFamily(t)
		require.ErrorIs(t, err, oidc.CheckIssuer, string(c))
	}
}

func TestIssuerFamilyInAccessTokens(t *testing.T) {
	t.Parallel()
	verify := func(spoil change) error {
		tr := newAccess()
		bound(tr)
		if spoil != nil {
			spoil(tr)
		}
		got, err := newFamily(t).client(tr.config).VerifyAccessToken(t.Context(), tr.token(t), strict)
		if err == nil {
			assert.Equal(t, issuerOf(tenant), got.Issuer)
		}
		return err
	}
	require.NoError(t, verify(nil))
	require.ErrorIs(t, verify(set("tid", "t-1")), oidc.CheckIssuer)
	require.ErrorIs(t, verify(set("tid", nil)), oidc.CheckIssuer)
	require.ErrorIs(t, verify(func(tr *trial) { of42(tr, "t-2") }), oidc.CheckTenant)
}

// A6 in a family: the callback's iss is one of the family, and equals that of the ID token (RFC 9207 §2.4).
func TestA6IssuerFamilyInCallbacks(t *testing.T) {
	t.Parallel()
	for _, mode := range []oauth.ResponseMode{"", oauth.ResponseModeFormPost} {
		login := func(more string) error {
			tr := newTrial()
			bound(tr)
			tr.ask.ResponseMode = mode
			p := newFamily(t)
			_, err := p.login(p.client(tr.config), tr, more)
			return err
		}
		require.NoError(t, login(""))
		require.NoError(t, login("&iss=https%3A%2F%2Fop.example%2Ft-42%2Fv2.0"))
		for _, iss := range []string{
			"https%3A%2F%2Fop.example%2F%2Fv2.0", "https%3A%2F%2Fop.example%2F%7Btenantid%7D%2Fv2.0",
			"https%3A%2F%2Fattacker.example%2Ft-42%2Fv2.0", "https%3A%2F%2Fop.example%2Ft-42%2Fv2.0%2F", "",
			"t-42%2Fv2.0", "https%3A%2F%2Fop.example%2Ft-42",
		} {
			require.ErrorIs(t, login("&iss="+iss), oauth.CheckIssuer, iss)
		}
		for _, other := range []string{"t-1", "t-2", "common"} {
			require.ErrorIs(t, login("&iss=https%3A%2F%2Fop.example%2F"+other+"%2Fv2.0"), oidc.CheckIssuer, "of the family, and not the ID token's")
		}
	}
}

func TestR1IssuerFamilyInRefresh(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	bound(tr)
	p := newFamily(t)
	client := p.client(tr.config)
	tr.reply["refresh_token"] = "RT1"
	first, err := p.login(client, tr, "")
	require.NoError(t, err)
	again := func(previous *oidc.IDToken, changes ...change) (*oidc.Result, error) {
		next := newTrial()
		bound(next)
		next.claims["nonce"] = first.IDToken.Nonce
		for _, c := range changes {
			c(next)
		}
		p.serve("/token", map[string]any{"access_token": accessToken, "token_type": "Bearer", "id_token": next.token(t)})
		return client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1", Previous: previous})
	}
	result, err := again(first.IDToken)
	require.NoError(t, err)
	assert.Equal(t, issuerOf(tenant), result.IDToken.Issuer)
	_, err = again(first.IDToken, func(tr *trial) { of42(tr, "t-1") })
	require.ErrorIs(t, err, oidc.CheckIssuer, "another tenant of ours")
	asked := p.count("/token")
	for other, check := range map[string]oidc.TokenCheck{
		issuerOf("t-2"): oidc.CheckTenant, template: oidc.CheckIssuer, "https://attacker.example/t-42/v2.0": oidc.CheckIssuer,
		"t-42/v2.0": oidc.CheckIssuer, issuer + "/t-42": oidc.CheckIssuer,
	} {
		previous := *first.IDToken
		previous.Issuer = other
		_, err = again(&previous)
		require.ErrorIs(t, err, check, other)
	}
	assert.Equal(t, asked, p.count("/token"), "the refresh token was not sent")
}

func TestIssuerFamilyConfig(t *testing.T) {
	t.Parallel()
	good := oidc.IssuerFamily{Template: template, TenantClaim: "tid", Tenants: []string{tenant}}
	for want, change := range map[string]func(*oidc.Config, *oidc.IssuerFamily){
		"oidc: IssuerFamily.Template must have one placeholder, such as {tenantid}":                                     func(_ *oidc.Config, f *oidc.IssuerFamily) { f.Template = issuer },
		"oidc: IssuerFamily.Template must have its placeholder in the path":                                             func(_ *oidc.Config, f *oidc.IssuerFamily) { f.Template = "https://{t}.op.example/" },
		"oidc: IssuerFamily.Template must not have a query (OpenID Connect Discovery §3)":                               func(_ *oidc.Config, f *oidc.IssuerFamily) { f.Template += "?a" },
		"oidc: IssuerFamily.TenantClaim is not set":                                                                     func(_ *oidc.Config, f *oidc.IssuerFamily) { f.TenantClaim = "" },
		"oidc: IssuerFamily needs Tenants, or AllowAnyTenant":                                                           func(_ *oidc.Config, f *oidc.IssuerFamily) { f.Tenants = nil },
		"oidc: IssuerFamily.Tenants and AllowAnyTenant contradict each other":                                           func(_ *oidc.Config, f *oidc.IssuerFamily) { f.AllowAnyTenant = true },
		"oidc: IssuerFamily.Tenants has an entry that is empty or has other characters than letters, digits and -._~":   func(_ *oidc.Config, f *oidc.IssuerFamily) { f.Tenants = []string{tenant, ""} },
		`oidc: IssuerFamily.Template is "` + template + `" and Metadata.Issuer is "` + issuer + `": they must be equal`: func(c *oidc.Config, _ *oidc.IssuerFamily) { c.Issuer, c.Metadata = "", &oidc.Metadata{Issuer: issuer} },
		`oidc: Issuer is not set`: func(c *oidc.Config, _ *oidc.IssuerFamily) { c.Issuer = "" },
	} {
		cfg, f := oidc.Config{Issuer: issuer + "/common/v2.0", ClientID: clientID}, good
		cfg.IssuerFamily = &f
		_, err := oidc.NewClient(cfg)
		require.NoError(t, err, "the accepted twin")
		change(&cfg, &f)
		_, err = oidc.NewClient(cfg)
		require.EqualError(t, err, want)
	}
	for _, bad := range []string{"", issuer + "/{}", issuer + "/{a}/{b}", issuer + "/}a{", issuer + "/{a", issuer + "/a}", issuer + "/{{a}}", issuer + "/{a}}"} {
		f := good
		f.Template = bad
		_, err := oidc.NewClient(oidc.Config{Issuer: issuer, IssuerFamily: &f})
		require.EqualError(t, err, "oidc: IssuerFamily.Template must have one placeholder, such as {tenantid}", bad)
	}
	for _, bad := range []string{"op.example/{t}", "https:/op.example/{t}"} {
		f := good
		f.Template = bad
		_, err := oidc.NewClient(oidc.Config{Issuer: issuer, IssuerFamily: &f})
		require.EqualError(t, err, "oidc: IssuerFamily.Template must have its placeholder in the path", bad)
	}
	f := good
	f.Template = "http://op.example/{t}"
	_, err := oidc.NewClient(oidc.Config{Issuer: issuer, IssuerFamily: &f})
	require.ErrorContains(t, err, "IssuerFamily.Template")

	// The client keeps its own copy.
	f = good
	f.Tenants = []string{tenant}
	client := newFamily(t).client(oidc.Config{Issuer: issuer + "/common/v2.0", ClientID: clientID, IssuerFamily: &f, Now: now})
	f.Tenants[0], f.TenantClaim = "t-2", "x"
	tr := newTrial()
	bound(tr)
	_, err = client.VerifyIDToken(t.Context(), tr.token(t), tr.expect)
	require.NoError(t, err)
}
