package cas

import "strings"

const maxTicket = 512

// checkTicket refuses what cannot be a service ticket before anything is sent: it comes from the browser
// (CAS §3.1.1, §3.7). Servers write more characters than §3.7 lists, so only those are refused that have a
// meaning in a URL, in XML or in a log.
func (c *Client) checkTicket(ticket string) error {
	if ticket == "" {
		return refuse(CheckTicket, "there is none")
	}
	if len(ticket) > maxTicket {
		return refuse(CheckTicket, "it is over %d bytes", maxTicket)
	}
	for i := range len(ticket) {
		if b := ticket[i]; b <= ' ' || b >= 0x7F || strings.IndexByte(`<>&#"'`, b) >= 0 {
			return refuse(CheckTicket, "it has a character that no ticket has")
		}
	}
	for _, prefix := range c.cfg.TicketPrefixes {
		if len(ticket) > len(prefix) && strings.HasPrefix(ticket, prefix) {
			return nil
		}
	}
	return refuse(CheckTicket, "it does not begin with %s", strings.Join(c.cfg.TicketPrefixes, " or "))
}
