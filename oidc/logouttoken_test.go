package oidc_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// newLogout is a trial whose token is a logout token that is accepted, with a claim that nobody knows.
func newLogout() *trial {
	tr := newTrial()
	tr.header["typ"] = "logout+jwt"
	tr.claims = map[string]any{
		"iss": issuer, "sub": "248289761001", "aud": clientID, "jti": "j-1", "sid": "s-1", "iat": now().Unix(),
		"exp": now().Add(2 * time.Minute).Unix(), "events": map[string]any{logoutEvent: map[string]any{}}, "unknown": []any{1},
	}
	return tr
}

func logoutTrial(changes ...change) *trial {
	tr := newLogout()
	for _, c := range changes {
		if c != nil {
			c(tr)
		}
	}
	return tr
}

func (tr *trial) verifyLogout(t testing.TB) (*oidc.LogoutRequest, error) {
	t.Helper()
	p := newProvider(t)
	p.publish(tr.jwks...)
	return p.client(tr.config).VerifyLogoutToken(t.Context(), tr.token(t), nil)
}

// refusesLogout is refuses for logout tokens.
func refusesLogout(t *testing.T, check oidc.TokenCheck, base change, spoil map[string]change) {
	t.Helper()
	q, err := logoutTrial(base).verifyLogout(t)
	require.NoError(t, err, "the accepted twin")
	require.NotNil(t, q)
	for name, s := range spoil {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := logoutTrial(base, s)
			q, err := tr.verifyLogout(t)
			require.ErrorIs(t, err, check)
			assert.Nil(t, q)
			var refused *oidc.TokenError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, check, refused.Check)
			if raw := tr.token(t); raw != "" {
				assert.NotContains(t, err.Error(), raw)
			}
		})
	}
}

func header(name string, value any) change {
	return func(tr *trial) {
		if tr.header[name] = value; value == nil {
			delete(tr.header, name)
		}
	}
}

func TestVerifyLogoutToken(t *testing.T) {
	t.Parallel()
	q, err := newLogout().verifyLogout(t)
	require.NoError(t, err)
	assert.Equal(t, issuer+" 248289761001 j-1", q.Issuer+" "+q.Subject+" "+q.JWTID)
	assert.Equal(t, []string{"s-1"}, q.SessionIDs)
	assert.Equal(t, now(), q.IssuedAt)
	assert.Equal(t, now().Add(2*time.Minute), q.Expiry)
	assert.False(t, q.Unsigned)
	var more struct {
		Unknown []int `json:"unknown"`
	}
	require.NoError(t, q.Claims(&more))
	assert.Equal(t, []int{1}, more.Unknown)
	require.Error(t, q.Claims(&struct {
		Unknown string `json:"unknown"`
	}{}))

	for name, c := range map[string]change{
		"typ JWT": header("typ", "JWT"), "no typ": header("typ", nil), "application/logout+jwt": header("typ", "application/LOGOUT+JWT"),
		"sub alone": set("sid", nil), "sid alone": set("sub", nil), "a sid of any characters": set("sid", "%2 +&#\"<\\~"),
		"another event too":      set("events", map[string]any{logoutEvent: map[string]any{"a": 1}, "https://example.com/e": true}),
		"a list of the client":   set("aud", []string{clientID}),
		"claims of other tokens": func(tr *trial) { set("scope", "openid")(tr); set("client_id", clientID)(tr); set("code", "c")(tr) },
		"HS256":                  func(tr *trial) { tr.config.IDTokenSigningAlg, tr.alg, tr.key = "HS256", "HS256", []byte(clientSecret) },
		"nine minutes old":       func(tr *trial) { set("iat", now().Add(-9*time.Minute).Unix())(tr) },
		"ES256": func(tr *trial) {
			tr.config.IDTokenSigningAlg, tr.alg, tr.key, tr.jwks, tr.header["kid"] = "ES256", "ES256", keys()["p256"], []any{jwk("p256")}, "p256"
		},
		"a trusted extra audience": func(tr *trial) { tr.config.TrustedAudiences = []string{"b"}; set("aud", []string{clientID, "b"})(tr) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := logoutTrial(c)
			q, err := tr.verifyLogout(t)
			require.NoError(t, err)
			if sid, ok := tr.claims["sid"].(string); ok {
				assert.Equal(t, []string{sid}, q.SessionIDs)
			} else {
				assert.Empty(t, q.SessionIDs)
			}
		})
	}
}

