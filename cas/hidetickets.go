package cas

import "strings"

// ticketPrefixes begin the tickets of a CAS server (CAS §3).
var ticketPrefixes = []string{"PGTIOU-", "PGT-", "TGC-", "TGT-", "ST-", "PT-"}

// hideTickets replaces everything that looks like a ticket. A server may quote a ticket that is not of this call,
// such as a proxy-granting ticket which it could not deliver.
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
	if i > 0 && isTicketByte(text[i-1]) && !endsEscape(text[:i]) {
		return ""
	}
	for _, prefix := range ticketPrefixes {
		if rest, ok := strings.CutPrefix(text[i:], prefix); ok && rest != "" && isTicketByte(rest[0]) {
			return prefix
		}
	}
	return ""
}

// endsEscape reports whether the last letter of s may end an escape, such as \n or \u2028 of Clean, %3D or %253D, and
// not a word.
func endsEscape(s string) bool {
	at := func(back int, c byte) bool { return len(s) >= back && s[len(s)-back] == c }
	return at(3, '%') || at(5, '%') || at(2, '\\') || at(4, '\\') || at(6, '\\') || at(10, '\\')
}

func isTicketByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}
