package castest

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// visit is a ticket that a session gave away: a member of the session.
type visit struct {
	realm           *idptest.Realm
	channel         LogoutChannel
	service, ticket string
	browser         bool // by the browser, not by a proxy
}

// Tell posts the logout request. The answer does not matter (CAS §2.3.3.1).
func (v *visit) Tell(ctx context.Context) {
	if v.channel != NoChannel {
		form := url.Values{"logoutRequest": {logoutRequest(v.ticket, v.realm.Time())}}
		_, _ = v.realm.Call(ctx, http.MethodPost, v.service, form.Encode())
	}
}

// Frame is the address that a browser opens to bring the logout request.
func (v *visit) Frame() string {
	if !v.browser || v.channel != FrontChannel && v.channel != FrontChannelRaw {
		return ""
	}
	message := logoutRequest(v.ticket, v.realm.Time())
	return withQuery(v.service, idptest.Pairs("logoutRequest", compress(message, v.channel)).Encode())
}

// logoutRequest is the message for one ticket (CAS appendix C).
func logoutRequest(ticket string, now time.Time) string {
	return `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"` +
		` ID="LR-` + idptest.Opaque() + `" Version="2.0" IssueInstant="` + now.UTC().Format("2006-01-02T15:04:05Z") + `">` +
		"\n  <saml:NameID>@NOT_USED@</saml:NameID>\n  <samlp:SessionIndex>" + idptest.EscapeXML(ticket) + "</samlp:SessionIndex>\n</samlp:LogoutRequest>\n"
}

func compress(message string, channel LogoutChannel) string {
	var b bytes.Buffer
	var w io.WriteCloser = zlib.NewWriter(&b)
	if channel == FrontChannelRaw {
		w, _ = flate.NewWriter(&b, flate.DefaultCompression) // a level that exists
	}
	_, _ = io.WriteString(w, message) // a bytes.Buffer does not fail
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}
