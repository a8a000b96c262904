package formlogin

import (
	"io"
	"net/http"
	"strings"
)

// PostFragment returns the request that the script of the relying party's page sends: a browser keeps the fragment of
// r's address to itself, and the script posts it to the same address as a form.
func PostFragment(r *http.Request) *http.Request {
	posted := r.Clone(r.Context())
	body := r.URL.EscapedFragment()
	posted.Method, posted.URL.Fragment, posted.URL.RawFragment = http.MethodPost, "", ""
	posted.Body, posted.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	posted.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return posted
}
