package samltest_test

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// logoutMessage is what a test reads of a logout message.
type logoutMessage struct {
	XMLName      xml.Name
	ID           string     `xml:",attr"`
	Version      string     `xml:",attr"`
	Destination  string     `xml:",attr"`
	InResponseTo string     `xml:",attr"`
	IssueInstant time.Time  `xml:",attr"`
	NotOnOrAfter *time.Time `xml:",attr"`
	Issuer       string
	NameID       string
	SessionIndex []string
	Status       struct {
		StatusCode struct {
			Value      string `xml:",attr"`
			StatusCode struct {
				Value string `xml:",attr"`
			}
		}
	}

	relayState string
	text       string
	query      url.Values // of the redirect binding
	raw        string
}

// notice reads the logout message that the browser brings to an application.
func notice(t *testing.T, r *http.Request) *logoutMessage {
	t.Helper()
	require.NotNil(t, r)
	values := parameters(t, r)
	n := &logoutMessage{relayState: values.Get("RelayState"), query: values, raw: r.URL.RawQuery}
	for _, name := range []string{"SAMLRequest", "SAMLResponse"} {
		if !values.Has(name) {
			continue
		}
		n.text = unpackIf(t, r.Method == http.MethodGet, values.Get(name))
		require.NoError(t, xml.Unmarshal([]byte(n.text), n), n.text)
		require.Equal(t, strings.Contains(name, "Request"), n.XMLName.Local == "LogoutRequest")
	}
	return n
}

func unpackIf(t *testing.T, packed bool, value string) string {
	t.Helper()
	if packed {
		return unpack(t, value)
	}
	text, err := base64.StdEncoding.DecodeString(value)
	require.NoError(t, err)
	return string(text)
}

// sealed verifies the signature of a logout message as its binding has it.
func (j *journey) sealed(n *logoutMessage) error {
	if n.raw == "" {
		_, err := j.judge(n.text, n.XMLName.Local)
		return err
	}
	octets, _, _ := strings.Cut(n.raw, "&Signature=")
	signature, err := base64.StdEncoding.DecodeString(n.query.Get("Signature"))
	require.NoError(j.t, err)
	assert.Equal(j.t, dsig.RSASHA256SignatureMethod, n.query.Get("SigAlg"))
	return verifyRSA(j.certificates()[0].PublicKey.(*rsa.PublicKey), octets, signature)
}

// threeApps are three applications of one server.
func threeApps(binding samltest.Binding) []samltest.App {
	var all []samltest.App
	for _, id := range []string{"one", "two", "three"} {
		at := "https://" + id + ".example.com"
		all = append(all, samltest.App{ID: id, EntityID: at, ACSURLs: []string{at + "/acs"}, SLOURL: at + "/slo", SLOBinding: binding})
	}
	return all
}

// note is a logout message of an application.
func note(tag, id, at, attributes, body string, now time.Time) string {
	return `<p:` + tag + ` xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_` + opaqueID() + `" Version="2.0"` +
		` IssueInstant="` + now.UTC().Format(time.RFC3339) + `" Destination="` + at + `" ` + attributes + `><a:Issuer>https://` + id + `.example.com</a:Issuer>` + body + `</p:` + tag + `>`
}

const (
	succeeded = `<p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>`
	failed    = `<p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"/></p:Status>`
)

func (j *journey) slo(id string) string { return j.url + "/" + id + "/slo" }

// sendNote opens the single logout service with the message, by redirect.
func (j *journey) sendNote(b *idptest.Browser, id, name, message, relayState string) (*http.Request, error) {
	values := form(name, pack(j.t, message))
	if relayState != "" {
		values.Set("RelayState", relayState)
	}
	return b.Open(j.t.Context(), j.slo(id)+"?"+values.Encode(), nil)
}

// enter logs a browser in to the applications and returns the assertions.
func (j *journey) enter(b *idptest.Browser, ids ...string) []assertion {
	j.t.Helper()
	var all []assertion
	for _, id := range ids {
		callback, err := b.Open(j.t.Context(), j.url+"/"+id+"/sso", nil)
		require.NoError(j.t, err)
		p, _ := received(j.t, callback)
		require.Len(j.t, p.Assertions, 1)
		all = append(all, p.Assertions[0])
	}
	return all
}

func TestSingleLogout(t *testing.T) {
	t.Parallel()
	for _, binding := range []samltest.Binding{"", samltest.BindingPOST} {
		clock := newClock()
		j := start(t, &samltest.Server{Realm: clock.realm(), Apps: threeApps(binding)})
		for answer, want := range map[string]string{succeeded: "Success ", failed: "Success PartialLogout"} {
			b, err := j.idp.Browser("")
			require.NoError(t, err)
			in := j.enter(b, "one", "two", "three")
			assert.NotEqual(t, in[0].AuthnStatement.SessionIndex, in[1].AuthnStatement.SessionIndex, "they cannot compare")

			leave := note("LogoutRequest", "one", j.slo("one"), "", "<a:NameID>alice</a:NameID><p:SessionIndex>"+in[0].AuthnStatement.SessionIndex+"</p:SessionIndex>", clock.now())
			to, err := j.sendNote(b, "one", "SAMLRequest", leave, "relay one")
			require.NoError(t, err)
			for i, id := range []string{"two", "three"} {
				n := notice(t, to)
				at := "https://" + id + ".example.com/slo"
				assert.Equal(t, at, strings.Split(to.URL.String(), "?")[0])
				assert.Equal(t, at+" "+j.url+" alice", n.Destination+" "+n.Issuer+" "+n.NameID)
				assert.Equal(t, []string{in[i+1].AuthnStatement.SessionIndex}, n.SessionIndex)
				assert.Equal(t, clock.now(), n.IssueInstant)
				assert.Equal(t, clock.now().Add(5*time.Minute), *n.NotOnOrAfter)
				assert.NoError(t, j.sealed(n))
				assert.NotEmpty(t, n.relayState)
				reply := note("LogoutResponse", id, j.slo(id), `InResponseTo="`+n.ID+`"`, answer, clock.now())
				_, err = j.sendNote(b, id, "SAMLResponse", reply, "another")
				require.ErrorContains(t, err, "400 unknown_response", "RelayState must come back")
				to, err = j.sendNote(b, id, "SAMLResponse", reply, n.relayState)
				require.NoError(t, err)
				_, err = j.sendNote(b, id, "SAMLResponse", reply, n.relayState)
				require.ErrorContains(t, err, "400 unknown_response", "an answer counts once")
			}
			n := notice(t, to)
			assert.Equal(t, "LogoutResponse relay one "+j.url, n.XMLName.Local+" "+n.relayState+" "+n.Issuer)
			assert.Equal(t, "https://one.example.com/slo", n.Destination)
			assert.Contains(t, leave, `ID="`+n.InResponseTo+`"`)
			assert.Equal(t, want, lastWord(n.Status.StatusCode.Value)+" "+lastWord(n.Status.StatusCode.StatusCode.Value))
			assert.NoError(t, j.sealed(n))

			response, err := b.Open(t.Context(), j.url+"/two/sso?"+form("SAMLRequest", pack(t, passive(j, clock.now()))).Encode(), nil)
			require.NoError(t, err)
			p, _ := received(t, response)
			assert.Equal(t, "Responder NoPassive", p.status(), "the session is gone")
		}
	}
}
