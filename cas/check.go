package cas

import "fmt"

// TicketCheck names what was wrong with a callback, a ticket (CAS §3.1.1), the reply about it (CAS §2.5.2) or
// a logout request (CAS §2.3.3). Each check is an error, so that errors.Is(err, cas.CheckUser) works.
type TicketCheck string

const (
	CheckLogin        TicketCheck = "login"         // no login, or one that another client began
	CheckExpired      TicketCheck = "expired"       // the login is older than its lifetime
	CheckMethod       TicketCheck = "method"        // the request came by another method than the requested one
	CheckMalformed    TicketCheck = "malformed"     // the query or body cannot be read
	CheckRepeated     TicketCheck = "repeated"      // a parameter appears twice
	CheckKey          TicketCheck = "key"           // the callback of another login, or of none
	CheckSession      TicketCheck = "session"       // gateway: the browser has no session at the server
	CheckTicket       TicketCheck = "ticket"        // not a ticket; nothing was sent
	CheckSyntax       TicketCheck = "syntax"        // not strict XML, strict JSON or the lines of CAS 1.0
	CheckRoot         TicketCheck = "root"          // not the expected kind of message
	CheckVerdict      TicketCheck = "verdict"       // not exactly one of success and failure
	CheckFailure      TicketCheck = "failure"       // the failure cannot be read
	CheckUser         TicketCheck = "user"          // missing, empty, twice, or not plain text
	CheckAttributes   TicketCheck = "attributes"    // the attributes are ambiguous
	CheckProxies      TicketCheck = "proxies"       // the ticket came through a proxy that is not allowed
	CheckRenew        TicketCheck = "renew"         // renew was requested, and the login was an old one
	CheckOrigin       TicketCheck = "origin"        // LogoutOrigin refused the logout request
	CheckSessionIndex TicketCheck = "session index" // the logout request has no session
)

// Error is the check's name.
func (c TicketCheck) Error() string { return string(c) }

// TicketError is a callback, a ticket, a reply or a logout request that was read and refused.
type TicketError struct {
	// Check is the check that failed, for programs.
	Check TicketCheck
	// Detail is the reason, for people; programs compare Check.
	Detail  string
	subject subject
	cause   error
}

// Error names check and detail.
func (e *TicketError) Error() string {
	if e == nil {
		return "cas: no refusal"
	}
	what := e.subject
	if what == "" {
		what = aReply
	}
	return "cas: refused the " + string(what) + " (" + string(e.Check) + "): " + e.Detail
}

// Unwrap gives the Check and the cause, for errors.Is.
func (e *TicketError) Unwrap() []error {
	if e == nil {
		return nil
	}
	if e.cause == nil {
		return []error{e.Check}
	}
	return []error{e.Check, e.cause}
}

// subject is what a refusal is about.
type subject string

const (
	aReply         subject = "reply"
	aTicket        subject = "ticket"
	aCallback      subject = "callback"
	aLogoutRequest subject = "logout request"
)

func (s subject) refuse(check TicketCheck, format string, args ...any) error {
	return &TicketError{Check: check, Detail: fmt.Sprintf(format, args...), subject: s}
}

func refuse(check TicketCheck, format string, args ...any) error {
	return aReply.refuse(check, format, args...)
}
