package authtest

import (
	"bytes"
	"html/template"
	"net/http"
)

// page is what a template is filled with.
type page struct {
	Title, App, Nonce string
	Kind              string // login, consent, reply, saml, logout, leaving, message, error
	Action            string // where the form goes
	Name, Problem     string
	Current           string
	Cancel            bool
	Hints             []hint
	Scopes            []scopeLine
	Reply             []parameter
	Text, Code        string
	Hidden            []parameter
	Frames            []string // addresses that the page opens in the background
}

// hint is an account that may log in, shown because this is a fake server.
type hint struct{ Username, Password string }

// scopeLine is a scope in a person's words.
type scopeLine struct{ Scope, Meaning string }

// show writes the page. Its policy lets nothing in from elsewhere, and has no
// form-action: browsers apply that to the redirect that follows a form, and the
// redirect to the application is the purpose of this one.
func (s *Server) show(w http.ResponseWriter, status int, p page) {
	p.Nonce = opaque()
	p.App = s.appName()
	layout, err := template.New("page").Parse(pageLayout)
	if err == nil {
		var body bytes.Buffer
		if err = layout.Execute(&body, p); err == nil {
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
	http.Error(w, "authtest: the page cannot be shown", http.StatusInternalServerError)
}

func (s *Server) loginPage(w http.ResponseWriter, r *http.Request, in *interaction, name, problem string) {
	p := page{Title: "Sign in", Kind: "login", Action: s.basePath() + r.URL.Path, Name: name, Problem: problem, Cancel: in.cancel != nil}
	if in.current != nil {
		p.Current = in.current.user.name()
	}
	for i, user := range s.users() {
		if i == 5 {
			break
		}
		p.Hints = append(p.Hints, hint{user.name(), user.Password})
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusBadRequest
	}
	s.show(w, status, p)
}

func (s *Server) consentPage(w http.ResponseWriter, r *http.Request, in *interaction) {
	p := page{Title: "Allow access", Kind: "consent", Action: s.basePath() + r.URL.Path, Name: in.who.user.name(), Cancel: in.cancel != nil}
	for _, scope := range in.scopes {
		p.Scopes = append(p.Scopes, scopeLine{scope, scopeMeaning(scope)})
	}
	s.show(w, http.StatusOK, p)
}

// postPage is the page of form_post: it posts itself to the application.
func (s *Server) postPage(w http.ResponseWriter, to string, reply []parameter) {
	s.show(w, http.StatusOK, page{Title: "Signing you in", Kind: "reply", Action: to, Reply: reply})
}

// errorPage tells an error that must not travel to an address nobody vouches for.
func (s *Server) errorPage(w http.ResponseWriter, status int, code, text string) {
	s.show(w, status, page{Title: "Something is wrong", Kind: "error", Code: code, Text: text})
}

func (s *Server) lostPage(w http.ResponseWriter) {
	s.errorPage(w, http.StatusBadRequest, "interaction_not_found", "This sign-in is finished, too old, or was begun in another browser. Go back to the application and start again.")
}

func (s *Server) messagePage(w http.ResponseWriter, title, text string) {
	s.show(w, http.StatusOK, page{Title: title, Kind: "message", Text: text})
}

func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	s.messagePage(w, "It works", "This is a fake identity server for tests and examples. Its issuer is "+s.issuer(r, oidc)+".")
}

func scopeMeaning(scope string) string {
	switch scope {
	case "openid":
		return "know who you are"
	case "profile":
		return "read your profile"
	case "email":
		return "read your email address"
	case "phone":
		return "read your phone number"
	case "address":
		return "read your postal address"
	case "offline_access":
		return "stay connected while you are away"
	case "user":
		return "read your account"
	}
	return "read " + scope
}
