package authentication

import "context"

// SAML is SAML 2.0 at Authing: the links of its page. The login link starts at Authing, and Authing
// posts its response to the address that its console knows.
type SAML struct{}

// Name implements Protocol.
func (SAML) Name() string { return "saml" }

// NewFlow implements Protocol.
func (SAML) NewFlow(o Options) (Flow, error) {
	return samlFlow{o.AppID, o.Endpoints.SAMLLogin, frontEndLogout{o.Endpoints.FrontEndLogout, o.AppID}}, nil
}

type samlFlow struct {
	appID, login   string
	frontEndLogout frontEndLogout
}

// BuildAuthorizeUrl implements Flow. It takes no option.
func (f samlFlow) BuildAuthorizeUrl(_ context.Context, o AuthorizeOptions) (string, error) {
	if err := o.Only(); err != nil {
		return "", err
	}
	if err := needApp(f.appID); err != nil {
		return "", err
	}
	return f.login, nil
}

// BuildLogoutUrl implements Flow: Authing's logout page.
func (f samlFlow) BuildLogoutUrl(_ context.Context, o LogoutOptions) (string, error) {
	if err := o.Only("RedirectURI", "SendAppID"); err != nil {
		return "", err
	}
	return f.frontEndLogout.build(o)
}
