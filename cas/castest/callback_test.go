package castest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

func TestCallback(t *testing.T) {
	t.Parallel()
	app := newApp(t, true)
	j := start(t, &castest.Server{Realm: &idptest.Realm{HTTPClient: app.Client()}})
	reply := readP3(t, j.validate("serviceValidate", j.ticket(), "pgtUrl", app.URL+"/pgt?keep=%20"))
	assert.True(t, strings.HasPrefix(reply.IOU, "PGTIOU-"))
	calls, _ := app.took()
	assert.Len(t, calls, 2)
	assert.Equal(t, "GET /pgt?keep=%20", calls[0], "first without a ticket")
	assert.True(t, strings.HasPrefix(calls[1], "GET /pgt?keep=%20&pgtIou="+reply.IOU+"&pgtId=PGT-"), calls[1])

	assert.Empty(t, readP3(t, j.validate("serviceValidate", j.ticket())).IOU, "nobody asked for one")
	body := j.validate("serviceValidate", j.ticket(), "pgtUrl", app.URL+"/pgt", "format", "JSON")
	assert.Contains(t, body, `"proxyGrantingTicket":"PGTIOU-`)
}

func TestCallbackRefused(t *testing.T) {
	t.Parallel()
	app, plain := newApp(t, true), newApp(t, false)
	trusting := func() *journey { return start(t, &castest.Server{Realm: &idptest.Realm{HTTPClient: app.Client()}}) }
	refusal := func(j *journey, callback string) string {
		body := j.validate("serviceValidate", j.ticket(), "pgtUrl", callback)
		if strings.Contains(body, "<cas:authenticationSuccess>") {
			return ""
		}
		return between(t, body, `code="`, `"`)
	}
	assert.Empty(t, refusal(trusting(), app.URL+"/pgt"))
	assert.Empty(t, refusal(start(t, &castest.Server{}), plain.URL+"/pgt"), "http to loopback")
	app.took()

	assert.Equal(t, "INVALID_PROXY_CALLBACK", refusal(start(t, &castest.Server{}), app.URL+"/pgt"), "a certificate nobody trusts")
	assert.Equal(t, "INVALID_PROXY_CALLBACK", refusal(trusting(), "https://user@"+strings.TrimPrefix(app.URL, "https://")))
	assert.Equal(t, "INVALID_PROXY_CALLBACK", refusal(trusting(), app.URL+"/pgt#x"))
	assert.Equal(t, "INVALID_PROXY_CALLBACK", refusal(trusting(), ""))
	assert.Equal(t, "INVALID_PROXY_CALLBACK", refusal(trusting(), "http://app.example/pgt"))
	assert.Equal(t, "UNAUTHORIZED_SERVICE_PROXY", refusal(trusting(), "https://app.example/pgt"), "not registered")
	assert.Equal(t, "INVALID_PROXY_CALLBACK", refusal(start(t, &castest.Server{ProxyCallbacks: []string{"https://app.example/pgt"}}),
		"https://app.example/pgt"), "without a client nobody outside is called")
	calls, _ := app.took()
	assert.Empty(t, calls)
}

func TestCallbackRegistered(t *testing.T) {
	t.Parallel()
	app := newApp(t, false)
	j := start(t, &castest.Server{ProxyCallbacks: []string{app.URL + "/pgt"}})
	assert.Contains(t, j.validate("serviceValidate", j.ticket(), "pgtUrl", app.URL+"/pgt?x=1"), "PGTIOU-")
	assert.Contains(t, j.validate("serviceValidate", j.ticket(), "pgtUrl", app.URL+"/other"), `code="UNAUTHORIZED_SERVICE_PROXY"`)
}

// A callback that is not there fails the validation; one that takes no ticket leaves the IOU out (CAS §2.5.4).
func TestCallbackStatus(t *testing.T) {
	t.Parallel()
	app := newApp(t, false)
	var probe, delivery int
	app.answer = func(r *http.Request) int {
		if r.URL.Query().Has("pgtIou") {
			return delivery
		}
		return probe
	}
	j := start(t, &castest.Server{})
	for _, test := range []struct {
		probe, delivery int
		has, lacks      string
	}{
		{200, 200, "<cas:proxyGrantingTicket>", "cas:authenticationFailure"},
		{200, 500, "<cas:authenticationSuccess>", "proxyGrantingTicket"},
		{200, 302, "<cas:authenticationSuccess>", "proxyGrantingTicket"},
		{404, 200, `code="INVALID_PROXY_CALLBACK"`, "proxyGrantingTicket"},
	} {
		probe, delivery = test.probe, test.delivery
		body := j.validate("serviceValidate", j.ticket(), "pgtUrl", app.URL+"/pgt")
		assert.Contains(t, body, test.has)
		assert.NotContains(t, body, test.lacks)
	}
}
