package web

import (
	"errors"
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// welcome begins the session of a user whose login is complete, ends the one that the browser had, and sends the browser
// to where it wanted to go.
func (v *visit) welcome(flow authentication.LoginFlow, tried *attempt, id *authentication.Identity) {
	s := v.site
	about := Event{Kind: EventLogin, Flow: v.flow, Issuer: id.Issuer, Subject: id.Subject}
	failed := func(err error) {
		about.Kind, about.Err = EventLoginFailed, err
		s.fail(v.w, v.r, about)
	}
	back, err := v.accept(tried.Login.Return, id)
	if err != nil {
		failed(err)
		return
	}
	content, err := pack(id)
	if err != nil {
		failed(err)
		return
	}
	begun, err := s.keeps.start(v, session.Head{
		Flow: v.flow, Protocol: id.Protocol, Issuer: id.Issuer, Subject: id.Subject, SessionID: id.SessionID, IssuedAt: id.IssuedAt,
		End: endOf(id), Login: loginHash(tried.Login.Key), Return: back, Named: naming(flow, id),
	}, content)
	switch {
	case errors.Is(err, session.ErrOver):
		failed(fmt.Errorf("%w: web: the server's session has ended already", authentication.ErrRefused))
		return
	case err != nil:
		about.Kind, about.Err = EventStore, err
		s.report(v.r, about)
		v.unavailable(err)
		return
	}
	about.Session = sessionTag(begun.Key)
	s.report(v.r, about)
	if err := s.keeps.end(v.r.Context(), tried.Session); err != nil { // it ends by itself, and its handle is overwritten
		about.Kind, about.Session, about.Err = EventStore, sessionTag(tried.Session), err
		s.report(v.r, about)
	}
	v.mark()
	v.redirect(back)
}

// endOf is when the server demands that the session ends; zero when it does not.
func endOf(id *authentication.Identity) time.Time {
	end := id.SessionExpiry
	if id.Token == nil && !id.Expiry.IsZero() && (end.IsZero() || id.Expiry.Before(end)) {
		end = id.Expiry
	}
	return end
}

var errOtherUser = mistake{errors.New("web: Config.OnLogin changed the Identity: it may change Claims alone")}

// accept asks the application about a user. It returns where the browser goes.
func (v *visit) accept(back string, id *authentication.Identity) (string, error) {
	if v.site.config.OnLogin == nil {
		return back, nil
	}
	shown := *id
	in := &LoggedIn{Flow: v.flow, Return: back, Identity: &shown}
	if err := v.site.config.OnLogin(v.r.Context(), in); err != nil {
		return "", fmt.Errorf("web: Config.OnLogin: %w", err)
	}
	if in.Identity == nil || in.Identity.Key() != id.Key() || in.Identity.Protocol != id.Protocol {
		return "", errOtherUser
	}
	id.Claims = in.Identity.Claims
	return v.returnTo(in.Return), nil
}
