package idptest

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
)

// Leave ends the session of the request's browser, tells the members, and sends the browser to an address; an empty
// address means a page that says that all is done.
func (r *Realm) Leave(w http.ResponseWriter, request *http.Request, to string) {
	members := r.endBrowser(w, request)
	for _, m := range members {
		// The browser can go on one journey only, and opens no frames on it: the others are told without it.
		if j, ok := m.(JourneyMember); ok && j.Journey(w, request, members, to) {
			return
		}
	}
	var frames []string
	var rest []Member
	for _, m := range members {
		if f, ok := m.(FrameMember); ok && f.Frame() != "" {
			frames = append(frames, f.Frame())
		} else {
			rest = append(rest, m)
		}
	}
	TellAll(request.Context(), rest)
	switch {
	case len(frames) > 0:
		r.show(w, http.StatusOK, page{Kind: leavingPage, Title: "Signed out", Frames: frames, Action: to})
	case to == "":
		r.MessagePage(w, "Signed out", "You are signed out of this server.")
	default:
		SendTo(w, request, to)
	}
}

// ForgetBrowser deletes the session cookie of a browser whose session has ended.
func (r *Realm) ForgetBrowser(w http.ResponseWriter, request *http.Request) {
	if r.Session(request) == nil {
		r.setCookie(w, request, sessionCookie, "", r.basePath()+"/")
	}
}

// LogoutPage asks the person whether they want to sign out. The form is posted to the address of the request, with
// these fields; LogoutConfirmed recognises it.
func (r *Realm) LogoutPage(w http.ResponseWriter, request *http.Request, fields Parameters) {
	if cookie, err := request.Cookie(sessionCookie); err == nil {
		fields = append(fields, Parameter{"confirm", csrfToken(cookie.Value)})
	}
	r.show(w, http.StatusOK, page{Kind: logoutPage, Title: "Sign out", Action: r.basePath() + request.URL.Path, Fields: fields})
}

// LogoutConfirmed says whether the person pressed the button of LogoutPage; the form must be parsed. A form of another
// site cannot press it: the session cookie does not come with it, and it does not know the value that only the page has.
func (r *Realm) LogoutConfirmed(request *http.Request) bool {
	cookie, err := request.Cookie(sessionCookie)
	return err == nil && request.PostForm.Get("logout") == "yes" && Same(request.PostForm.Get("confirm"), csrfToken(cookie.Value))
}

// csrfToken is a value that only the pages shown to this session have.
func csrfToken(session string) string {
	sum := sha256.Sum256([]byte("logout " + session))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
