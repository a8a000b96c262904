package oidc_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// refusesFront checks for each of these response types that the login is accepted after base, and refused with this
// check after the changes; sent says whether the code was sent before.
func refusesFront(t *testing.T, types []oauth.ResponseType, check error, sent bool, base change, spoil map[string]change) {
	t.Helper()
	for _, responseType := range types {
		_, err := frontTrial(responseType, base).login(t)
		require.NoError(t, err, "the accepted twin")
		for name, s := range spoil {
			t.Run(name+" "+string(responseType), func(t *testing.T) {
				t.Parallel()
				p, tr := newProvider(t), frontTrial(responseType, base, s)
				result, err := p.login(p.client(tr.config), tr, "")
				require.ErrorIs(t, err, check)
				assert.Nil(t, result)
				assert.Equal(t, sent, p.count("/token") > 0, "the code is sent")
				assert.NotContains(t, err.Error(), frontAccessToken)
			})
		}
	}
}

func unchanged(*trial) {}

func withToken() []oauth.ResponseType {
	return []oauth.ResponseType{oidc.ResponseTypeIDTokenToken, oidc.ResponseTypeCodeIDTokenToken}
}

func withCode() []oauth.ResponseType {
	return []oauth.ResponseType{oidc.ResponseTypeCodeIDToken, oidc.ResponseTypeCodeIDTokenToken}
}

func TestI24AtHashInTheFrontChannel(t *testing.T) {
	t.Parallel()
	refusesFront(t, withToken(), oidc.CheckAtHash, false, unchanged, map[string]change{
		"missing": front(set("at_hash", nil)), "null": front(func(tr *trial) { tr.claims["at_hash"] = nil }), "empty": front(set("at_hash", "")),
		"wrong": front(set("at_hash", sha256Half("another"))), "of the code": front(set("at_hash", sha256Half("C1"))),
		"of the other access token": front(set("at_hash", sha256Half(accessToken))), "no string": front(set("at_hash", 7)),
		"whole hash": front(set("at_hash", sha256Half(frontAccessToken)+"A")),
	})
}

// "code token" has no ID token beside the access token, which is dropped; the token endpoint's hash counts.
func TestI24CodeToken(t *testing.T) {
	t.Parallel()
	only := []oauth.ResponseType{oidc.ResponseTypeCodeToken}
	refusesFront(t, only, oidc.CheckAtHash, true, set("at_hash", sha256Half(accessToken)), map[string]change{
		"of the front channel's": set("at_hash", sha256Half(frontAccessToken)),
	})
	refusesFront(t, only, oidc.CheckCodeHash, true, set("c_hash", sha256Half("C1")), map[string]change{"wrong": set("c_hash", sha256Half("C2"))})
}

func TestI25CHashInTheFrontChannel(t *testing.T) {
	t.Parallel()
	refusesFront(t, withCode(), oidc.CheckCodeHash, false, unchanged, map[string]change{
		"missing": front(set("c_hash", nil)), "wrong": front(set("c_hash", sha256Half("C2"))), "empty": front(set("c_hash", "")),
	})
	id, err := frontTrial(oidc.ResponseTypeCodeIDToken, set("c_hash", sha256Half("C1"))).login(t)
	require.NoError(t, err)
	assert.Equal(t, sha256Half("C1"), id.IDToken.CodeHash)
}

// s_hash is optional, and must be right where it is.
func TestI26SHash(t *testing.T) {
	t.Parallel()
	for _, responseType := range responseTypes() {
		for _, wrong := range []bool{false, true} {
			tr, p := frontTrial(responseType), newProvider(t)
			c := p.client(tr.config)
			login, err := c.BeginLogin(t.Context(), tr.ask)
			require.NoError(t, err)
			if tr.claims["s_hash"] = sha256Half(login.State); wrong {
				tr.claims["s_hash"] = sha256Half("another")
			}
			p.answerCode(tr, login)
			_, err = c.CompleteLogin(t.Context(), login, callback(login, tr.answer(t, login).Encode()))
			if !wrong {
				require.NoError(t, err)
				continue
			}
			require.ErrorIs(t, err, oidc.CheckStateHash)
			assert.Equal(t, !returns(responseType, "id_token"), p.count("/token") > 0)
		}
	}
}

func TestI26SHashOfAnotherForm(t *testing.T) {
	t.Parallel()
	refusesFront(t, frontIDTokens(), oidc.CheckStateHash, false, unchanged, map[string]change{
		"empty": front(set("s_hash", "")), "no string": front(set("s_hash", 7)),
	})
}

