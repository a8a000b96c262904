package samltest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

const aliceLeaves = "<a:NameID>alice</a:NameID>"

// in says whether the browser has a session, without a page.
func (j *journey) in(b *idptest.Browser, now time.Time) bool {
	j.t.Helper()
	callback, err := b.Open(j.t.Context(), j.url+"/two/sso?"+form("SAMLRequest", pack(j.t, passive(j, now))).Encode(), nil)
	require.NoError(j.t, err)
	p, _ := received(j.t, callback)
	return p.status() == "Success "
}

func TestRefusedLogouts(t *testing.T) {
	t.Parallel()
	clock := newClock()
	key := spKey()
	apps := threeApps("")
	apps[1].Key = key.Public()
	j := start(t, &samltest.Server{Realm: clock.realm(), Apps: apps})
	b, err := j.idp.Browser("")
	require.NoError(t, err)
	j.enter(b, "one", "two")
	good := note("LogoutRequest", "one", j.slo("one"), "", aliceLeaves, clock.now())
	ask := func(id, name, message string) error {
		_, err := j.sendNote(b, id, name, message, "")
		return err
	}
	instant := clock.now().Format(time.RFC3339)
	until := func(at time.Time) string {
		return note("LogoutRequest", "one", j.slo("one"), `NotOnOrAfter="`+at.Format(time.RFC3339)+`"`, aliceLeaves, clock.now())
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
	assert.ErrorContains(t, err, "is not a page of this server")
	answer := note("LogoutResponse", "one", j.slo("one"), `InResponseTo="_nothing"`, succeeded, clock.now())
	assert.ErrorContains(t, ask("one", "SAMLResponse", answer), "400 unknown_response")

	// With a key, logout messages are signed.
	signed := note("LogoutRequest", "two", j.slo("two"), "", aliceLeaves, clock.now())
	assert.ErrorContains(t, ask("two", "SAMLRequest", signed), "400 unsigned_request")
	assert.True(t, j.in(b, clock.now()), "nothing of that ended the session")
	to, err := b.Open(t.Context(), j.slo("two")+"?"+signQueryBy(t, key, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "SAMLRequest", pack(t, signed)), nil)
	require.NoError(t, err)
	assert.Equal(t, "one.example.com", to.URL.Host)
	assert.False(t, j.in(b, clock.now()))
	assert.NoError(t, ask("one", "SAMLRequest", until(clock.now().Add(time.Second))), "the twin of expired")
}

// What a logout request ends: the sessions that it names, and no others.
func TestLogoutEnds(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &samltest.Server{Realm: clock.realm(), Apps: threeApps(samltest.BindingPOST)})
	enter := func(user string, ids ...string) (*idptest.Browser, []assertion) {
		b, err := j.idp.Browser(user)
		require.NoError(t, err)
		return b, j.enter(b, ids...)
	}
	index := func(all []assertion) string {
		return "<p:SessionIndex>" + all[0].AuthnStatement.SessionIndex + "</p:SessionIndex>"
	}
	leave := func(b *idptest.Browser, body string) *logoutMessage {
		to, err := j.sendNote(b, "one", "SAMLRequest", note("LogoutRequest", "one", j.slo("one"), "", body, clock.now()), "")
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
	for _, attribute := range []string{`Format="` + samltest.EmailAddress + `"`, `NameQualifier="https://other.example"`, `SPNameQualifier="https://two.example.com"`} {
		leave(first, "<a:NameID "+attribute+">alice</a:NameID>")
		assert.True(t, j.in(first, clock.now()), "another %s", attribute)
	}

	third, three := enter("", "one", "two")
	n = leave(third, `<a:NameID Format="`+samltest.Unspecified+`" NameQualifier="`+j.url+`" SPNameQualifier="https://one.example.com">alice</a:NameID>`)
	assert.Equal(t, "LogoutRequest https://two.example.com/slo", n.XMLName.Local+" "+n.Destination)
	assert.Len(t, n.SessionIndex, 2, "first used application two, too: one request names both")
	assert.Contains(t, n.SessionIndex, three[1].AuthnStatement.SessionIndex)
	assert.False(t, j.in(first, clock.now()), "all sessions of alice at that application")
	assert.True(t, j.in(other, clock.now()), "that application was never there")
}

// An application that cannot be told makes the logout partial.
func TestPartialLogout(t *testing.T) {
	t.Parallel()
	clock := newClock()
	apps := threeApps("")
	apps[0].SLOResponseURL, apps[1].SLOURL = "https://one.example.com/answers?x=y", ""
	j := start(t, &samltest.Server{Realm: clock.realm(), Apps: apps})
	b, err := j.idp.Browser("")
	require.NoError(t, err)
	j.enter(b, "one", "two")
	to, err := j.sendNote(b, "one", "SAMLRequest", note("LogoutRequest", "one", j.slo("one"), "", aliceLeaves, clock.now()), "r")
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

// door is a server of another protocol: a person leaves the realm by it.
type door struct {
	realm *idptest.Realm
	told  int
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.realm.Handler(d).ServeHTTP(w, r) }

func (d *door) Mount(mux *http.ServeMux) {
	mux.HandleFunc("GET /join", func(w http.ResponseWriter, r *http.Request) {
		d.realm.Begin(w, r, idptest.Interaction{Done: func(w http.ResponseWriter, _ *http.Request, who *idptest.Login) {
			who.Join(d)
			d.realm.MessagePage(w, "Signed in", "You are signed in.")
		}})
	})
	mux.HandleFunc("GET /leave", func(w http.ResponseWriter, r *http.Request) { d.realm.Leave(w, r, r.URL.Query().Get("to")) })
}

// Tell counts.
func (d *door) Tell(context.Context) { d.told++ }

// A logout that begins at the server goes by way of the applications, and then where it was going.
func TestLogoutFromTheServer(t *testing.T) {
	t.Parallel()
	const homeURI = "http://localhost:3000/"
	clock := newClock()
	for to, begin := range map[string]func(*journey, *idptest.Browser) (*http.Request, error){
		homeURI: func(j *journey, b *idptest.Browser) (*http.Request, error) {
			return b.Open(t.Context(), j.url+"/leave?"+form("to", homeURI).Encode(), nil)
		},
		"": func(j *journey, b *idptest.Browser) (*http.Request, error) {
			return b.Open(t.Context(), j.url+"/leave", nil)
		},
		"helper": func(j *journey, _ *idptest.Browser) (*http.Request, error) {
			return j.idp.LogoutRequest(t.Context(), "", "https://one.example.com")
		},
	} {
		realm := clock.realm()
		idp, other := &samltest.Server{Realm: realm, Key: idpKey(), Apps: threeApps("")}, &door{realm: realm}
		j := serve(t, idp, realm.Handler(idp, other))
		b, err := realm.Browser("", idp, other)
		require.NoError(t, err)
		_, err = b.Open(t.Context(), j.url+"/join", nil)
		require.NoError(t, err)
		in := j.enter(b, "two", "one")
		next, err := begin(j, b)
		require.NoError(t, err)
		assert.Equal(t, 1, other.told, "members of other protocols are told too")
		assert.False(t, j.in(b, clock.now()))
		order := []string{"two", "one"}
		if to == "helper" {
			order = []string{"one", "two"}
		}
		for _, id := range order {
			n := notice(t, next)
			assert.Equal(t, "https://"+id+".example.com/slo", n.Destination)
			assert.NotEqual(t, in[0].AuthnStatement.SessionIndex, in[1].AuthnStatement.SessionIndex)
			next, err = j.sendNote(b, id, "SAMLResponse", note("LogoutResponse", id, j.slo(id), `InResponseTo="`+n.ID+`"`, succeeded, clock.now()), n.relayState)
			require.NoError(t, err)
		}
		if to == homeURI {
			assert.Equal(t, homeURI, next.URL.String())
		} else {
			assert.Nil(t, next, "it ends at a page")
		}
	}
}

// Two servers of one realm: a logout at one goes by way of the applications of both.
func TestLogoutAtTwoServers(t *testing.T) {
	t.Parallel()
	clock := newClock()
	realm, apps := clock.realm(), threeApps("")
	one := &samltest.Server{Realm: realm, Key: idpKey(), Apps: apps[:1]}
	two := &samltest.Server{Realm: realm, Key: strangerKey(), EntityID: "urn:example:two", Path: "/other", Apps: apps[1:2]}
	j := serve(t, one, realm.Handler(one, two))
	b, err := realm.Browser("", one, two)
	require.NoError(t, err)
	j.enter(b, "one")
	_, err = b.Open(t.Context(), j.url+"/other/two/sso", nil)
	require.NoError(t, err)
	to, err := j.sendNote(b, "one", "SAMLRequest", note("LogoutRequest", "one", j.slo("one"), "", aliceLeaves, clock.now()), "relay")
	require.NoError(t, err)
	n := notice(t, to)
	assert.Equal(t, "https://two.example.com/slo urn:example:two", n.Destination+" "+n.Issuer)
	assert.Error(t, j.sealed(n), "it is signed with the key of its own server")
	at := j.url + "/other/two/slo"
	answer := note("LogoutResponse", "two", at, `InResponseTo="`+n.ID+`"`, succeeded, clock.now())
	to, err = b.Open(t.Context(), at+"?"+form("SAMLResponse", pack(t, answer), "RelayState", n.relayState).Encode(), nil)
	require.NoError(t, err)
	n = notice(t, to)
	assert.Equal(t, "https://one.example.com/slo Success ", n.Destination+" "+lastWord(n.Status.StatusCode.Value)+" "+n.Status.StatusCode.StatusCode.Value)
	assert.NoError(t, j.sealed(n))
	_, err = one.LogoutRequest(t.Context(), "", "two")
	assert.ErrorContains(t, err, "no session with application")
}

// Each fact is false of a good message and true of the spoilt one.
func TestHostileLogouts(t *testing.T) {
	t.Parallel()
	clock := newClock()
	for _, binding := range []samltest.Binding{samltest.BindingRedirect, samltest.BindingPOST} {
		j := start(t, &samltest.Server{Realm: clock.realm(), Apps: threeApps(binding)})
		request := func() *logoutMessage {
			b, err := j.idp.Browser("")
			require.NoError(t, err)
			j.enter(b, "one")
			to, err := j.idp.LogoutRequest(t.Context(), "", "one")
			require.NoError(t, err)
			return notice(t, to)
		}
		response := func() *logoutMessage {
			b, err := j.idp.Browser("")
			require.NoError(t, err)
			to, err := j.sendNote(b, "one", "SAMLRequest", strings.Replace(note("LogoutRequest", "one", j.slo("one"), "", aliceLeaves, clock.now()), `ID="_`, `ID="_asked`, 1), "")
			require.NoError(t, err)
			return notice(t, to)
		}
		facts := map[idptest.Fault]func(*logoutMessage) bool{
			samltest.LogoutUnsigned: func(n *logoutMessage) bool {
				return !n.query.Has("Signature") && !strings.Contains(n.text, "Signature")
			},
			samltest.LogoutBadSignature: func(n *logoutMessage) bool {
				return (n.query.Has("Signature") || strings.Contains(n.text, "Signature")) && j.sealed(n) != nil
			},
			samltest.LogoutWrongDestination: func(n *logoutMessage) bool { return n.Destination != "https://one.example.com/slo" },
			samltest.LogoutWrongIssuer:      func(n *logoutMessage) bool { return n.Issuer != j.url },
			samltest.LogoutExpired: func(n *logoutMessage) bool {
				return n.NotOnOrAfter.Before(clock.now()) && n.IssueInstant.Before(*n.NotOnOrAfter)
			},
			samltest.LogoutWrongName:         func(n *logoutMessage) bool { return n.NameID != "alice" },
			samltest.LogoutWrongInResponseTo: func(n *logoutMessage) bool { return !strings.HasPrefix(n.InResponseTo, "_asked") },
			samltest.LogoutDenied:            func(n *logoutMessage) bool { return lastWord(n.Status.StatusCode.Value) == "Requester" },
		}
		for _, kind := range []struct {
			send   func() *logoutMessage
			faults []idptest.Fault
		}{{request, samltest.LogoutRequestFaults()}, {response, samltest.LogoutResponseFaults()}} {
			for _, fault := range kind.faults {
				j.idp.Break()
				good := kind.send()
				j.idp.Break(fault)
				spoilt := kind.send()
				if fault == samltest.LogoutReplayed {
					assert.Equal(t, good.ID, spoilt.ID)
					assert.NoError(t, j.sealed(spoilt))
					continue
				}
				assert.NotEqual(t, good.ID, spoilt.ID)
				assert.False(t, facts[fault](good), "the twin of %s", fault)
				assert.True(t, facts[fault](spoilt), "%s: %s", fault, spoilt.text)
				if fault != samltest.LogoutUnsigned && fault != samltest.LogoutBadSignature {
					assert.NoError(t, j.sealed(spoilt), "%s", fault)
				}
			}
		}
	}
}
