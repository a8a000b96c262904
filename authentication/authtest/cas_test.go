package authtest_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const (
	service = "http://localhost:3000/cas?login=k&x=é"
	casPath = "/cas-idp/" + authtest.AppID
)

// ticket logs in and returns the ticket.
func (j *journey) ticket(pairs ...string) string {
	j.t.Helper()
	query := form(append([]string{"service", service}, pairs...)...)
	callback, err := j.idp.Login(j.t.Context(), j.url+casPath+"/login?"+query.Encode(), idptest.Username)
	require.NoError(j.t, err)
	ticket := parameters(j.t, callback).Get("ticket")
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
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(j.url + casPath + "/" + endpoint + "?" + query.Encode())
	require.NoError(j.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(j.t, err)
	require.Equal(j.t, http.StatusOK, response.StatusCode)
	return string(body)
}

func TestCASValidate(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	ticket := j.ticket()
	assert.Equal(t, "yes\nalice\n", j.validate("validate", ticket))
	assert.Equal(t, "no\n\n", j.validate("validate", ticket), "used twice")
	assert.Equal(t, "no\n\n", j.validate("validate", "ST-unknown"))
}

func TestCASJSON(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	ticket := j.ticket()
	var reply map[string]map[string]map[string]any
	require.NoError(t, json.Unmarshal([]byte(j.validate("serviceValidate", ticket, "format", "JSON")), &reply))
	success := reply["serviceResponse"]["authenticationSuccess"]
	assert.Equal(t, idptest.Username, success["user"])
	attributes, _ := success["attributes"].(map[string]any)
	assert.Equal(t, idptest.Subject, attributes["sub"])
	assert.Equal(t, idptest.Email, attributes["email"])
	assert.Equal(t, true, attributes["email_verified"])
	assert.Contains(t, attributes, "birthdate")
	assert.Nil(t, attributes["birthdate"])
	assert.NotContains(t, reply["serviceResponse"], "authenticationFailure")

	assert.JSONEq(t, `{"serviceResponse":{"authenticationFailure":{"code":"INVALID_TICKET","description":"Ticket 不合法"}}}`,
		j.validate("serviceValidate", ticket, "format", "JSON"))
}

func TestCASXML(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{Users: []idptest.User{{
		Username: "a<&>b", Password: "p", Claims: map[string]any{"teams": []string{"red", "blue"}, "not a name": 1, "level": 3},
	}}})
	callback, err := j.idp.Login(t.Context(), j.url+casPath+"/login?"+form("service", service).Encode(), "")
	require.NoError(t, err)
	body := j.validate("serviceValidate", callback.URL.Query().Get("ticket"))
	var reply struct {
		XMLName xml.Name `xml:"http://www.yale.edu/tp/cas serviceResponse"`
		User    string   `xml:"authenticationSuccess>user"`
		Teams   []string `xml:"authenticationSuccess>attributes>teams"`
		Level   int      `xml:"authenticationSuccess>attributes>level"`
		Long    string   `xml:"authenticationSuccess>attributes>longTermAuthenticationRequestTokenUsed"`
		Region  *string  `xml:"authenticationSuccess>attributes>address>region"`
	}
	require.NoError(t, xml.Unmarshal([]byte(body), &reply))
	assert.Equal(t, "a<&>b", reply.User)
	assert.Equal(t, []string{"red", "blue"}, reply.Teams)
	assert.Equal(t, 3, reply.Level)
	assert.Equal(t, "false", reply.Long)
	require.NotNil(t, reply.Region)
	assert.Empty(t, *reply.Region)
	assert.Contains(t, body, "<cas:birthdate/>")

	assert.Equal(t, `<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>
    <cas:authenticationFailure code="INVALID_TICKET">
        Ticket 不合法
    </cas:authenticationFailure>
</cas:serviceResponse>
`, j.validate("serviceValidate", "ST-unknown", "format", "XML"))
}

func TestCASTicketIsBound(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &authtest.Server{Now: clock.now})
	ticket := j.ticket()
	assert.Contains(t, j.validate("serviceValidate", ticket, "service", service+"x"), `code="INVALID_SERVICE"`)
	assert.Contains(t, j.validate("serviceValidate", ticket), `code="INVALID_TICKET"`, "the attempt used it up")
	assert.Contains(t, j.validate("serviceValidate", ""), `code="INVALID_REQUEST"`)
	assert.Contains(t, j.validate("serviceValidate", j.ticket(), "format", "YAML"), `code="INVALID_REQUEST"`)

	young, old := j.ticket(), j.ticket()
	clock.advance(5*time.Minute - time.Second)
	assert.Contains(t, j.validate("serviceValidate", young), "<cas:user>alice</cas:user>")
	clock.advance(time.Second)
	assert.Contains(t, j.validate("serviceValidate", old), `code="INVALID_TICKET"`)
}

func TestCASSingleSignOn(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	login := func(pairs ...string) string {
		response, _ := j.visit(j.url + casPath + "/login?" + form(append([]string{"service", service}, pairs...)...).Encode())
		location, err := response.Location()
		require.NoError(t, err)
		return location.String()
	}
	sent, err := url.Parse(login("gateway", "true"))
	require.NoError(t, err)
	assert.Equal(t, form("login", "k", "x", "é"), sent.Query(), "nobody is logged in: no ticket, no page")
	assert.Contains(t, login("gateway", "true", "renew", "true"), "/interaction/")

	fresh := j.signIn(j.url + casPath + "/login?" + form("service", service, "renew", "true").Encode()).Query().Get("ticket")
	reused := login("gateway", "true")
	again, err := url.Parse(reused)
	require.NoError(t, err)
	assert.Contains(t, login("renew", "true"), "/interaction/")

	assert.Contains(t, j.validate("serviceValidate", again.Query().Get("ticket"), "renew", "true"), `code="INVALID_TICKET"`)
	assert.Contains(t, j.validate("serviceValidate", fresh, "renew", "true"), "<cas:user>alice</cas:user>")
}

func TestCASByPost(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	callback, err := j.idp.Login(t.Context(), j.url+casPath+"?"+form("service", service, "method", "POST").Encode(), "")
	require.NoError(t, err)
	assert.Equal(t, http.MethodPost, callback.Method)
	assert.Equal(t, "yes\nalice\n", j.validate("validate", parameters(t, callback).Get("ticket")))
}

func TestCASRegisteredServices(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{RedirectURIs: []string{"https://app.example.com/cas"}})
	for address, good := range map[string]bool{
		"https://app.example.com/cas":         true,
		"https://app.example.com/cas?login=k": true,
		"https://app.example.com/cas/x":       false,
		"https://attacker.example/cas":        false,
		service:                               false,
	} {
		_, err := j.idp.Login(t.Context(), j.url+casPath+"/login?"+form("service", address).Encode(), "")
		if good {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, "400 invalid_service")
		}
	}
	_, err := j.idp.Login(t.Context(), j.url+"/cas-idp/another/login?"+form("service", "https://app.example.com/cas").Encode(), "")
	assert.ErrorContains(t, err, "404 invalid_client")
}
