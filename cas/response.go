package cas

import (
	"strings"
	"time"
)

// ServiceResponse is the answer of CAS 2.0 and 3.0: exactly one of Success and Failure is set (CAS §2.5.2).
//
// It prints redacted, and its JSON form is whole. slog's JSON handler writes that form of one that stands inside a
// struct, map or slice of yours: log it by itself.
type ServiceResponse struct {
	// Success is the user of a good ticket; nil when it was refused.
	Success *Success
	// Failure is why the ticket was refused; nil when it is good.
	Failure *Failure
	raw     string
}

// Bytes returns the reply as it was received.
func (r *ServiceResponse) Bytes() []byte { return []byte(r.raw) }

// Success is a ticket that the server vouches for (CAS §2.5.2, appendix A).
//
// It prints redacted, and its JSON form is whole. slog's JSON handler writes that form of one that stands inside a
// struct, map or slice of yours: log it by itself.
type Success struct {
	// User is the name of the user, byte for byte.
	User string
	// AuthenticationDate is when the user gave the password, zero when the server did not say.
	AuthenticationDate time.Time
	// IsFromNewLogin tells that the password was asked for this ticket.
	IsFromNewLogin bool
	// LongTermAuthenticationRequestTokenUsed tells that a remember-me cookie stood in for the password.
	LongTermAuthenticationRequestTokenUsed bool
	// Attributes are what the server says about the user, in its order, without the three above.
	Attributes Attributes
	// Ticket is the one that was validated. A logout request names the session by it (CAS §2.3.3).
	Ticket string
	// ProxyGrantingTicketIOU stands for the ticket that the server sent to the proxy callback.
	ProxyGrantingTicketIOU string
	// ProxyGrantingTicket is that ticket, for GetProxyTicket. It is empty when PgtURL is not set, and when
	// the server's call to it brought none.
	ProxyGrantingTicket string
	// Proxies are the services that the ticket passed through, the last one first.
	Proxies []string

	oldLogin bool // the server said that IsFromNewLogin is false, rather than nothing
}

// Claims fills v, a pointer, from the attributes as encoding/json would fill it from their JSON form, with
// exact names. What came as XML is made of strings.
func (s *Success) Claims(v any) error { return s.Attributes.Claims(v) }

// read reads a reply by its first byte: what was asked for does not bind the server, and the rules are the
// same (CAS §2.5).
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

// firstByte returns the first byte that is no white space, of XML also behind a byte order mark.
func firstByte(body string) byte {
	if strings.HasPrefix(body, "\ufeff<") {
		return '<'
	}
	if start := strings.TrimLeft(body, " \t\r\n"); start != "" {
		return start[0]
	}
	return 0
}
