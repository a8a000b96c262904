package oidc

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// IssuerFamily describes a server where each tenant has its own issuer and all share endpoints and keys, as in Entra
// ID. The issuer of a token must be the template filled with the tenant of the token. IDToken.Issuer is that issuer,
// so users of two tenants never share an identity. The family is a set of expected issuers (OpenID Connect
// Core §3.1.3.7); take it from the server's documentation.
type IssuerFamily struct {
	// Template is the issuer in the server's metadata, with one placeholder for the tenant in its path:
	// https://login.microsoftonline.com/{tenantid}/v2.0.
	Template string
	// TenantClaim is the claim that names the tenant: tid at Entra ID. A token without it is refused.
	TenantClaim string
	// Tenants are the values of TenantClaim whose tokens are accepted; CheckTenant refuses all others.
	Tenants []string
	// AllowAnyTenant accepts the tokens of every tenant, and at most servers anyone can create a tenant. The
	// application must then decide by IDToken.Issuer who may log in.
	AllowAnyTenant bool
}

// issuerRule says which issuers are expected.
type issuerRule struct {
	name          string // the issuer in the metadata: the one issuer, or the template
	before, after string // the template around its placeholder
	claim         string // empty when name is the only issuer
	tenants       []string
}

// newIssuerRule needs a Config whose Issuer was checked.
func newIssuerRule(hc *httpcore.Client, c *Config) (*issuerRule, error) {
	if c.IssuerFamily == nil {
		return &issuerRule{name: c.Issuer}, nil
	}
	if c.Metadata != nil && c.Metadata.Issuer != c.IssuerFamily.Template {
		return nil, fmt.Errorf("oidc: IssuerFamily.Template is %q and Metadata.Issuer is %q: they must be equal", c.IssuerFamily.Template, c.Metadata.Issuer)
	}
	return c.IssuerFamily.rule(hc)
}

func (f *IssuerFamily) rule(hc *httpcore.Client) (*issuerRule, error) {
	before, rest, open := strings.Cut(f.Template, "{")
	placeholder, after, closed := strings.Cut(rest, "}")
	scheme := strings.Index(before, "://")
	switch {
	case !open || !closed || placeholder == "" || strings.ContainsAny(after+placeholder, "{}"):
		return nil, errors.New("oidc: IssuerFamily.Template must have one placeholder, such as {tenantid}")
	case scheme < 0 || !strings.Contains(before[scheme+3:], "/"):
		return nil, errors.New("oidc: IssuerFamily.Template must have its placeholder in the path")
	case strings.Contains(f.Template, "?"):
		return nil, errors.New("oidc: IssuerFamily.Template must not have a query (OpenID Connect Discovery §3)")
	case f.TenantClaim == "":
		return nil, errors.New("oidc: IssuerFamily.TenantClaim is not set")
	case len(f.Tenants) == 0 && !f.AllowAnyTenant:
		return nil, errors.New("oidc: IssuerFamily needs Tenants, or AllowAnyTenant")
	case len(f.Tenants) > 0 && f.AllowAnyTenant:
		return nil, errors.New("oidc: IssuerFamily.Tenants and AllowAnyTenant contradict each other")
	case slices.ContainsFunc(f.Tenants, func(t string) bool { return !isTenant(t) }):
		return nil, errors.New("oidc: IssuerFamily.Tenants has an entry that is empty or has other characters than letters, digits and -._~")
	}
	if err := hc.CheckURL("IssuerFamily.Template", f.Template); err != nil {
		return nil, fmt.Errorf("oidc: %w", err)
	}
	return &issuerRule{f.Template, before, after, f.TenantClaim, slices.Clone(f.Tenants)}, nil
}

// isTenant limits a tenant to one path segment (RFC 3986 §2.3), so that it cannot change the template around it.
func isTenant(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.', c == '_', c == '~':
		default:
			return false
		}
	}
	return s != "" && s != "." && s != ".."
}

// accepts reports whether iss is one of the issuers, with any tenant.
func (r *issuerRule) accepts(iss string) bool {
	return r.claim == "" && iss == r.name || r.claim != "" && r.tenantOf(iss) != ""
}

// tenantOf returns the tenant of an issuer of the family, "" for any other.
func (r *issuerRule) tenantOf(iss string) string {
	tenant, ok := strings.CutPrefix(iss, r.before)
	tenant, ok2 := strings.CutSuffix(tenant, r.after)
	if !ok || !ok2 || !isTenant(tenant) {
		return ""
	}
	return tenant
}

func (r *issuerRule) checkTenant(tenant string, secrets []string) error {
	if len(r.tenants) == 0 || slices.Contains(r.tenants, tenant) {
		return nil
	}
	return refuse(CheckTenant, "the tenant is %s, which is not in IssuerFamily.Tenants", quote(secrets, tenant))
}

// checkPrevious is check for an ID token that was accepted before.
func (r *issuerRule) checkPrevious(iss string) error {
	if !r.accepts(iss) {
		return refuse(CheckIssuer, "Previous is from issuer %s, want %q", quote(nil, iss), r.name)
	}
	return r.checkTenant(r.tenantOf(iss), nil)
}

// check compares the iss of a token; in a family also with the tenant in the token.
func (r *issuerRule) check(cl *claims, members []strictjson.Member) error {
	if r.claim == "" {
		if cl.iss != r.name {
			return refuse(CheckIssuer, "iss is %s, want %q", cl.quote(cl.iss), r.name)
		}
		return nil
	}
	tenant, ok := claim(members, r.claim).ExactStr()
	switch {
	case !ok || !isTenant(tenant):
		return refuse(CheckIssuer, "%s is missing, or is not a valid tenant for %q", r.claim, r.name)
	case cl.iss != r.before+tenant+r.after:
		return refuse(CheckIssuer, "iss is %s, want %q with the tenant %s", cl.quote(cl.iss), r.name, cl.quote(tenant))
	}
	return r.checkTenant(tenant, cl.secrets)
}

func checkIssuer(hc *httpcore.Client, issuer string) error {
	if issuer == "" {
		return errors.New("oidc: Issuer is not set")
	}
	if err := hc.CheckURL("Issuer", issuer); err != nil {
		return fmt.Errorf("oidc: %w", err)
	}
	if strings.Contains(issuer, "?") {
		return errors.New("oidc: Issuer must not have a query (OpenID Connect Discovery §3)")
	}
	return nil
}
