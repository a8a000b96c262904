package saml

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// LogoutReply is our answer to a LogoutRequest (SAML Profiles §4.4.3.4): where to send the browser, and what to post
// there when Form is not nil, as Send does.
type LogoutReply struct {
	// URL is where to send the browser.
	URL string
	// Form, when not nil, is what to post to URL.
	Form url.Values
}

// RespondLogout answers a LogoutRequest that ReceiveLogout returned (SAML Core §3.7.3): with Success when its sessions
// have ended or did not exist, PartialLogout when some did not end, RequestDenied, UnknownPrincipal, or a status of the
// top level. The answer is signed, and goes by the binding of the request if the identity provider offers it. Browsers
// do not show the page of Send in a frame: where the identity provider opens frames, let it use the redirect binding,
// which is the first one in our metadata.
//
// PartialLogout and RequestDenied are written below Responder, UnknownPrincipal below Requester: a reader of only the
// top level then sees that not all sessions ended.
func (c *Client) RespondLogout(ctx context.Context, request *LogoutRequest, status StatusCode) (*LogoutReply, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	switch {
	case c.cfg.SLOURL == "":
		return nil, errNoSLO
	case request == nil || request.Issuer == "" || request.ID == "":
		return nil, errors.New("saml: RespondLogout needs the LogoutRequest that ReceiveLogout returned")
	}
	codes, err := logoutCodes(status)
	if err != nil {
		return nil, err
	}
	p, err := c.idp(ctx, request.Issuer)
	if err != nil {
		return nil, err
	}
	end, err := c.pick(p, p.SLO, "logouts", request.Binding)
	if err != nil {
		if end, err = c.pick(p, p.SLO, "logouts", ""); err != nil {
			return nil, err
		}
	}
	location := end.Location
	if end.ResponseLocation != "" {
		location = end.ResponseLocation
	}
	message, err := c.logoutResponse(location, request.ID, codes, c.cfg.Now())
	if err != nil {
		return nil, err
	}
	var reply LogoutReply
	reply.URL, reply.Form, err = c.carry(p, end.Binding, location, paramResponse, message, request.RelayState, c.signsLogout())
	if err != nil {
		return nil, err
	}
	return &reply, nil
}

// logoutCodes are the codes of a status, the top level first (SAML Core §3.2.2.2).
func logoutCodes(status StatusCode) ([]StatusCode, error) {
	switch status {
	case Success, Requester, Responder, VersionMismatch:
		return []StatusCode{status}, nil
	case PartialLogout, RequestDenied:
		return []StatusCode{Responder, status}, nil
	case UnknownPrincipal:
		return []StatusCode{Requester, status}, nil
	}
	return nil, fmt.Errorf("saml: RespondLogout: %s is not a status of a logout", httpcore.Quote(string(status)))
}
