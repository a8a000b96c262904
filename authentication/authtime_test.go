package authentication_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

// When and how the user authenticated, by an ID token. A refresh keeps what its ID token leaves out; the class may change.
func TestAuthTimeOIDC(t *testing.T) {
	t.Parallel()
	s := newSigned(t, authentication.OIDC{}, "")
	id, err := s.login(t, nil)
	require.NoError(t, err)
	assert.Zero(t, id.AuthTime)
	assert.Empty(t, id.ACR)

	const began = int64(1690000000)
	id, err = s.login(t, map[string]any{"auth_time": began, "acr": "silver"})
	require.NoError(t, err)
	assert.Equal(t, began, id.AuthTime.Unix())
	assert.Equal(t, "silver", id.ACR)
	assert.True(t, id.AuthTime.Equal(stored(t, id).AuthTime))
	assert.Equal(t, "silver", stored(t, id).ACR)
	for _, c := range []struct {
		claims map[string]any
		acr    string
	}{{nil, "silver"}, {map[string]any{}, "silver"}, {map[string]any{"acr": "bronze", "auth_time": began}, "bronze"}} {
		s.reply(t, c.claims, nil)
		id, err = s.client.Refresh(t.Context(), stored(t, id))
		require.NoError(t, err)
		assert.Equal(t, began, id.AuthTime.Unix())
		assert.Equal(t, c.acr, id.ACR)
	}
}

// An assertion has both.
func TestAuthTimeSAML(t *testing.T) {
	t.Parallel()
	id, err := newSAML(t, authentication.SAML{}, nil).complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err)
	assert.WithinDuration(t, id.IssuedAt, id.AuthTime, time.Minute)
	assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified", id.ACR)
}

// A CAS server that does not say when: a login with Renew is no older than its beginning.
func TestAuthTimeCAS(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0).UTC()
	f := newFake(t, authentication.CAS{}, func(s *authtest.Server, o *authentication.Options) {
		o.Now = func() time.Time { return now }
		s.Now = o.Now
	})
	id, err := f.complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Zero(t, id.AuthTime)
	login, r := f.login(t, authentication.AuthorizeOptions{Renew: true})
	begun := now
	now = now.Add(time.Minute)
	id, err = f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	assert.Equal(t, begun, id.AuthTime.UTC())
	assert.Empty(t, id.ACR)
}

// A server of CAS 3.0 says when, also of a login by single sign-on.
func TestAuthTimeOfAStandardCAS(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0).UTC()
	clock := func() time.Time { return now }
	f := newFake(t, authentication.CAS{}, func(s *authtest.Server, _ *authentication.Options) { s.Now = clock })
	flow := f.standardCAS(t, func(c *cas.Config) { c.Now = clock })
	who := f.browser(t)
	for range 2 {
		login, r := f.loginWith(t, who, flow, authentication.AuthorizeOptions{})
		id, err := flow.CompleteLogin(t.Context(), login, r)
		require.NoError(t, err)
		assert.Equal(t, int64(1700000000), id.AuthTime.Unix())
		now = now.Add(time.Minute)
	}
}
