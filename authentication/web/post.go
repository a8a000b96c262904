package web

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/postform"
)

// forward sends the browser on: by redirect, or with a page that posts the form by itself. cookie may be nil.
func (p *Pending) forward(w http.ResponseWriter, r *http.Request, to passage, cookie *http.Cookie) error {
	var page *postform.Page
	if to.form != nil {
		var err error
		if page, err = postform.New(to.url, to.form); err != nil {
			return fmt.Errorf("web: %w", err)
		}
	}
	if cookie != nil {
		p.keep(w, r, cookie)
	}
	if page != nil {
		page.Write(w)
		return nil
	}
	w.Header().Set("Location", to.url)
	w.WriteHeader(http.StatusSeeOther) // 303: what was posted to the application stays here (RFC 9700 §4.12)
	return nil
}

// writePage writes a page that may load nothing but what the policy names.
func writePage(w http.ResponseWriter, status int, policy string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; "+policy)
	h.Set("X-Content-Type-Options", "nosniff")
	quiet(w)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// sourceHash is how a policy names an inline script or style (CSP Level 3 §2.3.1).
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