func TestL1SignatureOfALogoutToken(t *testing.T) {
	t.Parallel()
	refusesLogout(t, oidc.CheckAlgorithm, nil, map[string]change{
		"none": func(tr *trial) { tr.alg = "none" },
		"ES256": func(tr *trial) {
			tr.alg, tr.key, tr.jwks, tr.header["kid"] = "ES256", keys()["p256"], []any{jwk("rsa"), jwk("p256")}, "p256"
		},
		"RS384":               func(tr *trial) { tr.alg = "RS384" },
		"HS256 by the secret": func(tr *trial) { tr.alg, tr.key = "HS256", []byte(clientSecret) },
	})
	refusesLogout(t, oidc.CheckSignature, nil, map[string]change{
		"another key": func(tr *trial) { tr.key = keys()["other"] },
		"changed":     func(tr *trial) { tr.rework = func(raw string) string { return raw[:len(raw)-8] + "AAAAAAAA" } },
	})
	refusesLogout(t, oidc.CheckKey, nil, map[string]change{"an unknown key": header("kid", "k-9")})
	refusesLogout(t, oidc.CheckFormat, nil, map[string]change{
		"empty":       func(tr *trial) { tr.rework = func(string) string { return "" } },
		"cut":         func(tr *trial) { tr.rework = func(raw string) string { return raw[:strings.LastIndexByte(raw, '.')] } },
		"over 64 KiB": set("unknown", strings.Repeat("x", 64<<10)),
		"two jti": func(tr *trial) {
			tr.payload = strings.Replace(mustJSON(tr.claims), `"jti":"j-1"`, `"jti":"j-1","jti":"j-1"`, 1)
		},
	})
}

func TestL2PartiesOfALogoutToken(t *testing.T) {
	t.Parallel()
	refusesLogout(t, oidc.CheckIssuer, nil, map[string]change{
		"another": set("iss", issuer+"1"), "a slash more": set("iss", issuer+"/"), "missing": set("iss", nil), "a number": set("iss", 1),
	})
	refusesLogout(t, oidc.CheckAudience, nil, map[string]change{
		"another": set("aud", clientID+"1"), "missing": set("aud", nil), "empty": set("aud", []string{}), "a number": set("aud", 1),
		"others too": set("aud", []string{clientID, "b"}), "in another case": set("aud", strings.ToUpper(clientID)),
	})
}

func TestL3TimesAndIdentifierOfALogoutToken(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) int64 { return now().Add(d).Unix() }
	refusesLogout(t, oidc.CheckExpired, nil, map[string]change{
		"missing": set("exp", nil), "past": func(tr *trial) { set("iat", at(-3*time.Minute))(tr); set("exp", at(-time.Minute))(tr) },
		"a text": set("exp", "soon"),
	})
	refusesLogout(t, oidc.CheckExpired, func(tr *trial) { set("iat", at(-3*time.Minute))(tr); set("exp", at(-59*time.Second))(tr) },
		map[string]change{"a second more": set("exp", at(-60*time.Second))})
	refusesLogout(t, oidc.CheckIssuedAt, nil, map[string]change{
		"missing": set("iat", nil), "a text": set("iat", "now"), "in the future": set("iat", at(61*time.Second)),
		"too old": set("iat", at(-11*time.Minute-time.Second)),
	})
	refusesLogout(t, oidc.CheckIssuedAt, set("iat", at(-11*time.Minute)), map[string]change{"a second more": set("iat", at(-11*time.Minute-time.Second))})
	refusesLogout(t, oidc.CheckIssuedAt, func(tr *trial) {
		tr.config.LogoutTokenMaxAge, tr.config.Skew = time.Hour, oidc.NoSkew
		set("iat", at(-time.Hour))(tr)
	},
		map[string]change{"older than the setting": set("iat", at(-time.Hour-time.Second))})
	refusesLogout(t, oidc.CheckNotBefore, nil, map[string]change{"nbf": set("nbf", at(61*time.Second))})
	refusesLogout(t, oidc.CheckTokenID, nil, map[string]change{"missing": set("jti", nil), "empty": set("jti", ""), "a number": set("jti", 1)})
	cfg := newLogout().config
	cfg.LogoutTokenMaxAge = -1
	_, err := oidc.NewClient(cfg)
	require.EqualError(t, err, "oidc: LogoutTokenMaxAge is negative")
}

