package authentication_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
)

// casAt is the issuer of the fake Authing's application.
const casAt = mockHost + "/cas-idp/" + authtest.AppID

// transportFunc answers requests.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// browser has its own cookies, so its second login is single sign-on. Its requests do not count as the client's.
func (f *fake) browser(t testing.TB) *formlogin.Person {
	t.Helper()
	who, err := formlogin.New(idptest.Username, idptest.Password, transportFunc(f.answer))
	require.NoError(t, err)
	return who
}

// loginWith is login with a browser that is kept.
func (f *fake) loginWith(t testing.TB, who *formlogin.Person, flow authentication.LoginFlow, o authentication.AuthorizeOptions) (*authentication.Login, *http.Request) {
	t.Helper()
	login, err := flow.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	r, err := who.Visit(t.Context(), login.URL, localBack)
	require.NoError(t, err)
	return stored(t, login), r
}

func TestJourneyCAS(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	login, r := f.login(t, authentication.AuthorizeOptions{})
	id, err := f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	ticket := r.URL.Query().Get("ticket")
	assert.Equal(t, []string{"cas", casAt, idptest.Username, ticket}, []string{id.Protocol, id.Issuer, id.Subject, id.SessionID})
	assert.Equal(t, casAt+" "+idptest.Username, id.Key())
	assert.Nil(t, id.Token)
	assert.True(t, id.Expiry.IsZero())
	assert.Equal(t, idptest.Email, id.Claims["email"])
	assert.Equal(t, map[string]any{"country": nil, "formatted": nil, "postal_code": nil, "region": nil}, id.Claims["address"], "an object, as on Authing's page")
	assert.Equal(t, id, stored(t, id), "the stored form is complete")

	require.Len(t, f.wire.sent, 1, "the ticket is sent once")
	asked := f.wire.sent[0]
	assert.Equal(t, "/cas-idp/"+authtest.AppID+"/serviceValidate", asked.URL.Path)
	assert.Equal(t, url.Values{"format": {"JSON"}, "service": {localBack + "?login=" + login.Key}, "ticket": {ticket}}, asked.URL.Query())

	id, err = f.client.CompleteLogin(t.Context(), login, r)
	require.ErrorIs(t, err, cas.InvalidTicket, "used")
	assert.Equal(t, "denied", kind(err))
	assert.Nil(t, id)
	checkQuiet(t, err, f, login, r)
}

// Numbers and lists stay as Authing wrote them, also after storage.
func TestCASClaims(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, func(s *authtest.Server, _ *authentication.Options) {
		s.Users = []idptest.User{{Username: idptest.Username, Password: idptest.Password, Claims: map[string]any{
			"level": json.Number("9007199254740993"), "teams": []any{"red", "blue"}, "address": map[string]any{"region": "Oxford", "n": json.Number("1.10")},
		}}}
	})
	id, err := f.complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, json.Number("9007199254740993"), id.Claims["level"])
	assert.Equal(t, []any{"red", "blue"}, id.Claims["teams"])
	assert.Equal(t, map[string]any{"region": "Oxford", "n": json.Number("1.10")}, id.Claims["address"])
	assert.Equal(t, id.Claims, stored(t, id).Claims)
}

// CAS-15: renew is sent to the login page and again in the validation.
func TestCAS15Renew(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	who := f.browser(t)
	renew := authentication.AuthorizeOptions{Renew: true}
	login, r := f.loginWith(t, who, f.client, authentication.AuthorizeOptions{})
	_, err := f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	login, r = f.loginWith(t, who, f.client, renew)
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	assert.Equal(t, "true", f.wire.sent[len(f.wire.sent)-1].URL.Query().Get("renew"))

	// The browser drops renew on its way to the login page, where it has a session.
	begun, err := f.client.BeginLogin(t.Context(), renew)
	require.NoError(t, err)
	r, err = who.Visit(t.Context(), dropped(t, begun.URL, "renew"), localBack)
	require.NoError(t, err)
	_, err = f.client.CompleteLogin(t.Context(), begun, r)
	require.ErrorIs(t, err, cas.InvalidTicket)
	assert.Equal(t, "denied", kind(err))
}

// With gateway and without a session at the server the login is a typed denial.
func TestCASGateway(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	who, gateway := f.browser(t), authentication.AuthorizeOptions{Gateway: true}
	login, r := f.loginWith(t, who, f.client, gateway)
	_, err := f.client.CompleteLogin(t.Context(), login, r)
	require.ErrorIs(t, err, cas.CheckSession)
	assert.Equal(t, "denied", kind(err))
	assert.Empty(t, f.wire.sent)

	f.loginWith(t, who, f.client, authentication.AuthorizeOptions{})
	login, r = f.loginWith(t, who, f.client, gateway)
	id, err := f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	assert.Equal(t, idptest.Username, id.Subject)

	login, _ = f.loginWith(t, who, f.client, authentication.AuthorizeOptions{})
	_, err = f.client.CompleteLogin(t.Context(), login, callback(t, url.Values{"login": {login.Key}}))
	require.ErrorIs(t, err, cas.CheckTicket, "without gateway a ticket must come")
	assert.Equal(t, "refused", kind(err))
}

// dropped is a link with one parameter removed.
func dropped(t testing.TB, link, name string) string {
	t.Helper()
	u, err := url.Parse(link)
	require.NoError(t, err)
	q := u.Query()
	require.True(t, q.Has(name), link)
	q.Del(name)
	u.RawQuery = q.Encode()
	return u.String()
}
