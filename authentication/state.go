package authentication

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/url"
)

// maxPeek bounds how much of a callback's body is read to find the state.
const maxPeek = 64 << 10

// stateOf returns the state of a callback. A form body is put back, unread, for CompleteLogin.
func stateOf(r *http.Request) string {
	if r == nil || r.URL == nil {
		return ""
	}
	if r.Method != http.MethodPost || r.Body == nil {
		return r.URL.Query().Get("state")
	}
	if r.PostForm != nil {
		return r.PostForm.Get("state")
	}
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/x-www-form-urlencoded" {
		return ""
	}
	rest := r.Body
	head, err := io.ReadAll(io.LimitReader(rest, maxPeek+1))
	var after io.Reader = rest
	if err != nil {
		after = failing{err}
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), after), rest}
	form, _ := url.ParseQuery(string(head))
	return form.Get("state")
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
