package castest_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

const (
	// service is the application's; nothing listens there.
	service = "http://localhost:3000/cas?login=k&x=é"
	homeURI = "http://localhost:3000/"
	backend = "http://localhost:3001/backend"
)

// journey is an application and a browser that use one server over real HTTP, with net/http alone.
type journey struct {
	t       *testing.T
	idp     *castest.Server
	url     string // below which the server answers
	browser *http.Client
}

func start(t *testing.T, idp *castest.Server) *journey {
	t.Helper()
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &journey{t: t, idp: idp, url: server.URL + idp.Path, browser: browser}
}

// form makes values of names and values in turn.
func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

// visit opens a page in the browser that keeps its cookies, without following redirects.
func (j *journey) visit(address string) (*http.Response, string) {
	j.t.Helper()
	return j.do(http.MethodGet, address, nil)
}

func (j *journey) do(method, address string, fields url.Values) (*http.Response, string) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), method, address, strings.NewReader(fields.Encode()))
	require.NoError(j.t, err)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := j.browser.Do(request)
	require.NoError(j.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(j.t, err)
	return response, string(body)
}

// page is where the login page of the kept browser is.
func (j *journey) page(address string) string {
	j.t.Helper()
	response, _ := j.visit(address)
	require.Equal(j.t, http.StatusFound, response.StatusCode)
	to, err := response.Location()
	require.NoError(j.t, err)
	require.Contains(j.t, to.Path, "/interaction/")
	return to.String()
}

// signIn logs the kept browser in and returns where it is sent.
func (j *journey) signIn(address string) *url.URL {
	j.t.Helper()
	response, _ := j.do(http.MethodPost, j.page(address), form("username", idptest.Username, "password", idptest.Password, "action", "login"))
	require.Equal(j.t, http.StatusSeeOther, response.StatusCode)
	to, err := response.Location()
	require.NoError(j.t, err)
	return to
}

// signOn logs the kept browser in to a service and returns the ticket; the second time no password is asked for.
func (j *journey) signOn(to string) string {
	j.t.Helper()
	response, _ := j.visit(j.url + "/login?" + form("service", to).Encode())
	at, err := response.Location()
	require.NoError(j.t, err)
	if strings.Contains(at.Path, "/interaction/") {
		at = j.signIn(j.url + "/login?" + form("service", to).Encode())
	}
	ticket := at.Query().Get("ticket")
	require.True(j.t, strings.HasPrefix(ticket, "ST-"), at)
	return ticket
}

// ticket logs in by Server.Login and returns the ticket.
func (j *journey) ticket(pairs ...string) string {
	j.t.Helper()
	query := form(append([]string{"service", service}, pairs...)...)
	callback, err := j.idp.Login(j.t.Context(), j.url+"/login?"+query.Encode(), "")
	require.NoError(j.t, err)
	ticket := callback.FormValue("ticket")
	require.True(j.t, strings.HasPrefix(ticket, "ST-"))
	return ticket
}

// validate asks a validation endpoint and returns the body.
func (j *journey) validate(endpoint, ticket string, pairs ...string) string {
	j.t.Helper()
	query := form("service", service, "ticket", ticket)
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	response, body := j.visit(j.url + "/" + endpoint + "?" + query.Encode())
	require.Equal(j.t, http.StatusOK, response.StatusCode)
	return body
}
