package authentication

import (
	"context"
	"net/http"
)

// authingSAML is samlFlow with Authing's application and logout page.
type authingSAML struct {
	samlFlow
	links    samlLinks
	allowNil bool
}

// unsolicited tells Client that this flow checks a nil Login itself.
func (f *authingSAML) unsolicited() bool { return f.allowNil }

// BuildLogoutUrl implements Flow: Authing's logout page.
func (f *authingSAML) BuildLogoutUrl(ctx context.Context, o LogoutOptions) (_ string, err error) {
	defer planned(&err)
	return f.links.BuildLogoutUrl(ctx, o)
}

// BeginLogout implements LogoutFlow: Authing's logout page, which returns nothing to check.
func (f *authingSAML) BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (_ *Logout, err error) {
	defer planned(&err)
	if _, err := sessionOf(id); err != nil {
		return nil, err
	}
	link, err := f.links.BuildLogoutUrl(ctx, o)
	if err != nil {
		return nil, err
	}
	return pageLogout(samlName, link, f.now), nil
}

// CompleteLogout implements LogoutFlow.
func (f *authingSAML) CompleteLogout(_ context.Context, l *Logout, _ *http.Request) error {
	if l == nil || l.Protocol != samlName {
		return refused(errNoSAMLLogout)
	}
	return nil
}

// ReceiveLogout implements LogoutFlow.
func (f *authingSAML) ReceiveLogout(context.Context, *http.Request) (*LogoutNotice, error) {
	return nil, unsupported("ReceiveLogout", samlName+" without SAML.SLOURL and SAML.SOAPLogoutURL")
}

// authingSLO is authingSAML with logouts of the identity provider, and with SLOURL single logout in place of the page.
type authingSLO struct{ authingSAML }

func (f *authingSLO) slo() *samlSLO { return &samlSLO{f.samlFlow} }

// BeginLogout implements LogoutFlow: a single logout when SLOURL is set, or else Authing's logout page.
func (f *authingSLO) BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (*Logout, error) {
	if f.client.SLOURL() == "" {
		return f.authingSAML.BeginLogout(ctx, id, o)
	}
	return f.slo().BeginLogout(ctx, id, o)
}

// CompleteLogout implements LogoutFlow.
func (f *authingSLO) CompleteLogout(ctx context.Context, l *Logout, r *http.Request) error {
	if f.client.SLOURL() == "" {
		return f.authingSAML.CompleteLogout(ctx, l, r)
	}
	return f.slo().CompleteLogout(ctx, l, r)
}

// LogoutKey implements LogoutKeyFlow.
func (f *authingSLO) LogoutKey(r *http.Request) string { return f.slo().LogoutKey(r) }

// HasNotice implements NoticeFlow.
func (f *authingSLO) HasNotice(r *http.Request) bool { return f.slo().HasNotice(r) }

// UnsignedNotices implements NoticeFlow.
func (f *authingSLO) UnsignedNotices() bool { return f.slo().UnsignedNotices() }

// ReceiveLogout implements LogoutFlow.
func (f *authingSLO) ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutNotice, error) {
	return f.slo().ReceiveLogout(ctx, r)
}
