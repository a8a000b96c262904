package oidc_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// newResponse is a trial whose token is an authorization response (JARM §2.1). front changes it when it has the parameters.
func newResponse() *trial {
	tr := newTrial()
	tr.config.AuthorizationSigningAlg, tr.config.AllowFrontChannelAccessToken = "RS256", true
	tr.header = map[string]any{"kid": "rsa"}
	tr.claims = map[string]any{"iss": issuer, "aud": clientID, "exp": unix(5 * time.Minute)}
	return tr
}

// respond does a login whose response is the trial's token.
func (tr *trial) respond(t testing.TB, p *provider, c *oidc.Client) (*oidc.Login, *oidc.Result, error) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), tr.ask)
	require.NoError(t, err)
	r := tr.response(t, p, login)
	assert.Equal(t, login.State, c.LoginKey(r))
	result, err := c.CompleteLogin(t.Context(), login, r)
	return login, result, err
}

// response is the callback with the trial's token.
func (tr *trial) response(t testing.TB, p *provider, login *oidc.Login) *http.Request {
	t.Helper()
	id := newTrial()
	p.answerCode(id, login)
	jwt := *tr
	jwt.claims = maps.Clone(tr.claims)
	for name, values := range id.answer(t, login) {
		if jwt.claims[name] = values[0]; name == "expires_in" {
			jwt.claims[name] = 60
		}
	}
	if tr.front != nil {
		tr.front(&jwt)
	}
	values := url.Values{"response": {jwt.token(t)}}
	if tr.params != nil {
		tr.params(values)
	}
	return callback(login, values.Encode())
}

// refusesResponse is refuses for authorization responses. The code of a refused one is not sent.
func refusesResponse(t *testing.T, check error, base change, spoil map[string]change) {
	t.Helper()
	build := func(changes ...change) (*trial, *provider, *oidc.Client) {
		tr, p := newResponse(), newProvider(t)
		for _, c := range changes {
			if c != nil {
				c(tr)
			}
		}
		p.publish(tr.jwks...)
		return tr, p, p.client(tr.config)
	}
	tr, p, c := build(base)
	_, result, err := tr.respond(t, p, c)
	require.NoError(t, err, "the accepted twin")
	assert.Equal(t, "248289761001", result.IDToken.Subject)
	for name, s := range spoil {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr, p, c := build(base, s)
			login, err := c.BeginLogin(t.Context(), tr.ask)
			require.NoError(t, err)
			r := tr.response(t, p, login)
			result, err := c.CompleteLogin(t.Context(), login, r)
			require.ErrorIs(t, err, check)
			assert.Nil(t, result)
			assert.Zero(t, p.count("/token"))
			var token *oidc.TokenError
			var callback *oauth.CallbackError
			assert.True(t, errors.As(err, &token) || errors.As(err, &callback), "%T", err)
			for _, secret := range []string{login.State, login.CodeVerifier, clientSecret, "C1", r.FormValue("response")} {
				if secret != "" {
					assert.NotContains(t, err.Error(), secret)
				}
			}
		})
	}
}

func TestJ1AlgNone(t *testing.T) {
	t.Parallel()
	refusesResponse(t, oidc.CheckAlgorithm, nil, map[string]change{
		"none": func(tr *trial) { tr.alg = "none" }, "PS256": func(tr *trial) { tr.alg = "PS256" },
		"HS256": func(tr *trial) { tr.alg, tr.key = "HS256", []byte(clientSecret) },
	})
	refusesResponse(t, oidc.CheckAlgorithm, func(tr *trial) {
		tr.config.AuthorizationSigningAlg, tr.alg, tr.key = "HS256", "HS256", []byte(clientSecret)
	}, map[string]change{"none": func(tr *trial) { tr.alg = "none" }, "RS256": func(tr *trial) { tr.alg, tr.key = "RS256", keys()["rsa"] }})
}

