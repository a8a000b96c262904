package web

import (
	"errors"
	"net/http"
	"reflect"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// login begins a login, for a navigation of the whole window. A third party may ask for it too.
func (v *visit) login(flow authentication.LoginFlow) {
	switch {
	case v.initiated():
		v.initiate(flow)
	case v.r.Method == http.MethodGet || v.r.Method == http.MethodHead:
		back := v.returnTo(v.r.URL.Query().Get("return"))
		if v.navigates(v.loginBy(v.flow, back)) {
			v.begin(v.flow, flow, authentication.AuthorizeOptions{}, back)
		}
	default:
		v.wrongMethod("GET, HEAD")
	}
}

// begin sends the browser to the server: options add to those of Config.Options, and back is where it comes back to, when
// that is a page of the application.
func (v *visit) begin(name string, flow authentication.LoginFlow, options authentication.AuthorizeOptions, back string) {
	err := v.tryBegin(name, flow, options, back)
	if err != nil {
		v.site.fail(v.w, v.r, Event{Kind: EventLoginFailed, Flow: name, Err: err})
	}
}

func (v *visit) tryBegin(name string, flow authentication.LoginFlow, options authentication.AuthorizeOptions, back string) error {
	o, err := v.options(name, options)
	if err != nil {
		return err
	}
	login, err := flow.BeginLogin(v.r.Context(), o)
	switch {
	case err != nil:
		return err
	case login == nil:
		return mistake{errors.New("web: the flow's BeginLogin returned no login")}
	}
	login.Return = v.returnTo(back)
	return v.send(name, attempt{Login: login, Session: v.site.keeps.key(v)})
}

var errRedirectURI = mistake{errors.New("web: AuthorizeOptions.RedirectURI is the Site's own: it is Addresses.Callback")}

// options are those of Config.Options; a field that more sets counts instead.
func (v *visit) options(name string, more authentication.AuthorizeOptions) (o authentication.AuthorizeOptions, err error) {
	if v.site.config.Options != nil {
		if o, err = v.site.config.Options(v.r, name); err != nil {
			return o, err
		}
	}
	if o.RedirectURI != "" || more.RedirectURI != "" {
		return o, errRedirectURI
	}
	all, set := reflect.ValueOf(&o).Elem(), reflect.ValueOf(more)
	for i := range set.NumField() {
		if !set.Field(i).IsZero() {
			all.Field(i).Set(set.Field(i))
		}
	}
	o.RedirectURI = addresses(v.base, v.site.config.Prefix, name).Callback
	return o, nil
}

// navigates reports whether a request may begin a login: it is a navigation of the whole window. Otherwise it has answered
// with the address of the login.
func (v *visit) navigates(login string) bool {
	switch mannerOf(v.r) {
	case whole:
		return true
	case framed:
		v.site.errors.frame(v.w, v.r, matterNavigate, login)
	default:
		v.site.errors.program(v.w, v.r, matterNavigate, login)
	}
	return false
}

// wrongMethod answers a method that an address does not have.
func (v *visit) wrongMethod(allow string) {
	quiet(v.w)
	v.w.Header().Set("Allow", allow)
	http.Error(v.w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
}
