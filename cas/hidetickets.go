package cas

import "strings"

// ticketPrefixes begin the tickets of a CAS server (CAS §3).
var ticketPrefixes = []string{"PGTIOU-", "PGT-", "TGC-", "TGT-", "ST-", "PT-"}

// hideTickets cuts whatever looks like a ticket. A server may quote one that this call never had, such as
// the proxy-granting ticket which it could not deliver.
func hideTickets(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		prefix := ticketAt(text, i)
		if prefix == "" {
			b.WriteByte(text[i])
			i++
			continue
		}
		b.WriteString(prefix + "[redacted]")
		for i += len(prefix); i < len(text) && isTicketByte(text[i]); i++ {
		}
	}
	return b.String()
}

func ticketAt(text string, i int) string {
	if i > 0 && isTicketByte(text[i-1]) {
		return ""
	}
	for _, prefix := range ticketPrefixes {
		if rest, ok := strings.CutPrefix(text[i:], prefix); ok && rest != "" && isTicketByte(rest[0]) {
			return prefix
		}
	}
	return ""
}

func isTicketByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}
