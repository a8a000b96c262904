package authtest_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

const (
	service = "http://localhost:3000/cas?login=k&x=é"
	casPath = "/cas-idp/" + authtest.AppID
)

// ticket logs in and returns the ticket.
func (j *journey) ticket() string {
	j.t.Helper()
	callback, err := j.idp.Login(j.t.Context(), j.url+casPath+"/login?"+form("service", service).Encode(), "")
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

// Authing's replies of CAS 2.0 have attributes, with a null for what is not known.
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
	for _, name := range []string{"birthdate", "unionid", "external_id"} {
		assert.Contains(t, attributes, name)
		assert.Nil(t, attributes[name])
	}
	assert.NotContains(t, attributes, "roles")
	assert.NotContains(t, attributes, "authenticationDate", "Authing's page has it in XML alone")
	assert.NotContains(t, attributes, "isFromNewLogin", "Authing's page has none")
	assert.NotContains(t, reply["serviceResponse"], "authenticationFailure")

	assert.JSONEq(t, `{"serviceResponse":{"authenticationFailure":{"code":"INVALID_TICKET","description":"Ticket 不合法"}}}`,
		j.validate("serviceValidate", ticket, "format", "JSON"))
}

func TestCASXML(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	body := j.validate("serviceValidate", j.ticket())
	var reply struct {
		XMLName xml.Name `xml:"http://www.yale.edu/tp/cas serviceResponse"`
		User    string   `xml:"authenticationSuccess>user"`
		Date    string   `xml:"authenticationSuccess>attributes>authenticationDate"`
		Long    string   `xml:"authenticationSuccess>attributes>longTermAuthenticationRequestTokenUsed"`
		New     *string  `xml:"authenticationSuccess>attributes>isFromNewLogin"`
		Region  *string  `xml:"authenticationSuccess>attributes>address>region"`
	}
	require.NoError(t, xml.Unmarshal([]byte(body), &reply))
	assert.Equal(t, "alice false", reply.User+" "+reply.Long)
	assert.NotEmpty(t, reply.Date)
	assert.Nil(t, reply.New)
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

func TestCASFailuresAreInChinese(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	for want, body := range map[string]string{
		"ticket 和 service 均为必填": j.validate("serviceValidate", ""),
		"format 只能为 XML 或 JSON": j.validate("serviceValidate", "ST-x", "format", "YAML"),
		"Ticket 不合法":            j.validate("serviceValidate", "ST-x"),
		"Ticket 与 service 不匹配":  j.validate("serviceValidate", j.ticket(), "service", service+"x"),
	} {
		assert.Contains(t, body, want)
	}
}

// Authing's SDKs leave /login out.
func TestCASByPost(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	callback, err := j.idp.Login(t.Context(), j.url+casPath+"?"+form("service", service, "method", "POST").Encode(), "")
	require.NoError(t, err)
	assert.Equal(t, http.MethodPost, callback.Method)
	assert.Equal(t, "yes\nalice\n", j.validate("validate", parameters(t, callback).Get("ticket")))
	assert.Equal(t, 1, j.idp.Requests(casPath))
	assert.Zero(t, j.idp.Requests("/cas/login"), "what was asked for is counted")
}

func TestCASRegisteredServices(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{RedirectURIs: []string{"https://app.example.com/cas"}, ProxyCallbacks: []string{"https://app.example.com/pgt"}})
	for address, good := range map[string]bool{
		"https://app.example.com/cas": true, "https://app.example.com/cas?login=k": true, "https://attacker.example/cas": false, service: false,
	} {
		callback, err := j.idp.Login(t.Context(), j.url+casPath+"/login?"+form("service", address).Encode(), "")
		if !good {
			assert.ErrorContains(t, err, "400 invalid_service")
			continue
		}
		require.NoError(t, err)
		assert.Contains(t, j.validate("serviceValidate", callback.URL.Query().Get("ticket"), "service", address, "pgtUrl", "https://app.example.com/other"),
			`code="UNAUTHORIZED_SERVICE_PROXY"`)
	}
}

func TestCASUnknownApplication(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	const another = "/cas-idp/another"
	for _, path := range []string{another, another + "/login", another + "/logout"} {
		response, body := j.visit(j.url + path + "?" + form("service", service).Encode())
		assert.Equal(t, http.StatusNotFound, response.StatusCode, path)
		assert.Contains(t, body, "invalid_client")
	}
	ticket := j.ticket()
	app := newCASApp(t)
	require.Contains(t, j.validate("serviceValidate", j.ticket(), "pgtUrl", app.URL+"/pgt"), "PGTIOU-")
	calls, _ := app.took()
	require.Len(t, calls, 2)
	_, pgt, _ := strings.Cut(calls[1], "pgtId=")
	for endpoint, want := range map[string]string{
		"/validate": "no\n\n", "/serviceValidate": `code="INVALID_TICKET"`, "/p3/proxyValidate": `code="INVALID_TICKET"`, "/proxy": `code="BAD_PGT"`,
	} {
		query := form("service", service, "ticket", ticket, "pgt", pgt, "targetService", service).Encode()
		response, body := j.visit(j.url + another + endpoint + "?" + query)
		assert.Equal(t, http.StatusOK, response.StatusCode)
		assert.Contains(t, body, want, endpoint)
	}
	_, body := j.visit(j.url + casPath + "/proxy?" + form("pgt", pgt, "targetService", service).Encode())
	assert.Contains(t, body, "<cas:proxyTicket>", "the ticket is good for the application itself")
	assert.Equal(t, "yes\nalice\n", j.validate("validate", ticket), "it was not used up")
}

