package cas

import "fmt"

// TicketCheck names what was wrong with a ticket or with the reply about it. Each is an error, so that
// errors.Is(err, cas.CheckUser) works.
type TicketCheck string

const (
	CheckTicket     TicketCheck = "ticket"     // it does not look like a service ticket; nothing was sent
	CheckSyntax     TicketCheck = "syntax"     // neither strict XML nor strict JSON nor the lines of CAS 1.0
	CheckRoot       TicketCheck = "root"       // the reply is no service response of CAS
	CheckVerdict    TicketCheck = "verdict"    // not exactly one of success and failure
	CheckFailure    TicketCheck = "failure"    // the failure cannot be read
	CheckUser       TicketCheck = "user"       // missing, empty, twice, or not plain text
	CheckAttributes TicketCheck = "attributes" // attributes that can be read in two ways
	CheckProxies    TicketCheck = "proxies"    // the ticket came by way of a proxy
	CheckRenew      TicketCheck = "renew"      // renew was asked for, and the login was an old one
)

// Error is the check's name.
func (c TicketCheck) Error() string { return string(c) }

// TicketError is a ticket, or the reply about one, that was read and refused.
type TicketError struct {
	Check  TicketCheck
	Detail string
	cause  error
}

// Error names check and detail.
func (e *TicketError) Error() string {
	return "cas: refused the " + e.what() + " (" + string(e.Check) + "): " + e.Detail
}

func (e *TicketError) what() string {
	if e.Check == CheckTicket {
		return "ticket"
	}
	return "reply"
}

// Unwrap gives the Check and the cause, for errors.Is.
func (e *TicketError) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Check}
	}
	return []error{e.Check, e.cause}
}

func refuse(check TicketCheck, format string, args ...any) error {
	return &TicketError{Check: check, Detail: fmt.Sprintf(format, args...)}
}
