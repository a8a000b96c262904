package oidc_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// conformance are the modules of the OpenID conformance suite's plans for relying parties, by their names there:
// oidcc-client-basic, -implicit, -hybrid, -formpost-basic, -formpost-implicit, -formpost-hybrid, -config and
// -refreshtoken. Each is a complete login, of each response type that the module is for and in each mode.
var conformance = map[string]struct {
	change change
	want   error                           // nil: the login must be accepted
	only   func(t oauth.ResponseType) bool // nil: it is for every response type
	then   func(t *testing.T, p *provider, c *oidc.Client, tr *trial, r *oidc.Result)
}{
	"oidcc-client-test":             {},
	"oidcc-client-test-invalid-iss": {change: set("iss", issuer+"1"), want: oidc.CheckIssuer},
	"oidcc-client-test-missing-sub": {change: set("sub", nil), want: oidc.CheckSubject},
	"oidcc-client-test-invalid-aud": {change: set("aud", clientID+"1"), want: oidc.CheckAudience},
	"oidcc-client-test-missing-iat": {change: set("iat", nil), want: oidc.CheckIssuedAt},
	// The keys have no kid either.
	"oidcc-client-test-kid-absent-single-jwks":                 {change: withoutKid("rsa")},
	"oidcc-client-test-kid-absent-multiple-jwks":               {change: withoutKid("other", "rsa")},
	"oidcc-client-test-kid-absent-multiple-jwks, none of them": {change: withoutKid("other", "p256"), want: oidc.CheckSignature},
	"oidcc-client-test-ignores-unparseable-key-in-jwks": {change: func(tr *trial) {
		tr.jwks = []any{
			map[string]any{"kty": "AKP", "kid": "pq", "alg": "ML-DSA-512-X", "use": "sig", "pub": "AQAB"}, map[string]any{"kty": "made-up", "kid": "x"}, jwk("rsa"),
		}
	}},
	"oidcc-client-test-idtoken-sig-rs256": {},
	"oidcc-client-test-idtoken-sig-none":  {change: func(tr *trial) { tr.alg = "none" }, want: oidc.CheckAlgorithm},
	"oidcc-client-test-invalid-sig-rs256": {change: reworked(flipLast), want: oidc.CheckSignature},
	"oidcc-client-test-invalid-sig-es256": {change: func(tr *trial) { signedBy("ES256")(tr); tr.rework = flipLast }, want: oidc.CheckSignature},
	"oidcc-client-test-invalid-sig-hs256": {change: func(tr *trial) { hmac("HS256")(tr); tr.rework = flipLast }, want: oidc.CheckSignature},
	"oidcc-client-test-missing-aud":       {change: set("aud", nil), want: oidc.CheckAudience},
	"oidcc-client-test-nonce-invalid":     {change: set("nonce", "another"), want: oidc.CheckNonce},
	"oidcc-client-test-userinfo-bearer-header": {only: withAnyToken, then: func(t *testing.T, p *provider, c *oidc.Client, _ *trial, r *oidc.Result) {
		require.NoError(t, askMe(t.Context(), p, c, r, r.IDToken.Subject, oauth.InHeader))
		assert.Equal(t, "Bearer "+r.Token.AccessToken, p.request("/me").Header.Get("Authorization"))
	}},
	"oidcc-client-test-userinfo-bearer-body": {only: withAnyToken, then: func(t *testing.T, p *provider, c *oidc.Client, _ *trial, r *oidc.Result) {
		require.NoError(t, askMe(t.Context(), p, c, r, r.IDToken.Subject, oauth.InBody))
		assert.Equal(t, r.Token.AccessToken, p.form("/me").Get("access_token"))
	}},
	"oidcc-client-test-userinfo-invalid-sub": {only: withAnyToken, then: func(t *testing.T, p *provider, c *oidc.Client, _ *trial, r *oidc.Result) {
		require.ErrorIs(t, askMe(t.Context(), p, c, r, "somebody-else", oauth.InHeader), oauth.ErrSubject)
	}},
	"oidcc-client-test-userinfo-signed": {
		only:   withAnyToken,
		change: func(tr *trial) { tr.config.UserInfoSigningAlg = "RS256" },
		then: func(t *testing.T, p *provider, c *oidc.Client, _ *trial, r *oidc.Result) {
			for want, spoil := range map[error]change{
				nil: nil, oidc.CheckSignature: reworked(flipLast), oidc.CheckAlgorithm: func(tr *trial) { tr.alg = "none" },
				oidc.CheckIssuer: set("iss", issuer+"1"), oidc.CheckAudience: set("aud", clientID+"1"), oauth.ErrSubject: set("sub", "somebody-else"),
			} {
				me := newUserInfoTrial()
				if spoil != nil {
					spoil(me)
				}
				p.text("/me", http.StatusOK, "application/jwt", me.token(t))
				_, err := c.GetUserInfoByAccessToken(t.Context(), r.Token.AccessToken, oauth.UserInfoOptions{Subject: r.IDToken.Subject})
				require.ErrorIs(t, err, want)
			}
			require.ErrorIs(t, askMe(t.Context(), p, c, r, r.IDToken.Subject, oauth.InHeader), oidc.CheckUnsigned, "not signed")
		},
	},
	"oidcc-client-test-scope-userinfo-claims": {
		only:   withAnyToken,
		change: func(tr *trial) { tr.ask.Scope = "openid profile email phone address" },
		then: func(t *testing.T, p *provider, c *oidc.Client, _ *trial, r *oidc.Result) {
			p.serve("/me", map[string]any{
				"sub": r.IDToken.Subject, "name": "Jane", "email": "jane@example.com", "phone_number": "+1", "address": map[string]any{"country": "CN"},
			})
			u, err := c.GetUserInfoByAccessToken(t.Context(), r.Token.AccessToken, oauth.UserInfoOptions{Subject: r.IDToken.Subject})
			require.NoError(t, err)
			assert.Equal(t, []string{"Jane", "jane@example.com", "+1", "CN"}, []string{u.Name, u.Email, u.PhoneNumber, u.Address.Country})
		},
	},
	"oidcc-client-test-client-secret-basic": {only: codeFlows, then: func(t *testing.T, p *provider, _ *oidc.Client, _ *trial, _ *oidc.Result) {
		id, secret, ok := p.request("/token").BasicAuth()
		assert.Equal(t, []any{clientID, clientSecret, true}, []any{id, secret, ok})
	}},
	"oidcc-client-test-invalid-athash": {only: idTokenAndToken, change: front(set("at_hash", sha256Half("another"))), want: oidc.CheckAtHash},
	"oidcc-client-test-missing-athash": {only: idTokenAndToken, change: front(set("at_hash", nil)), want: oidc.CheckAtHash},
	"oidcc-client-test-invalid-chash":  {only: codeAndIDToken, change: front(set("c_hash", sha256Half("another"))), want: oidc.CheckCodeHash},
	"oidcc-client-test-missing-chash":  {only: codeAndIDToken, change: front(set("c_hash", nil)), want: oidc.CheckCodeHash},
	"oidcc-client-test-discovery-openid-config": {then: func(t *testing.T, p *provider, _ *oidc.Client, _ *trial, _ *oidc.Result) {
		assert.Equal(t, 1, p.count(wellKnown))
	}},
	"oidcc-client-test-discovery-jwks-uri-keys": {then: func(t *testing.T, p *provider, _ *oidc.Client, _ *trial, _ *oidc.Result) {
		assert.Equal(t, 1, p.count("/jwks"))
	}},
	"oidcc-client-test-signing-key-rotation": {then: func(t *testing.T, p *provider, c *oidc.Client, tr *trial, _ *oidc.Result) {
		next := newTrial()
		next.ask, next.key, next.header["kid"] = tr.ask, keys()["other"], "other"
		p.publish(jwk("other"), jwk("rsa"))
		_, err := p.login(c, next, "")
		require.NoError(t, err)
	}},
	"oidcc-client-test-signing-key-rotation-just-before-signing": {then: func(t *testing.T, p *provider, c *oidc.Client, tr *trial, _ *oidc.Result) {
		next := newTrial()
		next.ask, next.key, next.header["kid"] = tr.ask, keys()["other"], "other"
		login, err := c.BeginLogin(t.Context(), next.ask)
		require.NoError(t, err)
		p.publish(jwk("other"))
		p.answerCode(next, login)
		_, err = c.CompleteLogin(t.Context(), login, callback(login, next.answer(t, login).Encode()))
		require.NoError(t, err)
	}},
	"oidcc-client-test-refresh-token":                {only: codeFlows, change: withRefreshToken, then: refreshed(nil, nil)},
	"oidcc-client-test-refresh-token-invalid-issuer": {only: codeFlows, change: withRefreshToken, then: refreshed(set("iss", issuer+"1"), oidc.CheckIssuer)},
	"oidcc-client-test-refresh-token-invalid-sub":    {only: codeFlows, change: withRefreshToken, then: refreshed(set("sub", "other"), oidc.CheckSubject)},
	"oidcc-client-test-refresh-token-invalid-aud":    {only: codeFlows, change: withRefreshToken, then: refreshed(set("aud", "other"), oidc.CheckAudience)},
	"oidcc-client-test-refresh-token-invalid-azp":    {only: codeFlows, change: withRefreshToken, then: refreshed(set("azp", "other"), oidc.CheckAuthorized)},
}

