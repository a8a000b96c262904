package oidctest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const cibaGrant = "urn:openid:params:grant-type:ciba"

// CIBA lets applications ask a person on the person's own device (OpenID Connect CIBA Core), at /backchannel. Allow and Deny
// of the Server are that device.
type CIBA struct {
	// NotificationURI is where the ping mode tells the application that the person has decided
	// (backchannel_client_notification_endpoint). Empty is the poll mode.
	NotificationURI string
	// UserCode is a secret that each request must have (backchannel_user_code_parameter); empty means none.
	UserCode string
	// Interval is the shortest time between two polls, in whole seconds; zero means 5 seconds. A poll that comes sooner is
	// answered with slow_down, and makes it 5 seconds longer.
	Interval time.Duration
	// Lifetime is how long the person may take, in whole seconds; zero means 10 minutes. A request may ask for less.
	Lifetime time.Duration
}

func (c *CIBA) mode() string {
	if c.NotificationURI != "" {
		return "ping"
	}
	return "poll"
}

// beginCIBA serves the backchannel authentication endpoint (OpenID Connect CIBA Core §7).
func (s *Server) beginCIBA(w http.ResponseWriter, r *http.Request) {
	if failed := readForm(w, r); failed != nil {
		failed.write(w, r)
		return
	}
	k, failed := s.authenticate(r, s.TokenAuth)
	if failed != nil {
		failed.write(w, r)
		return
	}
	user, failed := s.hinted(r, k.client)
	if failed == nil {
		failed = s.checkCIBA(r)
	}
	scopes, _ := split(words(r.PostForm.Get("scope")), s.scopes())
	if failed == nil && !slices.Contains(scopes, "openid") {
		failed = invalidScope("openid scope must be requested")
	}
	lifetime := s.CIBA.Lifetime
	if lifetime == 0 {
		lifetime = defaultWait
	}
	if raw := r.PostForm.Get("requested_expiry"); failed == nil && raw != "" {
		seconds, err := strconv.ParseUint(raw, 10, 16)
		if err != nil || seconds == 0 {
			failed = invalidRequest("requested_expiry is not a positive number")
		}
		if wanted := time.Duration(seconds) * time.Second; wanted < lifetime {
			lifetime = wanted
		}
	}
	if failed != nil {
		failed.write(w, r)
		return
	}
	a := newAsked(s.CIBA.Interval, lifetime)
	a.person = user
	if a.grant, failed = s.grantElsewhere(r, k, scopes); failed != nil {
		failed.write(w, r)
		return
	}
	if s.CIBA.mode() == "ping" {
		a.notify = r.PostForm.Get("client_notification_token")
	}
	a.grant.authReqID = s.opaque()
	s.memory.keepAsked(a.grant.authReqID, "", a, s.realm.Time())
	s.writeAsked(w, a, map[string]any{"auth_req_id": a.grant.authReqID})
}

// hinted is the person that the request names, in exactly one way (OpenID Connect CIBA Core §7.1, §13).
func (s *Server) hinted(r *http.Request, c *client) (*idptest.User, *failure) {
	form, given := r.PostForm, 0
	for _, name := range []string{"login_hint", "login_hint_token", "id_token_hint"} {
		if form.Get(name) != "" {
			given++
		}
	}
	var user *idptest.User
	switch {
	case given != 1:
		return nil, invalidRequest("exactly one of login_hint, login_hint_token and id_token_hint must be provided")
	case form.Get("login_hint") != "":
		user = s.realm.Account(form.Get("login_hint"))
	case form.Get("id_token_hint") != "":
		claims, _, signed := s.signer.verifyFor(c.secret, c.idTokenAlg, form.Get("id_token_hint"))
		if !signed {
			return nil, invalidRequest("could not validate id_token_hint")
		}
		user = s.realm.Find(func(u *idptest.User) bool { return u.ID() == claims["sub"] })
	default:
		return nil, &failure{http.StatusBadRequest, "expired_login_hint_token", "no login_hint_token of this server is valid"}
	}
	if user == nil {
		return nil, &failure{http.StatusBadRequest, "unknown_user_id", "could not identify end-user"}
	}
	return user, nil
}

// maxMessage is how much the person's device can show.
const maxMessage = 64

// checkCIBA checks what is not about the person. A notification token has at least 128 bits (§7.1).
func (s *Server) checkCIBA(r *http.Request) *failure {
	form := r.PostForm
	token := len(form.Get("client_notification_token"))
	switch {
	case form.Has("request"):
		return invalidRequest("signed requests are not supported")
	case s.CIBA.mode() == "ping" && (token < 22 || token > 1024):
		return invalidRequest("client_notification_token is missing, too short or too long")
	case utf8.RuneCountInString(form.Get("binding_message")) > maxMessage:
		return &failure{http.StatusBadRequest, "invalid_binding_message", "the binding_message is too long"}
	case s.CIBA.UserCode == "":
	case form.Get("user_code") == "":
		return &failure{http.StatusBadRequest, "missing_user_code", "user_code is required but was not provided"}
	case !idptest.Same(form.Get("user_code"), s.CIBA.UserCode):
		return &failure{http.StatusBadRequest, "invalid_user_code", "the user_code is wrong"}
	}
	return nil
}
