package authentication_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// What each protocol asks for, and what was given stays.
func TestStepUpOptions(t *testing.T) {
	t.Parallel()
	mfa := []string{"urn:mfa", "urn:key"}
	for name, c := range map[string]struct {
		p    authentication.Protocol
		age  time.Duration
		acr  []string
		want authentication.AuthorizeOptions
		kind string
	}{
		"OIDC":                    {authentication.OIDC{}, time.Minute, mfa, authentication.AuthorizeOptions{MaxAge: time.Minute, ACRValues: "urn:mfa urn:key"}, "none"},
		"OIDC, nothing":           {authentication.OIDC{}, 0, nil, authentication.AuthorizeOptions{}, "none"},
		"SAML":                    {authentication.SAML{EntityID: samlEntity}, time.Minute, mfa, authentication.AuthorizeOptions{MaxAge: time.Minute, ACRValues: "urn:mfa urn:key", Prompt: "login"}, "none"},
		"SAML, only classes":      {authentication.SAML{EntityID: samlEntity}, 0, mfa, authentication.AuthorizeOptions{ACRValues: "urn:mfa urn:key"}, "none"},
		"CAS":                     {authentication.CAS{}, time.Minute, nil, authentication.AuthorizeOptions{Renew: true}, "none"},
		"CAS, nothing":            {authentication.CAS{}, 0, nil, authentication.AuthorizeOptions{}, "none"},
		"CAS, classes":            {authentication.CAS{}, time.Minute, mfa, authentication.AuthorizeOptions{}, "misconfigured"},
		"OAuth":                   {authentication.OAuth{}, time.Minute, nil, authentication.AuthorizeOptions{}, "misconfigured"},
		"an age below a second":   {authentication.OIDC{}, time.Millisecond, nil, authentication.AuthorizeOptions{}, "misconfigured"},
		"a negative age":          {authentication.CAS{}, -time.Second, nil, authentication.AuthorizeOptions{}, "misconfigured"},
		"two classes in one text": {authentication.OIDC{}, 0, []string{"a b"}, authentication.AuthorizeOptions{}, "misconfigured"},
		"an empty class":          {authentication.SAML{EntityID: samlEntity}, 0, []string{""}, authentication.AuthorizeOptions{}, "misconfigured"},
	} {
		client := newTestClient(t, nil, with(c.p))
		given := authentication.AuthorizeOptions{RedirectURI: testBack, Extra: map[string][]string{"a": {"b"}}}
		got, err := client.StepUp(given, c.age, c.acr)
		require.Equal(t, c.kind, kind(err), "%s: %v", name, err)
		c.want.RedirectURI, c.want.Extra = given.RedirectURI, given.Extra
		if err == nil {
			assert.Equal(t, c.want, got, name)
		}
	}
}

// The options of StepUp begin a login, whose answer is refused when the user authenticated before (security I22, SAML-46).
func TestI22StepUpIsEnforced(t *testing.T) {
	t.Parallel()
	for _, age := range []time.Duration{59 * time.Second, 121 * time.Second} { // the skew is 60 s
		s := newSigned(t, authentication.OIDC{}, "")
		o, err := s.client.StepUp(authentication.AuthorizeOptions{}, time.Minute, nil)
		require.NoError(t, err)
		id, err := s.loginWith(t, o, map[string]any{"auth_time": s.now.Add(-age).Unix()})
		if age > 2*time.Minute {
			require.ErrorIs(t, err, oidc.CheckAuthTime)
			assert.Equal(t, "refused", kind(err))
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, s.now.Add(-age), id.AuthTime.Local())
	}
}

// A second login of a browser is single sign-on, unless the application asks for more.
func TestStepUpSAML(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0)
	clock := func() time.Time { return now }
	f := newFake(t, authentication.SAML{EntityID: samlEntity}, func(s *authtest.Server, o *authentication.Options) { s.Now, o.Now = clock, clock })
	who := f.browser(t)
	login := func(o authentication.AuthorizeOptions) (*authentication.Identity, error) {
		l, r := f.loginWith(t, who, f.client, o)
		return f.client.CompleteLogin(t.Context(), l, r)
	}
	first, err := login(authentication.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, now.Unix(), first.AuthTime.Unix())

	now = now.Add(time.Hour)
	_, err = login(authentication.AuthorizeOptions{MaxAge: time.Minute})
	require.ErrorIs(t, err, saml.CheckAuthn, "the session at the server is older")
	o, err := f.client.StepUp(authentication.AuthorizeOptions{}, time.Minute, nil)
	require.NoError(t, err)
	id, err := login(o)
	require.NoError(t, err)
	assert.Equal(t, now.Unix(), id.AuthTime.Unix())
}
