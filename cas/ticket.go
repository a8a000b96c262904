package cas

import "strings"

const defaultMaxTicket = 512

// checkTicket refuses a text that cannot be a ticket before anything is sent: it comes from the browser (CAS §3.1.1,
// §3.2.1).
func (c *Config) checkTicket(ticket string, prefixes []string) error {
	if err := checkTicketText(ticket, c.MaxTicket); err != nil {
		return err
	}
	for _, prefix := range prefixes {
		if len(ticket) > len(prefix) && strings.HasPrefix(ticket, prefix) {
			return nil
		}
	}
	return aTicket.refuse(CheckTicket, "it does not begin with %s, see TicketPrefixes", strings.Join(prefixes, " or "))
}

// checkTicketText is for tickets of any kind (CAS §3.7). Servers use more characters than §3.7 lists, so only
// characters with a meaning in a URL, in XML or in a log are refused.
func checkTicketText(ticket string, most int) error {
	if ticket == "" {
		return aTicket.refuse(CheckTicket, "it is missing")
	}
	if len(ticket) > most {
		return aTicket.refuse(CheckTicket, "it is over %d bytes, see MaxTicket", most)
	}
	for i := range len(ticket) {
		if b := ticket[i]; b <= ' ' || b >= 0x7F || strings.IndexByte(`<>&#"'`, b) >= 0 {
			return aTicket.refuse(CheckTicket, "it has a character that is not allowed in a ticket")
		}
	}
	return nil
}
