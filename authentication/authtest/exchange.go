package authtest

import (
	"io"
	"net/http"
	"strings"
)

// Faults in how an answer travels. They strike the calls that an application
// makes itself (token, user info, introspection, revocation, validate_token,
// CAS validation); At places one on a single path, discovery, the JWKS and the
// pages included.
const (
	// HTML answers 200 with a page, as a proxy or a captive portal does.
	HTML Fault = "HTML"
	// Redirect answers 307 to /redirected, which the server counts and answers 404.
	Redirect Fault = "Redirect"
	// Slow sends nothing until the caller gives up. A server that is asked to
	// close waits for the callers to go first.
	Slow Fault = "Slow"
	// ServerError answers 500 with a text.
	ServerError Fault = "ServerError"
	// Unavailable answers 503 with Retry-After: 7.
	Unavailable Fault = "Unavailable"
	// Oversized puts 8 MiB of white space before an answer that is otherwise right.
	Oversized Fault = "Oversized"
	// BrokenJSON answers 200 with half a JSON object.
	BrokenJSON Fault = "BrokenJSON"
	// ErrorOn200 answers 200 with {"code":400,"message":...}, Authing's own error form.
	ErrorOn200 Fault = "ErrorOn200"
)

func exchangeFaults() []Fault {
	return []Fault{HTML, Redirect, Slow, ServerError, Unavailable, Oversized, BrokenJSON, ErrorOn200}
}

// At places a fault of travel (HTML, Redirect, Slow, ...) on one path, such as
// "/oidc/.well-known/jwks.json". Other faults cannot be placed: Break with one
// makes the server answer 500 and say so.
func (f Fault) At(path string) Fault { return f + "@" + Fault(path) }

// breakExchange answers in place of the handler and says whether it did.
func (s *Server) breakExchange(w http.ResponseWriter, r *http.Request) bool {
	for _, fault := range exchangeFaults() {
		if s.broken(fault.At(r.URL.Path)) || s.broken(fault) && backChannel(r.URL.Path) {
			s.misbehave(w, r, fault)
			return true
		}
	}
	return false
}

func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, fault Fault) {
	say := func(status int, kind, body string) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
	switch fault {
	case HTML:
		say(http.StatusOK, "text/html; charset=utf-8", "<!DOCTYPE html><title>Sign in to the network</title><p>Please sign in to the network.</p>")
	case Redirect:
		w.Header().Set("Location", s.base(r)+"/redirected")
		w.WriteHeader(http.StatusTemporaryRedirect)
	case Slow:
		// The server notices that the caller has gone only once the body is read.
		_, _ = io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, 1<<20))
		<-r.Context().Done()
	case ServerError:
		say(http.StatusInternalServerError, "text/plain; charset=utf-8", "Internal Server Error")
	case Unavailable:
		w.Header().Set("Retry-After", "7")
		say(http.StatusServiceUnavailable, "text/plain; charset=utf-8", "Service Unavailable")
	case BrokenJSON:
		say(http.StatusOK, "application/json; charset=utf-8", `{"access_token":"`)
	case ErrorOn200:
		say(http.StatusOK, "application/json; charset=utf-8", `{"code":400,"message":"the request was refused"}`)
	case Oversized:
		answer := &recorder{header: w.Header()}
		s.mux.ServeHTTP(answer, r)
		say(answer.code(), w.Header().Get("Content-Type"), strings.Repeat(" ", 8<<20)+answer.body.String())
	}
}
