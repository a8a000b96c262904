package castest_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/base64"
	"encoding/xml"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// sessionIndex reads a logout request as a CAS client does.
func sessionIndex(t *testing.T, message string) string {
	t.Helper()
	var request struct {
		XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol LogoutRequest"`
		ID      string   `xml:"ID,attr"`
		Version string   `xml:"Version,attr"`
		Instant string   `xml:"IssueInstant,attr"`
		NameID  string   `xml:"urn:oasis:names:tc:SAML:2.0:assertion NameID"`
		Index   string   `xml:"urn:oasis:names:tc:SAML:2.0:protocol SessionIndex"`
	}
	require.NoError(t, xml.Unmarshal([]byte(message), &request), "%s", message)
	require.Regexp(t, `^LR-.{43}$`, request.ID)
	require.Equal(t, "2.0 @NOT_USED@", request.Version+" "+request.NameID)
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, request.Instant)
	return request.Index
}

// posted returns the tickets that logout requests were posted for.
func (a *application) posted(t *testing.T, path string) []string {
	t.Helper()
	calls, bodies := a.took()
	var tickets []string
	for i, call := range calls {
		require.Equal(t, "POST "+path, call)
		values, err := url.ParseQuery(bodies[i])
		require.NoError(t, err)
		require.Len(t, values, 1)
		tickets = append(tickets, sessionIndex(t, values.Get("logoutRequest")))
	}
	return tickets
}

func TestBackChannelLogout(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*journey){
		"logout":                func(j *journey) { j.visit(j.url + "/logout") },
		"logout with a service": func(j *journey) { j.visit(j.url + "/logout?" + form("service", homeURI).Encode()) },
		"administrator": func(j *journey) {
			count, err := j.idp.EndSessions(j.t.Context(), idptest.Username)
			require.NoError(j.t, err)
			assert.Equal(j.t, 1, count)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := newApp(t, false)
			j := start(t, &castest.Server{})
			to := app.URL + "/app?login=k"
			given := []string{j.signOn(to), j.signOn(to)}
			require.Contains(t, j.validate("validate", given[0], "service", to), "yes")
			calls, _ := app.took()
			require.Empty(t, calls)

			leave(j)
			assert.ElementsMatch(t, given, app.posted(t, "/app?login=k"), "used or not")
			response, _ := j.visit(j.url + "/login?" + form("service", to, "gateway", "true").Encode())
			assert.Equal(t, to, response.Header.Get("Location"), "the session is gone")
			leave2, _ := j.visit(j.url + "/logout")
			assert.Equal(t, http.StatusOK, leave2.StatusCode)
			assert.Empty(t, app.posted(t, ""), "nobody is told twice")
		})
	}
}

// A service that fails, or is not there, does not stop the others (CAS §2.3.3.1).
func TestLogoutIgnoresErrors(t *testing.T) {
	t.Parallel()
	app, bad := newApp(t, false), newApp(t, false)
	bad.answer = func(*http.Request) int { return http.StatusInternalServerError }
	gone := newApp(t, false)
	gone.Close()
	j := start(t, &castest.Server{})
	j.signOn(gone.URL + "/")
	j.signOn(bad.URL + "/bad")
	ticket := j.signOn(app.URL + "/app")
	response, _ := j.visit(j.url + "/logout?" + form("service", homeURI).Encode())
	assert.Equal(t, homeURI, response.Header.Get("Location"))
	assert.Equal(t, []string{ticket}, app.posted(t, "/app"))
	assert.Len(t, bad.posted(t, "/bad"), 1)
}

func TestLogoutReachesBackEnds(t *testing.T) {
	t.Parallel()
	for _, channel := range []castest.LogoutChannel{"", castest.FrontChannel} {
		app, behind := newApp(t, false), newApp(t, false)
		j := start(t, &castest.Server{SingleLogout: channel})
		pgt := j.granted(app, "serviceValidate", j.signOn(service), service, app.URL+"/pgt")
		pt := j.proxyTicket(pgt, behind.URL+"/api")
		j.visit(j.url + "/logout")
		assert.Equal(t, []string{pt}, behind.posted(t, "/api"), "no browser was ever there")
	}
}

// A renewed login is the same session; another person's is not.
func TestLogoutAcrossLogins(t *testing.T) {
	t.Parallel()
	app := newApp(t, false)
	j := start(t, &castest.Server{Realm: &idptest.Realm{Users: []idptest.User{
		{Username: idptest.Username, Password: idptest.Password}, {Username: "bob", Password: "b"},
	}}})
	first := j.signOn(app.URL + "/app")
	renewed := j.signIn(j.url + "/login?" + form("service", app.URL+"/app", "renew", "true").Encode()).Query().Get("ticket")
	assert.Empty(t, app.posted(t, ""))

	page := j.page(j.url + "/login?" + form("service", service, "renew", "true").Encode())
	j.do(http.MethodPost, page, form("username", "bob", "password", "b", "action", "login"))
	assert.ElementsMatch(t, []string{first, renewed}, app.posted(t, "/app"), "bob came, alice is gone")
}

func TestFrontChannelLogout(t *testing.T) {
	t.Parallel()
	for channel, inflate := range map[castest.LogoutChannel]func(io.Reader) (io.Reader, error){
		castest.FrontChannel:    func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) },
		castest.FrontChannelRaw: func(r io.Reader) (io.Reader, error) { return flate.NewReader(r), nil },
	} {
		app := newApp(t, false)
		j := start(t, &castest.Server{SingleLogout: channel})
		ticket := j.signOn(app.URL + "/app?login=k")
		response, body := j.visit(j.url + "/logout?" + form("service", homeURI).Encode())
		assert.Equal(t, http.StatusOK, response.StatusCode)
		assert.Contains(t, response.Header.Get("Content-Security-Policy"), "frame-src http: https:")
		assert.Contains(t, body, `<a id="continue" href="`+homeURI+`">`)
		assert.Empty(t, app.posted(t, ""), "the browser brings it")

		frames := regexp.MustCompile(`<iframe [^>]*src="([^"]*)"`).FindAllStringSubmatch(body, -1)
		require.Len(t, frames, 1)
		at, err := url.Parse(html.UnescapeString(frames[0][1]))
		require.NoError(t, err)
		assert.Equal(t, app.URL+"/app k", at.Scheme+"://"+at.Host+at.Path+" "+at.Query().Get("login"))
		packed, err := base64.StdEncoding.DecodeString(at.Query().Get("logoutRequest"))
		require.NoError(t, err)
		r, err := inflate(bytes.NewReader(packed))
		require.NoError(t, err)
		message, err := io.ReadAll(r)
		require.NoError(t, err)
		assert.Equal(t, ticket, sessionIndex(t, string(message)))

		response, _ = j.visit(j.url + "/logout?" + form("service", homeURI).Encode())
		assert.Equal(t, homeURI, response.Header.Get("Location"), "nobody to tell: straight on")
	}
}

func TestNoLogoutChannel(t *testing.T) {
	t.Parallel()
	app := newApp(t, false)
	j := start(t, &castest.Server{SingleLogout: castest.NoChannel})
	j.signOn(app.URL + "/app")
	response, _ := j.visit(j.url + "/logout?" + form("service", homeURI).Encode())
	assert.Equal(t, homeURI, response.Header.Get("Location"))
	assert.Empty(t, app.posted(t, ""))
	_, err := j.idp.EndSessions(t.Context(), "nobody")
	assert.Error(t, err)
}
