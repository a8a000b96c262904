package authentication_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// hostile is a fault of the server and the result of a login.
type hostile struct {
	fault idptest.Fault
	kind  string
	cause error // found by errors.Is; nil is any
}

// at makes a fake whose ID tokens are signed as p configures.
func at(t *testing.T, p authentication.Protocol) *fake {
	t.Helper()
	return newFake(t, p, func(s *authtest.Server, _ *authentication.Options) {
		if protocol, ok := p.(authentication.OIDC); ok {
			s.IDTokenSigningAlg = protocol.IDTokenSigningAlg
		}
	})
}

// run logs in twice: without the fault, and then with it.
func (h hostile) run(t *testing.T, f *fake, o authentication.AuthorizeOptions) {
	t.Helper()
	f.Break()
	id, err := f.complete(t, o)
	require.NoError(t, err)
	require.Equal(t, idptest.Subject, id.Subject)

	f.Break(h.fault)
	login, err := f.client.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	r, err := f.Login(t.Context(), login.URL, idptest.Username)
	require.NoError(t, err)
	id, err = f.client.CompleteLogin(t.Context(), login, r)
	require.Error(t, err, "%s", h.fault)
	assert.Equal(t, h.kind, kind(err), "%s: %v", h.fault, err)
	if h.cause != nil {
		require.ErrorIs(t, err, h.cause, "%s", h.fault)
	}
	assert.Nil(t, id)
	checkQuiet(t, err, f, login, r)
}

// checkQuiet: no code, state, ticket, verifier, token or secret in the error.
func checkQuiet(t *testing.T, err error, f *fake, login *authentication.Login, r *http.Request) {
	t.Helper()
	secrets := []string{authtest.Secret, login.Key, r.URL.Query().Get("code"), r.URL.Query().Get("state"), r.URL.Query().Get("ticket")}
	for _, s := range f.wire.sent {
		form, formErr := url.ParseQuery(s.body)
		require.NoError(t, formErr)
		secrets = append(secrets, form.Get("code_verifier"), strings.TrimPrefix(s.Header.Get("Authorization"), "Bearer "))
	}
	for _, secret := range secrets {
		if secret != "" {
			assert.NotContains(t, err.Error(), secret)
		}
	}
}

func TestHostileIDTokens(t *testing.T) {
	t.Parallel()
	f := at(t, authentication.OIDC{})
	for _, h := range []hostile{
		{oidctest.ExpiredIDToken, "refused", oidc.CheckExpired},
		{oidctest.FutureIDToken, "refused", oidc.CheckIssuedAt},
		{oidctest.WrongAudience, "refused", oidc.CheckAudience},
		{oidctest.WrongIssuer, "refused, misconfigured", oidc.CheckIssuer},
		{oidctest.WrongAuthorizedParty, "refused", oidc.CheckAuthorized},
		{oidctest.WrongNonce, "refused", oidc.CheckNonce},
		{oidctest.MissingNonce, "refused", oidc.CheckNonce},
		{oidctest.MissingSubject, "refused", oidc.CheckSubject},
		{oidctest.WrongAtHash, "refused", oidc.CheckAtHash},
		{oidctest.AlgNone, "refused, misconfigured", oidc.CheckAlgorithm},
		{oidctest.BadSignature, "refused", oidc.CheckSignature},
		{oidctest.SwappedKey, "refused", oidc.CheckSignature},
	} {
		h.run(t, f, authentication.AuthorizeOptions{})
	}
	hostile{oidctest.OldAuthTime, "refused", oidc.CheckAuthTime}.run(t, f, authentication.AuthorizeOptions{MaxAge: time.Hour})
	// The code flow has no c_hash and no discovery, so those faults do not apply.
	for _, without := range []idptest.Fault{oidctest.WrongCHash, oidctest.WrongDiscoveryIssuer, oidctest.ExpiredAccessToken} {
		f.Break(without)
		_, err := f.complete(t, authentication.AuthorizeOptions{})
		require.NoError(t, err, without)
	}
}

