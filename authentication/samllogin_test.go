package authentication_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

const (
	samlEntity = "https://app.example/saml"
	samlSLO    = "http://localhost:3000/saml/slo"
)

// newSAML is a client that is registered at its fake Authing as a service provider.
func newSAML(t testing.TB, p authentication.SAML, change func(*authtest.Server, *samltest.App)) *fake {
	t.Helper()
	p.EntityID = samlEntity
	return newFake(t, p, func(s *authtest.Server, _ *authentication.Options) {
		app := samltest.App{EntityID: samlEntity, ACSURLs: append([]string{localBack}, p.MoreACSURLs...), SLOURL: p.SLOURL}
		if len(p.Keys) > 0 {
			app.Key = p.Keys[0].Signer.Public()
		}
		if change != nil {
			change(s, &app)
		}
		s.SAMLApps = []samltest.App{app}
	})
}

func samlKey(t testing.TB) saml.Key {
	t.Helper()
	return saml.Key{Signer: fakeSigner()}
}

// With an ECDSA key requests are posted, since servers do not agree on the form of its signature in a redirect.
func TestSAMLByECDSA(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	f := newSAML(t, authentication.SAML{SLOURL: samlSLO, Keys: []saml.Key{{Signer: key}}}, func(_ *authtest.Server, a *samltest.App) { a.DemandSigned = true })
	browser, err := f.Browser(idptest.Username)
	require.NoError(t, err)
	login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	require.NotNil(t, login.Form)
	r, err := browser.Open(t.Context(), login.URL, login.Form)
	require.NoError(t, err)
	id, err := f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	out, err := f.client.BeginLogout(t.Context(), id, authentication.LogoutOptions{})
	require.NoError(t, err)
	require.NotNil(t, out.Form)
	back, err := browser.Open(t.Context(), out.URL, out.Form)
	require.NoError(t, err)
	require.NoError(t, f.client.CompleteLogout(t.Context(), out, back))
}

func TestSAMLLogin(t *testing.T) {
	t.Parallel()
	decrypter := fakeDecrypter()
	for name, change := range map[string]func(*authtest.Server, *samltest.App){
		"as at Authing": nil,
		"response":      func(_ *authtest.Server, a *samltest.App) { a.Sign = samltest.SignResponse },
		"both":          func(_ *authtest.Server, a *samltest.App) { a.Sign = samltest.SignBoth },
		"encrypted":     func(_ *authtest.Server, a *samltest.App) { a.EncryptionKey = &decrypter.PublicKey },
		"signed requests demanded": func(_ *authtest.Server, a *samltest.App) {
			a.DemandSigned = true
		},
		"signed metadata": func(s *authtest.Server, _ *samltest.App) { s.SignSAMLMetadata = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newSAML(t, authentication.SAML{Keys: []saml.Key{samlKey(t), {Decrypter: decrypter}}}, change)
			login, r := f.login(t, authentication.AuthorizeOptions{})
			assert.True(t, login.FormPost)
			assert.True(t, strings.HasPrefix(login.URL, mockHost+"/api/v2/saml-idp/"+authtest.AppID+"?SAMLRequest="), login.URL)
			id, err := f.client.CompleteLogin(t.Context(), login, r)
			require.NoError(t, err)
			assert.Equal(t, "saml "+mockHost+" "+idptest.Username, id.Protocol+" "+id.Key())
			assert.NotEmpty(t, id.SessionID)
			assert.Equal(t, idptest.Email, id.Claims["email"])
			assert.Nil(t, id.Token)
			assert.Equal(t, id, stored(t, id), "it can be stored")
			assert.Equal(t, 1, f.Requests("/api/v2/saml-idp/"+authtest.AppID+"/metadata"))

			_, r = f.login(t, authentication.AuthorizeOptions{})
			_, err = f.client.CompleteLogin(t.Context(), login, r)
			require.ErrorIs(t, err, saml.CheckRelayState)
			assert.Equal(t, "refused", kind(err))
		})
	}
}

