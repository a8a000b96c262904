package authentication_test

import (
	"crypto"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// A logout that begins here: the fake answers, and its response is checked.
func TestSAMLLogout(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*authtest.Server, *samltest.App){
		"redirect": nil,
		"post":     func(_ *authtest.Server, a *samltest.App) { a.SLOBinding = samltest.BindingPOST },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newSAML(t, authentication.SAML{SLOURL: samlSLO, Keys: []saml.Key{samlKey(t)}}, change)
			browser, err := f.Browser(idptest.Username)
			require.NoError(t, err)
			login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
			require.NoError(t, err)
			r, err := browser.Open(t.Context(), login.URL, nil)
			require.NoError(t, err)
			id, err := f.client.CompleteLogin(t.Context(), login, r)
			require.NoError(t, err)

			out, err := f.client.BeginLogout(t.Context(), stored(t, id), authentication.LogoutOptions{})
			require.NoError(t, err)
			assert.NotEmpty(t, out.Key)
			back, err := browser.Open(t.Context(), out.URL, nil)
			require.NoError(t, err)
			assert.Equal(t, out.Key, f.client.LogoutKey(back))

			assert.Equal(t, "refused", kind(f.client.CompleteLogout(t.Context(), nil, back)))
			other, err := f.client.BeginLogout(t.Context(), id, authentication.LogoutOptions{})
			require.NoError(t, err)
			err = f.client.CompleteLogout(t.Context(), other, repeat(t, back))
			require.ErrorIs(t, err, saml.CheckRelayState)
			assert.Equal(t, "refused", kind(err))
			again := repeat(t, back)
			require.NoError(t, f.client.CompleteLogout(t.Context(), stored(t, out), back))
			assert.Equal(t, "refused", kind(f.client.CompleteLogout(t.Context(), out, again)), "once")
		})
	}
}

// The only address where a single logout returns is SLOURL; Authing's page takes any.
func TestSAMLLogoutReturnsToSLOURL(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p    authentication.SAML
		back string
		want string
	}{
		"single logout":                  {authentication.SAML{SLOURL: samlSLO, Keys: []saml.Key{samlKey(t)}}, samlSLO, "none"},
		"single logout, elsewhere":       {authentication.SAML{SLOURL: samlSLO, Keys: []saml.Key{samlKey(t)}}, localBye, "misconfigured"},
		"single logout, longer":          {authentication.SAML{SLOURL: samlSLO, Keys: []saml.Key{samlKey(t)}}, samlSLO + "/", "misconfigured"},
		"Authing's page":                 {authentication.SAML{}, localBye, "none"},
		"Authing's page, no SLO by SOAP": {authentication.SAML{SOAPLogoutURL: samlSLO, Keys: []saml.Key{samlKey(t)}}, localBye, "none"},
	} {
		f := newSAML(t, c.p, nil)
		id, err := f.complete(t, authentication.AuthorizeOptions{})
		require.NoError(t, err)
		out, err := f.client.BeginLogout(t.Context(), id, authentication.LogoutOptions{RedirectURI: c.back})
		require.Equal(t, c.want, kind(err), "%s: %v", name, err)
		if err != nil {
			assert.EqualError(t, err, "authentication: LogoutOptions.RedirectURI is not SLOURL, where the response to a SAML logout comes")
			continue
		}
		assert.Equal(t, c.p.SLOURL != "", out.Key != "", name)
		if out.Key == "" {
			assert.Equal(t, localBye, queryOf(t, out.URL).Get("redirect_uri"))
			require.NoError(t, f.client.CompleteLogout(t.Context(), out, nil))
			assert.Equal(t, "refused", kind(f.client.CompleteLogout(t.Context(), nil, nil)))
		}
	}
}

// repeat is the same request again, by either binding.
func repeat(t testing.TB, r *http.Request) *http.Request {
	t.Helper()
	if r.Method == http.MethodPost {
		return copyOf(t, r)
	}
	return r.Clone(t.Context())
}

// A logout that the identity provider begins has the user and the session, and is answered.
func TestSAMLReceiveLogout(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*authtest.Server, *samltest.App){
		"redirect": nil,
		"post":     func(_ *authtest.Server, a *samltest.App) { a.SLOBinding = samltest.BindingPOST },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newSAML(t, authentication.SAML{SLOURL: samlSLO, Keys: []saml.Key{samlKey(t)}}, change)
			id, err := f.complete(t, authentication.AuthorizeOptions{})
			require.NoError(t, err)
			r, err := f.LogoutRequest(t.Context(), idptest.Username, samlEntity)
			require.NoError(t, err)
			assert.Empty(t, f.client.LogoutKey(r), "it answers nothing")
			again := repeat(t, r)
			notice, err := f.client.ReceiveLogout(t.Context(), r)
			require.NoError(t, err)
			assert.True(t, notice.Ends(id))
			assert.Equal(t, id.Subject, notice.Subject)
			assert.NotEmpty(t, notice.URL)
			_, err = f.client.ReceiveLogout(t.Context(), again)
			require.ErrorIs(t, err, saml.CheckReplay)
			assert.Equal(t, "refused", kind(err))
		})
	}
}

