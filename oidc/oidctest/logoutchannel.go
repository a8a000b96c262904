package oidctest

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// logoutEvent is what a logout token tells of (OpenID Connect Back-Channel Logout §2.4).
const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// logoutTokenLifetime is the longest that OpenID Connect Back-Channel Logout §2.4 recommends.
const logoutTokenLifetime = 2 * time.Minute

// visit is the application in a session: a member of the session that is told without the browser.
type visit struct {
	server               *Server
	app                  *client
	issuer, subject, sid string
}

// frame is the application in a session where the browser tells it.
type frame struct{ visit }

// join makes the application a member of the session, once, and returns the sid of its ID tokens.
func (s *Server) join(g *grant, who *idptest.Login) string {
	app := &g.app.app
	if app.BackChannelLogoutURI == "" && app.FrontChannelLogoutURI == "" {
		return ""
	}
	sid := who.SessionID()
	if g.app.Broken(RawSession) {
		sid += `+a&b=c"`
	}
	v := visit{s, g.app, g.issuer, g.user.ID(), sid}
	members := who.Members()
	if app.BackChannelLogoutURI != "" && !slices.Contains(members, idptest.Member(v)) {
		who.Join(v)
	}
	if f := (frame{v}); app.FrontChannelLogoutURI != "" && !slices.Contains(members, idptest.Member(f)) {
		who.Join(f)
	}
	return sid
}

// Tell posts a logout token (OpenID Connect Back-Channel Logout §2.5). The answer does not matter: the session has ended.
func (v visit) Tell(ctx context.Context) {
	s, to := v.server, v.app.app.BackChannelLogoutURI
	raw, err := v.logoutToken()
	if err != nil {
		return
	}
	form := url.Values{"logout_token": {raw}}.Encode()
	_, _ = s.realm.Call(ctx, http.MethodPost, to, form)
	if v.app.Broken(RepeatedLogoutToken) {
		_, _ = s.realm.Call(ctx, http.MethodPost, to, form)
	}
}

func (v visit) logoutToken() (string, error) {
	s, now := v.server, v.server.realm.Time()
	claims := map[string]any{
		"iss": v.issuer, "aud": v.app.id, "sub": v.subject, "iat": now.Unix(), "exp": now.Add(logoutTokenLifetime).Unix(),
		"jti": idptest.Opaque(), "events": map[string]any{logoutEvent: map[string]any{}},
	}
	if v.app.app.BackChannelLogoutSessionRequired {
		claims["sid"] = v.sid
	}
	breakLogoutToken(v.app, claims)
	signed, err := s.signer.sign(v.app, "logout+jwt", v.app.idTokenAlg, claims)
	if err != nil {
		return "", err
	}
	return s.encrypt(v.app, v.app.idToken, "JWT", signed)
}

// Tell does nothing: there is no browser.
func (frame) Tell(context.Context) {}

// Frame is the address that the browser opens (OpenID Connect Front-Channel Logout §3).
func (f frame) Frame() string {
	app := &f.app.app
	switch {
	case !app.FrontChannelLogoutSessionRequired:
		return app.FrontChannelLogoutURI
	case f.app.Broken(RawSession):
		return idptest.AddQuery(app.FrontChannelLogoutURI, "iss="+f.issuer+"&sid="+f.sid)
	}
	claims := map[string]any{"iss": f.issuer, "sid": f.sid}
	breakLogoutToken(f.app, claims)
	var query idptest.Parameters
	for _, name := range []string{"iss", "sid"} {
		if value, ok := claims[name].(string); ok {
			query.Add(name, value)
		}
	}
	if f.app.Broken(idptest.RepeatedParameter) {
		query = append(query, query...)
	}
	return idptest.AddQuery(app.FrontChannelLogoutURI, query.Encode())
}

func ago(now time.Time, minutes int) int64 {
	return now.Add(-time.Duration(minutes) * time.Minute).Unix()
}
