package authtest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const aliceLeaves = "<a:NameID>alice</a:NameID>"

// in says whether the browser has a session, without a page.
func (j *journey) in(b *idptest.Browser, now time.Time) bool {
	j.t.Helper()
	callback, err := b.Open(j.t.Context(), j.url+"/api/v2/saml-idp/two?"+form("SAMLRequest", pack(j.t, passive(j, now))).Encode(), nil)
	require.NoError(j.t, err)
	p, _ := samlCallback(j.t, callback)
	return p.status() == "Success "
}

func TestSAMLRefusedLogouts(t *testing.T) {
	t.Parallel()
	clock := newClock()
	key := testKey()
	apps := samlSPs("")
	apps[1].Key = key.Public()
	j := start(t, &authtest.Server{Now: clock.now, SAMLApps: apps})
	b, err := j.idp.Browser("")
	require.NoError(t, err)
	j.enter(b, "one", "two")
	good := samlNote("LogoutRequest", "one", j.slo("one"), "", aliceLeaves, clock.now())
	ask := func(id, name, message string) error {
		_, err := j.sendNote(b, id, name, message, "")
		return err
	}
	instant := clock.now().Format(time.RFC3339)
	until := func(at time.Time) string {
		return samlNote("LogoutRequest", "one", j.slo("one"), `NotOnOrAfter="`+at.Format(time.RFC3339)+`"`, aliceLeaves, clock.now())
	}
	for name, row := range map[string]struct{ message, want string }{
		"another message":     {strings.ReplaceAll(good, "LogoutRequest", "AuthnRequest"), "invalid_message"},
		"nobody":              {strings.Replace(good, aliceLeaves, "", 1), "invalid_message"},
		"an empty name":       {strings.Replace(good, ">alice<", "><", 1), "invalid_message"},
		"expired":             {until(clock.now()), "expired_message"},
		"old":                 {strings.Replace(good, instant, clock.now().Add(-time.Hour).Format(time.RFC3339), 1), "expired_message"},
		"another issuer":      {strings.Replace(good, "https://one.", "https://two.", 1), "unknown_issuer"},
		"another destination": {strings.Replace(good, "/slo", "/slo/", 1), "wrong_destination"},
	} {
		assert.ErrorContains(t, ask("one", "SAMLRequest", row.message), "400 "+row.want, name)
	}
	assert.ErrorContains(t, ask("one", "SAMLResponse", good), "400 invalid_message")
	_, err = b.Open(t.Context(), j.slo("one"), nil)
	assert.ErrorContains(t, err, "400 invalid_message", "no message")
	_, err = b.Open(t.Context(), j.slo("four"), nil)
	assert.ErrorContains(t, err, "404 7348")
	answer := samlNote("LogoutResponse", "one", j.slo("one"), `InResponseTo="_nothing"`, succeeded, clock.now())
	assert.ErrorContains(t, ask("one", "SAMLResponse", answer), "400 unknown_response")

	// With a key, logout messages are signed.
	signed := samlNote("LogoutRequest", "two", j.slo("two"), "", aliceLeaves, clock.now())
	assert.ErrorContains(t, ask("two", "SAMLRequest", signed), "400 unsigned_request")
	assert.True(t, j.in(b, clock.now()), "nothing of that ended the session")
	to, err := b.Open(t.Context(), j.slo("two")+"?"+signQueryBy(t, key, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "SAMLRequest", pack(t, signed)), nil)
	require.NoError(t, err)
	assert.Equal(t, "one.example.com", to.URL.Host)
	assert.False(t, j.in(b, clock.now()))
	assert.NoError(t, ask("one", "SAMLRequest", until(clock.now().Add(time.Second))), "the twin of expired")
}

