package web

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// loggedOut is the page after a logout, and where the browser comes back from the server's. flow may be nil.
func (v *visit) loggedOut(flow authentication.LoginFlow) {
	if idle(v.w, v.r) {
		return
	}
	confirmed := v.completeLogout(flow)
	now, err := v.load()
	switch {
	case err != nil:
		v.unavailable(err)
	case now != nil: // the user has logged in again, or another site sent the browser here
		v.askLogout(v.base.path + v.site.config.Prefix + "/logout")
	case v.site.config.LoggedOutPage != "":
		v.toLoggedOut()
	default:
		v.saysLoggedOut(confirmed)
	}
}

// completeLogout reports whether the browser comes from a logout at the server that began in it (OpenID Connect
// RP-Initiated Logout §3, SAML Profiles §4.4.3.4). The session here has ended anyway.
func (v *visit) completeLogout(flow authentication.LoginFlow) bool {
	key := v.logoutKey(flow)
	if key == "" {
		return false
	}
	out, ok := able[authentication.LogoutFlow](flow)
	if !ok {
		return false
	}
	logout := v.site.pending.TakeLogout(v.w, v.r, key)
	err := out.CompleteLogout(v.r.Context(), logout, v.r)
	if err != nil {
		v.site.report(v.r, Event{Kind: EventLogout, Flow: v.flow, Err: err})
	}
	return err == nil
}

// logoutKey is the key of the pending logout that a request completes; empty for any other request.
func (v *visit) logoutKey(flow authentication.LoginFlow) string {
	if keyed, ok := able[authentication.LogoutKeyFlow](flow); ok {
		return keyed.LogoutKey(v.r)
	}
	return ""
}

// toLoggedOut sends the browser to the page after a logout.
func (v *visit) toLoggedOut() {
	page := v.site.config.LoggedOutPage
	if page == "" {
		page = v.site.config.Prefix + "/loggedout"
	}
	quiet(v.w)
	v.w.Header().Set("Location", v.base.path+page)
	v.w.WriteHeader(http.StatusSeeOther)
}