func TestL4EventsOfALogoutToken(t *testing.T) {
	t.Parallel()
	event := func(v any) change { return set("events", map[string]any{logoutEvent: v}) }
	refusesLogout(t, oidc.CheckEvents, nil, map[string]change{
		"missing": set("events", nil), "a text": set("events", logoutEvent), "a list": set("events", []any{logoutEvent}), "empty": set("events", map[string]any{}),
		"null": func(tr *trial) {
			tr.payload = strings.Replace(mustJSON(tr.claims), `{"`+logoutEvent+`":{}}`, "null", 1)
		},
		"another event": set("events", map[string]any{"http://schemas.openid.net/event/backchannel-logouT": map[string]any{}}),
		"with https":    set("events", map[string]any{strings.Replace(logoutEvent, "http", "https", 1): map[string]any{}}),
		"with a slash":  set("events", map[string]any{logoutEvent + "/": map[string]any{}}),
		"event: null":   event(nil), "event: a text": event(""), "event: a list": event([]any{}), "event: true": event(true),
		"in another case": func(tr *trial) { tr.claims["Events"] = tr.claims["events"]; delete(tr.claims, "events") },
	})
}

func TestL5NonceInALogoutToken(t *testing.T) {
	t.Parallel()
	refusesLogout(t, oidc.CheckNonce, nil, map[string]change{
		"a nonce": set("nonce", sentNonce), "empty": set("nonce", ""), "a number": set("nonce", 1),
		"null": func(tr *trial) { tr.payload = strings.Replace(mustJSON(tr.claims), `"jti"`, `"nonce":null,"jti"`, 1) },
	})
}

func TestL6WhomALogoutTokenNames(t *testing.T) {
	t.Parallel()
	refusesLogout(t, oidc.CheckSubject, nil, map[string]change{
		"neither sub nor sid": func(tr *trial) { set("sub", nil)(tr); set("sid", nil)(tr) },
		"sub: empty":          set("sub", ""), "sub: a number": set("sub", 1), "sub: a list": set("sub", []string{"u"}),
		"sub: 256 characters": set("sub", strings.Repeat("ü", 256)),
		"both null": func(tr *trial) {
			tr.payload = strings.NewReplacer(`"sub":"248289761001"`, `"sub":null`, `"sid":"s-1"`, `"sid":null`).Replace(mustJSON(tr.claims))
		},
	})
	refusesLogout(t, oidc.CheckSubject, set("sub", strings.Repeat("ü", 255)), map[string]change{"one more": set("sub", strings.Repeat("ü", 256))})
	refusesLogout(t, oidc.CheckSessionID, nil, map[string]change{
		"empty": set("sid", ""), "a number": set("sid", 1), "a list": set("sid", []string{"s-1"}),
		"empty, without sub": func(tr *trial) { set("sid", "")(tr); set("sub", nil)(tr) },
	})
}

func TestL7LogoutTokenComesAgain(t *testing.T) {
	t.Parallel()
	for name, shared := range map[string]oauth.Replay{"own memory": nil, "Replay": &replay{seen: map[string]bool{}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newLogout()
			tr.config.Replay = shared
			p := newProvider(t)
			client, raw := p.client(tr.config), tr.token(t)
			ended := 0
			end := func(context.Context, *oidc.LogoutRequest) error { ended++; return nil }
			q, err := client.VerifyLogoutToken(t.Context(), raw, end)
			require.NoError(t, err)
			require.NotNil(t, q)
			q, err = client.VerifyLogoutToken(t.Context(), raw, end)
			require.ErrorIs(t, err, oidc.CheckReplay)
			assert.Nil(t, q)
			set("jti", "j-2")(tr)
			_, err = client.VerifyLogoutToken(t.Context(), tr.token(t), end)
			require.NoError(t, err, "the twin has another jti")
			if shared != nil {
				_, err = p.client(tr.config).VerifyLogoutToken(t.Context(), raw, nil)
				require.ErrorIs(t, err, oidc.CheckReplay, "on another instance")
				tr.config.ClientID, tr.claims["aud"], tr.claims["jti"] = "other", "other", "j-1"
				_, err = p.client(tr.config).VerifyLogoutToken(t.Context(), tr.token(t), nil)
				require.NoError(t, err, "another client has its own")
			}
		})
	}
}

