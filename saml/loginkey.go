package saml

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// maxPeek is how much of a body LoginKey reads: RelayState mostly stands behind the message.
const maxPeek = 16 << 20

// LoginKey returns the Key of the Login that a posted response belongs to, empty when it names none or several
// (SAML Bindings §3.5.3). It reads at most 16 MiB and leaves the body as it was for CompleteLogin.
func LoginKey(r *http.Request) string {
	if r == nil || r.Method != http.MethodPost || r.Body == nil {
		return ""
	}
	if r.PostForm != nil {
		if all := r.PostForm["RelayState"]; len(all) == 1 {
			return all[0]
		}
		return ""
	}
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/x-www-form-urlencoded" {
		return ""
	}
	return only(string(peek(r)), "RelayState")
}

// peek reads the body and puts it back.
func peek(r *http.Request) []byte {
	rest := r.Body
	head, err := io.ReadAll(io.LimitReader(rest, maxPeek))
	var after io.Reader = rest
	if err != nil {
		after = failing{err}
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), after), rest}
	return head
}

// failing breaks off where the body did.
type failing struct{ err error }

// Read returns the error.
func (f failing) Read([]byte) (int, error) { return 0, f.err }

// only returns a parameter of a form that stands there once, as a copy: a view would keep the form.
func only(form, name string) string {
	value, found := "", false
	for pair := range strings.SplitSeq(form, "&") {
		key, raw, _ := strings.Cut(pair, "=")
		if key, err := url.QueryUnescape(key); err != nil || key != name {
			continue
		}
		if found {
			return ""
		}
		found = true
		var err error
		if value, err = url.QueryUnescape(raw); err != nil {
			return ""
		}
	}
	return strings.Clone(value)
}
