package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

const errorStyle = `:root{color-scheme:light dark;--ground:#f4f5f7;--sheet:#fff;--ink:#1c2430;--soft:#5c6675;--line:#dfe3e8}
@media(prefers-color-scheme:dark){:root{--ground:#14171c;--sheet:#1d222a;--ink:#e8ebef;--soft:#9aa4b2;--line:#303744}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
main{box-sizing:border-box;width:min(26rem,100vw - 2rem);padding:2rem;background:var(--sheet);border:1px solid var(--line);border-radius:12px}
h1{margin:0 0 .6rem;font-size:1.3rem;line-height:1.3}p{margin:0;color:var(--soft)}small{display:block;margin-top:1.4rem;color:var(--soft)}`

const errorPage = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{.Title}}</title>
<style>` + errorStyle + `</style>
</head>
<body>
<main><h1>{{.Title}}</h1><p>{{.Text}}</p><small>Status {{.Status}}</small></main>
</body>
</html>
`

type problem struct {
	Status      int
	Title, Text string
}

// Error answers err with a small page, and does nothing when err is nil: 403 for ErrDenied, the server's
// own no; 401 for ErrRefused, what was read and refused; 503 for anything else, where there was no
// usable answer and trying again may help. The text of the error is not shown: parts of it may come from
// whoever made the request. Log it.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	if err == nil {
		return
	}
	p := problem{http.StatusServiceUnavailable, "Sign-in is not available", "The sign-in service gave no usable answer. Please try again in a moment."}
	switch {
	case errors.Is(err, authentication.ErrRefused):
		p = problem{http.StatusUnauthorized, "This sign-in cannot be used",
			"It is finished, too old, or was begun in another browser. Please go back to the application and sign in again."}
	case errors.Is(err, authentication.ErrDenied):
		p = problem{http.StatusForbidden, "You are not signed in", "The sign-in was cancelled or refused. You can go back to the application and try again."}
	}
	var body bytes.Buffer
	if page, err := template.New("error").Parse(errorPage); err != nil || page.Execute(&body, p) != nil {
		quiet(w)
		http.Error(w, p.Title, p.Status)
		return
	}
	writePage(w, p.Status, "style-src '"+sourceHash(errorStyle)+"'", body.Bytes())
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