// device is a signing device that may fail.
type device struct {
	crypto.Signer
	away *bool
}

func (d device) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if *d.away {
		return nil, errors.New("the device is away")
	}
	return d.Signer.Sign(rand, digest, opts)
}

// A logout whose response cannot be made still ends the sessions, and reports the problem.
func TestSAMLLogoutUnanswered(t *testing.T) {
	t.Parallel()
	away := false
	f := newSAML(t, authentication.SAML{SLOURL: samlSLO, Keys: []saml.Key{{Signer: device{samlKey(t).Signer, &away}}}}, nil)
	id, err := f.complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err)
	r, err := f.LogoutRequest(t.Context(), idptest.Username, samlEntity)
	require.NoError(t, err)
	away = true
	notice, err := f.client.ReceiveLogout(t.Context(), r)
	require.NoError(t, err)
	assert.True(t, notice.Ends(id))
	assert.Empty(t, notice.URL)
	assert.ErrorContains(t, notice.Unanswered, "the device is away")
}

// Authing's own metadata has no logout address, so its logout page is used.
func TestSAMLLogoutAtAuthing(t *testing.T) {
	t.Parallel()
	f := newSAML(t, authentication.SAML{}, func(s *authtest.Server, _ *samltest.App) { s.NoSAMLLogout = true })
	id, err := f.complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err)
	out, err := f.client.BeginLogout(t.Context(), id, authentication.LogoutOptions{RedirectURI: "http://localhost:3000/"})
	require.NoError(t, err)
	assert.Equal(t, mockHost+"/login/profile/logout?redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F", out.URL)
	assert.Empty(t, out.Key)
	require.NoError(t, f.client.CompleteLogout(t.Context(), out, nil))
	assert.Equal(t, "refused", kind(f.client.CompleteLogout(t.Context(), nil, nil)))
	_, err = f.client.BeginLogout(t.Context(), &authentication.Identity{Protocol: "cas"}, authentication.LogoutOptions{})
	assert.ErrorContains(t, err, "not from a SAML login")
	_, err = f.client.BeginLogout(t.Context(), &authentication.Identity{Protocol: "saml"}, authentication.LogoutOptions{})
	assert.ErrorContains(t, err, "has lost")
}

func TestLogoutNoticeEnds(t *testing.T) {
	t.Parallel()
	id := &authentication.Identity{Protocol: "saml", Issuer: "https://idp.example", Subject: "alice", SessionID: "s1", IssuedAt: time.Unix(1767225600, 0)}
	for name, test := range map[string]struct {
		notice authentication.LogoutNotice
		want   bool
	}{
		"the session":        {authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer, Subject: "alice", SessionIDs: []string{"s2", "s1"}}, true},
		"all of the user's":  {authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer, Subject: "alice"}, true},
		"another session":    {authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer, Subject: "alice", SessionIDs: []string{"s2"}}, false},
		"another user":       {authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer, Subject: "bob"}, false},
		"another user's":     {authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer, Subject: "bob", SessionIDs: []string{"s1"}}, false},
		"nobody":             {authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer}, false},
		"another protocol":   {authentication.LogoutNotice{Protocol: "cas", Issuer: id.Issuer, Subject: "alice"}, false},
		"another issuer":     {authentication.LogoutNotice{Protocol: "saml", Issuer: "https://b.example", Subject: "alice"}, false},
		"of no known time":   {authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer, Subject: "alice"}, true},
		"of its last moment": {authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer, Subject: "alice", IssuedAt: id.IssuedAt}, true},
		"of before":          {authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer, Subject: "alice", IssuedAt: id.IssuedAt.Add(-1)}, false},
		"no user, a session": {authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer, SessionIDs: []string{"s1"}}, true},
	} {
		assert.Equal(t, test.want, test.notice.Ends(id), name)
	}
	assert.False(t, (&authentication.LogoutNotice{}).Ends(nil))
	later := authentication.LogoutNotice{Protocol: "saml", Issuer: id.Issuer, Subject: "alice", IssuedAt: id.IssuedAt}
	id.IssuedAt = time.Time{}
	assert.True(t, later.Ends(id), "a session of no known time")
}