// withoutKid publishes keys that have no name; the token has none either.
func withoutKid(names ...string) change {
	return func(tr *trial) {
		delete(tr.header, "kid")
		tr.jwks = nil
		for _, name := range names {
			tr.jwks = append(tr.jwks, jwk(name, map[string]any{"kid": nil}))
		}
	}
}

func withRefreshToken(tr *trial) { tr.reply["refresh_token"] = "RT1" }

func askMe(ctx context.Context, p *provider, c *oidc.Client, r *oidc.Result, sub string, where oauth.TokenPlacement) error {
	p.serve("/me", map[string]any{"sub": sub})
	_, err := c.GetUserInfoByAccessToken(ctx, r.Token.AccessToken, oauth.UserInfoOptions{Subject: r.IDToken.Subject, Placement: where})
	return err
}

func refreshed(spoil change, want error) func(*testing.T, *provider, *oidc.Client, *trial, *oidc.Result) {
	return func(t *testing.T, p *provider, c *oidc.Client, _ *trial, r *oidc.Result) {
		next := newTrial()
		delete(next.claims, "nonce")
		if spoil != nil {
			spoil(next)
		}
		next.reply["id_token"] = next.token(t)
		p.serve("/token", next.reply)
		_, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: r.Token.RefreshToken, Previous: r.IDToken})
		require.ErrorIs(t, err, want)
	}
}

