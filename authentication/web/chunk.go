package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

const (
	maxInCookies = 12 << 10 // the cookies of a session in all
	maxChunks    = 4        // more cookies than a session can have
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

// parts are the cookies of a session that the browser has, each at its place.
func (k *cookieJar) parts(v *visit) (values [maxChunks]string) {
	for i := range values {
		values[i] = cookieOf(v.r, chunkName(v, i))
	}
	return values
}

// join opens a session, and returns when it was written. More parts than it has are left from a larger one: the answer to a
// POST of another site cannot see what it has to delete.
func (k *cookieJar) join(v *visit, values [maxChunks]string) (plain []byte, at time.Time, ok bool) {
	parts, text, _ := strings.Cut(values[0], ".")
	n, err := strconv.Atoi(parts)
	if err != nil || n < 1 || n > maxChunks {
		return nil, at, false
	}
	plain, ok = k.box.open(k.place(v, parts), text+strings.Join(values[1:n], ""))
	return plain, sealedAt(text), ok
}
