package web

import (
	"net/url"
	"path"
	"strings"
	"unicode/utf8"
)

const maxReturn = 400 // it shares the cookie with the login

// local returns a path of this application as it is, with its query, and "" for whatever a browser could take for
// another host's: a scheme, a host, "//", "/\\", control characters, which browsers leave out, and segments of dots,
// which they resolve.
func local(raw string) string {
	if len(raw) > maxReturn || !utf8.ValidString(raw) || !strings.HasPrefix(raw, "/") || strings.ContainsFunc(raw, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.Contains(u.Path, `\`) {
		return ""
	}
	if clean := path.Clean(u.Path); u.Path != clean && u.Path != clean+"/" {
		return ""
	}
	return raw
}