func TestCASMethodsAndPaths(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	for path, want := range map[string]int{"/nothing": 404, "/": 404, "/p3": 404, "/validate": 200} {
		response, _ := j.visit(j.url + casPath + path)
		assert.Equal(t, want, response.StatusCode, path)
	}
	for _, path := range []string{
		casPath, casPath + "/login", casPath + "/serviceValidate", "/cas-idp/logout", "/cas-idp/another", "/cas-idp/another/login", "/cas/login",
	} {
		response, _ := j.do(http.MethodPost, j.url+path, nil)
		assert.Equal(t, http.StatusMethodNotAllowed, response.StatusCode, path)
	}
}

// A fault is placed on the path that is asked for.
func TestCASFaultsAtAPath(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	j.idp.Break(idptest.ErrorOn200.At(casPath + "/validate"))
	assert.Contains(t, j.validate("validate", "ST-x"), `{"code":400`)
	_, body := j.visit(j.url + "/cas/validate?" + form("service", service, "ticket", "ST-x").Encode())
	assert.Equal(t, "no\n\n", body)
	j.idp.Break(idptest.ErrorOn200.At("/cas/validate"))
	assert.Equal(t, "no\n\n", j.validate("validate", "ST-x"))
	j.idp.Break(idptest.ErrorOn200, castest.NoUser)
	assert.Contains(t, j.validate("validate", "ST-x"), `{"code":400`)
}

func TestCASMisconfigured(t *testing.T) {
	t.Parallel()
	for server, problem := range map[*authtest.Server]string{
		{CASAttributes: "x"}: "unknown Attributes", {SingleLogout: "x"}: "unknown SingleLogout",
	} {
		response, body := start(t, server).visit(start(t, server).url + "/cas/login")
		assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
		assert.Contains(t, body, problem)
	}
}

// Both mounts are one server.
func TestCASOtherMount(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{CASAttributes: castest.Pairs})
	for _, endpoint := range []string{"serviceValidate", "proxyValidate", "p3/serviceValidate", "p3/proxyValidate", "validate"} {
		for _, mounts := range [][2]string{{"/cas", "/cas"}, {"/cas", casPath}, {casPath, "/cas"}} {
			callback, err := j.idp.Login(t.Context(), j.url+mounts[0]+"/login?"+form("service", service).Encode(), "")
			require.NoError(t, err)
			query := form("service", service, "ticket", callback.URL.Query().Get("ticket")).Encode()
			_, body := j.visit(j.url + mounts[1] + "/" + endpoint + "?" + query)
			assert.Contains(t, body, idptest.Username)
			assert.Equal(t, endpoint != "validate", strings.Contains(body, `<cas:attribute name="email"`))
			_, body = j.visit(j.url + mounts[1] + "/" + endpoint + "?" + query)
			assert.NotContains(t, body, idptest.Username, "used twice")
		}
	}
	response, _ := j.visit(j.url + "/cas/logout?" + form("url", homeURI).Encode())
	assert.Equal(t, http.StatusOK, response.StatusCode, "CAS 3.0 ignores url")
	response, _ = j.visit(j.url + "/cas/logout?" + form("service", homeURI).Encode())
	assert.Equal(t, homeURI, response.Header.Get("Location"))
	response, _ = j.visit(j.url + "/cas/another")
	assert.Equal(t, http.StatusNotFound, response.StatusCode)
}

func TestCASBackChannelLogout(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*journey){
		"CAS":         func(j *journey) { j.visit(j.url + casPath + "/logout?" + form("service", homeURI).Encode()) },
		"without ID":  func(j *journey) { j.visit(j.url + "/cas-idp/logout?" + form("url", homeURI).Encode()) },
		"other mount": func(j *journey) { j.visit(j.url + "/cas/logout") },
		"front end":   func(j *journey) { j.visit(j.url + "/login/profile/logout") },
		"administrator": func(j *journey) {
			count, err := j.idp.EndSessions(j.t.Context(), idptest.Username)
			require.NoError(j.t, err)
			assert.Equal(j.t, 1, count)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := newCASApp(t)
			j := start(t, &authtest.Server{})
			to := app.URL + "/app?login=k"
			ticket := j.signIn(j.url + casPath + "/login?" + form("service", to).Encode()).Query().Get("ticket")
			leave(j)
			assert.Equal(t, []string{ticket}, app.posted(t, "/app?login=k"))
			response, _ := j.visit(j.url + casPath + "/login?" + form("service", to, "gateway", "true").Encode())
			assert.Equal(t, to, response.Header.Get("Location"), "the session is gone")
		})
	}
}