func TestJ2BadSignature(t *testing.T) {
	t.Parallel()
	refusesResponse(t, oidc.CheckSignature, nil, map[string]change{"changed": reworked(flipLast), "another key": func(tr *trial) { tr.key = keys()["other"] }})
	refusesResponse(t, oidc.CheckKey, nil, map[string]change{"unknown kid": func(tr *trial) { tr.header["kid"] = "unknown" }})
	refusesResponse(t, oidc.CheckFormat, nil, map[string]change{
		"no JWT": reworked(func(string) string { return "C1" }), "JSON": reworked(func(string) string { return `{"code":"C1"}` }),
		"no signature": reworked(func(raw string) string { return raw[:strings.LastIndexByte(raw, '.')] }),
		"over 64 KiB":  func(tr *trial) { tr.claims["more"] = strings.Repeat("x", 48<<10) },
	})
}

func TestJ3Issuer(t *testing.T) {
	t.Parallel()
	wrong := eachOf("iss", nil, "", issuer+"/", "https://attacker.example", []string{issuer}, 7)
	wrong["that is the code"] = set("iss", "https://C1.example")
	wrong["that is the secret"] = set("iss", "https://"+clientSecret+".example")
	refusesResponse(t, oidc.CheckIssuer, nil, wrong)
	// RFC 9207 §2.4: the one in the JWT is enough, and one beside it differs from nothing.
	outside := func(iss string) change {
		return func(tr *trial) { tr.params = func(v url.Values) { v.Set("iss", iss) } }
	}
	required := func(tr *trial) { tr.config.RequireIssuer = true }
	refusesResponse(t, oidc.CheckIssuer, required, map[string]change{"missing": set("iss", nil)})
	refusesResponse(t, oauth.CheckIssuer, outside(issuer), map[string]change{"outside": outside("https://attacker.example"), "empty": outside("")})
}

func TestJ4Audience(t *testing.T) {
	t.Parallel()
	refusesResponse(t, oidc.CheckAudience, set("aud", []string{clientID}), eachOf("aud", nil, "", []string{}, "another", clientID+"1", []string{"another"}, 7, []any{clientID, 7}))
	trusting := func(tr *trial) { tr.config.TrustedAudiences = []string{"another"} }
	refusesResponse(t, oidc.CheckAudience, trusting, eachOf("aud", []string{clientID, "another"}))
}

func TestJ5Expiry(t *testing.T) {
	t.Parallel()
	refusesResponse(t, oidc.CheckExpired, set("exp", unix(-59*time.Second)), eachOf("exp", nil, unix(-time.Minute), "soon", 1e300))
	refusesResponse(t, oidc.CheckNotBefore, set("nbf", unix(time.Minute)), eachOf("nbf", unix(61*time.Second)))
	refusesResponse(t, oidc.CheckIssuedAt, set("iat", unix(time.Minute)), eachOf("iat", unix(61*time.Second), "now"))
}

func TestJ6WrongTypeOfAParameter(t *testing.T) {
	t.Parallel()
	wrong := map[string]change{}
	for _, name := range []string{"code", "state", "error", "error_description", "error_uri", "access_token", "token_type", "id_token", "refresh_token", "session_state", "response"} {
		for _, value := range []any{7, true, []string{"C1"}, map[string]any{"C1": "C1"}} {
			wrong[name+" "+mustJSON(value)] = front(set(name, value))
		}
	}
	wrong["half a surrogate pair"] = func(tr *trial) { // which encoding/json would not write
		tr.front = func(jwt *trial) {
			jwt.claims["session_state"] = "S"
			jwt.payload = strings.Replace(mustJSON(jwt.claims), `"S"`, `"\ud800"`, 1)
		}
	}
	refusesResponse(t, oauth.CheckMalformed, front(set("session_state", "S")), wrong)
	token := func(tr *trial) { tr.ask.ResponseType = oidc.ResponseTypeCodeToken }
	refusesResponse(t, oauth.CheckMalformed, token, map[string]change{"expires_in": front(set("expires_in", []int{60}))})
	refusesResponse(t, oidc.CheckScope, with(token, front(set("scope", "openid"))), map[string]change{"scope": front(set("scope", 7))})
	refusesResponse(t, oauth.CheckResponse, with(token, front(set("expires_in", "60"))), map[string]change{"expires_in": front(set("expires_in", "soon"))})
}