// The response types that a module is for.
func withAnyToken(t oauth.ResponseType) bool    { return t != oidc.ResponseTypeIDToken }
func codeFlows(t oauth.ResponseType) bool       { return returns(t, "code") }
func idTokenAndToken(t oauth.ResponseType) bool { return returns(t, "id_token") && returns(t, "token") }
func codeAndIDToken(t oauth.ResponseType) bool  { return returns(t, "code") && returns(t, "id_token") }

func TestConformanceModules(t *testing.T) {
	t.Parallel()
	for module, c := range conformance {
		for _, responseType := range responseTypes() {
			if c.only != nil && !c.only(responseType) {
				continue
			}
			for _, mode := range []oauth.ResponseMode{"", oauth.ResponseModeFormPost} {
				t.Run(strings.Join([]string{module, string(responseType), string(mode)}, " "), func(t *testing.T) {
					t.Parallel()
					tr, p := frontTrial(responseType), newProvider(t)
					tr.ask.ResponseMode = mode
					if c.change != nil {
						c.change(tr)
					}
					p.publish(tr.jwks...)
					client := p.client(tr.config)
					result, err := p.login(client, tr, "")
					if c.want != nil {
						require.ErrorIs(t, err, c.want)
						assert.Nil(t, result)
						return
					}
					require.NoError(t, err)
					if c.then != nil {
						c.then(t, p, client, tr, result)
					}
				})
			}
		}
	}
}

