package web

import (
	"errors"
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// welcome begins the session of a user whose login is complete, and sends the browser to where it wanted to go.
func (v *visit) welcome(flow authentication.LoginFlow, tried *attempt, id *authentication.Identity) {
	back, e := v.settle(flow, tried, id)
	switch {
	case e.Err == nil:
		v.mark()
		v.redirect(back)
	case e.Kind == EventStore:
		v.site.report(v.r, e)
		v.unavailable(e.Err)
	default:
		v.site.fail(v.w, v.r, e)
	}
}

// settle begins a session, and ends the one that the browser had. It returns where the browser goes, or an event with an
// error, which nobody has heard of yet.
func (v *visit) settle(flow authentication.LoginFlow, tried *attempt, id *authentication.Identity) (back string, about Event) {
	s := v.site
	about = Event{Kind: EventLoginFailed, Flow: v.flow, Issuer: id.Issuer, Subject: id.Subject}
	if back, about.Err = v.accept(tried.Login.Return, id); about.Err != nil {
		return "", about
	}
	var content []byte
	if content, about.Err = pack(id); about.Err != nil {
		return "", about
	}
	begun, err := s.keeps.start(v, session.Head{
		Flow: v.flow, Protocol: id.Protocol, Issuer: id.Issuer, Subject: id.Subject, SessionID: id.SessionID, IssuedAt: id.IssuedAt,
		End: endOf(id), Login: loginHash(tried.Login.Key), Return: back, Named: naming(flow, id),
	}, content)
	switch {
	case errors.Is(err, session.ErrOver):
		about.Err = fmt.Errorf("%w: web: the server's session has ended already", authentication.ErrRefused)
		return "", about
	case errors.Is(err, authentication.ErrMisconfigured): // InCookies has no room for it
		about.Err = err
		return "", about
	case err != nil:
		about.Kind, about.Err = EventStore, err
		return "", about
	}
	about.Kind, about.Session = EventLogin, sessionTag(begun.Key)
	s.report(v.r, about)
	// The browser can have another session than when the login began: that of another tab.
	for _, old := range []string{tried.Session, s.keeps.key(v)} {
		if err := s.keeps.end(v.r.Context(), old); err != nil { // it ends by itself, and its handle is overwritten
			failed := about
			failed.Kind, failed.Session, failed.Err = EventStore, sessionTag(old), err
			s.report(v.r, failed)
		}
	}
	return back, about
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
