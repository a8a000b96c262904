package oidctest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// ErrNothingAsked is an Allow or Deny of a code that waits for nobody: it is unknown, too old, or decided.
var ErrNothingAsked = errors.New("oidctest: no login waits for a decision under this code")

// Allow lets a person agree to a login that waits for a decision elsewhere: code is the user code of a device, or the
// auth_req_id of CIBA. user, named as for Login, is who uses the device; of CIBA the request has named the person, and user
// must be empty. In the ping mode the application is notified before Allow returns.
func (s *Server) Allow(ctx context.Context, code, user string) error {
	return s.answer(ctx, code, func(a *asked) (*idptest.User, error) {
		switch {
		case a.person == nil:
			return s.realm.Person(user)
		case user != "":
			return nil, errors.New("oidctest: the CIBA request has named the person")
		}
		return a.person, nil
	})
}

// Deny is Allow for a person who refuses.
func (s *Server) Deny(ctx context.Context, code string) error {
	return s.answer(ctx, code, func(*asked) (*idptest.User, error) { return nil, nil })
}

func (s *Server) answer(ctx context.Context, code string, who func(*asked) (*idptest.User, error)) error {
	s.prepare()
	now := s.realm.Time()
	a := s.memory.asked(code, now)
	if a == nil {
		a = s.memory.askedPerson(code, now)
	}
	if a == nil {
		return ErrNothingAsked
	}
	user, err := who(a)
	if err != nil {
		return err
	}
	if !s.memory.decide(a, user, now) {
		return ErrNothingAsked
	}
	return s.ping(ctx, a)
}

// askedPerson is the undecided CIBA login with that auth_req_id, or nil. A device code is not for people.
func (m *memory) askedPerson(id string, now time.Time) *asked {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.waiting.Get(id, now)
	if !ok || a.person == nil || a.decided || !now.Before(a.end) {
		return nil
	}
	return a
}

// ping notifies the application (OpenID Connect CIBA Core §10.2).
func (s *Server) ping(ctx context.Context, a *asked) error {
	if a.person == nil || s.CIBA.NotificationURI == "" {
		return nil
	}
	id, token := a.grant.authReqID, a.notify
	if a.grant.app.Broken(WrongPingToken) {
		token = idptest.Opaque()
	}
	if a.grant.app.Broken(OtherPing) {
		id = idptest.Opaque()
	}
	body, err := json.Marshal(map[string]string{"auth_req_id": id})
	if err != nil {
		return err
	}
	status, err := s.realm.PostBearer(ctx, s.CIBA.NotificationURI, token, "application/json", string(body))
	if err == nil && status/100 != 2 {
		err = fmt.Errorf("oidctest: the application answered its notification with status %d", status)
	}
	return err
}
