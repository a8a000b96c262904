package cas

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const testPGT = "PGT-1856339-aA5Yuvrxzpv8Tau1cYQ7"

func proxyReply(inside string) string { return open + inside + shut }

func TestGetProxyTicket(t *testing.T) {
	t.Parallel()
	var asked *url.URL
	reply := proxyReply(`<cas:proxySuccess><cas:proxyTicket>PT-1</cas:proxyTicket></cas:proxySuccess>`)
	c, mock := newClient(t)
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		asked = r.URL
		return httpmock.NewStringResponse(200, reply), nil
	})
	got, err := c.GetProxyTicket(t.Context(), testPGT, "https://back.example/?a=b&pgt=c")
	require.NoError(t, err)
	assert.Equal(t, "PT-1", got)
	assert.Equal(t, "/cas/proxy", asked.Path)
	assert.Equal(t, url.Values{"pgt": {testPGT}, "targetService": {"https://back.example/?a=b&pgt=c"}}, asked.Query())
	reply = `{"serviceResponse":{"proxySuccess":{"proxyTicket":"PT-2"},"proxyFailure":null}}`
	got, err = c.GetProxyTicket(t.Context(), testPGT, "https://back.example/")
	require.NoError(t, err)
	assert.Equal(t, "PT-2", got)
	before := mock.GetTotalCallCount()
	_, err = c.GetProxyTicket(t.Context(), "", "https://back.example/")
	require.ErrorIs(t, err, CheckTicket)
	_, err = c.GetProxyTicket(t.Context(), testPGT, "")
	require.EqualError(t, err, "cas: targetService is not set")
	_, err = c.GetProxyTicket(t.Context(), testPGT, "/back")
	require.EqualError(t, err, "cas: targetService must be an absolute URL such as https://app.example/callback")
	assert.Equal(t, before, mock.GetTotalCallCount())
	bare, err := NewClient(Config{})
	require.NoError(t, err)
	_, err = bare.GetProxyTicket(t.Context(), testPGT, "https://back.example/")
	require.ErrorIs(t, err, errors.ErrUnsupported)
}

func TestGetProxyTicketRefusals(t *testing.T) {
	t.Parallel()
	const yes = `<cas:proxySuccess><cas:proxyTicket>PT-1</cas:proxyTicket></cas:proxySuccess>`
	const no = `<cas:proxyFailure code="INVALID_REQUEST">no</cas:proxyFailure>`
	c, _ := newClient(t)
	for name, r := range map[string]refusal{
		"neither":         {"PT-1", CheckSyntax, proxyReply(yes)},
		"nothing":         {"", CheckSyntax, " " + proxyReply(yes)},
		"document type":   {"<!DOCTYPE a>" + proxyReply(yes), CheckSyntax, proxyReply(yes)},
		"root":            {strings.Replace(proxyReply(yes), "cas\">", "cat\">", 1), CheckRoot, proxyReply(yes)},
		"both":            {proxyReply(yes + no), CheckVerdict, proxyReply(yes)},
		"none":            {proxyReply(""), CheckVerdict, proxyReply(yes)},
		"success":         {open + success + shut, CheckVerdict, proxyReply(yes)},
		"text beside":     {proxyReply(strings.Replace(yes, "</cas:proxyS", "x</cas:proxyS", 1)), CheckVerdict, proxyReply(strings.Replace(yes, "</cas:proxyS", " </cas:proxyS", 1))},
		"no ticket":       {proxyReply(`<cas:proxySuccess/>`), CheckTicket, proxyReply(yes)},
		"empty ticket":    {proxyReply(strings.Replace(yes, "PT-1", "", 1)), CheckTicket, proxyReply(yes)},
		"odd ticket":      {proxyReply(strings.Replace(yes, "PT-1", "PT 1", 1)), CheckTicket, proxyReply(yes)},
		"long ticket":     {proxyReply(strings.Replace(yes, "1", strings.Repeat("1", 510), 1)), CheckTicket, proxyReply(strings.Replace(yes, "1", strings.Repeat("1", 509), 1))},
		"ticket twice":    {proxyReply(strings.Replace(yes, "</cas:proxyS", "<cas:proxyTicket>PT-1</cas:proxyTicket></cas:proxyS", 1)), CheckTicket, proxyReply(strings.Replace(yes, "</cas:proxyS", "<cas:x>PT-1</cas:x></cas:proxyS", 1))},
		"elements":        {proxyReply(strings.Replace(yes, "PT-1", "PT-1<cas:x/>", 1)), CheckTicket, proxyReply(yes)},
		"other namespace": {proxyReply(`<cas:proxySuccess><proxyTicket>PT-1</proxyTicket></cas:proxySuccess>`), CheckTicket, proxyReply(yes)},
		"django's no":     {proxyReply(yes + failure), CheckVerdict, proxyReply(failure)},
		"JSON, two noes":  {`{"serviceResponse":{"proxyFailure":{},"authenticationFailure":{}}}`, CheckVerdict, `{"serviceResponse":{"authenticationFailure":{}}}`},
		"failure":         {proxyReply(`<cas:proxyFailure><cas:x/></cas:proxyFailure>`), CheckFailure, proxyReply(no)},
		"JSON ticket":     {`{"serviceResponse":{"proxySuccess":{"proxyTicket":1}}}`, CheckTicket, `{"serviceResponse":{"proxySuccess":{"proxyTicket":"1"}}}`},
		"JSON both":       {`{"serviceResponse":{"proxySuccess":{"proxyTicket":"1"},"proxyFailure":{}}}`, CheckVerdict, `{"serviceResponse":{"proxyFailure":{}}}`},
		"JSON success":    {jsonSuccessWith(`"user":"a"`), CheckVerdict, `{"serviceResponse":{"proxySuccess":{"proxyTicket":"1"}}}`},
	} {
		ticket, failure, err := c.readProxy(r.refused)
		require.ErrorIs(t, err, r.check, name)
		assert.Empty(t, ticket, name)
		assert.Nil(t, failure, name)
		ticket, failure, err = c.readProxy(r.twin)
		require.NoError(t, err, name)
		assert.NotEqual(t, ticket == "", failure == nil, name)
	}
}

