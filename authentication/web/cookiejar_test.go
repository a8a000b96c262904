package web_test

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// jar keeps cookies with the rules of browsers that net/http/cookiejar lacks: prefixes, SameSite, size (RFC 6265bis §5.7,
// §5.8.3). Cookies have no Domain. A localhost is as secure as https, but for the prefixes.
type jar struct {
	now     func() time.Time
	mu      sync.Mutex
	cookies []kept
	// dropped are the names of cookies that a browser would not keep.
	dropped []string
}

type kept struct {
	*http.Cookie
	host string
	ends time.Time // zero: with the browser
}

// set keeps the cookies of an answer. A cross-site answer, other than to a navigation, sets only SameSite=None ones.
func (j *jar) set(u *url.URL, cookies []*http.Cookie, foreign bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range cookies {
		if foreign && c.SameSite != http.SameSiteNoneMode || !keeps(u, c) {
			j.dropped = append(j.dropped, c.Name)
			continue
		}
		j.cookies = slices.DeleteFunc(j.cookies, func(k kept) bool {
			return k.Name == c.Name && k.Path == c.Path && k.host == u.Hostname()
		})
		entry := kept{c, u.Hostname(), time.Time{}}
		if c.MaxAge > 0 {
			entry.ends = j.now().Add(time.Duration(c.MaxAge) * time.Second)
		}
		if c.MaxAge >= 0 {
			j.cookies = append(j.cookies, entry)
		}
	}
}

func keeps(u *url.URL, c *http.Cookie) bool {
	lower := strings.ToLower(c.Name)
	trusted := u.Scheme == "https" || u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
	switch {
	case c.Valid() != nil, c.Domain != "", !strings.HasPrefix(c.Path, "/"), len(c.Name)+len(c.Value) > 4096:
		return false
	case c.Secure && !trusted, c.SameSite == http.SameSiteNoneMode && !c.Secure:
		return false
	case strings.HasPrefix(lower, "__host-") && (u.Scheme != "https" || !c.Secure || c.Path != "/"):
		return false
	case strings.HasPrefix(lower, "__host-http-") && !c.HttpOnly:
		return false
	}
	return true
}

// how is the SameSite rule of a request.
type how int

const (
	sameSite   how = iota // every cookie
	navigation            // from another site, by a link: not the Strict ones
	crossSite             // from another site: only SameSite=None
)

// get returns the cookies for a request, as in its header.
func (j *jar) get(u *url.URL, h how) []*http.Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	var sent []*http.Cookie
	for _, k := range j.cookies {
		switch {
		case k.host != u.Hostname() || k.Secure && u.Scheme == "http" && net.ParseIP(k.host) == nil && k.host != "localhost":
		case k.Path != "/" && u.Path != k.Path && !strings.HasPrefix(u.Path, strings.TrimRight(k.Path, "/")+"/"):
		case !k.ends.IsZero() && !j.now().Before(k.ends):
		case h == navigation && k.SameSite == http.SameSiteStrictMode, h == crossSite && k.SameSite != http.SameSiteNoneMode:
		default:
			sent = append(sent, &http.Cookie{Name: k.Name, Value: k.Value})
		}
	}
	return sent
}

// matches compares a name; one that ends with a hyphen, and an empty one, stand for all names that begin so.
func matches(name, wanted string) bool {
	return name == wanted || (wanted == "" || strings.HasSuffix(wanted, "-")) && strings.HasPrefix(name, wanted)
}

// find returns a cookie that matches; nil when there is none.
func (j *jar) find(name string) *http.Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, k := range j.cookies {
		if matches(k.Name, name) && (k.ends.IsZero() || j.now().Before(k.ends)) {
			return k.Cookie
		}
	}
	return nil
}

// drop deletes the cookies that match.
func (j *jar) drop(name string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.cookies = slices.DeleteFunc(j.cookies, func(k kept) bool { return matches(k.Name, name) })
}

// count is the number of cookies that match.
func (j *jar) count(name string) (n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, k := range j.cookies {
		if matches(k.Name, name) {
			n++
		}
	}
	return n
}