// A failure to end the sessions does not use the token up: the server may send it again.
func TestL7AFailedWriteCanBeRepeated(t *testing.T) {
	t.Parallel()
	tr := newLogout()
	client, raw := newProvider(t).client(tr.config), tr.token(t)
	down := errors.New("the store is down")
	var ended []string
	end := func(_ context.Context, q *oidc.LogoutRequest) error {
		ended = append(ended, q.SessionIDs...)
		if len(ended) == 1 {
			return down
		}
		return nil
	}
	q, err := client.VerifyLogoutToken(t.Context(), raw, end)
	require.ErrorIs(t, err, down)
	assert.Nil(t, q)
	_, err = client.VerifyLogoutToken(t.Context(), raw, end)
	require.NoError(t, err)
	_, err = client.VerifyLogoutToken(t.Context(), raw, nil)
	require.ErrorIs(t, err, oidc.CheckReplay)
	assert.Equal(t, []string{"s-1", "s-1"}, ended)
}

// Of many posts of one token at once, one succeeds.
func TestL7AtOnce(t *testing.T) {
	t.Parallel()
	tr := newLogout()
	client, raw := newProvider(t).client(tr.config), tr.token(t)
	var all sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		all.Go(func() { _, errs[i] = client.VerifyLogoutToken(t.Context(), raw, nil) })
	}
	all.Wait()
	good := 0
	for _, err := range errs {
		if err == nil {
			good++
			continue
		}
		require.ErrorIs(t, err, oidc.CheckReplay)
	}
	assert.Equal(t, 1, good)
}

// keeper is a Replay that fails, or tells until when it must keep a key.
type keeper struct {
	until time.Time
	err   error
}

func (k *keeper) First(_ context.Context, _ string, until time.Time) (bool, error) {
	k.until = until
	return true, k.err
}

// A token is remembered as long as its times accept it, and no longer, whatever its exp.
func TestL7HowLongATokenIsRemembered(t *testing.T) {
	t.Parallel()
	for exp, want := range map[time.Duration]time.Duration{2 * time.Minute: 3 * time.Minute, 1000 * time.Hour: 11 * time.Minute} {
		store := &keeper{}
		tr := logoutTrial(set("exp", now().Add(exp).Unix()))
		tr.config.Replay = store
		_, err := tr.verifyLogout(t)
		require.NoError(t, err)
		assert.Equal(t, now().Add(want), store.until)
	}
	tr := newLogout()
	tr.config.Replay = &keeper{err: errors.New("no connection")}
	_, err := tr.verifyLogout(t)
	require.EqualError(t, err, "oidc: replay store: no connection")
	var refused *oidc.TokenError
	assert.NotErrorAs(t, err, &refused, "a store that fails refuses nobody")
}

// L8: an ID token is no logout token, with any typ; the reverse is TestL8LogoutTokenAsIDToken.
func TestL8IDTokenAsLogoutToken(t *testing.T) {
	t.Parallel()
	as := func(typ any, more ...change) change {
		return func(tr *trial) {
			*tr = *newTrial()
			header("typ", typ)(tr)
			set("nonce", nil)(tr)
			set("sid", "s-1")(tr)
			set("jti", "j-1")(tr)
			for _, c := range more {
				c(tr)
			}
		}
	}
	refusesLogout(t, oidc.CheckEvents, nil, map[string]change{
		"typ JWT": as("JWT"), "no typ": as(nil), "typ logout+jwt": as("logout+jwt"), "with its nonce": as("JWT", set("nonce", sentNonce)),
	})
	event := set("events", map[string]any{logoutEvent: map[string]any{}})
	refusesLogout(t, oidc.CheckNonce, nil, map[string]change{"with the event as a claim": as("JWT", event, set("nonce", sentNonce))})
	refusesLogout(t, oidc.CheckType, nil, map[string]change{
		"with at_hash":             as("JWT", event, set("at_hash", sha256Half(accessToken))),
		"typ at+jwt":               as("at+jwt", event),
		"typ secevent+jwt":         as("secevent+jwt", event),
		"typ of a key binding":     as("kb+jwt", event),
		"an introspection as well": as("JWT", event, set("token_introspection", map[string]any{"active": true})),
	})
}

