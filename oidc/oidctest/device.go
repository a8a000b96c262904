package oidctest

import (
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// Device lets devices without a browser begin logins (RFC 8628), at /device/auth. The user agrees at /device, or Allow and
// Deny of the Server decide.
type Device struct {
	// Interval is the shortest time between two polls, in whole seconds; zero means 5 seconds. A poll that comes sooner is
	// answered with slow_down, and makes it 5 seconds longer.
	Interval time.Duration
	// Lifetime is how long the user may take, in whole seconds; zero means 10 minutes.
	Lifetime time.Duration
}

// beginDevice serves the device authorization endpoint (RFC 8628 §3.1).
func (s *Server) beginDevice(w http.ResponseWriter, r *http.Request) {
	if failed := readForm(w, r); failed != nil {
		failed.write(w, r)
		return
	}
	k, failed := s.authenticate(r, s.TokenAuth)
	if failed != nil {
		failed.write(w, r)
		return
	}
	asked := words(r.PostForm.Get("scope"))
	if s.OAuth && len(asked) == 0 {
		asked = s.scopes()
	}
	scopes, _ := split(asked, s.scopes())
	if len(scopes) == 0 {
		invalidScope("none of the requested scopes is allowed").write(w, r)
		return
	}
	a := newAsked(s.Device.Interval, s.Device.Lifetime)
	if a.grant, failed = s.grantElsewhere(r, k, scopes); failed != nil {
		failed.write(w, r)
		return
	}
	device, user := s.opaque(), userCode()
	s.memory.keepAsked(device, user, a, s.realm.Time())
	issuer := s.issuer(r)
	reply := map[string]any{
		"device_code": device, "user_code": user, "verification_uri": issuer + "/device", "verification_uri_complete": issuer + "/device?user_code=" + user,
	}
	s.writeAsked(w, a, breakDevice(k.client, reply))
}

// userCode has letters that nobody takes for another, and no vowels (RFC 8628 §6.1).
func userCode() string {
	const letters = "BCDFGHJKLMNPQRSTVWXZ"
	var b strings.Builder
	for i, c := range []byte(idptest.Opaque())[:8] {
		if i == 4 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[int(c)%len(letters)])
	}
	return b.String()
}

// verifyDevice is where the user enters the code and agrees (RFC 8628 §3.3).
func (s *Server) verifyDevice(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	if r.ParseForm() != nil {
		s.realm.ErrorPage(w, http.StatusBadRequest, "invalid_request", "The request cannot be read.")
		return
	}
	code := strings.ToUpper(strings.TrimSpace(r.Form.Get("user_code")))
	ask := func(problem string) {
		s.realm.AskPage(w, "Connect a device", "The code that your device shows", "user_code", s.issuer(r)+"/device", problem)
	}
	if code == "" {
		ask("")
		return
	}
	a := s.memory.asked(code, s.realm.Time())
	if a == nil {
		ask("There is no device with this code, or the code is too old.")
		return
	}
	in := idptest.Interaction{
		Consent: a.grant.scopes,
		Done: func(w http.ResponseWriter, _ *http.Request, who *idptest.Login) {
			s.memory.decide(a, who.User, who.Time)
			s.realm.MessagePage(w, "Connected", "Your device is connected. You can close this page.")
		},
		Cancel: func(w http.ResponseWriter, _ *http.Request) {
			s.memory.decide(a, nil, time.Time{})
			s.realm.MessagePage(w, "Refused", "Your device is not connected.")
		},
	}
	if current := s.realm.Session(r); current != nil {
		in.Who = current
	}
	s.realm.Begin(w, r, in)
}
