package oidc

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// identifier is what a user typed, normalized (OpenID Connect Discovery §2.1.2).
type identifier struct {
	resource string
	host     string // in lower case, with the port unless it is 443
}

const maxIdentifier = 1024

// normalize takes an https URL, an acct URI, and what has no scheme: user@host is an acct URI, all else an https URL. A
// fragment is dropped. XRIs, other schemes and passwords are errors. Its errors do not repeat what the user typed.
func normalize(typed string) (identifier, error) {
	switch {
	case typed == "":
		return identifier{}, errors.New("the identifier is empty")
	case len(typed) > maxIdentifier:
		return identifier{}, errors.New("the identifier is longer than 1024 bytes")
	case strings.ContainsFunc(typed, func(r rune) bool { return r <= ' ' || r >= 0x7F }):
		return identifier{}, errors.New("the identifier has a space, a control character, or a letter outside ASCII (RFC 3986 §2)")
	case strings.ContainsRune("=@!", rune(typed[0])):
		return identifier{}, errors.New("the identifier begins like an XRI, which is not supported")
	}
	typed, _, _ = strings.Cut(typed, "#")
	if rest, ok := cutScheme(typed, "acct:"); ok {
		return account(rest)
	}
	if rest, ok := cutScheme(typed, "https://"); ok {
		return address(rest)
	}
	if strings.Contains(typed, "://") {
		return identifier{}, errors.New("the identifier has another scheme than https or acct")
	}
	user, host, found := strings.Cut(typed, "@")
	if found && user != "" && !strings.ContainsAny(user, "/?") && !strings.ContainsAny(host, ":/?") {
		return account(typed)
	}
	return address(typed)
}

// cutScheme compares the scheme in any case (RFC 3986 §3.1).
func cutScheme(s, scheme string) (rest string, ok bool) {
	if len(s) < len(scheme) || strings.ToLower(s[:len(scheme)]) != scheme {
		return "", false
	}
	return s[len(scheme):], true
}

// account reads user@host of an acct URI (RFC 7565 §7). A host may have a port: the specification of WebFinger allows
// no other place for it.
func account(rest string) (identifier, error) {
	user, host, found := strings.Cut(rest, "@")
	switch {
	case !found || user == "" || strings.Contains(host, "@"):
		return identifier{}, errors.New("the identifier is not user@host")
	case strings.ContainsAny(user, ":/?"):
		return identifier{}, errors.New("the user's name has a character that must be escaped (RFC 7565 §7)")
	}
	clean, err := checkedHost(host)
	return identifier{"acct:" + rest, clean}, err
}

func address(rest string) (identifier, error) {
	u, err := url.Parse("https://" + rest)
	switch {
	case err != nil:
		return identifier{}, errors.New("the identifier is not a URL")
	case u.User != nil && strings.Contains(u.User.String(), ":"):
		return identifier{}, errors.New("the identifier has a password")
	}
	if u.Path == "" { // as in the specification's example (RFC 3986 §6.2.3)
		authority, query, asks := strings.Cut(rest, "?")
		if rest = authority + "/"; asks {
			rest += "?" + query
		}
	}
	clean, err := checkedHost(u.Host)
	return identifier{"https://" + rest, clean}, err
}

// checkedHost checks host and port, because a host is compared with a rule before it is asked: what follows must not read it
// in another way.
func checkedHost(host string) (string, error) {
	u := url.URL{Host: strings.ToLower(host)}
	name, port := u.Hostname(), u.Port()
	plain := strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".") && !strings.Contains(name, "..")
	ip, err := netip.ParseAddr(name)
	if err == nil && ip.Is6() && ip.Zone() == "" && strings.HasPrefix(host, "[") {
		name = "[" + ip.String() + "]"
	} else if !plain || name == "" || u.Host != name && u.Host != name+":"+port || err != nil && httpcore.EndsInNumber(name) {
		return "", errors.New("the identifier has no valid host")
	}
	switch n, err := strconv.ParseUint(port, 10, 16); {
	case port == "" && strings.HasSuffix(host, ":"):
		return "", errors.New("the identifier has an empty port")
	case port == "" || n == 443 && port == "443":
		return name, nil
	case err != nil || n == 0 || strconv.FormatUint(n, 10) != port:
		return "", errors.New("the identifier has no valid port")
	}
	return name + ":" + port, nil
}
