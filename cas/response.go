package cas

import (
	"strings"
	"time"
)

// ServiceResponse is the reply of CAS 2.0 and 3.0: exactly one of Success and Failure is set (CAS §2.5.2).
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a ServiceResponse inside
// a struct, map or slice, so log it only on its own.
type ServiceResponse struct {
	// Success is the user of a valid ticket; nil when it was refused.
	Success *Success
	// Failure is why the ticket was refused; nil when it is valid.
	Failure *Failure
	raw     string
}

// Bytes returns the reply as it was received. It is secret, see Success.Bytes.
func (r *ServiceResponse) Bytes() []byte { return []byte(r.raw) }

// Success is the user and the login of a valid ticket (CAS §2.5.2, appendix A).
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a Success inside a
// struct, map or slice, so log it only on its own.
type Success struct {
	// User is the name of the user, byte by byte.
	User string
	// AuthenticationDate is when the user authenticated; zero when the server did not say it in a form that Value.Time
	// reads.
	AuthenticationDate time.Time
	// IsFromNewLogin says that the user authenticated for this ticket.
	IsFromNewLogin bool
	// LongTermAuthenticationRequestTokenUsed says that a remember-me cookie replaced the password.
	LongTermAuthenticationRequestTokenUsed bool
	// Attributes are the user's attributes: those in the reply's attributes, then those beside the user whose names are
	// new, in the server's order. One of the three above is here, as its text, when it could not be read.
	Attributes Attributes
	// Ticket is the validated ticket. A logout request names the session by it (CAS §2.3.3).
	Ticket string
	// ProxyGrantingTicketIOU identifies the ticket that the server sent to the proxy callback.
	ProxyGrantingTicketIOU string
	// ProxyGrantingTicket is that ticket, for GetProxyTicket. It is empty when PgtURL is not set, and when the server
	// sent no ticket there.
	ProxyGrantingTicket string
	// Proxies are the services that the ticket passed through, the last one first.
	Proxies []string

	notNew string // why the login is no answer to Renew; empty when the server did not say so
	raw    string
}

// Bytes returns the reply as it was received; nil for a Success that no reply made. It is secret: it has the IOU, and some
// servers put a proxy-granting ticket or the user's password there, encrypted.
func (s *Success) Bytes() []byte {
	if s.raw == "" {
		return nil
	}
	return []byte(s.raw)
}

// Claims is Attributes.Claims.
func (s *Success) Claims(v any) error { return s.Attributes.Claims(v) }

// read chooses the format by the first byte of a reply: a server may ignore the requested format, and the rules are
// the same (CAS §2.5).
func (c *Client) read(body string, o ValidateOptions) (*ServiceResponse, error) {
	var r *ServiceResponse
	var err error
	switch firstByte(body) {
	case '<':
		r, err = c.readXML(body)
	case '{':
		r, err = c.readJSON(body)
	default:
		return nil, refuse(CheckSyntax, "it is neither XML nor JSON")
	}
	if err != nil {
		return nil, err
	}
	r.raw = body
	if s := r.Success; s != nil {
		s.raw = body
		if err := c.cfg.checkChain(s.Proxies, o.proxied); err != nil {
			return nil, err
		}
		if o.Renew && s.notNew != "" {
			return nil, refuse(CheckRenew, "%s", s.notNew)
		}
	}
	return r, nil
}

// firstByte returns the first byte that is not white space; for XML a byte order mark is skipped.
func firstByte(body string) byte {
	if strings.HasPrefix(body, "\ufeff<") {
		return '<'
	}
	if start := strings.TrimLeft(body, " \t\r\n"); start != "" {
		return start[0]
	}
	return 0
}
