package authentication_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

// ticketClient is a client as on Authing's page for the ticket calls: no protocol, no secret.
func ticketClient(t *testing.T, w *wire) *authentication.Client {
	t.Helper()
	client, err := authentication.NewClient(authentication.Options{AppID: testApp, AppHost: testHost, HTTPClient: w.client()})
	require.NoError(t, err)
	return client
}

// Row 19, and the results as on the page.
func TestValidateTicketV1(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"yes\ntest1@123.com\n":     `{"valid":true}`,
		"yes\r\ntest1@123.com\r\n": `{"valid":true}`,
		"no\n\n":                   `{"valid":false,"message":"ticket illegal"}`,
		"no\r\n":                   `{"valid":false,"message":"ticket illegal"}`,
		"no":                       `{"valid":false,"message":"ticket illegal"}`,
	} {
		w := always(t, 200, body)
		ticket, err := ticketClient(t, w).ValidateTicketV1(t.Context(), "ST-1", "https://svc.example.com/a?b=c&d=中")
		require.NoError(t, err, "%q", body)
		printed, err := json.Marshal(ticket)
		require.NoError(t, err)
		assert.Equal(t, want, string(printed))
		if ticket.Valid {
			assert.Equal(t, "test1@123.com", ticket.User)
		}
		require.Len(t, w.sent, 1)
		assert.Equal(t, "GET /cas-idp/"+testApp+"/validate?service=https%3A%2F%2Fsvc.example.com%2Fa%3Fb%3Dc%26d%3D%E4%B8%AD&ticket=ST-1", w.sent[0].line())
	}
	for _, body := range []string{"", "yes", "yes\n", "yes\n\n", "yes\nu", "yes\nu\nv\n", "YES\nu\n", "no\nu\n", "maybe\n", " yes\nu\n", `{"valid":true}`} {
		ticket, err := ticketClient(t, always(t, 200, body)).ValidateTicketV1(t.Context(), "ST-1", testBack)
		var refusal *cas.TicketError
		require.ErrorAs(t, err, &refusal, "%q", body)
		assert.Nil(t, ticket)
	}
}

// Row 20: XML and JSON give the same type; JSON is requested by default.
func TestValidateTicketV2(t *testing.T) {
	t.Parallel()
	const success = `{"serviceResponse":{"authenticationSuccess":{"user":"test1","attributes":{"email":"a@b.c","phone_number":null}}}}`
	const successXML = `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationSuccess><cas:user>test1</cas:user>` +
		`<cas:attributes><cas:email>a@b.c</cas:email></cas:attributes></cas:authenticationSuccess></cas:serviceResponse>`
	for _, c := range []struct{ body, format, query string }{
		{success, "", "format=JSON&"}, {success, "JSON", "format=JSON&"}, {successXML, "XML", "format=XML&"},
	} {
		w := always(t, 200, c.body)
		if c.format == "XML" {
			w = newWire(t, (&capture{Response: &struct {
				Status  int
				Headers map[string]string
				Body    string
			}{200, map[string]string{"content-type": "text/xml"}, c.body}}).reply)
		}
		reply, err := ticketClient(t, w).ValidateTicketV2(t.Context(), "ST-1", testBack, cas.ValidateOptions{Format: cas.Format(c.format)})
		require.NoError(t, err, c.format)
		require.NotNil(t, reply.Success)
		assert.Nil(t, reply.Failure)
		assert.Equal(t, "test1", reply.Success.User)
		var more struct{ Email string }
		require.NoError(t, reply.Success.Claims(&more))
		require.Len(t, w.sent, 1)
		assert.Equal(t, "GET /cas-idp/"+testApp+"/serviceValidate?"+c.query+"service=https%3A%2F%2Fapp.example%2Fauth%2Fcallback&ticket=ST-1", w.sent[0].line())
	}
}

