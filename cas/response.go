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

// Bytes returns the reply as it was received.
func (r *ServiceResponse) Bytes() []byte { return []byte(r.raw) }

// Success is the user and the login of a valid ticket (CAS §2.5.2, appendix A).
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a Success inside a
// struct, map or slice, so log it only on its own.
type Success struct {
	// User is the name of the user, byte by byte.
	User string
	// AuthenticationDate is when the user authenticated; zero when the server did not say.
	AuthenticationDate time.Time
	// IsFromNewLogin says that the user authenticated for this ticket.
	IsFromNewLogin bool
	// LongTermAuthenticationRequestTokenUsed says that a remember-me cookie replaced the password.
	LongTermAuthenticationRequestTokenUsed bool
	// Attributes are the user's attributes in the server's order, without the three above.
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

	oldLogin bool // the server said that IsFromNewLogin is false; it did not omit it
}

// Claims fills v, a pointer, from the attributes as encoding/json would fill it from their JSON form, with
// exact names. Values from XML consist of strings.
func (s *Success) Claims(v any) error { return s.Attributes.Claims(v) }

// read chooses the format by the first byte of a reply: a server may ignore the requested format, and the rules are
// the same (CAS §2.5).
func (c *Client) read(body string, o ValidateOptions, chains ...[]string) (*ServiceResponse, error) {
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
		if err := checkChain(s.Proxies, chains); err != nil {
			return nil, err
		}
		if o.Renew && s.oldLogin {
			return nil, refuse(CheckRenew, "isFromNewLogin is false")
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
