package cas

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mustRefuse completes login with r and expects the typed reason and no call to the server.
func mustRefuse(t *testing.T, c *Client, login *Login, r *http.Request, check TicketCheck) {
	t.Helper()
	got, err := c.CompleteLogin(t.Context(), login, r)
	require.ErrorIs(t, err, check)
	assert.Nil(t, got)
	var typed *TicketError
	require.ErrorAs(t, err, &typed)
	assert.NotContains(t, err.Error(), testTicket)
	if login != nil && login.Key != "" {
		assert.NotContains(t, err.Error(), login.Key)
	}
}

func mustAccept(t *testing.T, c *Client, login *Login, r *http.Request) {
	t.Helper()
	got, err := c.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	assert.Equal(t, "alice", got.User)
}

// changed is a copy of login with one change.
func changed(login *Login, change func(*Login)) *Login {
	l := *login
	change(&l)
	return &l
}

func TestCAS22TheTicketBelongsToALoginOfThisBrowser(t *testing.T) {
	t.Parallel()
	c, asked := loginClient(t, open+success+shut)
	login := begin(t, c, AuthorizeOptions{})
	target := func(query string) *http.Request { return httptest.NewRequest(http.MethodGet, "/callback?"+query, nil) }
	const ticket = "ticket=" + testTicket
	for name, refused := range map[string]struct {
		login *Login
		r     *http.Request
		check TicketCheck
	}{
		"no login":        {nil, back(login, ticket), CheckLogin},
		"an empty one":    {&Login{}, back(login, ticket), CheckLogin},
		"no key":          {login, target(ticket), CheckKey},
		"empty key":       {login, target("login=&" + ticket), CheckKey},
		"another's key":   {login, target("login=" + begin(t, c, AuthorizeOptions{}).Key + "&" + ticket), CheckKey},
		"key in part":     {login, target("login=" + login.Key[:25] + "&" + ticket), CheckKey},
		"key twice":       {login, back(login, "login="+login.Key+"&"+ticket), CheckRepeated},
		"key unreadable":  {login, back(login, "login=%&"+ticket), CheckMalformed},
		"name's case":     {login, target("Login=" + login.Key + "&" + ticket), CheckKey},
		"login of no key": {changed(login, func(l *Login) { l.Key = "" }), back(login, ticket), CheckLogin},
		"ticket twice":    {login, back(login, ticket+"&"+ticket), CheckRepeated},
		"ticket escaped":  {login, back(login, ticket+"&t%69cket=ST-2"), CheckRepeated},
		"no ticket":       {login, back(login, ""), CheckTicket},
		"ticket's case":   {login, back(login, "Ticket="+testTicket), CheckTicket},
		"bad ticket":      {login, back(login, "ticket=%zz"), CheckMalformed},
		"proxy ticket":    {login, back(login, "ticket=PT-1"), CheckTicket},
		"fragment":        {login, back(login, "#"+ticket), CheckTicket},
		"HEAD":            {login, httptest.NewRequest(http.MethodHead, back(login, ticket).RequestURI, nil), CheckMethod},
		"POST":            {login, httptest.NewRequest(http.MethodPost, back(login, ticket).RequestURI, nil), CheckMethod},
		"own method":      {login, httptest.NewRequest("SECRET", back(login, ticket).RequestURI, nil), CheckMethod},
	} {
		t.Run(name, func(t *testing.T) { mustRefuse(t, c, refused.login, refused.r, refused.check) })
	}
	assert.Empty(t, *asked, "nothing was sent")
	mustAccept(t, c, login, back(login, ticket))
	mustAccept(t, c, login, back(login, "x="+ticket+"&"+ticket+"&ticke%zt=1"))
}

