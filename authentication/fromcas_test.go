package authentication_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// A standard server, by CAS 3.0 and over a network.
func TestFromCASAStandardServer(t *testing.T) {
	t.Parallel()
	for _, form := range []castest.Attributes{castest.Elements, castest.Pairs, castest.Both} {
		idp := &authtest.Server{CASAttributes: form}
		srv := httptest.NewServer(idp)
		t.Cleanup(srv.Close)
		c, err := cas.NewClient(cas.Config{ServerURL: srv.URL + "/cas", Service: localBack, HTTPClient: srv.Client()})
		require.NoError(t, err)
		flow := authentication.FromCAS(c)
		login, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(login.URL, srv.URL+"/cas/login?"), login.URL)
		r, err := idp.Login(t.Context(), login.URL, idptest.Email)
		require.NoError(t, err)
		assert.Equal(t, login.Key, flow.LoginKey(r))
		id, err := flow.CompleteLogin(t.Context(), stored(t, login), r)
		require.NoError(t, err)
		assert.Equal(t, "cas "+srv.URL+"/cas "+idptest.Username, id.Protocol+" "+id.Key())
		assert.Equal(t, r.URL.Query().Get("ticket"), id.SessionID)
		assert.Equal(t, idptest.Email, id.Claims["email"])
		assert.Equal(t, "true", id.Claims["email_verified"], "XML is text")
		for _, protocol := range []string{"authenticationDate", "isFromNewLogin", "longTermAuthenticationRequestTokenUsed"} {
			assert.NotContains(t, id.Claims, protocol, "of the login, not of the user")
		}
		assert.Equal(t, id.Claims, stored(t, id).Claims)
		assert.Equal(t, 1, idp.Requests("/cas/p3/serviceValidate"))

		_, err = flow.CompleteLogin(t.Context(), login, r)
		require.ErrorIs(t, err, cas.InvalidTicket)
		assert.Equal(t, "denied", kind(err))
		_, err = flow.CompleteLogin(t.Context(), nil, r)
		assert.Equal(t, "refused", kind(err))
		other := stored(t, login)
		other.Protocol = "oidc"
		_, err = flow.CompleteLogin(t.Context(), other, r)
		assert.Equal(t, "refused", kind(err))
	}
}

// A login of another CAS server is not completed here.
func TestFromCASLoginAtAnotherServer(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	flow := f.standardCAS(t, nil)
	login, r := f.login(t, authentication.AuthorizeOptions{})
	_, err := flow.CompleteLogin(t.Context(), login, r)
	require.ErrorIs(t, err, cas.CheckLogin)
	assert.Equal(t, "refused", kind(err))
	assert.Empty(t, f.wire.sent)
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
}

// FromCAS checks the lifetime without a Client of this package.
func TestFromCASLoginLifetime(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		now := time.Unix(1700000000, 0)
		f := newFake(t, authentication.CAS{}, func(s *authtest.Server, _ *authentication.Options) { s.Now = func() time.Time { return now } })
		flow := f.standardCAS(t, func(c *cas.Config) { c.Now = func() time.Time { return now } })
		login, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		now = now.Add(time.Hour)
		r, err := f.Login(t.Context(), login.URL, idptest.Username)
		require.NoError(t, err)
		want := "none"
		if late {
			now, want = now.Add(time.Second), "refused"
		}
		_, err = flow.CompleteLogin(t.Context(), login, r)
		assert.Equal(t, want, kind(err), "%v", err)
	}
}

// A server that is configured by endpoints only is identified by its validation address, in an Identity and in a
// LogoutNotice.
func TestFromCASWithoutServerURL(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	const validate = mockHost + "/cas/p3/serviceValidate"
	flow := f.standardCAS(t, func(c *cas.Config) {
		c.ServerURL, c.Endpoints = "", cas.Endpoints{Login: mockHost + "/cas/login", P3ServiceValidate: validate}
	})
	login, r := f.loginWith(t, f.browser(t), flow, authentication.AuthorizeOptions{})
	id, err := flow.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	assert.Equal(t, validate+" "+idptest.Username, id.Key())
	const message = `<p:LogoutRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="LR-1" Version="2.0"><p:SessionIndex>ST-1</p:SessionIndex></p:LogoutRequest>`
	out := flow.(authentication.LogoutFlow)
	notice, err := out.ReceiveLogout(t.Context(), posted(strings.NewReader(url.Values{"logoutRequest": {message}}.Encode()), formType))
	require.NoError(t, err)
	assert.Equal(t, id.Issuer, notice.Issuer)
	_, err = out.BeginLogout(t.Context(), id, authentication.LogoutOptions{})
	require.ErrorContains(t, err, "Logout", "there is no such endpoint")
}

// CAS has no calls for tokens.
func TestFromCASHasNoTokens(t *testing.T) {
	t.Parallel()
	flow := newFake(t, authentication.CAS{}, nil).standardCAS(t, nil)
	_, tokens := flow.(authentication.TokenFlow)
	_, refreshes := flow.(authentication.RefreshFlow)
	assert.False(t, tokens || refreshes)
	assert.Empty(t, flow.LoginKey(nil))
	assert.Empty(t, flow.LoginKey(&http.Request{}))
}
