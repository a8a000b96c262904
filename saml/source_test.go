package saml_test

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// another is a second identity provider.
func another() *metadata.IDP {
	p := provider()
	p.EntityID = "https://other.example/metadata"
	return p
}

// sourceFunc is a source that a user wrote.
type sourceFunc func(ctx context.Context, entityID string) (*metadata.IDP, error)

func (f sourceFunc) IDP(ctx context.Context, entityID string) (*metadata.IDP, error) {
	return f(ctx, entityID)
}

// The client checks what a source returns.
func TestSourcesAreNotTrustedBlindly(t *testing.T) {
	t.Parallel()
	errDown := errors.New("the database is down")
	for name, c := range map[string]struct {
		change func(*metadata.IDP) *metadata.IDP
		err    error
		http   bool
		error  string
		is     error
	}{
		"good":           {func(p *metadata.IDP) *metadata.IDP { return p }, nil, false, "", nil},
		"ends later":     {func(p *metadata.IDP) *metadata.IDP { p.ValidUntil = noon.Add(1); return p }, nil, false, "", nil},
		"ended":          {func(p *metadata.IDP) *metadata.IDP { p.ValidUntil = noon; return p }, nil, false, `saml: metadata (expired) of "https://idp.example/metadata": ValidUntil is past`, metadata.CheckExpired},
		"nothing":        {func(*metadata.IDP) *metadata.IDP { return nil }, nil, false, `saml: metadata (configuration) of "https://idp.example/metadata": the IDPSource returned neither an identity provider nor an error`, metadata.CheckConfig},
		"another":        {func(*metadata.IDP) *metadata.IDP { return another() }, nil, false, `saml: metadata (entity) of "https://idp.example/metadata": the IDPSource returned another identity provider`, metadata.CheckEntity},
		"without a name": {func(p *metadata.IDP) *metadata.IDP { p.EntityID = ""; return p }, nil, false, `saml: metadata (entity) of "https://idp.example/metadata": the IDPSource returned another identity provider`, metadata.CheckEntity},
		"fails":          {nil, errDown, false, `saml: metadata (source) of "https://idp.example/metadata": the IDPSource failed: the database is down`, errDown},
		"unknown":        {nil, metadata.CheckUnknown, false, `saml: metadata (unknown) of "https://idp.example/metadata": the IDPSource does not know it`, metadata.CheckUnknown},
		"http":           {func(p *metadata.IDP) *metadata.IDP { p.SSO[0].Location = "http://idp.example/sso"; return p }, nil, false, `saml: metadata (endpoint) of "https://idp.example/metadata": an endpoint: Location must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)`, metadata.CheckEndpoint},
		"http allowed":   {func(p *metadata.IDP) *metadata.IDP { p.SSO[0].Location = "http://idp.example/sso"; return p }, nil, true, "", nil},
		"a script": {func(p *metadata.IDP) *metadata.IDP {
			p.SLO = []metadata.Endpoint{{Location: "javascript:alert(1)"}}
			return p
		}, nil, true, `saml: metadata (endpoint) of "https://idp.example/metadata": an endpoint: Location must be an absolute URL such as https://example.com`, metadata.CheckEndpoint},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := sp(t, func(cfg *saml.Config) {
				cfg.InsecureAllowHTTP = c.http
				cfg.IDP = sourceFunc(func(context.Context, string) (*metadata.IDP, error) {
					if c.err != nil {
						return nil, c.err
					}
					return c.change(provider()), nil
				})
			})
			login, err := client.BeginLogin(t.Context(), saml.AuthorizeOptions{IDP: idpID})
			if c.error == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, c.error)
			assert.Nil(t, login)
			var bad *metadata.Error
			require.ErrorAs(t, err, &bad)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
		})
	}
}

// only is a source that answers with the same identity provider to every entity ID.
type only struct{ p *metadata.IDP }

func (o only) IDP(context.Context, string) (*metadata.IDP, error) { return o.p, nil }

func TestSourceOfTheNameless(t *testing.T) {
	t.Parallel()
	p := provider()
	p.EntityID = ""
	_, err := sp(t, func(c *saml.Config) { c.IDP = only{p} }).BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.ErrorIs(t, err, metadata.CheckEntity)
	_, err = sp(t, func(c *saml.Config) { c.IDP = only{provider()} }).BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.NoError(t, err, "the accepted twin")
}

