package idptest

import (
	"io"
	"net/http"
	"strings"
)

// Faults in how an answer travels. They strike the calls in which an application uses a code, a token or a ticket. At
// places one on a single path instead: also on a page, and on a document such as the discovery, the JWKS or the metadata
// of SAML, which no other fault of travel strikes.
const (
	// HTML answers 200 with a page, as a proxy or a captive portal does.
	HTML Fault = "HTML"
	// Redirect answers 307 to /redirected, which the realm counts and answers 404.
	Redirect Fault = "Redirect"
	// Slow sends nothing until the caller gives up. A server that is asked to close waits for the callers to go first.
	Slow Fault = "Slow"
	// ServerError answers 500 with a text.
	ServerError Fault = "ServerError"
	// Unavailable answers 503 with Retry-After: 7.
	Unavailable Fault = "Unavailable"
	// Oversized puts 8 MiB of white space before an answer that is otherwise right.
	Oversized Fault = "Oversized"
	// BrokenJSON answers 200 with half a JSON object.
	BrokenJSON Fault = "BrokenJSON"
	// ErrorOn200 answers 200 with {"code":400,"message":...}, as servers do that put the status into the body.
	ErrorOn200 Fault = "ErrorOn200"
)

func travelFaults() []Fault {
	return []Fault{HTML, Redirect, Slow, ServerError, Unavailable, Oversized, BrokenJSON, ErrorOn200}
}

// At places a fault of travel (HTML, Redirect, Slow, ...) on one path, such as "/.well-known/jwks.json", which is written
// as for Realm.Requests. Other faults cannot be placed, and a path begins with a slash: otherwise Break makes the servers
// answer 500 and say so.
func (f Fault) At(path string) Fault { return f + "@" + Fault(path) }

// BackChannel wraps the handler of an endpoint that applications call themselves, without a browser: faults of travel
// that are not placed strike there.
func (r *Realm) BackChannel(endpoint http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		for _, fault := range travelFaults() {
			if r.Broken(fault) {
				r.misbehave(w, request, fault, endpoint)
				return
			}
		}
		endpoint(w, request)
	}
}

// misbehave answers in place of endpoint.
func (r *Realm) misbehave(w http.ResponseWriter, request *http.Request, fault Fault, endpoint http.Handler) {
	say := func(status int, kind, body string) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
	switch fault {
	case HTML:
		say(http.StatusOK, "text/html; charset=utf-8", "<!DOCTYPE html><title>Sign in to the network</title><p>Please sign in to the network.</p>")
	case Redirect:
		w.Header().Set("Location", r.Base(request)+"/redirected")
		w.WriteHeader(http.StatusTemporaryRedirect)
	case Slow:
		// The server notices that the caller has gone only once the body is read.
		_, _ = io.Copy(io.Discard, http.MaxBytesReader(w, request.Body, 1<<20))
		<-request.Context().Done()
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
		endpoint.ServeHTTP(answer, request)
		say(answer.code(), w.Header().Get("Content-Type"), strings.Repeat(" ", 8<<20)+answer.body.String())
	}
}
