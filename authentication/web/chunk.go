package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

const (
	maxInCookies = 12 << 10 // the cookies of a session in all
	maxChunks    = 4        // so many are looked for
)

// chunkName is the cookie of a part of a session. Its name has a dot, as in noteName.
func chunkName(v *visit, i int) string { return v.cookieName() + "." + strconv.Itoa(i) }

func (k *cookieJar) seenName(v *visit) string { return v.cookieName() + ".seen" }

// place is sealed with a session: it is of this address, of this cookie, and has so many parts.
func (k *cookieJar) place(v *visit, parts string) string {
	return v.base.url + " " + v.cookieName() + " " + parts
}

func (k *cookieJar) seenPlace(v *visit, s *session.Session) string {
	return v.base.url + " " + k.seenName(v) + " " + s.Key
}

func (k *cookieJar) seenCookie(v *visit, s *session.Session) *http.Cookie {
	return v.sessionCookie(k.seenName(v), k.box.seal(k.seenPlace(v, s), k.site.config.Now(), nil), s.End)
}

// split makes the cookies of a session. The first one begins with their number, which is sealed too.
func (k *cookieJar) split(v *visit, s *session.Session) []*http.Cookie {
	room := maxCookie - len(v.sessionCookie(chunkName(v, maxChunks), "", s.End).String())
	whole := s.Whole()
	for n := 1; ; n++ {
		parts := strconv.Itoa(n)
		text := parts + "." + k.box.seal(k.place(v, parts), k.site.config.Now(), whole)
		if len(text) > n*room {
			continue
		}
		var cookies []*http.Cookie
		for i := range n {
			part := text[:min(room, len(text))]
			text = text[len(part):]
			cookies = append(cookies, v.sessionCookie(chunkName(v, i), part, s.End))
		}
		return cookies
	}
}

// parts are the cookies of a session that the browser has.
func (k *cookieJar) parts(v *visit) (names, values []string) {
	for i := range maxChunks {
		if value := cookieOf(v.r, chunkName(v, i)); value != "" {
			names, values = append(names, chunkName(v, i)), append(values, value)
		}
	}
	return names, values
}

// join opens a session.
func (k *cookieJar) join(v *visit, values []string) ([]byte, bool) {
	parts, text, _ := strings.Cut(strings.Join(values, ""), ".")
	if parts != strconv.Itoa(len(values)) {
		return nil, false
	}
	return k.box.open(k.place(v, parts), text)
}
