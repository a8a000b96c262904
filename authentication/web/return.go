package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/localpath"
)

const maxReturn = 400 // the login is in the same cookie

// local returns a path of this application unchanged, with its query, and "" for a text that could lead to another
// site or is too long.
func local(raw string) string {
	if len(raw) > maxReturn || !localpath.Is(raw) {
		return ""
	}
	return raw
}

// home is the first page of the application.
func (v *visit) home() string { return v.base.path + "/" }

// returnTo returns an address to come back to, as browsers see it: a path below BaseURL and not below Prefix. Anything
// else becomes home: an address of another site would make the application an open redirector, and one of the Site's own
// would log the user out or begin without end.
func (v *visit) returnTo(raw string) string {
	rest, found := strings.CutPrefix(local(raw), v.base.path)
	if !found || !strings.HasPrefix(rest, "/") {
		return v.home()
	}
	path, _, _ := strings.Cut(rest, "?")
	if plain, err := url.PathUnescape(path); err != nil || v.site.below(plain) {
		return v.home()
	}
	return raw
}

// redirect sends the browser to a path of the application. After a POST the browser does not send the form again
// (RFC 9700 §4.12).
func (v *visit) redirect(to string) {
	v.w.Header().Set("Location", encoded(to))
	v.w.WriteHeader(http.StatusSeeOther)
}

// encoded escapes what an address may not have (RFC 3986 §2), and leaves what is escaped.
func encoded(address string) string {
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte("0123456789ABCDEF"[c>>4])
			b.WriteByte("0123456789ABCDEF"[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
