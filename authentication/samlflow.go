package authentication

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// samlFlow runs logins of one service provider.
type samlFlow struct {
	client *saml.Client
	now    func() time.Time
}

// FromSAML makes a LoginFlow of this package from a SAML service provider. RedirectURI is one of its ACS addresses.
// The Identity's Issuer is the identity provider's entity ID. Its Subject is the name identifier, with the
// NameQualifier and a "!" in front when that is not the issuer, or when the name identifier contains a "!". Its
// SessionID is the session index, and its Expiry the end of the session that the identity provider set. A transient
// name identifier differs at every login: then only the attributes identify the user. The attributes are its Claims:
// one value is a string, several are a list. A value that is a name identifier is a map of its value, format,
// name_qualifier, sp_name_qualifier and sp_provided_id. An assertion without a name identifier is refused. An unsolicited
// response is completed with a nil Login, when the client allows it.
//
// With SLOURL or SOAPLogoutURL the flow is a LogoutFlow, a LogoutKeyFlow and a NoticeFlow too; Identity.Data has what a
// logout needs. It is always a MetadataFlow.
func FromSAML(c *saml.Client) LoginFlow {
	flow := samlFlow{c, time.Now}
	if c.SLOURL() != "" || c.SOAPLogoutURL() != "" {
		return &samlSLO{flow}
	}
	return &flow
}

func (f *samlFlow) options(o AuthorizeOptions) (saml.AuthorizeOptions, error) {
	out := saml.AuthorizeOptions{IDP: o.IDP, ACSURL: o.RedirectURI, MaxAge: o.MaxAge}
	if err := o.Only("IDP", "RedirectURI", "Prompt", "MaxAge", "ACRValues"); err != nil {
		return out, err
	}
	if o.RedirectURI != "" && !slices.Contains(f.client.ACSURLs(), o.RedirectURI) {
		return out, errors.New("authentication: AuthorizeOptions.RedirectURI is not one of the ACS addresses")
	}
	switch o.Prompt {
	case "":
	case "login":
		out.ForceAuthn = true
	case "none":
		out.IsPassive = true
	default:
		return out, fmt.Errorf("authentication: AuthorizeOptions.Prompt must be login or none in SAML, not %s", httpcore.Quote(o.Prompt))
	}
	if classes := strings.Fields(o.ACRValues); len(classes) > 0 {
		out.RequestedAuthnContext = &saml.RequestedAuthnContext{Classes: classes}
	}
	return out, nil
}

// BuildAuthorizeUrl implements Flow: the address of an AuthnRequest. Its response cannot be completed: use
// BeginLogin.
func (f *samlFlow) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (_ string, err error) {
	defer planned(&err)
	state := o.State
	o.State = ""
	options, err := f.options(o)
	if err != nil {
		return "", err
	}
	options.RelayState = state
	link, err := f.client.BuildAuthorizeUrl(ctx, options)
	return link, chosen(err)
}

// chosen is the error of a login that begins, where the application chooses the identity provider: one that is unknown
// is its mistake.
func chosen(err error) error {
	if errors.Is(err, metadata.CheckUnknown) {
		return misconfigured(err)
	}
	return err
}

// BeginLogin implements LoginFlow. Prompt is login or none; ACRValues are the accepted authentication context
// classes.
func (f *samlFlow) BeginLogin(ctx context.Context, o AuthorizeOptions) (_ *Login, err error) {
	defer planned(&err)
	options, err := f.options(o)
	if err != nil {
		return nil, err
	}
	begun, err := f.client.BeginLogin(ctx, options)
	if err != nil {
		return nil, chosen(err)
	}
	login := &Login{
		Protocol: samlName, Key: begun.Key, URL: begun.URL, Form: begun.Form, FormPost: true, CreatedAt: begun.CreatedAt,
	}
	begun.URL, begun.Form = "", nil // they are in the Login
	if login.Data, err = strictjson.Marshal(begun); err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	return login, nil
}

// LoginKey implements LoginFlow: it is the RelayState.
func (f *samlFlow) LoginKey(r *http.Request) string { return saml.LoginKey(r) }

// CompleteLogin implements LoginFlow. Without a login it completes an unsolicited response, when the client allows
// that.
func (f *samlFlow) CompleteLogin(ctx context.Context, l *Login, r *http.Request) (*Identity, error) {
	var begun *saml.Login
	if l != nil {
		if err := checkLogin(l, samlName); err != nil {
			return nil, err
		}
		begun = &saml.Login{}
		if err := begun.UnmarshalJSON(l.Data); err != nil {
			return nil, refused(err)
		}
	}
	assertion, err := f.client.CompleteLogin(ctx, begun, r)
	if err != nil {
		return nil, judgeSAMLLogin(err)
	}
	return f.identity(assertion)
}