func TestJ7Lifetime(t *testing.T) {
	t.Parallel()
	refusesResponse(t, oidc.CheckExpired, set("exp", unix(11*time.Minute)), eachOf("exp", unix(11*time.Minute+time.Second)))
	refusesResponse(t, oidc.CheckExpired, with(set("iat", unix(-time.Minute)), set("exp", unix(9*time.Minute))), eachOf("exp", unix(9*time.Minute+time.Second)))
	settable := func(tr *trial) { tr.config.AuthorizationMaxLifetime = time.Minute }
	refusesResponse(t, oidc.CheckExpired, with(settable, set("exp", unix(2*time.Minute))), eachOf("exp", unix(2*time.Minute+time.Second)))
}

// A response is of one kind, and no other JWT of the server is one.
func TestResponseOfAnotherKind(t *testing.T) {
	t.Parallel()
	typ := func(typ string) change { return func(tr *trial) { tr.header["typ"] = typ } }
	refusesResponse(t, oidc.CheckType, typ("JWT"), map[string]change{"at+jwt": typ("at+jwt"), "logout+jwt": typ("logout+jwt"), "oauth-authz-req+jwt": typ("oauth-authz-req+jwt"), "unknown": typ("x")})
	refusesResponse(t, oidc.CheckType, set("scope", "openid"), map[string]change{
		"nonce": set("nonce", "n"), "c_hash": set("c_hash", "h"), "events": set("events", map[string]any{}), "request object": set("response_type", "code"),
		"introspection": set("token_introspection", map[string]any{}), "sub": set("sub", "248289761001"), "empty sub": set("sub", ""),
	})
	refusesResponse(t, oidc.CheckFormat, nil, map[string]change{"code twice": func(tr *trial) {
		tr.front = func(jwt *trial) { jwt.payload = `{"code":"C2",` + mustJSON(jwt.claims)[1:] }
	}})
}

// A17: a response is what was asked for: a JWT with everything, or none.
func TestA17ResponseThatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	outside := func(name string) change {
		return func(tr *trial) { tr.params = func(v url.Values) { v.Set(name, "C1") } }
	}
	refusesResponse(t, oauth.CheckResponse, func(tr *trial) { tr.params = func(v url.Values) { v.Set("lang", "en") } }, map[string]change{
		"code": outside("code"), "state": outside("state"), "error": outside("error"), "access_token": outside("access_token"), "id_token": outside("id_token"),
		"empty": func(tr *trial) { tr.params = func(v url.Values) { v.Set("response", "") } },
		"plain": func(tr *trial) { tr.params = func(v url.Values) { v.Del("response"); v.Set("code", "C1") } },
	})
	refusesResponse(t, oauth.CheckResponse, nil, map[string]change{"more in the JWT": front(set("access_token", "AT")), "nested": front(set("response", "x.y.z"))})
	refusesResponse(t, oauth.CheckRepeated, nil, map[string]change{"twice": func(tr *trial) { tr.params = func(v url.Values) { v.Add("response", "x.y.z") } }})

	tr, p := newResponse(), newProvider(t) // a JWT for a client without AuthorizationSigningAlg
	tr.config.AuthorizationSigningAlg = ""
	c := p.client(tr.config)
	for _, more := range []string{"", "&code=C1", "&state="} {
		login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		if more == "&state=" {
			more += login.State
		}
		r := tr.response(t, p, login)
		r.URL.RawQuery += more
		_, err = c.CompleteLogin(t.Context(), login, r)
		var refused *oauth.CallbackError
		require.ErrorAs(t, err, &refused)
		assert.Zero(t, p.count("/token"))
	}
}