func TestHostileCallbacks(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		f := at(t, p)
		for _, h := range []hostile{
			{idptest.WrongState, "refused", oauth.CheckState},
			{idptest.NoState, "refused", oauth.CheckState},
			{idptest.RepeatedParameter, "refused", oauth.CheckRepeated},
			{oidctest.WrongIssParameter, "refused, misconfigured", oauth.CheckIssuer},
		} {
			h.run(t, f, authentication.AuthorizeOptions{})
		}
	}
}

// A fault of the connection is a missing answer: neither refused nor denied.
func TestHostileExchanges(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{UserInfo: true}, authentication.OAuth{}} {
		f := at(t, p)
		for _, path := range []string{"/token", "/me"} {
			path = "/" + p.Name() + path
			for _, h := range []hostile{
				{idptest.HTML.At(path), "no answer", nil},
				{idptest.Redirect.At(path), "no answer", nil},
				{idptest.ServerError.At(path), "no answer", nil},
				{idptest.Unavailable.At(path), "no answer", nil},
				{idptest.Oversized.At(path), "no answer", nil},
				{idptest.BrokenJSON.At(path), "no answer", nil},
				{idptest.ErrorOn200.At(path), "no answer", oauth.ErrorCode("400")},
			} {
				h.run(t, f, authentication.AuthorizeOptions{})
			}
		}
		hostile{oidctest.MissingAccessToken, "no answer", nil}.run(t, f, authentication.AuthorizeOptions{})
	}
}

func TestHostileUnavailableIsTyped(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OIDC{}, nil)
	login, r := f.login(t, authentication.AuthorizeOptions{})
	f.Break(idptest.Unavailable)
	_, err := f.client.CompleteLogin(t.Context(), login, r)
	var server *oauth.Error
	require.ErrorAs(t, err, &server)
	assert.Equal(t, http.StatusServiceUnavailable, server.StatusCode)
	assert.Equal(t, 7*time.Second, server.RetryAfter)
	assert.True(t, server.Temporary())
	assert.NotZero(t, f.Requests("/oidc/token"))
	assert.Zero(t, f.Requests("/redirected"))
}

// Keys that cannot be fetched are a missing answer; a key that is not in the set is the token's fault.
func TestHostileKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // for the second in which a failure is kept
		const jwks = "/oidc/.well-known/jwks.json"
		f := at(t, authentication.OIDC{IDTokenSigningAlg: "RS256"})
		for _, fault := range []idptest.Fault{idptest.HTML.At(jwks), idptest.Redirect.At(jwks), idptest.BrokenJSON.At(jwks)} {
			f.Break()
			login, r := f.login(t, authentication.AuthorizeOptions{})
			f.Break(fault)
			_, err := f.client.CompleteLogin(t.Context(), login, r)
			assert.Equal(t, "no answer", kind(err), "%s: %v", fault, err)
			time.Sleep(time.Second)
		}
		f.Break()
		_, err := f.complete(t, authentication.AuthorizeOptions{})
		require.NoError(t, err, "the failure is not kept for longer")
		hostile{oidctest.SwappedKey, "refused", oidc.CheckSignature}.run(t, f, authentication.AuthorizeOptions{})
		require.NoError(t, f.RotateKeys())
		f.Break(oidctest.StaleJWKS)
		_, err = f.complete(t, authentication.AuthorizeOptions{})
		require.ErrorIs(t, err, oidc.CheckKey)
		assert.Equal(t, "refused", kind(err))
	})
}

// Security U1: user info of another user. An OAuth login has nothing to compare it with, except the access token of
// the login.
func TestU1WrongSubject(t *testing.T) {
	t.Parallel()
	hostile{oidctest.WrongSubject, "refused", oauth.ErrSubject}.run(t, at(t, authentication.OIDC{UserInfo: true}), authentication.AuthorizeOptions{})
	f := newFake(t, authentication.OIDC{}, nil)
	f.Break(oidctest.WrongSubject)
	id, err := f.complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err, "user info is not fetched")
	assert.Equal(t, idptest.Subject, id.Subject)
	assert.Zero(t, f.Requests("/oidc/me"))
}
