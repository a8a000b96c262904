package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// chooses reports whether the address of logins without a name is the chooser's: there are several flows.
func (s *Site) chooses() bool {
	return len(s.listed()) > 1 || s.config.FlowByName != nil && s.config.LoginPage != ""
}

// listed are the names of the flows that the Site knows, the one without a name first.
func (s *Site) listed() []string {
	names := slices.Sorted(maps.Keys(s.config.Flows))
	if s.config.Flow != nil {
		names = append([]string{""}, names...)
	}
	return names
}

// chooses reports whether a request for the address of logins without a name goes to the chooser, and finds the only flow
// otherwise. The flow without a name has this address too: with an empty parameter flow, and for a third party.
func (v *visit) chooses() bool {
	query := v.r.URL.Query()
	switch {
	case !v.site.chooses():
		v.flow = v.site.listed()[0]
		return false
	case v.site.config.Flow == nil:
		return true
	}
	return !(query.Has("flow") && query.Get("flow") == "") && !v.initiated()
}

const chooserBody = `<nav>{{range .Choices}}<a href="{{.Address}}">{{.Name}}</a>{{end}}</nav>`

type choice struct{ Address, Name string }

// choose lets the user choose one of several flows, on the application's own page where it has one.
func (v *visit) choose() {
	if v.r.Method != http.MethodGet && v.r.Method != http.MethodHead {
		v.wrongMethod("GET, HEAD")
		return
	}
	back := v.returnTo(v.r.URL.Query().Get("return"))
	if !v.navigates(v.loginFor(back)) {
		return
	}
	quiet(v.w)
	if page := v.site.config.LoginPage; page != "" {
		v.redirect(v.base.path + page + "?return=" + url.QueryEscape(back))
		return
	}
	lang := language(v.r)
	var choices []choice
	for _, name := range v.site.listed() {
		choices = append(choices, choice{v.loginBy(name, back), cmp.Or(name, namelessWords[lang])})
	}
	v.w.Header().Add("Vary", "Accept-Language")
	v.w.Header().Set("Content-Language", lang)
	writeSheet(v.w, http.StatusOK, chooserBody, struct {
		Lang, Title, Text string
		Choices           []choice
	}{lang, chooserWords[lang].title, chooserWords[lang].text, choices})
}
