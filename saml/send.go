package saml

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/internal/postform"
)

// Send sends the browser on with a message: by redirect when form is nil, else by a page that posts the form and permits
// no script but its own (SAML Bindings §3.4.5, §3.5.5). When it returns an error, nothing was written to w.
func Send(w http.ResponseWriter, address string, form url.Values) error {
	page, err := postform.New(address, form)
	if err != nil {
		return fmt.Errorf("saml: %w", err)
	}
	if form != nil {
		page.Write(w)
		return nil
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Location", address)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}
