package authentication_test

import (
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
)

const localBye = "http://localhost:3000/bye"

// application keeps sessions by the fields that an Identity and a LogoutNotice share.
type application struct {
	flow authentication.LogoutFlow

	mu       sync.Mutex
	sessions map[string]bool
	notices  []*authentication.LogoutNotice
	errs     []error
}

func (a *application) logIn(id *authentication.Identity) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sessions == nil {
		a.sessions = map[string]bool{}
	}
	a.sessions[id.Protocol+" "+id.Issuer+" "+id.SessionID] = true
}

// RoundTrip brings the server's requests to the application.
func (a *application) RoundTrip(r *http.Request) (*http.Response, error) {
	notice, err := a.flow.ReceiveLogout(r.Context(), r)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.errs = append(a.errs, err)
	if err == nil {
		a.notices = append(a.notices, notice)
		for _, id := range notice.SessionIDs {
			delete(a.sessions, notice.Protocol+" "+notice.Issuer+" "+id)
		}
	}
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

// logoutFake is a fake whose server calls the application; the test sets the application's flow.
func logoutFake(t testing.TB, channel castest.LogoutChannel) (*fake, *application) {
	t.Helper()
	app := &application{}
	f := newFake(t, authentication.CAS{}, func(s *authtest.Server, _ *authentication.Options) {
		s.SingleLogout, s.HTTPClient = channel, &http.Client{Transport: app}
	})
	app.flow = f.client
	return f, app
}

func (f *fake) enter(t testing.TB, who *formlogin.Person, flow authentication.LoginFlow) *authentication.Identity {
	t.Helper()
	login, r := f.loginWith(t, who, flow, authentication.AuthorizeOptions{})
	id, err := flow.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	return id
}

// A logout that begins here: the server notifies every application, and the logout is completed here.
func TestJourneyCASLogout(t *testing.T) {
	t.Parallel()
	f, app := logoutFake(t, castest.BackChannel)
	who, other := f.browser(t), f.browser(t)
	id := f.enter(t, who, f.client)
	app.logIn(stored(t, id))
	app.logIn(f.enter(t, who, f.client))
	stays := f.enter(t, other, f.client)
	app.logIn(stays)

	out, err := f.client.BeginLogout(t.Context(), stored(t, id), authentication.LogoutOptions{RedirectURI: localBye})
	require.NoError(t, err)
	assert.Equal(t, casAt+"/logout?service="+url.QueryEscape(localBye), out.URL)
	assert.Equal(t, "cas", out.Protocol+out.Key)
	assert.Nil(t, out.Form)
	assert.WithinDuration(t, time.Now(), out.CreatedAt, time.Minute)
	r, err := who.Visit(t.Context(), out.URL, localBye)
	require.NoError(t, err)
	require.NoError(t, f.client.CompleteLogout(t.Context(), stored(t, out), r))

	assert.Len(t, app.notices, 2, "one for each ticket")
	for _, notice := range app.notices {
		assert.Equal(t, "cas "+casAt, notice.Protocol+" "+notice.Issuer)
		assert.Len(t, notice.SessionIDs, 1)
	}
	assert.Equal(t, map[string]bool{"cas " + casAt + " " + stays.SessionID: true}, app.sessions, "the other browser stays")

	for _, foreign := range []*authentication.Logout{nil, {}, {Protocol: "oidc"}} {
		assert.Equal(t, "refused", kind(f.client.CompleteLogout(t.Context(), foreign, r)))
	}
}

// A logout that the server starts. Unknown sessions are no error (CAS-16).
func TestCAS16UnknownSessionIsQuiet(t *testing.T) {
	t.Parallel()
	f, app := logoutFake(t, castest.BackChannel)
	id := f.enter(t, f.browser(t), f.client)
	count, err := f.EndSessions(t.Context(), idptest.Username)
	require.NoError(t, err)
	assert.Equal(t, 1, count)
	require.Equal(t, []error{nil}, app.errs)
	assert.Equal(t, []string{id.SessionID}, app.notices[0].SessionIDs)
	assert.Empty(t, app.sessions)
}
