package web

import (
	"net/url"
	"path"
	"strings"
	"unicode/utf8"
)

const maxReturn = 400 // the login is in the same cookie

// local returns a path of this application unchanged, with its query, and "" for a text that a browser could read as
// an address of another host: a scheme, a host, "//", "/\\", control characters, which browsers remove, and segments
// of dots, which they resolve.
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