func TestI27TwoIDTokens(t *testing.T) {
	t.Parallel()
	refusesFront(t, withCode(), oidc.CheckSubject, true, unchanged, map[string]change{"sub": back("sub", "other"), "case": back("sub", "248289761001 ")})
	refusesFront(t, withCode(), oidc.CheckNonce, true, unchanged, map[string]change{"nonce": back("nonce", "n-2"), "no nonce": back("nonce", nil)})
	refusesFront(t, withCode(), oidc.CheckAudience, true, unchanged, map[string]change{"aud": back("aud", "another")})
	refusesFront(t, withCode(), oidc.CheckIssuer, true, unchanged, map[string]change{"iss": back("iss", issuer+"1")})
	family := func(tr *trial) {
		tr.config.Issuer, tr.config.IssuerFamily = issuer+"/common", &oidc.IssuerFamily{Template: issuer + "/{t}", TenantClaim: "tid", AllowAnyTenant: true}
		tr.config.Metadata = &oidc.Metadata{Issuer: issuer + "/{t}", AuthorizationEndpoint: issuer + "/authorize", TokenEndpoint: issuer + "/token", JWKSURI: issuer + "/jwks"}
		tr.config.Issuer = ""
		tr.claims["iss"], tr.claims["tid"] = issuer+"/a", "a"
	}
	refusesFront(t, withCode(), oidc.CheckIssuer, true, family, map[string]change{
		"another tenant": front(with(set("iss", issuer+"/b"), set("tid", "b"))),
	})
	refusesFront(t, withCode(), oidc.CheckIssuer, false, with(family, func(tr *trial) { tr.params = func(q url.Values) { q.Set("iss", issuer+"/a") } }), map[string]change{
		"another tenant in the callback": func(tr *trial) { tr.params = func(q url.Values) { q.Set("iss", issuer+"/b") } },
	})
}

// The ID token of the callback is checked like any other, before the code is sent.
func TestI21NonceInTheFrontChannel(t *testing.T) {
	t.Parallel()
	refusesFront(t, frontIDTokens(), oidc.CheckNonce, false, unchanged, map[string]change{
		"missing": front(set("nonce", nil)), "wrong": front(set("nonce", "n-2")), "empty": front(set("nonce", "")),
	})
	_, err := newProvider(t).client(newTrial().config).VerifyIDToken(t.Context(), "", oidc.Expect{FrontChannel: true})
	require.EqualError(t, err, "oidc: FrontChannel needs the Nonce that was sent (OpenID Connect Core §3.2.2.1)")
	for _, nonce := range []any{"n-2", nil} { // another party sent it
		tr := newTrial()
		set("nonce", nonce)(tr)
		tr.expect = oidc.Expect{FrontChannel: true, AllowAnyNonce: true}
		_, err = tr.verify(t)
		require.NoError(t, err)
	}
}

func TestA16MissingPart(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"code", "id_token", "access_token"} {
		var types []oauth.ResponseType
		for _, responseType := range responseTypes() {
			if returns(responseType, name) || name == "access_token" && returns(responseType, "token") {
				types = append(types, responseType)
			}
		}
		refusesFront(t, types, oauth.CheckResponse, false, unchanged, map[string]change{
			name + " missing": func(tr *trial) { tr.params = func(q url.Values) { q.Del(name) } },
			name + " empty":   func(tr *trial) { tr.params = func(q url.Values) { q.Set(name, "") } },
		})
	}
}

// The parameters of a front-channel access token are read like those of a token reply.
func TestA15FrontChannelToken(t *testing.T) {
	t.Parallel()
	types := []oauth.ResponseType{oidc.ResponseTypeIDTokenToken, oidc.ResponseTypeCodeToken, oidc.ResponseTypeCodeIDTokenToken}
	to := func(name, value string) change {
		return func(tr *trial) { tr.params = func(q url.Values) { q.Set(name, value) } }
	}
	refusesFront(t, types, oauth.CheckResponse, false, with(to("token_type", "BEARER")), map[string]change{
		"no type": func(tr *trial) { tr.params = func(q url.Values) { q.Del("token_type") } }, "DPoP": to("token_type", "DPoP"), "a token as type": to("token_type", frontAccessToken),
		"negative": to("expires_in", "-1"), "text": to("expires_in", "soon"), "NaN": to("expires_in", "NaN"), "quoted": to("expires_in", `"60"`), "huge": to("expires_in", "99999999999"),
		"a control character": to("access_token", "AT\x00"), "refresh token": to("refresh_token", "RT"),
	})
	for _, expires := range []string{"", "0", "60"} {
		_, err := frontTrial(oidc.ResponseTypeIDTokenToken, to("expires_in", expires)).login(t)
		require.NoError(t, err, expires)
	}
	result, err := frontTrial(oidc.ResponseTypeIDTokenToken, to("scope", "openid profile")).login(t)
	require.NoError(t, err)
	assert.Equal(t, "openid profile", result.Token.Scope)
}

