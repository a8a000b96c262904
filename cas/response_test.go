package cas

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

func mustParse(t *testing.T, s string) strictjson.Value {
	t.Helper()
	v, err := strictjson.Parse(s)
	require.NoError(t, err)
	return v
}

func okReply() *httpcore.Reply { return &httpcore.Reply{StatusCode: 200} }

func names(a Attributes) []string {
	var all []string
	for _, one := range a {
		all = append(all, one.Name)
	}
	return all
}

func TestAuthingsSampleInJSON(t *testing.T) {
	t.Parallel()
	got, err := play(t, "authing_success_json").ValidateTicketV2(t.Context(), testTicket, testService, ValidateOptions{Format: FormatJSON})
	require.NoError(t, err)
	require.Nil(t, got.Failure)
	s := got.Success
	assert.Equal(t, "test1@123.com", s.User)
	assert.Equal(t, string(readFixture(t, "authing_success_json").body), string(got.Bytes()))
	assert.Equal(t, strings.Fields("updated_at address phone_number_verified phone_number locale zoneinfo birthdate gender email_verified email website picture profile preferred_username nickname middle_name family_name given_name name sub external_id unionid"), names(s.Attributes))
	verified, ok := s.Attributes.Get("email_verified")
	require.True(t, ok)
	assert.Equal(t, Bool, verified.Kind())
	yes, err := verified.Bool()
	require.NoError(t, err)
	assert.True(t, yes)
	address, _ := s.Attributes.Get("address")
	assert.Equal(t, Object, address.Kind())
	assert.Equal(t, []string{"country", "postal_code", "region", "formatted"}, names(address.Object()))
	country, ok := address.Object().Get("country")
	assert.True(t, ok, "a null is kept")
	assert.Equal(t, Null, country.Kind())
	at, _ := s.Attributes.Get("updated_at")
	when, err := at.Time()
	require.NoError(t, err)
	assert.Equal(t, time.Date(2021, 6, 16, 14, 3, 17, 358e6, time.UTC), when)
	assert.Equal(t, "AAA", s.Attributes.Text("given_name"))
	assert.True(t, s.AuthenticationDate.IsZero())
}

func TestAuthingsSampleInXML(t *testing.T) {
	t.Parallel()
	got, err := play(t, "authing_success_xml").ValidateTicketV2(t.Context(), testTicket, testService, ValidateOptions{Format: FormatXML})
	require.NoError(t, err)
	require.Nil(t, got.Failure)
	s := got.Success
	assert.Equal(t, string(readFixture(t, "authing_success_xml").body), string(got.Bytes()))
	assert.Equal(t, "test1@123.com", s.User)
	assert.Equal(t, time.Date(2021, 6, 16, 13, 12, 29, 369e6, time.UTC), s.AuthenticationDate)
	assert.False(t, s.LongTermAuthenticationRequestTokenUsed)
	assert.Equal(t, strings.Fields("updated_at address phone_number_verified gender email_verified email picture nickname sub external_id"), names(s.Attributes))
	updated, ok := s.Attributes.Get("updated_at")
	assert.True(t, ok)
	assert.Equal(t, String, updated.Kind(), "an empty element is an empty string")
	verified, _ := s.Attributes.Get("email_verified")
	assert.Equal(t, String, verified.Kind(), "the type of an XML value is not guessed")
	yes, err := verified.Bool()
	require.NoError(t, err)
	assert.False(t, yes)
	address, _ := s.Attributes.Get("address")
	assert.Equal(t, []string{"locality", "street_address"}, names(address.Object()))
}

func TestAuthingsFailures(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]*Failure{
		"authing_failure_json": {StatusCode: 200, Code: InvalidTicket, Description: "Ticket 不合法"},
		"authing_failure_xml":  {StatusCode: 200, Code: InvalidTicket, Description: "Ticket illegal"},
	} {
		format := FormatXML
		if strings.HasSuffix(name, "json") {
			format = FormatJSON
		}
		got, err := play(t, name, func(c *Config) { c.ReplyFormat = format }).ValidateTicketV2(t.Context(), testTicket, testService)
		require.NoError(t, err)
		require.Nil(t, got.Success)
		want.Endpoint = "https://cas.example/cas/serviceValidate"
		assert.Equal(t, want, got.Failure)
		assert.Equal(t, string(readFixture(t, name).body), string(got.Bytes()))
	}
}

func TestReplyErrorReadsTheServersOwnForm(t *testing.T) {
	t.Parallel()
	own := func(c *Config) {
		c.ReplyError = func(status int, body []byte) *Failure {
			if !strings.Contains(string(body), `"message"`) {
				return nil
			}
			return &Failure{Code: "400", Description: string(body) + testTicket}
		}
	}
	_, err := play(t, "authing_error_object", own).ValidateTicketV2(t.Context(), testTicket, testService, ValidateOptions{Format: FormatJSON})
	var refused *Failure
	require.ErrorAs(t, err, &refused)
	assert.EqualError(t, err, `cas: the server refused: 400: {"code":400,"message":"x"}[redacted]`)
	assert.Equal(t, 200, refused.StatusCode)
	_, err = play(t, "authing_error_object").ValidateTicketV2(t.Context(), testTicket, testService, ValidateOptions{Format: FormatJSON})
	require.ErrorIs(t, err, CheckRoot)
	_, err = play(t, "unavailable", own).ValidateTicketV2(t.Context(), testTicket, testService)
	require.EqualError(t, err, "cas: the server refused with status 503 at https://cas.example/cas/serviceValidate")
	_, err = play(t, "ticket_v1_yes", own).ValidateTicketV1(t.Context(), testTicket, testService)
	require.NoError(t, err, "ReplyError does not see a CAS reply")
}

