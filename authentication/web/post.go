package web

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/postform"
)

// post answers with a page that posts the form by itself.
func (p *Pending) post(w http.ResponseWriter, r *http.Request, login *authentication.Login, cookie *http.Cookie) error {
	page, err := postform.New(login.URL, login.Form)
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	p.keep(w, r, cookie)
	page.Write(w)
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