// Where each tenant has its own issuer, a logout token need not name the tenant in a claim too.
func TestL2LogoutTokenOfAnIssuerFamily(t *testing.T) {
	t.Parallel()
	verify := func(changes ...change) error {
		tr := newLogout()
		bound(tr)
		for _, c := range changes {
			c(tr)
		}
		_, err := newFamily(t).client(tr.config).VerifyLogoutToken(t.Context(), tr.token(t), nil)
		return err
	}
	require.NoError(t, verify())
	require.NoError(t, verify(set("tid", nil)))
	require.ErrorIs(t, verify(set("tid", nil), set("iss", issuerOf("t-2"))), oidc.CheckTenant)
	require.ErrorIs(t, verify(func(tr *trial) { of42(tr, "t-2") }), oidc.CheckTenant)
	require.ErrorIs(t, verify(set("tid", "t-1")), oidc.CheckIssuer)
	require.ErrorIs(t, verify(set("tid", nil), set("iss", issuer)), oidc.CheckIssuer)
	require.ErrorIs(t, verify(set("tid", nil), set("iss", nil)), oidc.CheckIssuer)
}

func TestL2VerifyLogoutTokenNeedsAClient(t *testing.T) {
	t.Parallel()
	tr := newLogout()
	tr.config.ClientID = ""
	_, err := newProvider(t).client(tr.config).VerifyLogoutToken(t.Context(), tr.token(t), nil)
	require.EqualError(t, err, "oidc: ClientID is not set: it is the audience of a logout token")
}

// The sessions that a logout token ends are found by its issuer, user, session and time.
func TestL11LogoutRequestEnds(t *testing.T) {
	t.Parallel()
	session := func(changes ...func(*oidc.IDToken)) *oidc.IDToken {
		id := &oidc.IDToken{Issuer: issuer, Subject: "u", SessionID: "s-1", IssuedAt: now()}
		for _, c := range changes {
			c(id)
		}
		return id
	}
	later := func(id *oidc.IDToken) { id.IssuedAt = now().Add(time.Second) }
	stranger := func(id *oidc.IDToken) { id.Issuer = issuer + "1" }
	bob := func(id *oidc.IDToken) { id.Subject = "bob" }
	other := func(id *oidc.IDToken) { id.SessionID = "s-2" }
	none := func(id *oidc.IDToken) { id.SessionID = "" }
	bySubject := &oidc.LogoutRequest{Issuer: issuer, Subject: "u", IssuedAt: now()}
	bySession := &oidc.LogoutRequest{Issuer: issuer, SessionIDs: []string{"s-0", "s-1"}, Unsigned: true}
	byBoth := &oidc.LogoutRequest{Issuer: issuer, Subject: "u", SessionIDs: []string{"s-1"}, IssuedAt: now()}
	nobody := &oidc.LogoutRequest{Issuer: issuer, IssuedAt: now()}
	for _, q := range []*oidc.LogoutRequest{bySubject, bySession, byBoth} {
		assert.True(t, q.Ends(session()))
		assert.False(t, q.Ends(session(stranger)))
		assert.False(t, q.Ends(nil))
	}
	assert.True(t, bySubject.Ends(session(other)))
	assert.False(t, bySubject.Ends(session(bob)))
	assert.False(t, bySubject.Ends(session(later)), "it began after the logout")
	assert.True(t, bySession.Ends(session(bob, later)))
	assert.False(t, bySession.Ends(session(other)))
	assert.True(t, byBoth.Ends(session(later)), "a sid names one session")
	assert.False(t, byBoth.Ends(session(bob)))
	assert.False(t, byBoth.Ends(session(other)))
	assert.False(t, nobody.Ends(session()))
	assert.False(t, nobody.Ends(session(none, func(id *oidc.IDToken) { id.Subject = "" })))
	assert.False(t, (&oidc.LogoutRequest{Issuer: issuer, SessionIDs: []string{""}}).Ends(session(none)))
	require.EqualError(t, byBoth.Confirm(t.Context()), "oidc: the logout request is not from ReceiveLogout or VerifyLogoutToken")
	require.NoError(t, bySession.Confirm(t.Context()))
	require.EqualError(t, bySession.Claims(&struct{}{}), "oidc: a front-channel logout has no claims")
}
