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
	"sync"
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

// visitLimit bounds what a session remembers; the oldest visit leaves first.
const visitLimit = 100

// visit is a ticket that a session gave away.
type visit struct {
	service, ticket string
	browser         bool // by the browser, not by a proxy
}

// visit is called under Server.mu.
func (e *session) visit(v visit) {
	if len(e.visits) == visitLimit {
		e.visits = e.visits[1:]
	}
	e.visits = append(e.visits, v)
}

// logoutRequest is the message for one ticket (CAS appendix C).
func (s *Server) logoutRequest(ticket string) string {
	return `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"` +
		` ID="LR-` + opaque() + `" Version="2.0" IssueInstant="` + s.now().UTC().Format("2006-01-02T15:04:05Z") + `">` +
		"\n  <saml:NameID>@NOT_USED@</saml:NameID>\n  <samlp:SessionIndex>" + escape(ticket) + "</samlp:SessionIndex>\n</samlp:LogoutRequest>\n"
}

// tell posts the logout requests, all at once, and waits. What comes of them is
// nobody's concern (CAS §2.3.3.1).
func (s *Server) tell(ctx context.Context, visits []visit) {
	if s.SingleLogout == NoChannel {
		return
	}
	var all sync.WaitGroup
	for _, to := range visits {
		all.Go(func() {
			_, _ = s.call(ctx, http.MethodPost, to.service, url.Values{"logoutRequest": {s.logoutRequest(to.ticket)}}.Encode())
		})
	}
	all.Wait()
}

// frames are the addresses that a browser opens to bring the logout requests.
func (s *Server) frames(visits []visit) []string {
	var all []string
	for _, to := range visits {
		all = append(all, addTicket(to.service, encodeReply([]parameter{{"logoutRequest", s.compress(s.logoutRequest(to.ticket))}})))
	}
	return all
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

// EndSessions ends every session of a person, named as for Login, as an
// administrator would. The services that were given tickets are told by the back
// channel, for there is no browser. It says how many sessions ended.
func (s *Server) EndSessions(ctx context.Context, user string) (int, error) {
	account, err := s.traveller(user)
	if err != nil {
		return 0, err
	}
	now := s.now()
	var visits []visit
	count := 0
	s.mu.Lock()
	for id, kept := range s.memory.sessions.entries {
		if found := kept.value; found.user.subject() == account.subject() && now.Before(kept.until) {
			s.memory.sessions.drop(id)
			visits = append(visits, found.end()...)
			count++
		}
	}
	s.mu.Unlock()
	s.tell(ctx, visits)
	return count, nil
}
