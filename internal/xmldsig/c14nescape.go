package xmldsig

// appendText escapes character data (Canonical XML 1.0 §2.3, text nodes).
func appendText(out []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		var escape string
		switch s[i] {
		case '&':
			escape = "&amp;"
		case '<':
			escape = "&lt;"
		case '>':
			escape = "&gt;"
		case '\r':
			escape = "&#xD;"
		default:
			continue
		}
		out = append(append(out, s[from:i]...), escape...)
		from = i + 1
	}
	return append(out, s[from:]...)
}

// appendValue escapes the value of an attribute (Canonical XML 1.0 §2.3, attribute nodes).
func appendValue(out []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		var escape string
		switch s[i] {
		case '&':
			escape = "&amp;"
		case '<':
			escape = "&lt;"
		case '"':
			escape = "&quot;"
		case '\t':
			escape = "&#x9;"
		case '\n':
			escape = "&#xA;"
		case '\r':
			escape = "&#xD;"
		default:
			continue
		}
		out = append(append(out, s[from:i]...), escape...)
		from = i + 1
	}
	return append(out, s[from:]...)
}