func TestRepeatedElementsAreAList(t *testing.T) {
	t.Parallel()
	got, err := play(t, "p3_success").ValidateTicketV3(t.Context(), testTicket, testService, ValidateOptions{Renew: true})
	require.NoError(t, err)
	s := got.Success
	assert.Equal(t, []string{"memberOf", "displayName"}, names(s.Attributes), "where the name came first")
	groups, _ := s.Attributes.Get("memberOf")
	assert.Equal(t, []string{"admin", "dev"}, groups.Texts())
	assert.Equal(t, List, groups.Kind())
	assert.Equal(t, "Alice <&> Example", s.Attributes.Text("displayName"))
	assert.True(t, s.LongTermAuthenticationRequestTokenUsed)
}

func TestBothFormsOfAttributes(t *testing.T) {
	t.Parallel()
	var read []*Success
	for _, name := range []string{"attributes_in_both_forms", "attributes_as_pairs"} {
		got, err := play(t, name).ValidateTicketV2(t.Context(), testTicket, testService)
		require.NoError(t, err)
		read = append(read, got.Success)
	}
	for i, name := range []string{"attributes_in_both_forms", "attributes_as_pairs"} {
		assert.Equal(t, string(readFixture(t, name).body), string(read[i].Bytes()))
		read[i].raw = ""
	}
	assert.Equal(t, read[0], read[1])
	assert.Equal(t, []string{"memberOf", "cn"}, names(read[0].Attributes))
	assert.Equal(t, "爱丽丝", read[0].Attributes.Text("cn"))
	assert.Equal(t, time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC), read[0].AuthenticationDate.UTC())
}

func TestListsInJSON(t *testing.T) {
	t.Parallel()
	got, err := play(t, "lists_in_json").ValidateTicketV3(t.Context(), testTicket, testService, ValidateOptions{Format: FormatJSON})
	require.NoError(t, err)
	s := got.Success
	assert.True(t, s.IsFromNewLogin)
	assert.Equal(t, time.Unix(1795167010, 0).UTC(), s.AuthenticationDate)
	assert.Equal(t, []string{"memberOf", "mail"}, names(s.Attributes))
	assert.Equal(t, "alice@example.test", s.Attributes.Text("mail"), "a list of one counts as its element")
	assert.Empty(t, s.Attributes.Text("memberOf"), "a list of two does not")
}

func TestClaims(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	got, err := c.read(string(readFixture(t, "authing_success_json").body), ValidateOptions{})
	require.NoError(t, err)
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
		Wrong    string `json:"EMAIL"`
		Address  map[string]*string
	}
	require.NoError(t, got.Success.Claims(&claims))
	assert.Equal(t, "test1@123.com", claims.Email)
	assert.True(t, claims.Verified)
	assert.Empty(t, claims.Wrong)
	var all map[string]any
	require.NoError(t, got.Success.Claims(&all))
	assert.Len(t, all, 22)
	assert.Equal(t, map[string]any{"country": nil, "postal_code": nil, "region": nil, "formatted": nil}, all["address"])
}

func TestHostileRepliesEndSoon(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t, func(c *Config) { c.MaxNodes = 300_000 })
	many := &strings.Builder{}
	members := &strings.Builder{}
	for i := range 100_000 {
		fmt.Fprintf(many, "<cas:a%d/>", i)
		fmt.Fprintf(members, `,"a%d":0`, i)
	}
	for name, body := range map[string]string{
		"deep":            xmlSuccessWith("<cas:user>a</cas:user>" + strings.Repeat("<cas:a>", 10_000)),
		"many attributes": xmlSuccessWith("<cas:user>a</cas:user><cas:attributes>" + many.String() + "</cas:attributes>"),
		"one name":        xmlSuccessWith("<cas:user>a</cas:user><cas:attributes>" + strings.Repeat("<cas:a/>", 100_000) + "</cas:attributes>"),
		"many members":    jsonSuccessWith(`"user":"a","attributes":{"b":0` + members.String() + `}`),
		"deep members":    jsonSuccessWith(`"user":"a","attributes":{"b":` + strings.Repeat("[", 100_000)),
	} {
		start := time.Now()
		_, err := c.read(body, ValidateOptions{})
		assert.Less(t, time.Since(start), 20*time.Second, name)
		assert.Equal(t, strings.HasPrefix(name, "deep"), err != nil, "%s: %v", name, err)
	}
	strict, _ := newClient(t)
	_, err := strict.read(xmlSuccessWith("<cas:user>a</cas:user><cas:attributes>"+many.String()+"</cas:attributes>"), ValidateOptions{})
	require.ErrorIs(t, err, CheckSyntax)
}
