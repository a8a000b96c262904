package idptest

import (
	"bytes"
	"html/template"
	"net/http"
	"sync"
)

// pageKind says which page it is: the name of its template, and what a Browser recognises it by.
type pageKind string

const (
	loginPage   pageKind = "login"
	consentPage pageKind = "consent"
	postPage    pageKind = "post"
	logoutPage  pageKind = "logout"
	leavingPage pageKind = "leaving"
	messagePage pageKind = "message"
	askPage     pageKind = "ask"
	errorPage   pageKind = "error"
)

// page is what a template is filled with.
type page struct {
	Kind              pageKind
	Title, App, Nonce string
	Action            string // where the form goes
	FormID            string
	Name, Problem     string
	Current           string
	Cancel            bool
	Hints             []hint
	Scopes            []scopeLine
	Fields            Parameters // of the form, hidden
	Text, Code        string
	Frames            []string // addresses that the page opens in the background
}

// hint is an account that may log in, shown because this is a fake server.
type hint struct{ Username, Password string }

// scopeLine is a scope in a person's words.
type scopeLine struct{ Scope, Meaning string }

var layout = sync.OnceValues(func() (*template.Template, error) { return template.New("page").Parse(pageLayout) })

// show writes the page. Its policy lets nothing in from elsewhere, and has no form-action: browsers apply that to the
// redirect that follows a form, and the redirect to the application is the purpose of this one.
func (r *Realm) show(w http.ResponseWriter, status int, p page) {
	p.Nonce = Opaque()
	p.App = either(r.AppName, "Demo application")
	pages, err := layout()
	if err == nil {
		var body bytes.Buffer
		if err = pages.Execute(&body, p); err == nil {
			h := w.Header()
			h.Set("Content-Type", "text/html; charset=utf-8")
			policy := "default-src 'none'; style-src 'nonce-" + p.Nonce + "'; script-src 'nonce-" + p.Nonce + "'; base-uri 'none'; frame-ancestors 'none'"
			if len(p.Frames) > 0 {
				policy += "; frame-src http: https:"
			}
			h.Set("Content-Security-Policy", policy)
			// The URL of a page names the login under way; the application need not learn it.
			h.Set("Referrer-Policy", "no-referrer")
			w.WriteHeader(status)
			_, _ = w.Write(body.Bytes())
			return
		}
	}
	http.Error(w, "idptest: the page cannot be shown", http.StatusInternalServerError)
}

// PostPage is a page whose form posts itself to the application. id is that of the form.
func (r *Realm) PostPage(w http.ResponseWriter, title, id, address string, fields Parameters) {
	r.show(w, http.StatusOK, page{Kind: postPage, Title: title, FormID: id, Action: address, Fields: fields})
}

// ErrorPage shows an error here, because there is no registered address to send it to.
func (r *Realm) ErrorPage(w http.ResponseWriter, status int, code, text string) {
	r.show(w, status, page{Kind: errorPage, Title: "Something is wrong", Code: code, Text: text})
}

func (r *Realm) lostPage(w http.ResponseWriter) {
	r.ErrorPage(w, http.StatusBadRequest, "interaction_not_found", "This sign-in is finished, too old, or was begun in another browser. Go back to the application and start again.")
}

// AskPage asks the person for a text, such as the code that a device shows, and posts it to action as the field name.
// label says what to enter, and problem why the page is shown again; empty is the first time.
func (r *Realm) AskPage(w http.ResponseWriter, title, label, name, action, problem string) {
	status := http.StatusOK
	if problem != "" {
		status = http.StatusBadRequest
	}
	r.show(w, status, page{Kind: askPage, Title: title, Text: label, Name: name, Action: action, Problem: problem})
}

// MessagePage says that all is done, and what.
func (r *Realm) MessagePage(w http.ResponseWriter, title, text string) {
	r.show(w, http.StatusOK, page{Kind: messagePage, Title: title, Text: text})
}
