package samltest_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// told is an application with an address for SOAP.
type told struct {
	got    []*logoutMessage
	answer func(n *logoutMessage) string // what it says; nil is that all is done
}

func (a *told) serve(t *testing.T, now func() time.Time) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.Equal(t, "POST text/xml; charset=utf-8", r.Method+" "+r.Header.Get("Content-Type"))
		var envelope struct {
			XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
			Body    struct {
				Request logoutMessage `xml:"urn:oasis:names:tc:SAML:2.0:protocol LogoutRequest"`
				Inner   string        `xml:",innerxml"`
			} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
		}
		assert.NoError(t, xml.Unmarshal(body, &envelope))
		n := &envelope.Body.Request
		n.text = envelope.Body.Inner
		a.got = append(a.got, n)
		if a.answer == nil {
			a.answer = func(n *logoutMessage) string {
				return note("LogoutResponse", "one", "", `InResponseTo="`+n.ID+`"`, succeeded, now())
			}
		}
		_, _ = io.WriteString(w, `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>`+a.answer(n)+`</e:Body></e:Envelope>`)
	}))
	t.Cleanup(server.Close)
	return server
}

// An application with an address for SOAP is told without the browser, and the others by way of it.
func TestLogoutBySOAP(t *testing.T) {
	t.Parallel()
	clock := newClock()
	for name, row := range map[string]struct {
		answer func(n *logoutMessage) string
		want   string
	}{
		"it ended": {nil, "Success "},
		"it did not": {func(n *logoutMessage) string {
			return note("LogoutResponse", "one", "", `InResponseTo="`+n.ID+`"`, failed, clock.now())
		}, "Success PartialLogout"},
		"to another request": {func(*logoutMessage) string {
			return note("LogoutResponse", "one", "", `InResponseTo="_x"`, succeeded, clock.now())
		}, "Success PartialLogout"},
		"of another": {func(n *logoutMessage) string {
			return note("LogoutResponse", "two", "", `InResponseTo="`+n.ID+`"`, succeeded, clock.now())
		}, "Success PartialLogout"},
		"with two messages":   {func(*logoutMessage) string { return "<x/><x/>" }, "Success PartialLogout"},
		"with another":        {func(*logoutMessage) string { return "<x/>" }, "Success PartialLogout"},
		"with something else": {func(*logoutMessage) string { return "<" }, "Success PartialLogout"},
	} {
		one := &told{answer: row.answer}
		apps := threeApps("")
		apps[0].SOAPLogoutURL = one.serve(t, clock.now).URL + "/soap"
		j := start(t, &samltest.Server{Realm: clock.realm(), Apps: apps})
		b, err := j.idp.Browser("")
		require.NoError(t, err)
		in := j.enter(b, "one", "two")
		to, err := j.sendNote(b, "two", "SAMLRequest", note("LogoutRequest", "two", j.slo("two"), "", aliceLeaves, clock.now()), "r")
		require.NoError(t, err)
		n := notice(t, to)
		assert.Equal(t, row.want, lastWord(n.Status.StatusCode.Value)+" "+lastWord(n.Status.StatusCode.StatusCode.Value), name)
		require.Len(t, one.got, 1)
		got := one.got[0]
		assert.Equal(t, []string{in[0].AuthnStatement.SessionIndex}, got.SessionIndex)
		assert.Equal(t, apps[0].SOAPLogoutURL+" alice "+j.url, got.Destination+" "+got.NameID+" "+got.Issuer)
		assert.NoError(t, j.sealed(got))
	}
}

// Who asks is not told, and a session that an administrator ends is told without any browser.
func TestWhoIsToldBySOAP(t *testing.T) {
	t.Parallel()
	clock := newClock()
	one := &told{}
	realm, apps := clock.realm(), threeApps("")
	apps[0].SOAPLogoutURL = one.serve(t, clock.now).URL
	j := start(t, &samltest.Server{Realm: realm, Apps: apps})
	b, err := j.idp.Browser("")
	require.NoError(t, err)
	j.enter(b, "one")
	_, err = j.sendNote(b, "one", "SAMLRequest", note("LogoutRequest", "one", j.slo("one"), "", aliceLeaves, clock.now()), "")
	require.NoError(t, err)
	assert.Empty(t, one.got, "it asked")
	j.enter(b, "one")
	ended, err := realm.EndSessions(t.Context(), "")
	require.NoError(t, err)
	assert.Equal(t, 1, ended)
	assert.Len(t, one.got, 1)
	j.enter(b, "one")
	_, err = j.idp.LogoutRequest(t.Context(), "", "one")
	require.ErrorContains(t, err, "SLOURL", "the browser brings it nothing")

	// With a key the answer must be signed.
	apps[0].Key = spKey().Public()
	j = start(t, &samltest.Server{Realm: clock.realm(), Apps: apps})
	for want, sign := range map[string]func(string) string{
		"": func(text string) string { return seal(t, spKey(), text) }, "PartialLogout": func(text string) string { return text },
	} {
		one.answer = func(n *logoutMessage) string {
			return sign(strings.Replace(note("LogoutResponse", "one", "", `InResponseTo="`+n.ID+`"`, succeeded, clock.now()), ` Destination=""`, "", 1))
		}
		b, err := j.idp.Browser("")
		require.NoError(t, err)
		j.enter(b, "two", "one")
		to, err := j.sendNote(b, "two", "SAMLRequest", note("LogoutRequest", "two", j.slo("two"), "", aliceLeaves, clock.now()), "")
		require.NoError(t, err)
		assert.Equal(t, want, lastWord(notice(t, to).Status.StatusCode.StatusCode.Value))
	}
}
