package cas

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// FailureCode is the code of a refusal. The constants are errors themselves, so that
// errors.Is(err, cas.InvalidTicket) works; servers may send other codes.
type FailureCode string

const (
	InvalidRequest           FailureCode = "INVALID_REQUEST"            // CAS §2.5.3
	InvalidTicketSpec        FailureCode = "INVALID_TICKET_SPEC"        // CAS §2.5.3
	UnauthorizedServiceProxy FailureCode = "UNAUTHORIZED_SERVICE_PROXY" // CAS §2.5.3
	InvalidProxyCallback     FailureCode = "INVALID_PROXY_CALLBACK"     // CAS §2.5.3
	InvalidTicket            FailureCode = "INVALID_TICKET"             // CAS §2.5.3
	InvalidService           FailureCode = "INVALID_SERVICE"            // CAS §2.5.3
	InternalError            FailureCode = "INTERNAL_ERROR"             // CAS §2.5.3
)

// known tells whether CAS itself names the code: then it is no text of the server's.
func (c FailureCode) known() bool {
	switch c {
	case InvalidRequest, InvalidTicketSpec, UnauthorizedServiceProxy, InvalidProxyCallback, InvalidTicket, InvalidService, InternalError:
		return true
	}
	return false
}

// Error is the code itself.
func (c FailureCode) Error() string { return string(c) }

// Failure is the server's refusal (CAS §2.5.2). Its texts come from the server, cut to 256 bytes, with
// control characters escaped and the ticket replaced. They are plain text: escape them in a page.
type Failure struct {
	// StatusCode is the HTTP status.
	StatusCode int
	// Code is empty when the server sent none, or a bare status.
	Code FailureCode
	// Description is the server's text, for people to read; empty when there was none.
	Description string
	// RetryAfter is the server's wish on 429 and 503, at most 60 seconds.
	RetryAfter time.Duration
	// Endpoint is the address that was called, without its query.
	Endpoint string
}

// Error names status, code and description, and for a bare status the endpoint.
func (e *Failure) Error() string {
	if e == nil {
		return "cas: no failure"
	}
	var b strings.Builder
	b.WriteString("cas: the server refused")
	if e.StatusCode != 0 && e.StatusCode != http.StatusOK {
		fmt.Fprintf(&b, " with status %d", e.StatusCode)
	}
	if e.Code == "" && e.Endpoint != "" {
		b.WriteString(" at " + e.Endpoint)
	}
	if e.Code != "" {
		b.WriteString(": " + string(e.Code))
	}
	if e.Description != "" {
		b.WriteString(": " + e.Description)
	}
	return b.String()
}

// Unwrap gives the Code, for errors.Is.
func (e *Failure) Unwrap() error {
	if e == nil || e.Code == "" {
		return nil
	}
	return e.Code
}

// Temporary tells whether a new login may succeed later: 429, 5xx, or a code that says so. The ticket is
// spent all the same.
func (e *Failure) Temporary() bool {
	return e != nil && (e.StatusCode == http.StatusTooManyRequests || e.StatusCode >= 500 || e.Code == InternalError)
}

// finish adds what the reply says beside its body, and makes the server's texts fit for an error.
func (e *Failure) finish(reply *httpcore.Reply, secrets ...string) {
	e.Endpoint, e.StatusCode, e.RetryAfter = reply.URL, reply.StatusCode, reply.RetryAfter
	if !e.Code.known() {
		e.Code = FailureCode(httpcore.Clean(hideTickets(httpcore.CleanWord(strings.TrimSpace(string(e.Code)), secrets...))))
	}
	e.Description = cleanText(e.Description, secrets)
}

// cleanText cleans twice: what stands for a ticket may be longer than it.
func cleanText(text string, secrets []string) string {
	return httpcore.Clean(hideTickets(httpcore.Clean(strings.TrimSpace(text), secrets...)))
}