// What a logout request ends: the sessions that it names, and no others.
func TestSAMLLogoutEnds(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &authtest.Server{Now: clock.now, SAMLApps: samlSPs(authtest.SAMLPost)})
	enter := func(user string, ids ...string) (*idptest.Browser, []samlAssertion) {
		b, err := j.idp.Browser(user)
		require.NoError(t, err)
		return b, j.enter(b, ids...)
	}
	index := func(all []samlAssertion) string {
		return "<p:SessionIndex>" + all[0].AuthnStatement.SessionIndex + "</p:SessionIndex>"
	}
	leave := func(b *idptest.Browser, body string) *samlNotice {
		to, err := j.sendNote(b, "one", "SAMLRequest", samlNote("LogoutRequest", "one", j.slo("one"), "", body, clock.now()), "")
		require.NoError(t, err)
		return notice(t, to)
	}
	first, one := enter("", "one")
	second, two := enter("", "one")
	other, _ := enter("", "two")
	n := leave(first, aliceLeaves+index(two))
	assert.Equal(t, "LogoutResponse Success", n.XMLName.Local+" "+lastWord(n.Status.StatusCode.Value))
	assert.Empty(t, n.relayState)
	assert.True(t, j.in(first, clock.now()), "not named")
	assert.False(t, j.in(second, clock.now()))
	assert.Equal(t, "LogoutResponse", leave(first, "<a:NameID>bob</a:NameID>"+index(one)).XMLName.Local)
	assert.True(t, j.in(first, clock.now()), "another's name")
	for _, attribute := range []string{`Format="` + authtest.SAMLEmail + `"`, `NameQualifier="https://other.example"`, `SPNameQualifier="https://two.example.com"`} {
		leave(first, "<a:NameID "+attribute+">alice</a:NameID>")
		assert.True(t, j.in(first, clock.now()), "another %s", attribute)
	}

	third, three := enter("", "one", "two")
	n = leave(third, `<a:NameID Format="`+authtest.SAMLUnspecified+`" NameQualifier="`+j.url+`" SPNameQualifier="https://one.example.com">alice</a:NameID>`)
	assert.Equal(t, "LogoutRequest https://two.example.com/slo", n.XMLName.Local+" "+n.Destination)
	assert.Len(t, n.SessionIndex, 2, "first used application two, too: one request names both")
	assert.Contains(t, n.SessionIndex, three[1].AuthnStatement.SessionIndex)
	assert.False(t, j.in(first, clock.now()), "all sessions of alice at that application")
	assert.True(t, j.in(other, clock.now()), "that application was never there")
}

// An application that cannot be told makes the logout partial.
func TestSAMLPartialLogout(t *testing.T) {
	t.Parallel()
	clock := newClock()
	apps := samlSPs("")
	apps[0].SLOResponseURL, apps[1].SLOURL = "https://one.example.com/answers?x=y", ""
	j := start(t, &authtest.Server{Now: clock.now, SAMLApps: apps})
	b, err := j.idp.Browser("")
	require.NoError(t, err)
	j.enter(b, "one", "two")
	to, err := j.sendNote(b, "one", "SAMLRequest", samlNote("LogoutRequest", "one", j.slo("one"), "", aliceLeaves, clock.now()), "r")
	require.NoError(t, err)
	n := notice(t, to)
	assert.Equal(t, "https://one.example.com/answers?x=y", n.Destination)
	assert.True(t, strings.HasPrefix(to.URL.String(), n.Destination+"&SAMLResponse="))
	assert.Equal(t, "PartialLogout", lastWord(n.Status.StatusCode.StatusCode.Value))
	_, err = j.idp.LogoutRequest(t.Context(), "", "two")
	assert.ErrorContains(t, err, `"two"`)
	_, err = j.idp.LogoutRequest(t.Context(), "nobody", "one")
	assert.ErrorContains(t, err, "there is no user")
}

// A logout that begins at the server goes by way of the applications, and then where it was going.
func TestSAMLLogoutFromTheServer(t *testing.T) {
	t.Parallel()
	clock := newClock()
	service := newCASApp(t, false)
	for to, begin := range map[string]func(*journey, *idptest.Browser) (*http.Request, error){
		homeURI: func(j *journey, b *idptest.Browser) (*http.Request, error) {
			return b.Open(t.Context(), j.url+"/login/profile/logout?"+form("redirect_uri", homeURI).Encode(), nil)
		},
		"": func(j *journey, b *idptest.Browser) (*http.Request, error) {
			return b.Open(t.Context(), j.url+"/login/profile/logout", nil)
		},
		"helper": func(j *journey, _ *idptest.Browser) (*http.Request, error) {
			return j.idp.LogoutRequest(t.Context(), "", "https://one.example.com")
		},
	} {
		j := start(t, &authtest.Server{Now: clock.now, SAMLApps: samlSPs("")})
		b, err := j.idp.Browser("")
		require.NoError(t, err)
		_, err = b.Open(t.Context(), j.url+"/cas/login?"+form("service", service.URL+"/app").Encode(), nil)
		require.NoError(t, err)
		in := j.enter(b, "two", "one")
		next, err := begin(j, b)
		require.NoError(t, err)
		assert.Len(t, service.posted(t, "/app"), 1, "CAS services are told too")
		assert.False(t, j.in(b, clock.now()))
		order := []string{"two", "one"}
		if to == "helper" {
			order = []string{"one", "two"}
		}
		for _, id := range order {
			n := notice(t, next)
			assert.Equal(t, "https://"+id+".example.com/slo", n.Destination)
			assert.NotEqual(t, in[0].AuthnStatement.SessionIndex, in[1].AuthnStatement.SessionIndex)
			next, err = j.sendNote(b, id, "SAMLResponse", samlNote("LogoutResponse", id, j.slo(id), `InResponseTo="`+n.ID+`"`, succeeded, clock.now()), n.relayState)
			require.NoError(t, err)
		}
		if to == homeURI {
			assert.Equal(t, homeURI, next.URL.String())
		} else {
			assert.Nil(t, next, "it ends at a page")
		}
	}
}

