package web

import "net/http"

// The marker says that a login has just ended. A browser that brings it and no session has dropped the session's cookie,
// or the store is behind: another login would not help. It has no secret.
const (
	markerNote    = "new"
	markerSeconds = 10
)

// noteName is the name of a cookie without a secret. It has a dot, so that no Config.Name of another application can make
// it.
func (v *visit) noteName(what string) string {
	name := v.site.config.Name + "." + what
	if v.base.plain {
		return name
	}
	return "__Host-Http-" + name
}

func (v *visit) setNote(what, value string, seconds int) {
	http.SetCookie(v.w, &http.Cookie{
		Name: v.noteName(what), Value: value, Path: "/", MaxAge: seconds, Secure: !v.base.plain, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// mark says to the next requests that a login has just ended.
func (v *visit) mark() { v.setNote(markerNote, "1", markerSeconds) }

// justLoggedIn reports whether a login ended in this browser within the last seconds.
func (v *visit) justLoggedIn() bool { return cookieOf(v.r, v.noteName(markerNote)) != "" }

// forgetMarker deletes the marker where there is one: after a logout a login is right.
func (v *visit) forgetMarker() {
	if v.justLoggedIn() {
		v.setNote(markerNote, "", -1)
	}
}
