package main

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
)

//go:embed pages static
var files embed.FS

// page is a template in the one layout.
type page struct{ *template.Template }

// view is what a page shows. The ticket is not in it.
type view struct {
	Title   string
	Text    string // of a problem
	Return  string // where to go after the login
	Session *session
}

func newPages() (map[string]*page, error) {
	pages := map[string]*page{}
	for _, name := range []string{"home", "user", "problem"} {
		parsed, err := template.ParseFS(files, "pages/layout.html", "pages/"+name+".html")
		if err != nil {
			return nil, err
		}
		pages[name] = &page{parsed}
	}
	return pages, nil
}

func (p *page) show(w http.ResponseWriter, status int, v view) {
	var body bytes.Buffer
	if err := p.Execute(&body, v); err != nil {
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
