package web

import (
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/postform"
)

// forward redirects the browser, or writes a page that posts the form automatically. cookie may be nil.
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
	w.WriteHeader(http.StatusSeeOther) // 303: the browser does not send the posted form again (RFC 9700 §4.12)
	return nil
}
