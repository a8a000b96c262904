package demo

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

//go:embed static pages
var shared embed.FS

// Pages are an example's templates in the shared layout. They serve the shared style, icon and scripts below /static/, and
// the example's own, and a page that says that there is nothing for any other address.
type Pages struct {
	all    *template.Template
	static []fs.FS
}

// page is what a template is filled with.
type page struct {
	Content  string
	Identity *authentication.Identity // nil for nobody
	Data     any
}

// NewPages parses pages/*.html in files, and serves what files has in static.
func NewPages(files fs.FS) *Pages {
	all := template.New("")
	all.Funcs(template.FuncMap{"name": Name, "text": text, "json": indented, "clock": clock, "fingerprint": fingerprint, "content": func(p page) (template.HTML, error) {
		var out strings.Builder
		err := all.ExecuteTemplate(&out, p.Content, p)
		return template.HTML(out.String()), err // the template has escaped it
	}})
	template.Must(template.Must(all.ParseFS(shared, "pages/*.html")).ParseFS(files, "pages/*.html"))
	return &Pages{all, []fs.FS{shared, files}}
}

// Show writes the template of this name in the layout. It has Identity, of a handler inside a Site, and Data. Its policy
// allows only the example's own files, and scripts ask this server alone.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var body bytes.Buffer
	if err := p.all.ExecuteTemplate(&body, "layout", page{name, web.Identity(r.Context()), data}); err != nil {
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError) // a mistake in the template, which the tests see
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store") // the back button must not show a page of the user who left
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	// No form-action: browsers apply it to the redirect that follows the logout form as well.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

// ServeHTTP serves what an example's own addresses leave.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if name, ok := strings.CutPrefix(r.URL.Path, "/static/"); ok && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		for _, from := range p.static {
			if content, err := fs.ReadFile(from, "static/"+name); err == nil {
				w.Header().Set("Cache-Control", "max-age=300")
				w.Header().Set("X-Content-Type-Options", "nosniff")
				http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
				return
			}
		}
	}
	p.Show(w, r, http.StatusNotFound, "nothing", nil)
}
