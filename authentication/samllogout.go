package authentication

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

var errNoSAMLLogout = errors.New("this browser began no SAML logout, it was completed already, or its cookie was lost")

// samlSLO is samlFlow with single logout.
type samlSLO struct{ samlFlow }

// BuildLogoutUrl implements Flow. A SAML logout needs the user, so it begins with BeginLogout.
func (f *samlFlow) BuildLogoutUrl(_ context.Context, o LogoutOptions) (_ string, err error) {
	defer planned(&err)
	if err := o.Only(); err != nil {
		return "", err
	}
	return "", fmt.Errorf("authentication: a SAML logout needs the user: call BeginLogout: %w", errors.ErrUnsupported)
}

// BeginLogout implements LogoutFlow. The identity provider's response comes to the client's SLOURL, and the
// application redirects the browser from there.
func (f *samlSLO) BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (_ *Logout, err error) {
	defer planned(&err)
	if err := o.Only("RedirectURI"); err != nil {
		return nil, err
	}
	if o.RedirectURI != "" && o.RedirectURI != f.client.SLOURL() {
		return nil, errors.New("authentication: LogoutOptions.RedirectURI is not SLOURL, where the response to a SAML logout comes")
	}
	session, err := sessionOf(id)
	if err != nil {
		return nil, err
	}
	options := saml.LogoutOptions{IDP: id.Issuer, NameID: saml.NameID(session.NameID)}
	if session.SessionIndex != "" {
		options.SessionIndexes = []string{session.SessionIndex}
	}
	begun, err := f.client.BeginLogout(ctx, options)
	if err != nil {
		return nil, err
	}
	out := &Logout{Protocol: samlName, Key: begun.Key, URL: begun.URL, Form: begun.Form, FormPost: true, CreatedAt: begun.CreatedAt}
	begun.URL, begun.Form = "", nil // they are in the Logout
	if out.Data, err = json.Marshal(begun); err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	return out, nil
}

func sessionOf(id *Identity) (session samlSession, err error) {
	if id == nil || id.Protocol != samlName {
		return session, errors.New("authentication: the identity is not from a SAML login")
	}
	if err := strictjson.Decode(id.Data, &session); err != nil {
		return session, errors.New("authentication: the identity has lost the Data of its login")
	}
	return session, nil
}

// LogoutKey implements LogoutKeyFlow: it is the RelayState of the identity provider's response.
func (f *samlSLO) LogoutKey(r *http.Request) string { return saml.LogoutKey(r) }

// HasNotice implements NoticeFlow: a request of the identity provider, and not a response.
func (f *samlSLO) HasNotice(r *http.Request) bool {
	return r != nil && r.Method == http.MethodPost && callback.IsXML(r) || callback.Parameters(r).Has("SAMLRequest")
}

// UnsignedNotices implements NoticeFlow.
func (f *samlSLO) UnsignedNotices() bool { return f.client.UnsignedLogout() }

// CompleteLogout implements LogoutFlow. An error that wraps saml.PartialLogout means that not every application ended
// its session.
func (f *samlSLO) CompleteLogout(ctx context.Context, l *Logout, r *http.Request) error {
	if l == nil || l.Protocol != samlName {
		return refused(errNoSAMLLogout)
	}
	var begun saml.Logout
	if err := begun.UnmarshalJSON(l.Data); err != nil {
		return refused(err)
	}
	return judgeSAML(f.client.CompleteLogout(ctx, &begun, r))
}

// ReceiveLogout implements LogoutFlow. The notice says where to send the browser after the sessions have ended, or by
// SOAP what to write as the answer.
func (f *samlSLO) ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutNotice, error) {
	request, err := f.client.ReceiveLogout(ctx, r)
	if err != nil {
		return nil, judgeSAML(err)
	}
	notice := &LogoutNotice{
		Protocol: samlName, Issuer: request.Issuer, Subject: samlSubject(request.Issuer, request.NameID), SessionIDs: request.SessionIndexes,
		IssuedAt: request.IssueInstant, BackChannel: request.Binding == saml.BindingSOAP, Unsigned: request.Unsigned,
	}
	reply, err := f.client.RespondLogout(ctx, request, saml.Success)
	if err != nil {
		notice.Unanswered = judgeSAML(err) // end the sessions anyway: the request does not come again
		return notice, nil
	}
	notice.URL, notice.Form = reply.URL, reply.Form
	if reply.SOAP != nil {
		notice.Body, notice.ContentType = reply.SOAP, "text/xml; charset=utf-8"
	}
	return notice, nil
}