// The checks of every callback are made with what the JWT has.
func TestResponseState(t *testing.T) {
	t.Parallel()
	refusesResponse(t, oauth.CheckState, nil, map[string]change{"missing": front(set("state", nil)), "another": front(set("state", "S")), "null": front(func(jwt *trial) { jwt.claims["state"] = nil })})
	refusesResponse(t, oauth.CheckResponse, nil, map[string]change{"no code": front(set("code", nil)), "empty code": front(set("code", "")), "code and error": front(set("error", "access_denied"))})
	refusesResponse(t, oauth.CheckReplay, func(tr *trial) { tr.config.Replay = &replay{seen: map[string]bool{}} }, map[string]change{
		"again": func(tr *trial) { tr.config.Replay = usedReplay{} },
	})
}

// A8, A10: an error is the server's only when the JWT and its state are right.
func TestA10ErrorInAJWT(t *testing.T) {
	t.Parallel()
	tr, p := newResponse(), newProvider(t)
	c := p.client(tr.config)
	tr.front = with(set("code", nil), set("error", "access_denied"), set("error_description", "no"))
	_, _, err := tr.respond(t, p, c)
	var refused *oauth.Error
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, &oauth.Error{Code: oauth.AccessDenied, Description: "no"}, refused)
	denied := tr.front
	for want, spoil := range map[error]change{
		oauth.CheckState: set("state", "S"), oidc.CheckIssuer: set("iss", "https://attacker.example"), oidc.CheckExpired: set("exp", nil), oidc.CheckSignature: reworked(flipLast),
	} {
		tr.front = with(denied, spoil)
		login, err := c.BeginLogin(t.Context(), tr.ask)
		require.NoError(t, err)
		_, err = c.CompleteLogin(t.Context(), login, tr.response(t, p, login))
		require.ErrorIs(t, err, want)
		assert.NotErrorAs(t, err, &refused)
	}
}

// Each response type in each mode of JARM.
func TestResponseModesOfJARM(t *testing.T) {
	t.Parallel()
	for _, responseType := range responseTypes() {
		for _, mode := range []oauth.ResponseMode{"", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt"} {
			if mode == "query.jwt" && responseType != oauth.ResponseTypeCode {
				continue // see TestTokenInTheQueryIsEncrypted
			}
			t.Run(string(responseType)+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				tr, p := newResponse(), newProvider(t)
				tr.ask = oidc.AuthorizeOptions{ResponseType: responseType, ResponseMode: mode}
				login, result, err := tr.respond(t, p, p.client(tr.config))
				require.NoError(t, err)
				assert.Equal(t, "248289761001", result.IDToken.Subject)
				if mode == "" {
					mode = oauth.ResponseModeJWT
				}
				assert.Equal(t, mode, login.ResponseMode)
				u, err := url.Parse(login.URL)
				require.NoError(t, err)
				assert.Equal(t, string(mode), u.Query().Get("response_mode"))
				if responseType == oidc.ResponseTypeIDTokenToken {
					assert.Equal(t, int64(60), result.Token.ExpiresIn, "a JSON number")
				}
			})
		}
	}
}

