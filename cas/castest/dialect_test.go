package castest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// urn is a name that no element can have.
const urn = "urn:oid:2.5.4.10"

func staff() *idptest.Realm {
	return &idptest.Realm{Users: []idptest.User{{Username: "alice", Email: "a@b.example", Claims: map[string]any{"teams": []string{"red", "blue"}, "unit": []string{"x"}, urn: "y"}}}}
}

// A client reads each form of attributes, and its claims are the same in XML and JSON.
func TestClientReadsEveryDialect(t *testing.T) {
	t.Parallel()
	type claims struct {
		Email string   `json:"email"`
		Teams []string `json:"teams"`
		Unit  []string `json:"unit"`
		Org   string   `json:"urn:oid:2.5.4.10"`
	}
	want := claims{"a@b.example", []string{"red", "blue"}, []string{"x"}, "y"}
	for _, c := range []struct {
		style  castest.Attributes
		lists  bool
		format cas.Format
	}{
		{"", false, cas.FormatXML}, {castest.Pairs, false, cas.FormatXML}, {castest.Both, false, cas.FormatXML}, {castest.Named, false, cas.FormatXML},
		{"", false, cas.FormatJSON}, {"", true, cas.FormatJSON},
	} {
		idp := &castest.Server{Realm: staff(), Attributes: c.style, ListsInJSON: c.lists}
		user, _ := logIn(t, client(t, idp, cas.Config{Service: homeURI, ReplyFormat: c.format}), idp)
		var got claims
		if c.style == castest.Named {
			all, ok := user.Attributes.Get("userAttributes")
			require.True(t, ok)
			require.NoError(t, all.Object().Claims(&got))
		} else {
			require.NoError(t, user.Claims(&got))
		}
		assert.Equal(t, want, got, "%s in %s", c.style, c.format)
		assert.True(t, user.IsFromNewLogin)
		assert.False(t, user.AuthenticationDate.IsZero())
		assert.Contains(t, string(user.Bytes()), "a@b.example")
	}
	idp := &castest.Server{Realm: staff(), Attributes: castest.Siblings}
	c := client(t, idp, cas.Config{Service: homeURI})
	login, callback := begun(t, c, idp, cas.AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, cas.CheckAttributes, "without a namespace")
	user, _ := logIn(t, client(t, idp, cas.Config{Service: homeURI, AllowNoNamespace: true}), idp)
	assert.Equal(t, "a@b.example", user.Attributes.Text("email"))
	assert.Equal(t, `["red","blue"]`, strings.TrimSpace(user.Attributes.Text("teams")))
}

func begun(t *testing.T, c *cas.Client, idp *castest.Server, o cas.AuthorizeOptions) (*cas.Login, *http.Request) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	callback, err := idp.Login(t.Context(), login.URL, "")
	require.NoError(t, err)
	return login, callback
}

// What a server does in its own way, and what the client says to it.
func TestClientOfPeculiarServers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault idptest.Fault
		set   cas.Config
		o     cas.AuthorizeOptions
		check cas.TicketCheck // empty is a login
	}{
		{fault: castest.LostMethod, o: cas.AuthorizeOptions{Method: cas.MethodPost}},
		{fault: castest.UnaskedPost, o: cas.AuthorizeOptions{Method: cas.MethodPost}},
		{fault: castest.UnaskedPost, check: cas.CheckMethod},
		{fault: castest.LongTicket, set: cas.Config{MaxTicket: 2_000}},
		{fault: castest.LongTicket, check: cas.CheckTicket},
		{fault: castest.JavaDate},
		{fault: castest.JavaDate, o: cas.AuthorizeOptions{Renew: true}},
		{fault: castest.LoudFlags},
		{fault: castest.LoudFlags, o: cas.AuthorizeOptions{Renew: true}, check: cas.CheckRenew},
		{fault: castest.MixedXML},
		{fault: castest.BareUser, check: cas.CheckVerdict},
		{fault: castest.BareUser, set: cas.Config{AllowNoNamespace: true}, check: cas.CheckVerdict},
		{fault: castest.CommentInUser, check: cas.CheckSyntax},
	} {
		idp := &castest.Server{}
		c.set.Service = homeURI
		client := client(t, idp, c.set)
		idp.Break(c.fault)
		login, callback := begun(t, client, idp, c.o)
		user, err := client.CompleteLogin(t.Context(), login, callback)
		if c.check != "" {
			require.ErrorIs(t, err, c.check, c.fault)
			continue
		}
		require.NoError(t, err, c.fault)
		assert.Equal(t, idptest.Username, user.User)
		assert.Equal(t, c.fault == castest.JavaDate, strings.Contains(user.Attributes.Text("authenticationDate"), " CEST "))
		assert.Equal(t, c.fault == castest.LoudFlags, user.Attributes.Text("isFromNewLogin") == "TRUE")
	}
}
