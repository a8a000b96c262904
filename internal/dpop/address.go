package dpop

import (
	"net/url"
	"strconv"
	"strings"
)

// sameAddress compares two addresses in their normal form, without query and fragment (RFC 9449 §4.3, RFC 3986 §6.2.2,
// §6.2.3).
func sameAddress(a, b string) bool {
	x, ok := normal(a)
	y, too := normal(b)
	return ok && too && x == y
}

func normal(raw string) (string, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Opaque != "" || u.User != nil {
		return "", false
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	default:
		return "", false
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return scheme + "://" + host + unescaped(path), true
}

// unescaped writes escapes of letters, digits and -._~ as these characters, and all others in upper case.
func unescaped(path string) string {
	if !strings.Contains(path, "%") {
		return path
	}
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] != '%' || i+2 >= len(path) {
			b.WriteByte(path[i])
			continue
		}
		code := path[i+1 : i+3]
		if n, err := strconv.ParseUint(code, 16, 8); err == nil && plain(byte(n)) {
			b.WriteByte(byte(n))
		} else {
			b.WriteString("%" + strings.ToUpper(code))
		}
		i += 2
	}
	return b.String()
}

func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
