package jose

// derSignature appends r and s, each of size bytes on the wire (RFC 7518 §3.4), as the ASN.1 that crypto/ecdsa reads.
func derSignature(out []byte, signature string, size int) ([]byte, bool) {
	if len(signature) != 2*size {
		return nil, false
	}
	r, s := trim(signature[:size]), trim(signature[size:])
	body := derSize(r) + derSize(s)
	out = append(out, 0x30)
	if body > 127 {
		out = append(out, 0x81)
	}
	out = append(out, byte(body))
	return derInteger(derInteger(out, r), s), true
}

func derInteger(out []byte, n string) []byte {
	out = append(out, 0x02, byte(derSize(n)-2))
	if n == "" || n[0] >= 0x80 {
		out = append(out, 0)
	}
	return append(out, n...)
}

// derSize is the length of an integer with its tag, its length and the zero that keeps it positive.
func derSize(n string) int {
	if n == "" || n[0] >= 0x80 {
		return 3 + len(n)
	}
	return 2 + len(n)
}

func trim(n string) string {
	for n != "" && n[0] == 0 {
		n = n[1:]
	}
	return n
}
