package cas

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// FailureCode is the code of a refusal. The constants are errors, so that errors.Is(err, cas.InvalidTicket) works.
// Servers may send other codes.
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

// known reports whether CAS defines the code, so that it needs no cleaning.
func (c FailureCode) known() bool {
	switch c {
	case InvalidRequest, InvalidTicketSpec, UnauthorizedServiceProxy, InvalidProxyCallback, InvalidTicket, InvalidService, InternalError:
		return true
	}
	return false
}

// Error is the code itself.
func (c FailureCode) Error() string { return string(c) }

// Failure is the server's refusal (CAS §2.5.2). Its texts come from the server. They are cut to 256 bytes, control
// characters are escaped, and the ticket is replaced. They are plain text: escape them in a page.
type Failure struct {
	// StatusCode is the HTTP status.
	StatusCode int
	// Code is empty when the server sent none, or only a status.
	Code FailureCode
	// Description is the server's text, for people to read; empty when there was none.
	Description string
	// RetryAfter is the server's Retry-After on 429 and 503, at most MaxRetryAfter of the Config.
	RetryAfter time.Duration
	// Endpoint is the address that was called, without its query.
	Endpoint string
}

// Error names the status, code and description; without a code, the endpoint.
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

// Temporary reports whether a new login may succeed later: status 429 or 5xx, or a code that says so. The ticket
// cannot be used again in any case.
func (e *Failure) Temporary() bool {
	return e != nil && (e.StatusCode == http.StatusTooManyRequests || e.StatusCode >= 500 || e.Code == InternalError)
}

// finish adds the status and headers of the reply, and cleans the server's texts.
func (e *Failure) finish(reply *httpcore.Reply, secrets ...string) {
	e.Endpoint, e.StatusCode, e.RetryAfter = reply.URL(), reply.StatusCode, reply.RetryAfter
	if !e.Code.known() {
		e.Code = FailureCode(httpcore.Clean(hideTickets(httpcore.CleanWord(strings.TrimSpace(string(e.Code)), secrets...))))
	}
	e.Description = cleanText(e.Description, secrets)
}

// cleanText cleans twice: the replacement may be longer than the ticket.
func cleanText(text string, secrets []string) string {
	return httpcore.Clean(hideTickets(httpcore.Clean(strings.TrimSpace(text), secrets...)))
}
