package authtest

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// LogoutChannel is how services learn that a session has ended (CAS §2.3.3).
type LogoutChannel string

const (
	// BackChannel posts logoutRequest to each service that was given a ticket.
	BackChannel LogoutChannel = "back"
	// FrontChannel lets the browser bring it, in a frame for each service: a GET
	// with logoutRequest, compressed by zlib and in base64, as Apereo's server has
	// it; the specification has no front channel. Services that got a proxy
	// ticket have no part in the browser: theirs is posted.
	FrontChannel LogoutChannel = "front"
	// FrontChannelRaw is FrontChannel compressed by bare DEFLATE, as SAML has it
	// (SAML Bindings §3.4.4.1).
	FrontChannelRaw LogoutChannel = "front-raw"
	// NoChannel tells nobody.
	NoChannel LogoutChannel = "none"
)

// visit is a ticket that a session gave away: a member of the session.
type visit struct {
	server          *Server
	service, ticket string
	browser         bool // by the browser, not by a proxy
}

// Tell posts the logout request. What comes of it is not looked at (CAS §2.3.3.1).
func (v *visit) Tell(ctx context.Context) {
	if v.server.SingleLogout != NoChannel {
		_, _ = v.server.realm.Call(ctx, http.MethodPost, v.service, url.Values{"logoutRequest": {v.server.logoutRequest(v.ticket)}}.Encode())
	}
}

// Frame is the address that a browser opens to bring the logout request.
func (v *visit) Frame() string {
	s := v.server
	if !v.browser || s.SingleLogout != FrontChannel && s.SingleLogout != FrontChannelRaw {
		return ""
	}
	return addTicket(v.service, idptest.Pairs("logoutRequest", s.compress(s.logoutRequest(v.ticket))).Encode())
}

// logoutRequest is the message for one ticket (CAS appendix C).
func (s *Server) logoutRequest(ticket string) string {
	return `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"` +
		` ID="LR-` + idptest.Opaque() + `" Version="2.0" IssueInstant="` + s.realm.Time().UTC().Format("2006-01-02T15:04:05Z") + `">` +
		"\n  <saml:NameID>@NOT_USED@</saml:NameID>\n  <samlp:SessionIndex>" + idptest.EscapeXML(ticket) + "</samlp:SessionIndex>\n</samlp:LogoutRequest>\n"
}

func (s *Server) compress(message string) string {
	var b bytes.Buffer
	var w io.WriteCloser = zlib.NewWriter(&b)
	if s.SingleLogout == FrontChannelRaw {
		w, _ = flate.NewWriter(&b, flate.DefaultCompression) // a level that exists
	}
	_, _ = io.WriteString(w, message) // a bytes.Buffer does not fail
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}
