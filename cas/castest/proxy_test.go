package castest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// granted logs in, validates with pgtUrl, and returns the proxy-granting ticket that went to the application.
func (j *journey) granted(app *application, endpoint, ticket, to, callback string) string {
	j.t.Helper()
	reply := readP3(j.t, j.validate(endpoint, ticket, "service", to, "pgtUrl", callback))
	require.NotEmpty(j.t, reply.IOU)
	pgt := app.pgts(j.t)[reply.IOU]
	require.True(j.t, strings.HasPrefix(pgt, "PGT-"))
	return pgt
}

// proxied asks /proxy and returns the body.
func (j *journey) proxied(pgt, target string, pairs ...string) string {
	j.t.Helper()
	_, body := j.visit(j.url + "/proxy?" + form(append([]string{"pgt", pgt, "targetService", target}, pairs...)...).Encode())
	return body
}

func (j *journey) proxyTicket(pgt, target string) string {
	j.t.Helper()
	ticket := between(j.t, j.proxied(pgt, target), "<cas:proxyTicket>", "</cas:proxyTicket>")
	require.True(j.t, strings.HasPrefix(ticket, "PT-"))
	return ticket
}

func TestProxyChain(t *testing.T) {
	t.Parallel()
	app := newApp(t, true)
	j := start(t, &castest.Server{Realm: &idptest.Realm{HTTPClient: app.Client()}})
	first, second := app.URL+"/first?keep=%20", app.URL+"/second"

	pgt := j.granted(app, "serviceValidate", j.ticket(), service, first)
	assert.Empty(t, readP3(t, j.validate("proxyValidate", j.ticket())).Proxies, "a service ticket came by no proxy")

	reply := readP3(t, j.validate("p3/proxyValidate", j.proxyTicket(pgt, backend), "service", backend))
	assert.Equal(t, idptest.Username+" false", reply.User+" "+reply.New)
	assert.Equal(t, []string{first}, reply.Proxies)

	further := j.granted(app, "proxyValidate", j.proxyTicket(pgt, backend), backend, second)
	reply = readP3(t, j.validate("proxyValidate", j.proxyTicket(further, "http://localhost:3002/"), "service", "http://localhost:3002/"))
	assert.Equal(t, []string{second, first}, reply.Proxies, "the latest stands first")

	body := j.validate("proxyValidate", j.proxyTicket(further, backend), "service", backend, "format", "JSON")
	assert.Contains(t, body, `"proxies":["`+second+`","`+first+`"]`)
}

func TestProxyTicketIsBound(t *testing.T) {
	t.Parallel()
	app := newApp(t, false)
	clock := newClock()
	j := start(t, &castest.Server{Realm: &idptest.Realm{Now: clock.now}})
	pgt := j.granted(app, "p3/serviceValidate", j.ticket(), service, app.URL+"/pgt")
	good := func(ticket string) {
		t.Helper()
		assert.Equal(t, idptest.Username, readP3(t, j.validate("proxyValidate", ticket, "service", backend)).User)
	}
	once := j.proxyTicket(pgt, backend)
	good(once)
	assert.Contains(t, j.validate("proxyValidate", once, "service", backend), `code="INVALID_TICKET"`)

	good(j.proxyTicket(pgt, backend))
	other := j.proxyTicket(pgt, backend)
	assert.Contains(t, j.validate("proxyValidate", other, "service", backend+"2"), `code="INVALID_SERVICE"`)
	assert.Contains(t, j.validate("proxyValidate", other, "service", backend), `code="INVALID_TICKET"`, "the attempt used it up")

	for _, endpoint := range []string{"serviceValidate", "p3/serviceValidate"} {
		assert.Contains(t, j.validate(endpoint, j.proxyTicket(pgt, backend), "service", backend), `code="INVALID_TICKET_SPEC"`)
	}
	assert.Equal(t, "no\n\n", j.validate("validate", j.proxyTicket(pgt, backend), "service", backend))
	assert.Contains(t, j.validate("proxyValidate", j.proxyTicket(pgt, backend), "service", backend, "renew", "true"), `code="INVALID_TICKET"`)

	clock.advance(2*time.Hour - time.Second)
	good(j.proxyTicket(pgt, backend))
	clock.advance(time.Second)
	assert.Contains(t, j.proxied(pgt, backend), `<cas:proxyFailure code="BAD_PGT">`)
}

func TestProxyRefused(t *testing.T) {
	t.Parallel()
	app := newApp(t, false)
	j := start(t, &castest.Server{Services: []string{service, backend}})
	pgt := j.granted(app, "serviceValidate", j.ticket(), service, app.URL+"/pgt")
	assert.Contains(t, j.proxied(pgt, backend), "<cas:proxySuccess>")
	assert.Contains(t, j.proxied(pgt, backend, "format", "JSON"), `{"serviceResponse":{"proxySuccess":{"proxyTicket":"PT-`)
	for code, body := range map[string]string{
		"INVALID_REQUEST":      j.proxied("", backend),
		"BAD_PGT":              j.proxied("PGT-unknown", backend),
		"UNAUTHORIZED_SERVICE": j.proxied(pgt, "http://localhost:3009/"),
	} {
		assert.Contains(t, body, `<cas:proxyFailure code="`+code+`">`)
	}
	assert.JSONEq(t, `{"serviceResponse":{"authenticationFailure":{"code":"INVALID_REQUEST",
		"description":"'pgt' and 'targetService' parameters are both required"}}}`, j.proxied(pgt, "", "format", "JSON"))
}

func TestProxyEndsWithTheSession(t *testing.T) {
	t.Parallel()
	app := newApp(t, false)
	j := start(t, &castest.Server{})
	pgt := j.granted(app, "serviceValidate", j.signOn(service), service, app.URL+"/pgt")
	assert.Contains(t, j.proxied(pgt, backend), "<cas:proxySuccess>")
	response, _ := j.visit(j.url + "/logout")
	require.Equal(t, http.StatusOK, response.StatusCode)
	assert.Contains(t, j.proxied(pgt, backend), `code="BAD_PGT"`)
}
