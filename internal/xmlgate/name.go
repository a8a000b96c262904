package xmlgate

import "unicode/utf8"

// nameClass tells of each byte whether a name may have it ('2', bit 1) and may also begin with it ('3', bits 0 and 1).
const nameClass = "" +
	"00000000000000000000000000000000" +
	"00000000000002202222222222000000" +
	"03333333333333333333333333300003" +
	"03333333333333333333333333300000" +
	"00000000000000000000000000000000" +
	"00000000000000000000000000000000" +
	"00000000000000000000000000000000" +
	"00000000000000000000000000000000"

// ncName returns the offset after the name without colon that begins at i, or i when there is none
// (Namespaces in XML 1.0 §3).
func ncName(s string, i int) int {
	if i >= len(s) || nameClass[s[i]]&1 == 0 && s[i] < utf8.RuneSelf {
		return i
	}
	for i < len(s) && nameClass[s[i]]&2 != 0 {
		i++
	}
	if i == len(s) || s[i] < utf8.RuneSelf {
		return i
	}
	return restOfName(s, i)
}

// restOfName reads on from a character above ASCII.
func restOfName(s string, i int) int {
	for i < len(s) && (s[i] >= utf8.RuneSelf || nameClass[s[i]]&2 != 0) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r >= utf8.RuneSelf && !isLetter(r) {
			// No other character above ASCII is allowed in a name or right after one, so the name is refused
			// together with what follows it.
			break
		}
		i += size
	}
	return i
}

// isLetter lists the letters above ASCII that names may have: the common alphabets of XML 1.0 fourth
// edition, appendix B. The rest of that appendix is refused.
func isLetter(r rune) bool {
	switch {
	case r >= 0xC0 && r <= 0x131:
		return r != 0xD7 && r != 0xF7
	case r >= 0x401 && r <= 0x44F:
		return r != 0x40D
	case r >= 0x3041 && r <= 0x3094, r >= 0x30A1 && r <= 0x30FA, r >= 0x4E00 && r <= 0x9FA5, r >= 0xAC00 && r <= 0xD7A3:
		return true
	}
	return false
}
