package authentication_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
)

// casAt is what the fake Authing's application is called.
const casAt = mockHost + "/cas-idp/" + authtest.AppID

// transportFunc answers requests.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// browser is one with cookies of its own: its second login is single sign-on. Its requests are not the client's.
func (f *fake) browser(t testing.TB) *formlogin.Person {
	t.Helper()
	who, err := formlogin.New(authtest.Username, authtest.Password, transportFunc(f.answer))
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
	assert.Equal(t, []string{"cas", casAt, authtest.Username, ticket}, []string{id.Protocol, id.Issuer, id.Subject, id.SessionID})
	assert.Equal(t, casAt+" "+authtest.Username, id.Key())
	assert.Nil(t, id.Token)
	assert.True(t, id.Expiry.IsZero())
	assert.Equal(t, authtest.Email, id.Claims["email"])
	assert.Equal(t, map[string]any{"country": nil, "formatted": nil, "postal_code": nil, "region": nil}, id.Claims["address"], "an object, as on Authing's page")
	assert.Equal(t, id, stored(t, id), "the stored form is whole")

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

// Numbers and lists come as Authing wrote them, and survive any store.
func TestCASClaims(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, func(s *authtest.Server, _ *authentication.Options) {
		s.Users = []authtest.User{{Username: authtest.Username, Password: authtest.Password, Claims: map[string]any{
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

// CAS-15: renew is asked at the login page and again at the validation.
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

// A server that was asked for no interaction and has no session: its no, and typed.
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
	assert.Equal(t, authtest.Username, id.Subject)

	login, _ = f.loginWith(t, who, f.client, authentication.AuthorizeOptions{})
	_, err = f.client.CompleteLogin(t.Context(), login, callback(t, url.Values{"login": {login.Key}}))
	require.ErrorIs(t, err, cas.CheckTicket, "without gateway a ticket must come")
	assert.Equal(t, "refused", kind(err))
}

// CAS-22: a browser takes the ticket of its own login alone.
func TestCAS22LoginOfAnother(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	mine, good := f.login(t, authentication.AuthorizeOptions{})
	_, theirs := f.login(t, authentication.AuthorizeOptions{})
	query := func(change func(url.Values)) *http.Request {
		q := good.URL.Query()
		change(q)
		return callback(t, q)
	}
	for name, c := range map[string]struct {
		r     *http.Request
		check cas.TicketCheck
	}{
		"another login's callback": {theirs, cas.CheckKey},
		"no key":                   {query(func(q url.Values) { q.Del("login") }), cas.CheckKey},
		"empty key":                {query(func(q url.Values) { q.Set("login", "") }), cas.CheckKey},
		"wrong key":                {query(func(q url.Values) { q.Set("login", strings.ToLower(mine.Key)) }), cas.CheckKey},
		"folded name":              {query(func(q url.Values) { q.Del("login"); q.Set("Login", mine.Key) }), cas.CheckKey},
		"key twice":                {query(func(q url.Values) { q.Add("login", mine.Key) }), cas.CheckRepeated},
		"no ticket":                {query(func(q url.Values) { q.Del("ticket") }), cas.CheckTicket},
		"ticket twice":             {query(func(q url.Values) { q.Add("ticket", "ST-2") }), cas.CheckRepeated},
		"no such ticket":           {query(func(q url.Values) { q.Set("ticket", "PT-1") }), cas.CheckTicket},
		"a parameter in a ticket":  {query(func(q url.Values) { q.Set("ticket", "ST-1&service=x") }), cas.CheckTicket},
	} {
		id, err := f.client.CompleteLogin(t.Context(), mine, c.r)
		require.ErrorIs(t, err, c.check, name)
		assert.Equal(t, "refused", kind(err), name)
		assert.Nil(t, id)
		checkQuiet(t, err, f, mine, c.r)
	}
	assert.Empty(t, f.wire.sent, "none of these tickets is sent")

	// A ticket planted behind the right key was issued for another service.
	planted := query(func(q url.Values) { q.Set("ticket", theirs.URL.Query().Get("ticket")) })
	_, err := f.client.CompleteLogin(t.Context(), mine, planted)
	require.ErrorIs(t, err, cas.InvalidService)
	assert.Equal(t, "denied", kind(err))
	checkQuiet(t, err, f, mine, planted)
	_, err = f.client.CompleteLogin(t.Context(), mine, good)
	require.NoError(t, err)
}

// Without login=KEY the service is the one in the console, and whoever brings a ticket is let in.
func TestCAS22SharedService(t *testing.T) {
	t.Parallel()
	const service = localBack + "?login=of+the+application"
	f := newFake(t, authentication.CAS{AllowSharedService: true}, func(_ *authtest.Server, o *authentication.Options) { o.RedirectURI = service })
	login, r := f.login(t, authentication.AuthorizeOptions{}) // checks that LoginKey finds it
	assert.Equal(t, service, queryOf(t, login.URL).Get("service"))
	_, theirs := f.login(t, authentication.AuthorizeOptions{})
	id, err := f.client.CompleteLogin(t.Context(), login, theirs)
	require.NoError(t, err, "the risk that the doc names")
	assert.Equal(t, theirs.URL.Query().Get("ticket"), id.SessionID)
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)

	strict := newFake(t, authentication.CAS{}, nil)
	_, err = strict.client.CompleteLogin(t.Context(), login, r)
	require.ErrorIs(t, err, cas.CheckLogin, "a login without a key, after the option was turned off")
	assert.Equal(t, "refused", kind(err))
	assert.Empty(t, strict.client.LoginKey(callback(t, url.Values{"ticket": {"ST-1"}})))
}

// CompleteLogin refuses what is not this browser's fresh login; nothing is sent.
func TestCAS22CompleteLoginRefusesLogins(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	login, r := f.login(t, authentication.AuthorizeOptions{})
	data := string(login.Data)
	swap := func(old, with string) string {
		require.Contains(t, data, old)
		return strings.Replace(data, old, with, 1)
	}
	for _, bad := range []string{
		"", "{}", "null", "[]", data + "x", swap("{", `{"more":1,`), swap(`"key"`, `"Key"`), swap(`"renew":false`, `"renew":0`),
		swap(`"key":"`, `"key":"x`), swap(authtest.AppID+"/serviceValidate", "another/serviceValidate"), swap(`"client":""`, `"client":"https://other.example"`),
	} {
		l := *login
		l.Data = json.RawMessage(bad)
		id, err := f.client.CompleteLogin(t.Context(), &l, r)
		assert.Equal(t, "refused", kind(err), "%s: %v", bad, err)
		assert.Nil(t, id)
	}
	for _, change := range []func(*authentication.Login){
		func(l *authentication.Login) { l.Protocol = "oidc" },
		func(l *authentication.Login) { l.CreatedAt = time.Now().Add(-time.Hour - 2*time.Second) },
	} {
		l := *login
		change(&l)
		_, err := f.client.CompleteLogin(t.Context(), &l, r)
		assert.Equal(t, "refused", kind(err))
	}
	_, err := f.client.CompleteLogin(t.Context(), nil, r)
	assert.Equal(t, "refused", kind(err))
	_, err = f.client.CompleteLogin(t.Context(), login, nil)
	require.ErrorContains(t, err, "CompleteLogin needs the callback's request")
	assert.Equal(t, "no answer", kind(err), "the application's mistake")
	posted := r.Clone(t.Context())
	posted.Method = http.MethodPost
	_, err = f.client.CompleteLogin(t.Context(), login, posted)
	require.ErrorIs(t, err, cas.CheckMethod)
	assert.Empty(t, f.wire.sent)
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
}

// The service is kept byte for byte, whatever stands in its query.
func TestCASServiceStaysAsItIs(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	for _, service := range []string{localBack, localBack + "?z=/a%20b&a=%c3%a9&z", "http://localhost:3000/中?"} {
		login, r := f.login(t, authentication.AuthorizeOptions{RedirectURI: service})
		id, err := f.client.CompleteLogin(t.Context(), login, r)
		require.NoError(t, err, service)
		assert.Equal(t, authtest.Username, id.Subject)
		sent := f.wire.sent[len(f.wire.sent)-1].URL.Query().Get("service")
		assert.Regexp(t, "^"+strings.NewReplacer("?", `\?`).Replace(service)+`[?&]?login=`+login.Key+"$", sent)
	}
}

// dropped is a link without one of its parameters.
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