func TestCAS7ProxyReplyWithAnotherStatus(t *testing.T) {
	t.Parallel()
	yes := proxyReply(`<cas:proxySuccess><cas:proxyTicket>PT-1</cas:proxyTicket></cas:proxySuccess>`)
	no := proxyReply(`<cas:proxyFailure code="UNAUTHORIZED_SERVICE">not for ` + testPGT + `</cas:proxyFailure>`)
	for _, status := range []int{200, 201, 400, 500} {
		c, mock := newClient(t)
		mock.RegisterNoResponder(httpmock.NewStringResponder(status, yes))
		ticket, err := c.GetProxyTicket(t.Context(), testPGT, "https://back.example/")
		assert.Equal(t, status == 200, err == nil, status)
		assert.Equal(t, status == 200, ticket != "", status)

		mock.RegisterNoResponder(httpmock.NewStringResponder(status, no))
		_, err = c.GetProxyTicket(t.Context(), testPGT, "https://back.example/")
		var refused *Failure
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, status, refused.StatusCode)
		assert.Equal(t, status == 200 || status == 400, refused.Code == "UNAUTHORIZED_SERVICE", status)
		assert.NotContains(t, err.Error(), testPGT)
		assert.NotContains(t, refused.Description, testPGT)
	}
}

func TestCAS17GrantingTicketsAreInNoError(t *testing.T) {
	t.Parallel()
	for name, respond := range map[string]httpmock.Responder{
		"network":  func(r *http.Request) (*http.Response, error) { return nil, errors.New("no route to " + r.URL.String()) },
		"redirect": httpmock.NewStringResponder(302, "").HeaderSet(http.Header{"Location": {"/?pgt=" + testPGT}}),
		"status":   httpmock.NewStringResponder(500, testPGT),
		"syntax":   httpmock.NewStringResponder(200, "<"+testPGT),
		"ticket":   httpmock.NewStringResponder(200, proxyReply(`<cas:proxySuccess><cas:proxyTicket>`+testPGT+` x</cas:proxyTicket></cas:proxySuccess>`)),
	} {
		c, mock := newClient(t)
		mock.RegisterNoResponder(respond)
		_, err := c.GetProxyTicket(t.Context(), testPGT, "https://back.example/")
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), testPGT[:10], name)
		assert.Equal(t, 1, mock.GetTotalCallCount(), "CAS-18: %s", name)
	}
	c, _ := newClient(t)
	_, err := c.GetProxyTicket(t.Context(), "secret ticket", "https://back.example/")
	require.ErrorIs(t, err, CheckTicket)
	assert.NotContains(t, err.Error(), "secret")
}
