package web

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// SendLogout sends the browser to the logout's URL, by redirect or with a page that posts the logout's Form there.
// When the logout has a Key, so that a response will come, it keeps the logout in the browser. End the application's
// own session first. When it returns an error, it has written nothing; see Send.
func (p *Pending) SendLogout(w http.ResponseWriter, r *http.Request, logout *authentication.Logout) error {
	if logout == nil {
		return mistake{errors.New("web: the logout is nil")}
	}
	stored := *logout
	stored.URL, stored.Form = "", nil
	to := passage{aLogout, logout.Key, logout.URL, logout.Form, logout.FormPost, stored}
	if to.key != "" {
		return mistaken(p.send(w, r, to))
	}
	if !isWeb(to.url) {
		return mistake{errors.New("web: the logout's URL must be an absolute http or https URL")}
	}
	if idle(w, r) {
		return nil
	}
	return mistaken(p.forward(w, r, to, nil))
}

// TakeLogout returns the logout that key belongs to, once; see Take. It returns nil, which CompleteLogout refuses,
// when this browser began no such logout.
func (p *Pending) TakeLogout(w http.ResponseWriter, r *http.Request, key string) *authentication.Logout {
	var found *authentication.Logout
	p.take(w, r, aLogout, key, func(plain []byte) bool {
		var logout authentication.Logout
		if logout.UnmarshalJSON(plain) != nil || subtle.ConstantTimeCompare([]byte(logout.Key), []byte(key)) != 1 {
			return false
		}
		found = &logout
		return true
	})
	return found
}

// AnswerLogout answers a logout that the server began, after its sessions have ended: with the status 200 and the
// notice's Body, or by sending the browser back with the application's response. Before that it calls the notice's
// Confirm. The answer to a logout in a frame may be shown by the issuer alone. When it returns an error, it has written
// nothing: call Error then. The sessions have ended anyway.
func AnswerLogout(w http.ResponseWriter, r *http.Request, n *authentication.LogoutNotice) error {
	switch {
	case n == nil:
		return mistake{errors.New("web: the notice is nil")}
	case n.Unanswered != nil:
		return n.Unanswered
	case n.Confirm != nil:
		if err := n.Confirm(r.Context()); err != nil {
			return err
		}
	}
	switch {
	case n.URL == "":
		quiet(w)
		if !n.BackChannel {
			w.Header().Del("X-Frame-Options") // which forbids or allows all frames
			w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors "+origin(n.Issuer))
		}
		if n.Body != nil {
			w.Header().Set("Content-Type", n.ContentType)
			w.Header().Set("X-Content-Type-Options", "nosniff")
		}
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(n.Body)
		return nil
	case !isWeb(n.URL):
		return mistake{errors.New("web: the notice's URL must be an absolute http or https URL")}
	}
	quiet(w)
	return mistaken(new(Pending).forward(w, r, passage{kind: aLogout, url: n.URL, form: n.Form}, nil))
}

// origin is the origin of an issuer, and nobody's when it is not a web address.
func origin(issuer string) string {
	u, err := url.Parse(issuer)
	if err != nil || !isWeb(issuer) {
		return "'none'"
	}
	return u.Scheme + "://" + u.Host
}
