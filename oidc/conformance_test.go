package oidc_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// conformance are the modules of the OpenID conformance suite's plans for relying parties, by their names there:
// oidcc-client-basic, -config and -refreshtoken. Each is a complete login.
var conformance = map[string]struct {
	change change
	want   error // nil: the login must be accepted
	then   func(t *testing.T, p *provider, c *oidc.Client, r *oidc.Result)
}{
	"oidcc-client-test":                        {},
	"oidcc-client-test-invalid-iss":            {change: set("iss", issuer+"1"), want: oidc.CheckIssuer},
	"oidcc-client-test-missing-sub":            {change: set("sub", nil), want: oidc.CheckSubject},
	"oidcc-client-test-invalid-aud":            {change: set("aud", clientID+"1"), want: oidc.CheckAudience},
	"oidcc-client-test-missing-iat":            {change: set("iat", nil), want: oidc.CheckIssuedAt},
	"oidcc-client-test-kid-absent-single-jwks": {change: func(tr *trial) { delete(tr.header, "kid") }},
	"oidcc-client-test-kid-absent-multiple-jwks": {change: func(tr *trial) {
		delete(tr.header, "kid")
		tr.jwks = []any{jwk("other"), jwk("rsa")}
	}},
	"oidcc-client-test-idtoken-sig-rs256": {},
	"oidcc-client-test-idtoken-sig-none":  {change: func(tr *trial) { tr.alg = "none" }, want: oidc.CheckAlgorithm},
	"oidcc-client-test-invalid-sig-rs256": {change: reworked(flipLast), want: oidc.CheckSignature},
	"oidcc-client-test-invalid-sig-es256": {change: func(tr *trial) { signedBy("ES256")(tr); tr.rework = flipLast }, want: oidc.CheckSignature},
	"oidcc-client-test-invalid-sig-hs256": {change: func(tr *trial) { hmac("HS256")(tr); tr.rework = flipLast }, want: oidc.CheckSignature},
	"oidcc-client-test-missing-aud":       {change: set("aud", nil), want: oidc.CheckAudience},
	"oidcc-client-test-nonce-invalid":     {change: set("nonce", "another"), want: oidc.CheckNonce},
	"oidcc-client-test-userinfo-bearer-header": {then: func(t *testing.T, p *provider, c *oidc.Client, r *oidc.Result) {
		require.NoError(t, askMe(t.Context(), p, c, r, r.IDToken.Subject, oauth.InHeader))
		assert.Equal(t, "Bearer "+accessToken, p.request("/me").Header.Get("Authorization"))
	}},
	"oidcc-client-test-userinfo-bearer-body": {then: func(t *testing.T, p *provider, c *oidc.Client, r *oidc.Result) {
		require.NoError(t, askMe(t.Context(), p, c, r, r.IDToken.Subject, oauth.InBody))
		assert.Equal(t, accessToken, p.form("/me").Get("access_token"))
	}},
	"oidcc-client-test-userinfo-invalid-sub": {then: func(t *testing.T, p *provider, c *oidc.Client, r *oidc.Result) {
		require.ErrorIs(t, askMe(t.Context(), p, c, r, "somebody-else", oauth.InHeader), oauth.ErrSubject)
	}},
	"oidcc-client-test-scope-userinfo-claims": {
		change: func(tr *trial) { tr.ask.Scope = "openid profile email phone address" },
		then: func(t *testing.T, p *provider, c *oidc.Client, r *oidc.Result) {
			p.serve("/me", map[string]any{
				"sub": r.IDToken.Subject, "name": "Jane", "email": "jane@example.com", "phone_number": "+1", "address": map[string]any{"country": "CN"},
			})
			u, err := c.GetUserInfoByAccessToken(t.Context(), accessToken, oauth.UserInfoOptions{Subject: r.IDToken.Subject})
			require.NoError(t, err)
			assert.Equal(t, []string{"Jane", "jane@example.com", "+1", "CN"}, []string{u.Name, u.Email, u.PhoneNumber, u.Address.Country})
		},
	},
	"oidcc-client-test-client-secret-basic": {then: func(t *testing.T, p *provider, _ *oidc.Client, _ *oidc.Result) {
		id, secret, ok := p.request("/token").BasicAuth()
		assert.Equal(t, []any{clientID, clientSecret, true}, []any{id, secret, ok})
	}},
	"oidcc-client-test-discovery-openid-config": {then: func(t *testing.T, p *provider, _ *oidc.Client, _ *oidc.Result) {
		assert.Equal(t, 1, p.count(wellKnown))
	}},
	"oidcc-client-test-discovery-jwks-uri-keys": {then: func(t *testing.T, p *provider, _ *oidc.Client, _ *oidc.Result) {
		assert.Equal(t, 1, p.count("/jwks"))
	}},
	"oidcc-client-test-signing-key-rotation": {then: func(t *testing.T, p *provider, c *oidc.Client, _ *oidc.Result) {
		next := newTrial()
		next.key, next.header["kid"] = keys()["other"], "other"
		p.publish(jwk("other"), jwk("rsa"))
		_, err := p.login(c, next, "")
		require.NoError(t, err)
	}},
	"oidcc-client-test-signing-key-rotation-just-before-signing": {then: func(t *testing.T, p *provider, c *oidc.Client, _ *oidc.Result) {
		next := newTrial()
		next.key, next.header["kid"] = keys()["other"], "other"
		login, err := c.BeginLogin(t.Context(), next.ask)
		require.NoError(t, err)
		p.publish(jwk("other"))
		p.answerCode(next, login)
		_, err = c.CompleteLogin(t.Context(), login, callback(login, "code=C1&state="+login.State))
		require.NoError(t, err)
	}},
	"oidcc-client-test-refresh-token":                {change: withRefreshToken, then: refreshed(nil, nil)},
	"oidcc-client-test-refresh-token-invalid-issuer": {change: withRefreshToken, then: refreshed(set("iss", issuer+"1"), oidc.CheckIssuer)},
	"oidcc-client-test-refresh-token-invalid-sub":    {change: withRefreshToken, then: refreshed(set("sub", "other"), oidc.CheckSubject)},
}

func withRefreshToken(tr *trial) { tr.reply["refresh_token"] = "RT1" }

func askMe(ctx context.Context, p *provider, c *oidc.Client, r *oidc.Result, sub string, where oauth.TokenPlacement) error {
	p.serve("/me", map[string]any{"sub": sub})
	_, err := c.GetUserInfoByAccessToken(ctx, r.Token.AccessToken, oauth.UserInfoOptions{Subject: r.IDToken.Subject, Placement: where})
	return err
}

func refreshed(spoil change, want error) func(*testing.T, *provider, *oidc.Client, *oidc.Result) {
	return func(t *testing.T, p *provider, c *oidc.Client, r *oidc.Result) {
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

func TestConformanceModules(t *testing.T) {
	t.Parallel()
	for module, c := range conformance {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			tr, p := newTrial(), newProvider(t)
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
				c.then(t, p, client, result)
			}
		})
	}
}

// oidcc-client-test-discovery-issuer-mismatch ends before there is a login.
func TestConformanceDiscoveryIssuerMismatch(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	document := metadata()
	document["issuer"] = issuer + "1"
	p.discover(document)
	login, err := p.client(newTrial().config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.EqualError(t, err, `oidc: discovery: the document's issuer is "https://op.example1", want "https://op.example"`)
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
