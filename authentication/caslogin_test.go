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
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

// CAS-22: a login accepts only its own ticket.
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

	// A planted ticket with the right key was issued for another service.
	planted := query(func(q url.Values) { q.Set("ticket", theirs.URL.Query().Get("ticket")) })
	_, err := f.client.CompleteLogin(t.Context(), mine, planted)
	require.ErrorIs(t, err, cas.InvalidService)
	assert.Equal(t, "denied", kind(err))
	checkQuiet(t, err, f, mine, planted)
	_, err = f.client.CompleteLogin(t.Context(), mine, good)
	require.NoError(t, err)
}

// Without login=KEY the service is the one in the console, and any ticket for it completes the login.
func TestCAS22SharedService(t *testing.T) {
	t.Parallel()
	const service = localBack + "?login=of+the+application"
	f := newFake(t, authentication.CAS{AllowSharedService: true}, func(_ *authtest.Server, o *authentication.Options) { o.RedirectURI = service })
	login, r := f.login(t, authentication.AuthorizeOptions{}) // also checks that LoginKey finds the key
	assert.Equal(t, service, queryOf(t, login.URL).Get("service"))
	_, theirs := f.login(t, authentication.AuthorizeOptions{})
	id, err := f.client.CompleteLogin(t.Context(), login, theirs)
	require.NoError(t, err, "the documented risk")
	assert.Equal(t, theirs.URL.Query().Get("ticket"), id.SessionID)
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)

	strict := newFake(t, authentication.CAS{}, nil)
	_, err = strict.client.CompleteLogin(t.Context(), login, r)
	require.ErrorIs(t, err, cas.CheckLogin, "a login without a key, after the option was removed")
	assert.Equal(t, "refused", kind(err))
	assert.Empty(t, strict.client.LoginKey(callback(t, url.Values{"ticket": {"ST-1"}})))
}

// CompleteLogin refuses every login but a recent one of this browser; nothing is sent.
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

// The service is kept byte by byte, with any query.
func TestCASServiceStaysAsItIs(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	for _, service := range []string{localBack, localBack + "?z=/a%20b&a=%c3%a9&z", "http://localhost:3000/中?"} {
		login, r := f.login(t, authentication.AuthorizeOptions{RedirectURI: service})
		id, err := f.client.CompleteLogin(t.Context(), login, r)
		require.NoError(t, err, service)
		assert.Equal(t, idptest.Username, id.Subject)
		sent := f.wire.sent[len(f.wire.sent)-1].URL.Query().Get("service")
		assert.Regexp(t, "^"+strings.NewReplacer("?", `\?`).Replace(service)+`[?&]?login=`+login.Key+"$", sent)
	}
}
