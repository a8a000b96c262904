//go:build interop

package casdjango

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
)

type validation = func(context.Context, string, string, ...cas.ValidateOptions) (*cas.ServiceResponse, error)

func versions(c *cas.Client) map[string]validation {
	return map[string]validation{"V2": c.ValidateTicketV2, "V3": c.ValidateTicketV3}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	s := server(t)
	c, who := s.client(t), person(t)
	began := time.Now().Truncate(time.Second)
	for name, validate := range versions(c) {
		for _, format := range []cas.Format{"", cas.FormatXML, cas.FormatJSON} { // the server does not know JSON and answers in XML
			got, err := validate(t.Context(), s.ticket(t, c, who, ""), "", cas.ValidateOptions{Format: format})
			require.NoError(t, err, name)
			require.NotNil(t, got.Success, "%s: %v", name, got.Failure)
			assert.Equal(t, "alice", got.Success.User)
			assert.WithinRange(t, got.Success.AuthenticationDate, began, time.Now())
			assert.False(t, got.Success.LongTermAuthenticationRequestTokenUsed)
			assert.Empty(t, got.Success.Proxies)

			// The server writes every attribute twice, as an element and as a pair; it is read once.
			assert.Contains(t, string(got.Bytes()), "<cas:email>alice@example.test</cas:email>")
			assert.Contains(t, string(got.Bytes()), `<cas:attribute name="email" value="alice@example.test"/>`)
			found := map[string][]string{}
			for _, a := range got.Success.Attributes {
				found[a.Name] = a.Value.Texts()
			}
			assert.Equal(t, map[string][]string{
				"email": {"alice@example.test"}, "displayName": {"Alice <&> Example"}, "uid": {"u-1001"},
				"memberOf": {"admin", "dev"}, "phone": {"+8613800000000"}, "cn": {"爱丽丝"},
			}, found, name)
		}
	}
}

func TestValidateOverTLS(t *testing.T) {
	t.Parallel()
	s := server(t)
	config := s.config()
	config.ServerURL = s.tlsBase
	untrusting := newClient(t, config)
	config.HTTPClient = &http.Client{Transport: s.trust}
	c := newClient(t, config)
	who, err := formlogin.New("bob", "builder", s.trust)
	require.NoError(t, err)

	ticket := s.ticket(t, c, who, "")
	_, err = untrusting.ValidateTicketV3(t.Context(), ticket, "")
	require.ErrorContains(t, err, "certificate")
	assert.NotContains(t, err.Error(), ticket)
	got, err := c.ValidateTicketV3(t.Context(), ticket, "")
	require.NoError(t, err)
	assert.Equal(t, "bob", got.Success.User)
}

func TestValidateRefused(t *testing.T) {
	t.Parallel()
	s := server(t)
	c, who := s.client(t), person(t)
	service := s.config().Service
	for name, validate := range versions(c) {
		code := func(ticket, service string) cas.FailureCode {
			t.Helper()
			got, err := validate(t.Context(), ticket, service)
			require.NoError(t, err, name)
			if got.Failure == nil {
				return ""
			}
			assert.NotContains(t, got.Failure.Error(), ticket)
			return got.Failure.Code
		}
		used := s.ticket(t, c, who, "")
		assert.Empty(t, code(used, service))
		assert.Equal(t, cas.InvalidTicket, code(used, service), "used")
		assert.Equal(t, cas.InvalidTicket, code("ST-none", service))
		wrong := s.ticket(t, c, who, "")
		assert.Equal(t, cas.InvalidService, code(wrong, service+"2"))
		assert.Equal(t, cas.InvalidTicket, code(wrong, service), "the attempt used it up")
	}
}

func TestValidateRenew(t *testing.T) {
	t.Parallel()
	s := server(t)
	for _, version := range []string{"V2", "V3"} {
		c, who := s.client(t), person(t)
		validate := versions(c)[version]
		got, err := validate(t.Context(), s.ticket(t, c, who, ""), "", cas.ValidateOptions{Renew: true})
		require.NoError(t, err)
		require.NotNil(t, got.Success)
		assert.True(t, got.Success.IsFromNewLogin)
		got, err = validate(t.Context(), s.ticket(t, c, who, ""), "", cas.ValidateOptions{Renew: true})
		require.NoError(t, err)
		require.NotNil(t, got.Failure, "a ticket of the single sign-on")
		assert.ErrorIs(t, got.Failure, cas.InvalidTicket)
		got, err = validate(t.Context(), s.ticket(t, c, who, ""), "")
		require.NoError(t, err)
		assert.False(t, got.Success.IsFromNewLogin)
	}
}

// The server returns the service's query sorted and re-escaped, and validates only the sent one.
func TestServiceWithAReorderedQuery(t *testing.T) {
	t.Parallel()
	s := server(t)
	c, who := s.client(t), person(t)
	service := s.app.plain.URL + "/callback?z=/a%20b&x=1&a=%C3%A9"
	address, err := c.BuildAuthorizeUrl(t.Context(), cas.AuthorizeOptions{Service: service})
	require.NoError(t, err)
	for _, right := range []bool{false, true} {
		callback := s.visit(t, who, address)
		query := callback.URL.RawQuery
		ticket := callback.URL.Query().Get("ticket")
		assert.Equal(t, "a=%C3%A9&ticket="+ticket+"&x=1&z=%2Fa+b", query)
		if !right {
			rebuilt := s.app.plain.URL + "/callback?" + strings.Replace(query, "ticket="+ticket+"&", "", 1)
			got, err := c.ValidateTicketV3(t.Context(), ticket, rebuilt)
			require.NoError(t, err)
			assert.ErrorIs(t, got.Failure, cas.InvalidService)
			continue
		}
		got, err := c.ValidateTicketV3(t.Context(), ticket, service)
		require.NoError(t, err)
		assert.Equal(t, "alice", got.Success.User)
	}
}

func TestServicesOfTheirOwnRules(t *testing.T) {
	t.Parallel()
	s := server(t)
	c, who := s.client(t), person(t)
	validate := func(who *formlogin.Person, path string) *cas.Success {
		service := s.app.plain.URL + path
		got, err := c.ValidateTicketV3(t.Context(), s.ticket(t, c, who, service), service)
		require.NoError(t, err)
		require.NotNil(t, got.Success)
		return got.Success
	}
	assert.Equal(t, "alice@example.test", validate(who, "/email-as-user").User)
	assert.Empty(t, validate(who, "/no-attributes").Attributes)
	renamed := validate(who, "/renamed").Attributes
	require.Len(t, renamed, 1)
	assert.Equal(t, "mail alice@example.test", renamed[0].Name+" "+renamed[0].Value.Text())

	bob, err := formlogin.New("bob", "builder", nil)
	require.NoError(t, err)
	assert.Equal(t, "bob", validate(bob, "/bob-only").User)
	address, err := c.BuildAuthorizeUrl(t.Context(), cas.AuthorizeOptions{Service: s.app.plain.URL + "/bob-only"})
	require.NoError(t, err)
	_, err = who.Visit(t.Context(), address, s.app.plain.URL)
	var page *formlogin.PageError
	assert.ErrorAs(t, err, &page, "alice is shown a page")
}
