package castest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

func TestHostileV1(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{})
	for fault, want := range map[idptest.Fault]string{
		castest.NoUser: "yes\n", castest.EmptyUser: "yes\n\n", castest.ExtraLines: "yes\nalice\nmallory\n",
	} {
		j.idp.Break()
		assert.Equal(t, "yes\nalice\n", j.validate("validate", j.ticket()))
		j.idp.Break(fault)
		assert.Equal(t, want, j.validate("validate", j.ticket()))
		assert.Equal(t, "no\n\n", j.validate("validate", "ST-none"))
	}
}

func TestHostileStatus(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{})
	for _, endpoint := range []string{"validate", "serviceValidate", "p3/proxyValidate"} {
		j.idp.Break(castest.ForbiddenStatus)
		response, body := j.visit(j.url + "/" + endpoint + "?" + form("service", service, "ticket", j.ticket()).Encode())
		assert.Equal(t, http.StatusForbidden, response.StatusCode)
		assert.Contains(t, body, "alice")
		j.idp.Break()
		assert.Contains(t, j.validate(endpoint, j.ticket()), "alice")
		j.idp.Break(idptest.HTML)
		assert.Contains(t, j.validate(endpoint, j.ticket()), "<!DOCTYPE html>")
	}
	j.idp.Break(idptest.HTML)
	assert.Contains(t, j.proxied("PGT-x", backend), "<!DOCTYPE html>")
}

func TestHostileTickets(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{})
	success := func(ticket string, pairs ...string) bool {
		return strings.Contains(j.validate("serviceValidate", ticket, pairs...), "<cas:user>alice</cas:user>")
	}
	reused := func() string { j.signOn(service); return j.signOn(service) }
	used := j.ticket()
	require.True(t, success(used))
	for fault, taken := range map[idptest.Fault]func() bool{
		castest.ReusableTicket: func() bool { return success(used) },
		castest.AnyService:     func() bool { return success(j.ticket(), "service", "http://localhost:3009/other") },
		castest.RenewIgnored:   func() bool { return success(reused(), "renew", "true") },
		castest.UnknownTicket:  func() bool { return !success(j.ticket()) },
	} {
		assert.False(t, taken(), "the twin of %s", fault)
		j.idp.Break(fault)
		assert.True(t, taken(), "%s", fault)
		j.idp.Break()
	}
	j.idp.Break(castest.RenewIgnored)
	assert.Equal(t, "false", readP3(t, j.validate("p3/serviceValidate", reused(), "renew", "true")).New, "the reply tells the truth")

	j.idp.Break(idptest.RepeatedParameter)
	callback, err := j.idp.Login(t.Context(), j.url+"/login?"+form("service", service).Encode(), "")
	require.NoError(t, err)
	assert.Len(t, callback.URL.Query()["ticket"], 2)
}

func TestHostileProxy(t *testing.T) {
	t.Parallel()
	app := newApp(t, false)
	j := start(t, &castest.Server{})
	iou := func() (string, map[string]string) {
		reply := readP3(t, j.validate("serviceValidate", j.ticket(), "pgtUrl", app.URL+"/pgt"))
		return reply.IOU, app.pgts(t)
	}
	known, all := iou()
	assert.Contains(t, all, known)
	j.idp.Break(castest.WrongIOU)
	known, all = iou()
	assert.True(t, known != "" && len(all) == 1 && all[known] == "")
	j.idp.Break(castest.UndeliveredPGT)
	known, all = iou()
	assert.True(t, known != "" && len(all) == 0)

	j.idp.Break()
	pgt := j.granted(app, "serviceValidate", j.ticket(), service, app.URL+"/pgt")
	for fault, fact := range map[idptest.Fault]func(string) bool{
		castest.BothVerdicts: has("cas:proxyFailure", 2), castest.NoVerdict: lacks("proxySuccess"), castest.OtherRoot: has("<cas:serviceReply", 1),
		castest.NoNamespace: has("<serviceResponse>", 1), castest.Doctype: has("<!DOCTYPE", 1), castest.SecondDocument: has("<cas:proxySuccess>", 2),
	} {
		j.idp.Break()
		assert.False(t, fact(j.proxied(pgt, backend)), "the twin of %s", fault)
		j.idp.Break(fault)
		assert.True(t, fact(j.proxied(pgt, backend)), "%s", fault)
	}
}