// The options that SAML shares with the other protocols.
func TestSAMLOptions(t *testing.T) {
	t.Parallel()
	const other = "http://localhost:3000/other/acs"
	f := newSAML(t, authentication.SAML{MoreACSURLs: []string{other}}, nil)
	login, r := f.login(t, authentication.AuthorizeOptions{RedirectURI: other, Prompt: "login", MaxAge: time.Hour, IDP: mockHost})
	assert.Equal(t, other, r.URL.String())
	_, err := f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)

	login, r = f.login(t, authentication.AuthorizeOptions{Prompt: "none"})
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	require.ErrorIs(t, err, saml.NoPassive)
	assert.Equal(t, "denied", kind(err))

	for want, o := range map[string]authentication.AuthorizeOptions{
		`authentication: AuthorizeOptions.Prompt must be login or none in SAML, not "consent"`: {Prompt: "consent"},
		"authentication: AuthorizeOptions.Scope is not an option of this protocol":             {Scope: "openid"},
		"authentication: AuthorizeOptions.State is not an option of this protocol":             {State: "s"},
	} {
		_, err := f.client.BeginLogin(t.Context(), o)
		assert.EqualError(t, err, want)
	}
	_, err = f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{RedirectURI: "http://localhost:3000/stranger"})
	assert.ErrorContains(t, err, "AuthorizeOptions.RedirectURI")
	_, err = f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{IDP: "https://other.example"})
	assert.ErrorIs(t, err, metadata.CheckUnknown)

	login, r = f.login(t, authentication.AuthorizeOptions{ACRValues: "urn:a urn:b"})
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	assert.Error(t, err, "the fake knows no such class")

	link, err := f.client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{State: "deep"})
	require.NoError(t, err)
	assert.Contains(t, link, "&RelayState=deep")
}

// The application sets Skew.
func TestSAMLSkew(t *testing.T) {
	t.Parallel()
	for skew, want := range map[time.Duration]string{0: "refused", 3 * time.Minute: "none"} {
		ahead := time.Duration(0)
		f := newFake(t, authentication.SAML{EntityID: samlEntity, Skew: skew}, func(s *authtest.Server, _ *authentication.Options) {
			s.Now = func() time.Time { return time.Now().Add(ahead) }
			s.SAMLApps = []samltest.App{{EntityID: samlEntity, ACSURLs: []string{localBack}}}
		})
		ahead = 2 * time.Minute
		_, err := f.complete(t, authentication.AuthorizeOptions{})
		assert.Equal(t, want, kind(err), "%v", err)
	}
}

// SAML-50: a changed unsigned request cannot bring another NameIDFormat.
func TestSAML50NameIDFormat(t *testing.T) {
	t.Parallel()
	for _, allowed := range []bool{true, false} {
		f := newSAML(t, authentication.SAML{NameIDFormat: saml.NameIDPersistent, AllowUnsolicited: true}, func(_ *authtest.Server, a *samltest.App) {
			if allowed { // the default format
				a.NameIDFormat = samltest.Persistent
			}
		})
		id, err := f.complete(t, authentication.AuthorizeOptions{})
		require.NoError(t, err)
		assert.NotEqual(t, idptest.Username, id.Subject)
		r, err := f.Login(t.Context(), mockHost+"/api/v2/saml-idp/"+authtest.AppID, idptest.Username)
		require.NoError(t, err)
		_, err = f.client.CompleteLogin(t.Context(), nil, r)
		if allowed {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, saml.CheckNameID)
		}
	}
}

// The two links of Authing's page, and incomplete configurations.
func TestSAMLLinks(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.SAML{}, nil)
	link, err := f.client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, mockHost+"/api/v2/saml-idp/"+authtest.AppID, link)
	_, err = f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	assert.EqualError(t, err, "authentication: BeginLogin is not a call of protocol saml without SAML.EntityID: unsupported operation")

	for want, p := range map[string]authentication.SAML{
		"authentication: SAML.EntityID is not set, so the other fields of SAML must not be set": {SLOURL: samlSLO},
		"authentication: SAML.MetadataKeys is not used with SAML.IDP":                           {EntityID: "e", IDP: metadata.NewList(), MetadataKeys: []crypto.PublicKey{"k"}},
		"authentication: RedirectURI is not set":                                                {EntityID: "e"},
	} {
		o := authentication.Options{AppID: authtest.AppID, AppHost: mockHost, RedirectURI: localBack, Protocol: p}
		if p.SLOURL == "" && p.IDP == nil {
			o.RedirectURI = ""
		}
		_, err := authentication.NewClient(o)
		assert.EqualError(t, err, want)
	}
}

