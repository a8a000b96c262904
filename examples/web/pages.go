package main

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"time"
)

//go:embed pages static
var files embed.FS

// pages are the templates, each in the one layout.
type pages struct {
	protocol string
	byName   map[string]*template.Template
}

// view is what a page shows. Tokens are not in it.
type view struct {
	Title, Protocol string
	Text            string // of a problem
	Return          string // where to go after the login
	Session         *session
}

func newPages(protocol string) (*pages, error) {
	p := &pages{protocol: map[string]string{"oidc": "OpenID Connect", "oauth": "OAuth 2.0"}[protocol], byName: map[string]*template.Template{}}
	for _, name := range []string{"home", "user", "session", "denied", "problem"} {
		page, err := template.ParseFS(files, "pages/layout.html", "pages/"+name+".html")
		if err != nil {
			return nil, err
		}
		p.byName[name] = page
	}
	return p, nil
}

func (p *pages) show(w http.ResponseWriter, status int, name string, v view) {
	v.Protocol = p.protocol
	var body bytes.Buffer
	if err := p.byName[name].Execute(&body, v); err != nil {
		w.WriteHeader(http.StatusInternalServerError) // a mistake in the template, which the tests see
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store") // the back button must not show a page of the user who left
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	// No form-action: browsers apply it to the redirect that follows the logout form as well.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

func staticFile(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "max-age=300")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeFileFS(w, r, files, "static/"+r.PathValue("file"))
}

// clock is how the pages write a time.
func clock(t time.Time) string { return t.Format("2006-01-02 15:04:05 MST") }