// A refusal is a result: it is in the response and not an error.
func TestValidateTicketV2Failure(t *testing.T) {
	t.Parallel()
	const body = `{"serviceResponse":{"authenticationFailure":{"code":"INVALID_TICKET","description":"Ticket ST-1-aA5Yuvrxzpv8 not recognized"}}}`
	reply, err := ticketClient(t, always(t, 200, body)).ValidateTicketV2(t.Context(), "ST-1-aA5Yuvrxzpv8", testBack)
	require.NoError(t, err)
	require.NotNil(t, reply.Failure)
	assert.Nil(t, reply.Success)
	assert.ErrorIs(t, reply.Failure, cas.InvalidTicket)
	assert.Equal(t, "Ticket [redacted] not recognized", reply.Failure.Description)
}

// Both work with any protocol of the client.
func TestTicketsEveryProtocol(t *testing.T) {
	t.Parallel()
	for _, p := range protocols() {
		v1, err := newTestClient(t, always(t, 200, "yes\nu\n"), with(p)).ValidateTicketV1(t.Context(), "ST-1", testBack)
		require.NoError(t, err, p.Name())
		assert.True(t, v1.Valid)
		v2, err := newTestClient(t, always(t, 200, `{"serviceResponse":{"authenticationSuccess":{"user":"u"}}}`), with(p)).
			ValidateTicketV2(t.Context(), "ST-1", testBack)
		require.NoError(t, err, p.Name())
		assert.Equal(t, "u", v2.Success.User)
	}
}

// CAS-3: a text that cannot be a ticket is not sent. A proxy ticket is one: the server refuses it, or its reply has
// proxies, which are refused (CAS-13).
func TestTicketsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, ticket := range []string{"", "T-1", "S", "ST", "ST-", "PT-", "STX1", "PGT-1", "st-1", "ST-" + strings.Repeat("x", 510), "ST-1&service=x", "ST-1 ", "ST-<x>", "ST-1\n", "ST-1#x"} {
		w := always(t, 200, "yes\nu\n")
		client := ticketClient(t, w)
		_, err := client.ValidateTicketV1(t.Context(), ticket, testBack)
		require.ErrorIs(t, err, cas.CheckTicket, ticket)
		_, err = client.ValidateTicketV2(t.Context(), ticket, testBack)
		require.ErrorIs(t, err, cas.CheckTicket, ticket)
		assert.Empty(t, w.sent)
	}
}

// The options move both bounds, for the ticket calls and for logins.
func TestTicketOptions(t *testing.T) {
	t.Parallel()
	long := "own:" + strings.Repeat("x", 1200)
	own := func(o *authentication.Options) { o.TicketPrefixes, o.MaxTicket = []string{"own:", "ST-"}, len(long) }
	for _, ticket := range []string{"ST-1", "PT-1", "ST-" + strings.Repeat("x", 509)} {
		w := always(t, 200, "yes\nu\n")
		_, err := newTestClient(t, w, nil).ValidateTicketV1(t.Context(), ticket, testBack)
		require.NoError(t, err, ticket)
		assert.Len(t, w.sent, 1)
	}
	const proxied = `{"serviceResponse":{"authenticationSuccess":{"user":"u","proxies":["https://p.example/"]}}}`
	_, err := newTestClient(t, always(t, 200, proxied), nil).ValidateTicketV2(t.Context(), "PT-1", testBack)
	require.ErrorIs(t, err, cas.CheckProxies)

	_, err = newTestClient(t, always(t, 200, "yes\nu\n"), own).ValidateTicketV1(t.Context(), long, testBack)
	require.NoError(t, err)
	for _, ticket := range []string{long + "x", "PT-1"} {
		w := always(t, 200, "yes\nu\n")
		_, err = newTestClient(t, w, own).ValidateTicketV1(t.Context(), ticket, testBack)
		require.ErrorIs(t, err, cas.CheckTicket)
		assert.Empty(t, w.sent)
	}
	for _, set := range []func(*authentication.Options){own, nil} {
		client := newTestClient(t, always(t, 200, `{"serviceResponse":{"authenticationSuccess":{"user":"u"}}}`), func(o *authentication.Options) {
			o.Protocol = authentication.CAS{}
			if set != nil {
				set(o)
			}
		})
		login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		_, err = client.CompleteLogin(t.Context(), login, callback(t, url.Values{"login": {login.Key}, "ticket": {long}}))
		if set == nil {
			require.ErrorIs(t, err, cas.CheckTicket)
			continue
		}
		require.NoError(t, err)
	}
}
