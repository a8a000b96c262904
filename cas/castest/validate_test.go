package castest_test

import (
	"encoding/json"
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{})
	ticket := j.ticket()
	assert.Equal(t, "yes\nalice\n", j.validate("validate", ticket))
	assert.Equal(t, "no\n\n", j.validate("validate", ticket), "used twice")
	assert.Equal(t, "no\n\n", j.validate("validate", "ST-unknown"))
}

// withNulls is a profile that has a null for a claim without a value.
func withNulls(u *idptest.User) map[string]any {
	all := map[string]any{"birthdate": nil}
	maps.Copy(all, u.Profile())
	return all
}

func TestJSON(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{Realm: &idptest.Realm{Profile: withNulls}})
	ticket := j.ticket()
	var reply map[string]map[string]map[string]any
	require.NoError(t, json.Unmarshal([]byte(j.validate("p3/serviceValidate", ticket, "format", "JSON")), &reply))
	success := reply["serviceResponse"]["authenticationSuccess"]
	assert.Equal(t, idptest.Username, success["user"])
	attributes, _ := success["attributes"].(map[string]any)
	assert.Equal(t, idptest.Subject, attributes["sub"])
	assert.Equal(t, idptest.Email, attributes["email"])
	assert.Equal(t, true, attributes["email_verified"])
	assert.Contains(t, attributes, "birthdate")
	assert.Nil(t, attributes["birthdate"])
	assert.NotContains(t, reply["serviceResponse"], "authenticationFailure")

	assert.JSONEq(t, `{"serviceResponse":{"authenticationFailure":{"code":"INVALID_TICKET","description":"the ticket is not valid"}}}`,
		j.validate("serviceValidate", ticket, "format", "JSON"))
}

func TestXML(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{Realm: &idptest.Realm{Profile: withNulls, Users: []idptest.User{{
		Username: "a<&>b", Password: "p", Claims: map[string]any{
			"teams": []string{"red", "blue"}, "not a name": 1, "level": 3, "address": map[string]any{"region": nil},
		},
	}}}})
	callback, err := j.idp.Login(t.Context(), j.url+"/login?"+form("service", service).Encode(), "")
	require.NoError(t, err)
	body := j.validate("p3/serviceValidate", callback.URL.Query().Get("ticket"))
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
        the ticket is not valid
    </cas:authenticationFailure>
</cas:serviceResponse>
`, j.validate("serviceValidate", "ST-unknown", "format", "XML"))
}

func TestTicketIsBound(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &castest.Server{Realm: &idptest.Realm{Now: clock.now}})
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

func TestSingleSignOn(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{})
	login := func(pairs ...string) string {
		response, _ := j.visit(j.url + "/login?" + form(append([]string{"service", service}, pairs...)...).Encode())
		location, err := response.Location()
		require.NoError(t, err)
		return location.String()
	}
	sent, err := url.Parse(login("gateway", "true"))
	require.NoError(t, err)
	assert.Equal(t, form("login", "k", "x", "é"), sent.Query(), "nobody is logged in: no ticket, no page")
	assert.Contains(t, login("gateway", "true", "renew", "true"), "/interaction/")

	fresh := j.signIn(j.url + "/login?" + form("service", service, "renew", "true").Encode()).Query().Get("ticket")
	reused := login("gateway", "true")
	again, err := url.Parse(reused)
	require.NoError(t, err)
	assert.Contains(t, login("renew", "true"), "/interaction/")

	assert.Contains(t, j.validate("serviceValidate", again.Query().Get("ticket"), "renew", "true"), `code="INVALID_TICKET"`)
	assert.Contains(t, j.validate("serviceValidate", fresh, "renew", "true"), "<cas:user>alice</cas:user>")
}

func TestByPost(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{})
	callback, err := j.idp.Login(t.Context(), j.url+"/login?"+form("service", service, "method", "POST").Encode(), "")
	require.NoError(t, err)
	assert.Equal(t, http.MethodPost, callback.Method)
	assert.Equal(t, "yes\nalice\n", j.validate("validate", callback.PostFormValue("ticket")))
}

func TestRegisteredServices(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{Services: []string{"https://app.example.com/cas"}})
	for address, good := range map[string]bool{
		"https://app.example.com/cas":         true,
		"https://app.example.com/cas?login=k": true,
		"https://app.example.com/cas/x":       false,
		"https://attacker.example/cas":        false,
		service:                               false,
	} {
		_, err := j.idp.Login(t.Context(), j.url+"/login?"+form("service", address).Encode(), "")
		if good {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, "400 invalid_service")
		}
	}
}