func TestCAS22TheLoginIsOfThisClientAndNotOld(t *testing.T) {
	t.Parallel()
	now := loginTime
	clock := func(c *Config) { c.Now = func() time.Time { return now } }
	c, _ := loginClient(t, open+success+shut, clock)
	login := begin(t, c, AuthorizeOptions{})
	r := back(login, "ticket="+testTicket)
	for name, configure := range map[string]func(*Config){
		"another server":  func(c *Config) { c.ServerURL = "https://cas2.example/cas" },
		"another version": func(c *Config) { c.Version = V2 },
		"another service": func(c *Config) { c.Service = "https://other.example/" },
	} {
		other, _ := loginClient(t, open+success+shut, clock, configure)
		t.Run(name, func(t *testing.T) { mustRefuse(t, other, login, r, CheckLogin) })
	}
	same, _ := loginClient(t, open+success+shut, clock, func(c *Config) { c.ReplyFormat = FormatJSON })
	mustAccept(t, same, login, r)

	start := login.CreatedAt
	for age, ok := range map[time.Duration]bool{
		time.Hour: true, time.Hour + 1: false, -time.Minute: true, -time.Minute - 1: false,
	} {
		now = start.Add(age)
		if ok {
			mustAccept(t, c, login, r)
			continue
		}
		mustRefuse(t, c, login, r, CheckExpired)
	}
	short, _ := loginClient(t, open+success+shut, clock, func(c *Config) { c.LoginLifetime = time.Second })
	now = start.Add(2 * time.Second)
	mustRefuse(t, short, login, r, CheckExpired)
}

func TestCAS22SharedService(t *testing.T) {
	t.Parallel()
	shared, asked := loginClient(t, open+success+shut, func(c *Config) { c.AllowSharedService = true })
	keyed, _ := loginClient(t, open+success+shut)
	login := begin(t, shared, AuthorizeOptions{})
	assert.Empty(t, login.Key)
	assert.Equal(t, testService, login.Service)
	r := back(login, "ticket="+testTicket)
	mustAccept(t, shared, login, r)
	assert.Equal(t, testService, asked.Get("service"))
	mustRefuse(t, keyed, login, r, CheckLogin)

	// A service may have a parameter of that name when no key is needed.
	own := begin(t, shared, AuthorizeOptions{Service: "https://app.example/?login=1"})
	mustAccept(t, shared, own, back(own, "ticket="+testTicket))
	// A login that began with a key still needs it.
	login = begin(t, keyed, AuthorizeOptions{})
	mustRefuse(t, shared, login, r, CheckKey)
	mustAccept(t, shared, login, back(login, "ticket="+testTicket))
}

func TestCAS22PostedTickets(t *testing.T) {
	t.Parallel()
	c, asked := loginClient(t, open+success+shut)
	login := begin(t, c, AuthorizeOptions{Method: MethodPost})
	const ticket = "ticket=" + testTicket
	typed := posted(login, ticket)
	typed.Header.Set("Content-Type", "text/plain")
	bodiless := posted(login, "")
	bodiless.Body = nil
	for name, refused := range map[string]struct {
		r     *http.Request
		check TicketCheck
	}{
		"ticket in a POST's query": {httptest.NewRequest(http.MethodPost, back(login, ticket).RequestURI, nil), CheckMethod},
		"by GET, without ticket":   {back(login, ""), CheckTicket},
		"by HEAD":                  {httptest.NewRequest(http.MethodHead, back(login, ticket).RequestURI, nil), CheckMethod},
		"by GET, ticket twice":     {back(login, ticket+"&"+ticket), CheckRepeated},
		"ticket twice":             {posted(login, ticket+"&"+ticket), CheckRepeated},
		"no ticket":                {posted(login, ""), CheckTicket},
		"key in the form":          {httptest.NewRequest(http.MethodPost, "/callback", strings.NewReader("login="+login.Key)), CheckKey},
		"other content type":       {typed, CheckMalformed},
		"no body":                  {bodiless, CheckMalformed},
		"large body":               {posted(login, ticket+"&x="+strings.Repeat("x", maxBody)), CheckMalformed},
	} {
		t.Run(name, func(t *testing.T) { mustRefuse(t, c, login, refused.r, refused.check) })
	}
	assert.Empty(t, *asked, "nothing was sent")
	mustAccept(t, c, login, back(login, ticket)) // Apereo's server forgets the method behind its form for the password
	fits := ticket + "&x="
	mustAccept(t, c, login, posted(login, fits+strings.Repeat("x", maxBody-len(fits))))

	parsed := posted(login, ticket)
	require.NoError(t, parsed.ParseForm())
	_, err := c.CompleteLogin(t.Context(), login, parsed)
	require.EqualError(t, err, "cas: callback: the body was parsed before; pass the request on unread")
}