// A13: the response comes as it was asked for.
func TestA13ModeOfAJWT(t *testing.T) {
	t.Parallel()
	for mode, responseType := range map[oauth.ResponseMode]oauth.ResponseType{
		"form_post.jwt": "code", "fragment.jwt": "code", "query.jwt": "code", "jwt": "code id_token",
	} {
		tr, p := newResponse(), newProvider(t)
		tr.ask = oidc.AuthorizeOptions{ResponseType: responseType, ResponseMode: mode}
		c := p.client(tr.config)
		login, err := c.BeginLogin(t.Context(), tr.ask)
		require.NoError(t, err)
		other := *login
		other.ResponseType, other.ResponseMode = "code", map[bool]oauth.ResponseMode{true: "form_post.jwt", false: "query.jwt"}[mode == "query.jwt"]
		_, err = c.CompleteLogin(t.Context(), login, tr.response(t, p, &other))
		require.ErrorIs(t, err, oauth.CheckMethod, mode)
		posted := tr.response(t, p, login)
		posted.Header.Set("Sec-Fetch-Site", "cross-site")
		_, err = c.CompleteLogin(t.Context(), login, posted)
		if mode == "fragment.jwt" || mode == "jwt" {
			require.ErrorIs(t, err, oauth.CheckMethod, "a form_post of another site")
		} else {
			require.NoError(t, err)
		}
	}
}

// usedReplay has seen everything.
type usedReplay struct{ oauth.Replay }

func (usedReplay) First(context.Context, string, time.Time) (bool, error) { return false, nil }

// A new key is fetched once, and a forged kid does not fetch again.
func TestResponseAfterAKeyRotation(t *testing.T) {
	t.Parallel()
	tr, p := newResponse(), newProvider(t)
	c := p.client(tr.config)
	_, _, err := tr.respond(t, p, c)
	require.NoError(t, err)
	p.publish(jwk("rsa"), jwk("other"))
	tr.header["kid"], tr.key = "other", keys()["other"]
	_, _, err = tr.respond(t, p, c)
	require.NoError(t, err)
	require.Equal(t, 2, p.count("/jwks"))
	tr.header["kid"] = "third"
	_, _, err = tr.respond(t, p, c)
	require.ErrorIs(t, err, oidc.CheckKey)
	assert.Equal(t, 2, p.count("/jwks"), "K1")
}

// The issuers of a family have the tenant in iss: a response has no other claim that names it.
func TestResponseOfAnIssuerFamily(t *testing.T) {
	t.Parallel()
	config := newResponse().config
	config.IssuerFamily = &oidc.IssuerFamily{Template: issuer + "/{tenant}", TenantClaim: "tid", Tenants: []string{"t1"}}
	document := metadata()
	document["issuer"] = issuer + "/{tenant}"
	for iss, want := range map[string]error{issuer + "/t1": nil, issuer + "/t2": oidc.CheckTenant, issuer: oidc.CheckIssuer, issuer + "/{tenant}": oidc.CheckIssuer} {
		tr, p := newResponse(), newProvider(t)
		p.discover(document)
		c := p.client(config)
		login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		tr.claims["iss"] = iss
		r := tr.response(t, p, login)
		id := newTrial()
		set("iss", issuer+"/t1")(id)
		set("tid", "t1")(id)
		p.answerCode(id, login)
		_, err = c.CompleteLogin(t.Context(), login, r)
		if want == nil {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, want)
		}
	}
}

func TestLoginKey(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	plain, signed := p.client(newTrial().config), p.client(newResponse().config)
	get := func(query string) *http.Request {
		return httptest.NewRequest(http.MethodGet, redirectURI+"?"+query, nil)
	}
	assert.Equal(t, "S", plain.LoginKey(get("state=S&code=C")))
	jwt := "e30." + b64(`{"state":"S"}`) + ".e30"
	assert.Equal(t, "S", signed.LoginKey(get("response="+jwt)))
	for _, none := range []string{"", "state=S", "response=", "response=x", "response=x.y", "response=x.y.z", "response=e30." + b64(`{"state":7}`) + ".x", "response=e30." + b64(`["state"]`) + ".x", "response=e30." + b64(`{"state":"S"}`)} {
		assert.Empty(t, signed.LoginKey(get(none)), none)
	}
	assert.Empty(t, plain.LoginKey(get("response="+jwt)))
	for _, c := range []*oidc.Client{plain, signed, nil, {}} {
		assert.Empty(t, c.LoginKey(nil))
		assert.Empty(t, c.LoginKey(&http.Request{}))
	}
}
