package web

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// maxPeek is how much of a form is read to find iss; a longer one is refused anyway.
const maxPeek = 16 << 10

// initiated reports whether a request for the address of logins is a third party's: it has iss (OpenID Connect Core §4).
func (v *visit) initiated() bool {
	text := v.r.URL.RawQuery
	if v.r.Method == http.MethodPost {
		text, _ = callback.Peek(v.r, maxPeek)
	}
	sent, _ := url.ParseQuery(text)
	return sent.Has("iss")
}

// initiate begins the login that a third party asks for. It ends no session: the login may do that when it is complete.
func (v *visit) initiate(flow authentication.LoginFlow) {
	reader, ok := able[authentication.InitiationFlow](flow)
	if !ok {
		v.notFound()
		return
	}
	if !v.navigates(v.loginBy(v.flow, v.home())) {
		return
	}
	asked, err := reader.ReadInitiation(v.r.Context(), v.r)
	if err != nil {
		v.site.fail(v.w, v.r, Event{Kind: EventLoginFailed, Flow: v.flow, Err: err})
		return
	}
	back, err := v.target(asked)
	if err != nil {
		v.site.fail(v.w, v.r, Event{Kind: EventLoginFailed, Flow: v.flow, Err: err})
		return
	}
	v.begin(v.flow, flow, asked.Options, back)
}

// target is where the third party asks to go to: an address of this application, whose base URL the client may not know.
func (v *visit) target(asked *authentication.Initiation) (string, error) {
	if asked.Return != "" || asked.Target == "" {
		return v.returnTo(asked.Return), nil
	}
	u, err := url.Parse(asked.Target)
	if err != nil || u.User != nil || u.Scheme+"://"+hostOf(u.Host, u.Scheme) != v.base.origin {
		return "", fmt.Errorf("%w: web: target_link_uri is no address of this application", authentication.ErrRefused)
	}
	path := u.EscapedPath()
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return v.returnTo(path), nil
}
