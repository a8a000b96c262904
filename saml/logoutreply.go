package saml

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// LogoutReply is our answer to a LogoutRequest (SAML Profiles §4.4.3.4): where to send the browser and what to post
// there, or what to write as the body when the identity provider itself asked, by SOAP. Its method Send does either.
type LogoutReply struct {
	// URL is where to send the browser; empty by SOAP.
	URL string
	// Form, when not nil, is what to post to URL.
	Form url.Values
	// SOAP, when not nil, is the answer to a request by SOAP, to be written as the body with the status 200 and the type
	// text/xml: no browser waits for it.
	SOAP []byte
}

// Send answers the request: by SOAP in the body, else with the browser as the function Send does. When it returns an
// error, nothing was written to w.
func (r *LogoutReply) Send(w http.ResponseWriter) error {
	if r == nil {
		return errors.New("saml: the LogoutReply is nil")
	}
	if r.SOAP == nil {
		return Send(w, r.URL, r.Form)
	}
	w.Header().Set("Content-Type", soapType)
	w.Header().Set("Content-Length", strconv.Itoa(len(r.SOAP)))
	w.Header().Set("Cache-Control", "no-cache, no-store")
	w.Header().Set("Pragma", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(r.SOAP)
	return nil
}

// RespondLogout answers a LogoutRequest that ReceiveLogout returned (SAML Core §3.7.3): with Success when its sessions
// have ended or did not exist, PartialLogout when some did not end, RequestDenied, UnknownPrincipal, or a status of the
// top level. The answer is signed, and goes by the binding of the request if the identity provider offers it. Browsers
// do not show the page of Send in a frame: where the identity provider opens frames, let it use the redirect binding,
// which is the first one in our metadata.
//
// A request by SOAP is answered in the reply to it: the result has only SOAP.
//
// PartialLogout and RequestDenied are written below Responder, UnknownPrincipal below Requester: a reader of only the
// top level then sees that not all sessions ended.
func (c *Client) RespondLogout(ctx context.Context, request *LogoutRequest, status StatusCode) (*LogoutReply, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	switch {
	case c.cfg.SLOURL == "" && c.cfg.SOAPLogoutURL == "":
		return nil, errNoSLO
	case request == nil || request.Issuer == "" || request.ID == "":
		return nil, errors.New("saml: RespondLogout needs the LogoutRequest that ReceiveLogout returned")
	}
	codes, err := logoutCodes(status)
	if err != nil {
		return nil, err
	}
	if request.Binding == BindingSOAP {
		return c.respondSOAP(request, codes)
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

// respondSOAP signs an answer that goes back on the same connection, so that it names no Destination.
func (c *Client) respondSOAP(request *LogoutRequest, codes []StatusCode) (*LogoutReply, error) {
	message, err := c.logoutResponse("", request.ID, codes, c.cfg.Now())
	if err != nil {
		return nil, err
	}
	if message, err = c.signMessage(message); err != nil {
		return nil, err
	}
	return &LogoutReply{SOAP: writeSOAP(message)}, nil
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