// A POST that the login did not ask for says why it came to nothing: with a cookie, and without, as browsers send it.
func TestCAS22UnaskedPosts(t *testing.T) {
	t.Parallel()
	c, asked := loginClient(t, open+success+shut)
	const ticket = "ticket=" + testTicket
	login := begin(t, c, AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), login, posted(login, ticket))
	require.EqualError(t, err, "cas: refused the callback (method): it came by POST, want GET: the server posts although the login did not ask for MethodPost")
	mustRefuse(t, c, login, posted(login, ticket), CheckMethod)
	_, err = c.CompleteLogin(t.Context(), nil, posted(login, ticket))
	require.ErrorContains(t, err, "SameSite=None; see MethodPost")
	mustRefuse(t, c, nil, posted(login, ticket), CheckLogin)
	_, err = c.CompleteLogin(t.Context(), nil, back(login, ticket))
	require.EqualError(t, err, "cas: refused the callback (login): this browser began no login, or it was completed already")
	assert.Empty(t, *asked, "nothing was sent")
}

// The key of the login is in the service, which servers may quote in a failure.
func TestCAS17TheKeyIsInNoError(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 195) // the cut would be inside the key if the key were not replaced first
	for _, reply := range []func(service string) string{
		func(s string) string {
			return open + `<cas:authenticationFailure code="INVALID_SERVICE">` + long + strings.ReplaceAll(s, "&", "&amp;") + `</cas:authenticationFailure>` + shut
		},
		func(s string) string {
			return `{"serviceResponse":{"authenticationFailure":{"code":"` + s + `","description":"` + s + `"}}}`
		},
		func(s string) string { return `{"own":"` + s + `"}` },
	} {
		for _, status := range []int{200, 403} {
			c, mock := newClient(t, func(c *Config) {
				c.Service = testService
				c.ReplyError = func(_ int, body []byte) *Failure { return &Failure{Code: "own", Description: string(body)} }
			})
			mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				return httpmock.NewStringResponse(status, reply(r.URL.Query().Get("service"))), nil
			})
			login := begin(t, c, AuthorizeOptions{})
			_, err := c.CompleteLogin(t.Context(), login, back(login, "ticket="+testTicket))
			var failure *Failure
			require.ErrorAs(t, err, &failure)
			assert.NotContains(t, err.Error(), login.Key)
			assert.NotContains(t, err.Error(), login.Key[:8])
			assert.Contains(t, err.Error(), "login=[")
		}
	}
}

// Other parameters of the body belong to the application, which can read them afterwards.
func TestCaseOidcFormPostExtraField(t *testing.T) {
	t.Parallel()
	c, _ := loginClient(t, open+success+shut)
	login := begin(t, c, AuthorizeOptions{Method: MethodPost})
	r := posted(login, "ticket="+testTicket+"&user=kim")
	mustAccept(t, c, login, r)
	assert.Equal(t, "kim", r.PostFormValue("user"))
	r = postLogout(slo + sloName + sloOne + sloEnd)
	_, err := c.ReceiveLogout(t.Context(), r)
	require.NoError(t, err)
	assert.NotEmpty(t, r.PostFormValue("logoutRequest"))
}

// Waiting for a body ends with the context, and no goroutine keeps reading: synctest would fail.
func TestContextGovernsTheBody(t *testing.T) {
	t.Parallel()
	c, _ := loginClient(t, open+success+shut)
	login := begin(t, c, AuthorizeOptions{Method: MethodPost})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r := posted(login, "")
		r.Body, _ = io.Pipe()
		_, err := c.CompleteLogin(ctx, login, r)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		r = postLogout("")
		r.Body, _ = io.Pipe()
		_, err = c.ReceiveLogout(ctx, r)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}