// An unsolicited login (SAML-48).
func TestSAML48Unsolicited(t *testing.T) {
	t.Parallel()
	for allowed, want := range map[bool]string{true: "none", false: "refused"} {
		f := newSAML(t, authentication.SAML{AllowUnsolicited: allowed}, nil)
		r, err := f.Login(t.Context(), mockHost+"/api/v2/saml-idp/"+authtest.AppID, idptest.Username)
		require.NoError(t, err)
		assert.Empty(t, f.client.LoginKey(r))
		again := copyOf(t, r)
		id, err := f.client.CompleteLogin(t.Context(), nil, r)
		assert.Equal(t, want, kind(err))
		assert.Equal(t, allowed, id != nil)
		_, err = f.client.CompleteLogin(t.Context(), nil, again)
		assert.Equal(t, "refused", kind(err), "once")

		// A response to a request needs its Login, even when unsolicited responses are allowed.
		_, asked := f.login(t, authentication.AuthorizeOptions{})
		_, err = f.client.CompleteLogin(t.Context(), nil, asked)
		assert.Equal(t, "refused", kind(err))
	}
}

// copyOf is the same POST again.
func copyOf(t testing.TB, r *http.Request) *http.Request {
	t.Helper()
	again := r.Clone(t.Context())
	body, err := r.GetBody()
	require.NoError(t, err)
	again.Body = body
	return again
}

// SAML-49, SAML-47: the same response again, in the same browser and with a new login.
func TestSAML49Replay(t *testing.T) {
	t.Parallel()
	f := newSAML(t, authentication.SAML{}, nil)
	login, r := f.login(t, authentication.AuthorizeOptions{})
	again := copyOf(t, r)
	_, err := f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	_, err = f.client.CompleteLogin(t.Context(), login, again)
	require.ErrorIs(t, err, saml.CheckReplay)
	assert.Equal(t, "refused", kind(err))
}

// A server that cannot be reached is a missing answer, and the failure is not kept.
func TestSAMLNoAnswer(t *testing.T) {
	t.Parallel()
	dead := true
	f := newFake(t, authentication.SAML{EntityID: samlEntity}, func(_ *authtest.Server, o *authentication.Options) {
		alive := o.HTTPClient.Transport
		o.HTTPClient = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			if dead {
				return nil, errors.New("no route to host")
			}
			return alive.RoundTrip(r)
		})}
		now := time.Now()
		o.Now = func() time.Time { now = now.Add(11 * time.Second); return now } // the cool-down of a failed fetch
	})
	_, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	assert.Equal(t, "no answer", kind(err))
	dead = false
	_, err = f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	assert.NoError(t, err)
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// FromSAML: any identity provider, by its metadata.
func TestFromSAML(t *testing.T) {
	t.Parallel()
	f := newSAML(t, authentication.SAML{}, nil)
	source, err := metadata.NewSource(metadata.Config{
		URL: mockHost + "/api/v2/saml-idp/" + authtest.AppID + "/metadata", HTTPClient: f.wire.client(),
	})
	require.NoError(t, err)
	sp, err := saml.NewClient(saml.Config{EntityID: samlEntity, ACSURL: localBack, IDP: source})
	require.NoError(t, err)
	flow := authentication.FromSAML(sp)
	login, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	r, err := f.Login(t.Context(), login.URL, idptest.Username)
	require.NoError(t, err)
	assert.Equal(t, login.Key, flow.LoginKey(r))
	id, err := flow.CompleteLogin(t.Context(), stored(t, login), r)
	require.NoError(t, err)
	assert.Equal(t, mockHost+" "+idptest.Username, id.Key())
	_, err = flow.CompleteLogin(t.Context(), nil, r)
	assert.Equal(t, "refused", kind(err))
	other := stored(t, login)
	other.Protocol = "cas"
	_, err = flow.CompleteLogin(t.Context(), other, r)
	assert.Equal(t, "refused", kind(err))
	other.Protocol, other.Data = "saml", []byte(`{}`)
	_, err = flow.CompleteLogin(t.Context(), other, r)
	assert.Equal(t, "refused", kind(err))
	_, err = flow.BuildLogoutUrl(t.Context(), authentication.LogoutOptions{})
	assert.ErrorContains(t, err, "call BeginLogout")
}
