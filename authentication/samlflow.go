package authentication

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// samlFlow runs logins of one service provider.
type samlFlow struct {
	client *saml.Client
	now    func() time.Time
}

// FromSAML puts a service provider of any standard server under the seam of this package. RedirectURI is one of
// its ACS addresses. The Identity's Issuer is the identity provider's entity ID, its Subject the name identifier
// (behind the name of its domain and a "!", where that is not the issuer, or where a "!" stands in it), its
// SessionID the session index, and its Expiry the end that the identity provider set for the session. A
// transient name identifier is another one at every login: such a user has a name only in his attributes. The
// attributes are its Claims: one value is a string, several are a list. An assertion without a name identifier is
// refused. A response that comes unasked is completed with a nil Login, where the client allows it.
//
// The flow is a LogoutFlow and a LogoutKeyFlow as well; what the logouts need of the login is in Identity.Data.
func FromSAML(c *saml.Client) LoginFlow { return &samlFlow{c, time.Now} }

func (f *samlFlow) options(o AuthorizeOptions) (saml.AuthorizeOptions, error) {
	out := saml.AuthorizeOptions{IDP: o.IDP, ACSURL: o.RedirectURI, MaxAge: o.MaxAge}
	if err := o.Only("IDP", "RedirectURI", "Prompt", "MaxAge", "ACRValues"); err != nil {
		return out, err
	}
	if o.RedirectURI != "" && !slices.Contains(f.client.ACSURLs(), o.RedirectURI) {
		return out, errors.New("authentication: AuthorizeOptions.RedirectURI is not one of the addresses where SAML responses come")
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

// BuildAuthorizeUrl implements Flow: the address of an AuthnRequest. What comes back cannot be completed here.
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

// BeginLogin implements LoginFlow. Prompt is login or none; ACRValues are the classes of authentication that
// end in a login.
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
	begun.URL, begun.Form = "", nil // they stand in the Login
	if login.Data, err = json.Marshal(begun); err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	return login, nil
}

// LoginKey implements LoginFlow: it is the RelayState.
func (f *samlFlow) LoginKey(r *http.Request) string { return saml.LoginKey(r) }

// CompleteLogin implements LoginFlow. Without a login it completes one that the identity provider began, where
// the client allows that.
func (f *samlFlow) CompleteLogin(ctx context.Context, l *Login, r *http.Request) (*Identity, error) {
	var begun *saml.Login
	if l != nil {
		if err := checkLogin(l, samlName); err != nil {
			return nil, err
		}
		begun = &saml.Login{}
		if err := json.Unmarshal(l.Data, begun); err != nil {
			return nil, refused(err)
		}
	}
	assertion, err := f.client.CompleteLogin(ctx, begun, r)
	if err != nil {
		return nil, judgeSAMLLogin(err)
	}
	return f.identity(assertion)
}
