package authentication_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

// pageTicket is the ticket of Authing's samples.
const pageTicket = "ST-1856339-aA5Yuvrxzpv8Tau1cYQ7"

// sampleBody is a reply on Authing's page.
func sampleBody(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".http")
	require.NoError(t, err)
	_, reply, found := strings.Cut(string(text), "\n---\n")
	require.True(t, found)
	_, body, found := strings.Cut(reply, "\n\n")
	require.True(t, found)
	return strings.TrimSuffix(body, "\n") // the file's
}

func askV2(t *testing.T, name string) *cas.ServiceResponse {
	t.Helper()
	format := cas.FormatJSON
	if strings.HasSuffix(name, "_xml") {
		format = cas.FormatXML
	}
	reply, err := newTestClient(t, nil, plays(t, name)).ValidateTicketV2(t.Context(), pageTicket, testBack, cas.ValidateOptions{Format: format})
	require.NoError(t, err)
	return reply
}

// The result for a JSON reply is that of the page, and the bytes are kept.
func TestValidateTicketV2PageJSON(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ticket_v2_success_json", "ticket_v2_failure_json"} {
		reply, body := askV2(t, name), sampleBody(t, name)
		assert.Equal(t, body, string(reply.Bytes()), name)
		printed, err := json.Marshal(reply)
		require.NoError(t, err)
		assert.JSONEq(t, body, string(printed), name)
	}
	success := askV2(t, "ticket_v2_success_json").Success
	assert.Equal(t, "test1@123.com", success.User)
	assert.Equal(t, pageTicket, success.Ticket)
	address, ok := success.Attributes.Get("address")
	require.True(t, ok)
	assert.Equal(t, cas.Object, address.Kind())
	assert.Len(t, success.Attributes, 22)
	failure := askV2(t, "ticket_v2_failure_json").Failure
	assert.Equal(t, "INVALID_TICKET Ticket 不合法", string(failure.Code)+" "+failure.Description)
}

// A reply in XML has the same structure as one in JSON, with strings.
func TestValidateTicketV2PageXML(t *testing.T) {
	t.Parallel()
	reply := askV2(t, "ticket_v2_success_xml")
	assert.Equal(t, sampleBody(t, "ticket_v2_success_xml"), string(reply.Bytes()))
	printed, err := json.Marshal(reply)
	require.NoError(t, err)
	assert.JSONEq(t, `{"serviceResponse":{"authenticationSuccess":{"user":"test1@123.com","attributes":{
		"updated_at":"","address":{"locality":"","street_address":""},"phone_number_verified":"false","gender":"U","email_verified":"false",
		"email":"test1@123.com","picture":"https://files.authing.co/authing-console/default-user-avatar.png","nickname":"aaa",
		"sub":"6063fcd01d0d2e39d4596904","external_id":"046bb9d1-8501-11e9-bfaa-7cd30abeb5de"}}}}`, string(printed))
	assert.Equal(t, "2021-06-16T13:12:29.369Z", reply.Success.AuthenticationDate.Format("2006-01-02T15:04:05.000Z07:00"))

	printed, err = json.Marshal(askV2(t, "ticket_v2_failure_xml"))
	require.NoError(t, err)
	assert.Equal(t, `{"serviceResponse":{"authenticationFailure":{"code":"INVALID_TICKET","description":"Ticket illegal"}}}`, string(printed))
}

// The written JSON is read again as the same reply.
func TestValidateTicketV2RoundTrip(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ticket_v2_success_json", "ticket_v2_success_xml", "ticket_v2_failure_json", "ticket_v2_failure_xml"} {
		first := askV2(t, name)
		printed, err := json.Marshal(first)
		require.NoError(t, err)
		again, err := newTestClient(t, always(t, 200, string(printed)), nil).ValidateTicketV2(t.Context(), pageTicket, testBack)
		require.NoError(t, err, name)
		if first.Failure != nil {
			assert.Equal(t, first.Failure, again.Failure, name)
			continue
		}
		assert.Equal(t, first.Success.User, again.Success.User)
		require.Len(t, again.Success.Attributes, len(first.Success.Attributes))
		for i, a := range first.Success.Attributes {
			assert.Equal(t, a.Name, again.Success.Attributes[i].Name, name)
			assert.Equal(t, a.Value.Text(), again.Success.Attributes[i].Value.Text(), name)
		}
	}
}

// The JSON of a CAS 1.0 result is as on Authing's page, also for a value; printed it has no user.
func TestTicketV1JSON(t *testing.T) {
	t.Parallel()
	for want, answer := range map[string]authentication.TicketV1{
		`{"valid":true}`: {Valid: true, User: "u"},
		`{"valid":false,"message":"ticket 不合法"}`: {Message: "ticket 不合法"},
		`{"valid":false}`:  {},
		`[{"valid":true}]`: {Valid: true},
	} {
		var v any = answer
		if want[0] == '[' {
			v = []authentication.TicketV1{answer}
		}
		printed, err := json.Marshal(v)
		require.NoError(t, err)
		assert.Equal(t, want, string(printed))
	}
}