// oidcc-client-test-nonce-unless-code-flow: the request has a nonce wherever an ID token comes through the browser.
func TestConformanceNonceUnlessCodeFlow(t *testing.T) {
	t.Parallel()
	for _, responseType := range responseTypes() {
		for _, noNonce := range []bool{false, true} {
			tr := frontTrial(responseType)
			tr.config.AllowNoNonce = noNonce
			login, err := newProvider(t).client(tr.config).BeginLogin(t.Context(), tr.ask)
			if noNonce && returns(responseType, "id_token") {
				require.ErrorContains(t, err, "needs a nonce")
				continue
			}
			require.NoError(t, err)
			u, err := url.Parse(login.URL)
			require.NoError(t, err)
			assert.Equal(t, !noNonce, u.Query().Get("nonce") != "")
		}
	}
}

// oidcc-client-test-form-post-error: the error comes by form_post.
func TestConformanceFormPostError(t *testing.T) {
	t.Parallel()
	for _, responseType := range responseTypes() {
		result, sent, err := arrive(t, asks(responseType), formPost, arrival{params: onlyError})
		var refused *oauth.Error
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, oauth.AccessDenied, refused.Code)
		assert.Nil(t, result)
		assert.False(t, sent)
	}
}

// oidcc-client-test-3rd-party-init-login: the suite sends a GET with its issuer, a hint and a target, and wants a
// request with that hint.
func TestConformanceThirdPartyInitLogin(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	c := p.client(newTrial().config)
	r := initiated(values("iss", issuer, "login_hint", "certification", "target_link_uri", "https://app.example/"))["GET"]
	begun, err := c.ReadInitiation(t.Context(), r)
	require.NoError(t, err)
	login, err := c.BeginLogin(t.Context(), begun.Options)
	require.NoError(t, err)
	assert.Contains(t, login.URL, "login_hint=certification")
	tr := newTrial()
	p.answerCode(tr, login)
	_, err = c.CompleteLogin(t.Context(), login, callback(login, tr.answer(t, login).Encode()))
	require.NoError(t, err)
	_, err = c.ReadInitiation(t.Context(), initiated(values("iss", issuer+"1"))["GET"])
	require.ErrorIs(t, err, oauth.CheckIssuer, "the refused twin")
}

// oidcc-client-test-discovery-issuer-mismatch ends before there is a login.
func TestConformanceDiscoveryIssuerMismatch(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	document := metadata()
	document["issuer"] = issuer + "1"
	p.discover(document)
	login, err := p.client(newTrial().config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.DiscoveryIssuer)
	require.EqualError(t, err, `oauth: discovery refused (issuer): the document's issuer is "https://op.example1", want "https://op.example"`)
	assert.Nil(t, login)
}

// A server that cannot be reached does not refuse the user.
func TestNoAnswerIsNoRefusal(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	tr := newTrial()
	client := p.client(tr.config)
	login, err := client.BeginLogin(t.Context(), tr.ask)
	require.NoError(t, err)
	for name, reply := range map[string]func(*http.Request) (*http.Response, error){
		"timeout": func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded },
		"a page": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/html"}}, Body: http.NoBody}, nil
		},
	} {
		p.on("/token", reply)
		_, err = client.CompleteLogin(t.Context(), login, callback(login, "code=C1&state="+login.State))
		var token *oidc.TokenError
		var server *oauth.Error
		var came *oauth.CallbackError
		require.Error(t, err, name)
		assert.NotErrorAs(t, err, &token)
		assert.NotErrorAs(t, err, &server)
		assert.NotErrorAs(t, err, &came)
	}
	assert.Equal(t, 2, p.count("/token"))
	assert.Equal(t, now().Truncate(time.Second), login.CreatedAt)
}
