// Package localpath tells a path of this application from an address that could lead the browser to another site.
package localpath

import (
	"net/url"
	"path"
	"strings"
	"unicode/utf8"
)

// Is reports whether raw is a path, with its query and fragment, and not a text that a browser could read as an
// address of another host: a scheme, a host, "//", "/\\", control characters, which browsers remove, and segments of
// dots, which they resolve (WHATWG URL §4.4).
func Is(raw string) bool {
	if !utf8.ValidString(raw) || !strings.HasPrefix(raw, "/") || strings.ContainsFunc(raw, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host != "" || u.User != nil || strings.Contains(u.Path, `\`) {
		return false
	}
	clean := path.Clean(u.Path)
	return u.Path == clean || u.Path == clean+"/"
}