// A10: the server's refusal, in each response type and mode.
func TestA10ErrorOfEachFlow(t *testing.T) {
	t.Parallel()
	for _, responseType := range responseTypes() {
		for _, mode := range []arrival{{}, formPost} {
			_, sent, err := arrive(t, asks(responseType), mode, arrival{params: onlyError})
			require.ErrorIs(t, err, oauth.AccessDenied, responseType)
			assert.False(t, sent)
			// A11: an error beside what was asked for is no refusal of the server.
			_, _, err = arrive(t, asks(responseType), mode, param("error", "access_denied"))
			require.ErrorIs(t, err, oauth.CheckResponse, responseType)
		}
	}
}

// A13: a fragment is posted by the page of the application's own site.
func TestA13FragmentIsPostedByItsPage(t *testing.T) {
	t.Parallel()
	fragment := arrival{before: func(_ *oidc.Config, o *oidc.AuthorizeOptions, _ map[string]any) { o.ResponseMode = "fragment" }}
	for _, responseType := range responseTypes() {
		for site, accepted := range map[string]bool{"": true, "same-origin": true, "same-site": false, "cross-site": false, "none": false} {
			from := arrival{request: func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", site) }}
			_, _, err := arrive(t, asks(responseType), fragment, from)
			if accepted {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, oauth.CheckMethod, site)
			}
			_, _, err = arrive(t, asks(responseType), formPost, from)
			require.NoError(t, err, "a form_post comes from anywhere")
		}
		for origin, accepted := range map[string]bool{"https://app.example": true, "https://op.example": false, "null": false, "http://app.example": false} {
			from := arrival{request: func(r *http.Request) { r.Header.Set("Origin", origin) }}
			if _, _, err := arrive(t, asks(responseType), fragment, from); accepted {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, oauth.CheckMethod, origin)
			}
			same := arrival{request: func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }}
			_, _, err := arrive(t, asks(responseType), fragment, from, same)
			require.NoError(t, err, "Sec-Fetch-Site is the better witness")
		}
		for name, bad := range map[string]arrival{
			"the query":           {request: func(r *http.Request) { r.Method, r.URL.RawQuery = "GET", "code=C1" }},
			"a POST with a query": {request: func(r *http.Request) { r.URL.RawQuery = "id_token=x" }},
		} {
			_, sent, err := arrive(t, asks(responseType), fragment, bad)
			require.ErrorIs(t, err, oauth.CheckMethod, name)
			assert.False(t, sent)
		}
	}
}

// The scope of the result is the requested one where the token endpoint names none (RFC 6749 §5.1).
func TestScopeOfTheResult(t *testing.T) {
	t.Parallel()
	for _, responseType := range []oauth.ResponseType{oauth.ResponseTypeCode, oidc.ResponseTypeCodeToken} {
		for said, want := range map[string]string{"": "openid email", "openid": "openid"} {
			tr := frontTrial(responseType)
			if tr.ask.Scope = "openid email"; said != "" {
				tr.reply["scope"] = said
			}
			result, err := tr.login(t)
			require.NoError(t, err)
			assert.Equal(t, want, result.Token.Scope)
		}
	}
}

// A login that another instance began comes back where the server's metadata cannot be fetched.
func TestCallbackWhileTheServerIsDown(t *testing.T) {
	t.Parallel()
	tr, p := frontTrial(oidc.ResponseTypeCodeIDToken), newProvider(t)
	login, err := p.client(tr.config).BeginLogin(t.Context(), tr.ask)
	require.NoError(t, err)
	p.answerCode(tr, login)
	r := func() *http.Request { return callback(login, tr.answer(t, login).Encode()) }
	p.text("/.well-known/openid-configuration", 503, "text/html", "down")
	_, err = p.client(tr.config).CompleteLogin(t.Context(), login, r())
	require.ErrorContains(t, err, "503")
	assert.Zero(t, p.count("/token"))
	p.discover(metadata())
	_, err = p.client(tr.config).CompleteLogin(t.Context(), login, r())
	require.NoError(t, err)
}