// Each fact is false of a good message and true of the spoilt one.
func TestHostileSAMLLogouts(t *testing.T) {
	t.Parallel()
	clock := newClock()
	for _, binding := range []authtest.SAMLBinding{authtest.SAMLRedirect, authtest.SAMLPost} {
		j := start(t, &authtest.Server{Now: clock.now, SAMLApps: samlSPs(binding)})
		request := func() *samlNotice {
			b, err := j.idp.Browser("")
			require.NoError(t, err)
			j.enter(b, "one")
			to, err := j.idp.LogoutRequest(t.Context(), "", "one")
			require.NoError(t, err)
			return notice(t, to)
		}
		response := func() *samlNotice {
			b, err := j.idp.Browser("")
			require.NoError(t, err)
			to, err := j.sendNote(b, "one", "SAMLRequest", strings.Replace(samlNote("LogoutRequest", "one", j.slo("one"), "", aliceLeaves, clock.now()), `ID="_`, `ID="_asked`, 1), "")
			require.NoError(t, err)
			return notice(t, to)
		}
		facts := map[idptest.Fault]func(*samlNotice) bool{
			authtest.SAMLLogoutUnsigned: func(n *samlNotice) bool {
				return !n.query.Has("Signature") && !strings.Contains(n.text, "Signature")
			},
			authtest.SAMLLogoutBadSignature: func(n *samlNotice) bool {
				return (n.query.Has("Signature") || strings.Contains(n.text, "Signature")) && j.sealed(n) != nil
			},
			authtest.SAMLLogoutWrongDestination: func(n *samlNotice) bool { return n.Destination != "https://one.example.com/slo" },
			authtest.SAMLLogoutWrongIssuer:      func(n *samlNotice) bool { return n.Issuer != j.url },
			authtest.SAMLLogoutExpired: func(n *samlNotice) bool {
				return n.NotOnOrAfter.Before(clock.now()) && n.IssueInstant.Before(*n.NotOnOrAfter)
			},
			authtest.SAMLLogoutWrongName:         func(n *samlNotice) bool { return n.NameID != "alice" },
			authtest.SAMLLogoutWrongInResponseTo: func(n *samlNotice) bool { return !strings.HasPrefix(n.InResponseTo, "_asked") },
			authtest.SAMLLogoutDenied:            func(n *samlNotice) bool { return lastWord(n.Status.StatusCode.Value) == "Requester" },
		}
		for _, kind := range []struct {
			send   func() *samlNotice
			faults []idptest.Fault
		}{{request, authtest.SAMLLogoutRequestFaults()}, {response, authtest.SAMLLogoutResponseFaults()}} {
			for _, fault := range kind.faults {
				j.idp.Break()
				good := kind.send()
				j.idp.Break(fault)
				spoilt := kind.send()
				if fault == authtest.SAMLLogoutReplayed {
					assert.Equal(t, good.ID, spoilt.ID)
					assert.NoError(t, j.sealed(spoilt))
					continue
				}
				assert.NotEqual(t, good.ID, spoilt.ID)
				assert.False(t, facts[fault](good), "the twin of %s", fault)
				assert.True(t, facts[fault](spoilt), "%s: %s", fault, spoilt.text)
				if fault != authtest.SAMLLogoutUnsigned && fault != authtest.SAMLLogoutBadSignature {
					assert.NoError(t, j.sealed(spoilt), "%s", fault)
				}
			}
		}
	}
}