// A login or logout keeps the name of its identity provider. When the source no longer knows it, the metadata has
// changed, and the message in the browser's hands is not at fault. A name that a message brought is.
func TestIdentityProviderThatIsGone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"https://gone.example/", "https://third.example/"} {
		m := signedBoth()
		m.login = func(l *saml.Login) { l.IDP = name }
		got, err := m.complete(t)
		require.EqualError(t, err, `saml: metadata (unknown) of "`+name+`": the IDPSource does not know it`)
		var bad *metadata.Error
		require.ErrorAs(t, err, &bad)
		assert.Equal(t, metadata.CheckUnknown, bad.Check)
		var refused *saml.InvalidError
		require.NotErrorAs(t, err, &refused)
		assert.Nil(t, got)
	}
	_, err := signedBoth().complete(t)
	require.NoError(t, err, "the accepted twin")
}

// Bad metadata at the end of a login is an outage, whether the login began here or at the identity provider.
func TestMetadataOutageAtTheEndOfALogin(t *testing.T) {
	t.Parallel()
	public := publicRSA(t, "idp")
	good := saml.OutageDocument(public)
	for began, first := range map[string]func() message{"here": signedBoth, "there": func() message { return unasked() }} {
		complete := func(o saml.Outage) (*saml.Assertion, error) {
			m := first()
			with(func(c *saml.Config) {
				source, err := o.Source(good, public, c.Now)
				require.NoError(t, err)
				c.IDP = source
			})(&m)
			return m.complete(t)
		}
		for kind, outage := range saml.Outages() {
			t.Run(kind+"/"+began, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { // for the pauses between retries
					got, err := complete(outage)
					var bad *metadata.Error
					require.ErrorAs(t, err, &bad)
					assert.Equal(t, outage.Check, bad.Check, "%v", err)
					var refused *saml.InvalidError
					require.NotErrorAs(t, err, &refused)
					assert.Nil(t, got)
					_, err = complete(saml.Outage{})
					require.NoError(t, err, "the accepted twin")
				})
			})
		}
	}
}

// The end of the caller's context is the caller's, and no fault of the metadata.
func TestSourceWhoseCallerLeaves(t *testing.T) {
	t.Parallel()
	errDown := errors.New("the database is down")
	for name, row := range map[string]struct {
		leaves bool
		err    error
		typed  bool
	}{
		"the caller leaves":                   {true, context.Canceled, false},
		"the source fails when a caller left": {true, errDown, true},
		"the source gives up by itself":       {false, context.DeadlineExceeded, true},
	} {
		client := sp(t, func(cfg *saml.Config) {
			cfg.IDP = sourceFunc(func(context.Context, string) (*metadata.IDP, error) { return nil, fmt.Errorf("source: %w", row.err) })
		})
		ctx, cancel := context.WithCancel(t.Context())
		if row.leaves {
			cancel()
		}
		_, err := client.BeginLogin(ctx, saml.AuthorizeOptions{})
		require.ErrorIs(t, err, row.err, name)
		var bad *metadata.Error
		assert.Equal(t, row.typed, errors.As(err, &bad), name)
		cancel()
	}
}

// A source of the application's own that cannot look for newer keys leaves a bad signature what it is, and says why.
func TestRefreshOfAnOwnSourceFails(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		fresh *metadata.IDP
		err   error
		check metadata.Check // empty when the source did answer
	}{
		"it fails":                    {nil, errors.New("the database is down"), metadata.CheckSource},
		"it no longer knows the name": {nil, metadata.CheckUnknown, metadata.CheckUnknown},
		"it returns nothing":          {nil, nil, metadata.CheckConfig},
		"it returns another":          {another(), nil, metadata.CheckEntity},
		"it has no newer keys":        {provider(), nil, ""},
	} {
		p := provider()
		p.Keys = []crypto.PublicKey{spKey().Public()}
		if row.check == "" {
			row.fresh.Keys = p.Keys
		}
		client := sp(t, func(c *saml.Config) { c.IDP = renewed{only{p}, row.fresh, row.err} })
		login := begin(t, client, saml.AuthorizeOptions{})
		_, err := client.CompleteLogin(t.Context(), login, answerTo(login).request())
		require.ErrorIs(t, err, saml.CheckSignature, name)
		var bad *metadata.Error
		if row.check == "" {
			require.NotErrorAs(t, err, &bad, name)
			continue
		}
		require.ErrorAs(t, err, &bad, name)
		assert.Equal(t, row.check, bad.Check, name)
	}
	old := provider()
	old.Keys = []crypto.PublicKey{spKey().Public()}
	client := sp(t, func(c *saml.Config) { c.IDP = renewed{only{old}, provider(), nil} })
	login := begin(t, client, saml.AuthorizeOptions{})
	_, err := client.CompleteLogin(t.Context(), login, answerTo(login).request())
	require.NoError(t, err, "the accepted twin")
}

// renewed is a source that answers otherwise when it is asked for newer keys.
type renewed struct {
	only
	fresh *metadata.IDP
	err   error
}

func (r renewed) Refresh(context.Context, string) (*metadata.IDP, error) { return r.fresh, r.err }
