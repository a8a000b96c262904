package cas

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCAS1ServiceIsTheConfiguredOne(t *testing.T) {
	t.Parallel()
	c := play(t, "ticket_v1_yes", func(c *Config) { c.Service = testService })
	_, err := c.ValidateTicketV1(t.Context(), testTicket, "")
	require.NoError(t, err)
	c = play(t, "ticket_v1_yes", func(c *Config) { c.Service = "https://other.example/" })
	_, err = c.ValidateTicketV1(t.Context(), testTicket, testService)
	require.NoError(t, err)
}

func TestCAS2NothingIsInjectedIntoTheQuery(t *testing.T) {
	t.Parallel()
	var query string
	c, mock := newClient(t)
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		query = r.URL.RawQuery
		return httpmock.NewStringResponse(200, open+success+shut), nil
	})
	_, err := c.ValidateTicketV2(t.Context(), "ST-1+%26renew=true;a=b?", "https://app.example/?x&pgtUrl=https://evil.example/#y")
	require.NoError(t, err)
	assert.Equal(t, "service=https%3A%2F%2Fapp.example%2F%3Fx%26pgtUrl%3Dhttps%3A%2F%2Fevil.example%2F%23y&ticket=ST-1%2B%2526renew%3Dtrue%3Ba%3Db%3F", query)
}

// 512 bytes are the default and no more the rule, since servers without a store write long tickets: TestCaseCasLongTicket.
func TestCAS3TicketsThatAreNone(t *testing.T) {
	t.Parallel()
	c, mock := newClient(t)
	own, ownMock := newClient(t, func(c *Config) { c.TicketPrefixes = []string{"T"} })
	for _, m := range []*httpmock.MockTransport{mock, ownMock} {
		m.RegisterNoResponder(httpmock.NewStringResponder(200, open+success+shut))
	}
	for name, pair := range map[string]struct{ refused, twin string }{
		"empty":         {"", "ST-1"},
		"prefix alone":  {"ST-", "ST-1"},
		"other prefix":  {"TGT-1", "ST-TGT-1"},
		"small letters": {"st-1", "ST-1"},
		"proxy ticket":  {"PT-1", "ST-PT-1"},
		"line feed":     {"ST-1\n", "ST-1n"},
		"NUL":           {"ST-\x00", "ST-0"},
		"delete":        {"ST-\x7f", "ST-~"},
		"less":          {"ST-<", "ST-("},
		"greater":       {"ST->", "ST-)"},
		"ampersand":     {"ST-1&a", "ST-1+a"},
		"number sign":   {"ST-1#a", "ST-1$a"},
		"quotes":        {`ST-"`, "ST-*"},
		"space":         {"ST-1 2", "ST-1_2"},
		"not ASCII":     {"ST-é", "ST-e"},
		"too long":      {"ST-" + strings.Repeat("a", 510), "ST-" + strings.Repeat("a", 509)},
	} {
		before := mock.GetTotalCallCount()
		_, err := c.ValidateTicketV1(t.Context(), pair.refused, testService)
		assert.ErrorIs(t, err, CheckTicket, name)
		_, err = c.ValidateTicketV2(t.Context(), pair.refused, testService)
		assert.ErrorIs(t, err, CheckTicket, name)
		_, err = c.ValidateTicketV3(t.Context(), pair.refused, testService)
		assert.ErrorIs(t, err, CheckTicket, name)
		assert.Equal(t, before, mock.GetTotalCallCount(), "%s: nothing is sent", name)
		_, err = c.ValidateTicketV2(t.Context(), pair.twin, testService)
		assert.NoError(t, err, name)
	}
	_, err := own.ValidateTicketV2(t.Context(), "T1", testService)
	require.NoError(t, err)
	_, err = own.ValidateTicketV2(t.Context(), "ST-1", testService)
	require.EqualError(t, err, "cas: refused the ticket (ticket): it does not begin with T, see TicketPrefixes")
}

func TestCAS4RedirectIsRefused(t *testing.T) {
	t.Parallel()
	_, err := play(t, "redirect").ValidateTicketV2(t.Context(), testTicket, testService)
	require.ErrorContains(t, err, "refused a redirect (status 302)")
	_, err = play(t, "attributes_as_pairs").ValidateTicketV2(t.Context(), testTicket, testService)
	require.NoError(t, err)
}

func TestCAS4HTMLPageIsRefused(t *testing.T) {
	t.Parallel()
	_, err := play(t, "html_page").ValidateTicketV2(t.Context(), testTicket, testService)
	require.ErrorIs(t, err, CheckSyntax)
	require.ErrorContains(t, err, "HTML page")
}

func TestCAS4LargeReply(t *testing.T) {
	t.Parallel()
	reply := string(readFixture(t, "authing_success_xml").body)
	for extra, ok := range map[int]bool{0: true, 1: false} {
		c, mock := newClient(t, func(c *Config) { c.MaxReply = int64(len(reply)) })
		mock.RegisterNoResponder(httpmock.NewStringResponder(200, reply+strings.Repeat("\n", extra)))
		_, err := c.ValidateTicketV2(t.Context(), testTicket, testService)
		assert.Equal(t, ok, err == nil, "%v", err)
	}
}

func TestCAS4ContentTypeDoesNotMatter(t *testing.T) {
	t.Parallel()
	for _, contentType := range []string{"", "text/plain", "application/json", "text/html", "text/html; charset=utf-8"} {
		c, mock := newClient(t)
		mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
			res := httpmock.NewStringResponse(200, open+success+shut)
			res.Header.Set("Content-Type", contentType)
			return res, nil
		})
		_, err := c.ValidateTicketV2(t.Context(), testTicket, testService)
		assert.NoError(t, err, contentType)
	}
}

func TestCAS5NoCallFallsBack(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(*Client) error{
		"/p3/serviceValidate": func(c *Client) error {
			_, err := c.ValidateTicketV3(t.Context(), testTicket, testService)
			return err
		},
		"/serviceValidate": func(c *Client) error {
			_, err := c.ValidateTicketV2(t.Context(), testTicket, testService)
			return err
		},
		"/validate": func(c *Client) error {
			_, err := c.ValidateTicketV1(t.Context(), testTicket, testService)
			return err
		},
	} {
		var asked []string
		c, mock := newClient(t)
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			asked = append(asked, r.URL.Path)
			return httpmock.NewStringResponse(404, "yes\nalice\n"), nil
		})
		var refused *Failure
		require.ErrorAs(t, call(c), &refused)
		assert.Equal(t, 404, refused.StatusCode)
		assert.Equal(t, []string{"/cas" + name}, asked)
	}
}

func TestCAS7StatusOtherThan200(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"success_with_status": 401, "success_with_500": 500, "unavailable": 503} {
		got, err := play(t, name).ValidateTicketV2(t.Context(), testTicket, testService)
		var refused *Failure
		require.ErrorAs(t, err, &refused, name)
		assert.Nil(t, got)
		assert.Equal(t, status, refused.StatusCode)
		assert.Equal(t, status >= 500, refused.Temporary())
		if status == 503 {
			assert.Equal(t, 7*time.Second, refused.RetryAfter)
		}
	}
	got, err := play(t, "failure_with_status").ValidateTicketV2(t.Context(), testTicket, testService)
	require.NoError(t, err)
	assert.Equal(t, &Failure{Endpoint: "https://cas.example/cas/serviceValidate", StatusCode: 400, Code: InvalidTicket, Description: "Ticket illegal"}, got.Failure)
	got, err = play(t, "xml_when_json_was_asked").ValidateTicketV2(t.Context(), testTicket, testService, ValidateOptions{Format: FormatJSON})
	require.NoError(t, err)
	assert.NotNil(t, got.Success, "the same body with 200")

	c, mock := newClient(t)
	mock.RegisterNoResponder(httpmock.NewStringResponder(201, "yes\nalice\n"))
	_, err = c.ValidateTicketV1(t.Context(), testTicket, testService)
	var refused *Failure
	require.ErrorAs(t, err, &refused)
	assert.EqualError(t, err, "cas: the server refused with status 201 at https://cas.example/cas/validate")
}

func TestCAS15RenewIsEnforced(t *testing.T) {
	t.Parallel()
	_, err := play(t, "p3_renew_ignored").ValidateTicketV3(t.Context(), testTicket, testService, ValidateOptions{Renew: true})
	require.ErrorIs(t, err, CheckRenew)
	got, err := play(t, "p3_success").ValidateTicketV3(t.Context(), testTicket, testService, ValidateOptions{Renew: true})
	require.NoError(t, err)
	assert.True(t, got.Success.IsFromNewLogin)

	c, _ := newClient(t)
	_, err = c.read(open+success+shut, ValidateOptions{Renew: true})
	require.NoError(t, err, "a server that does not say has enforced it")
	_, err = c.BuildAuthorizeUrl(t.Context(), AuthorizeOptions{Service: testService, Renew: true, Gateway: true})
	require.ErrorContains(t, err, "Renew and Gateway")
}

func TestCAS17TicketsAreInNoError(t *testing.T) {
	t.Parallel()
	for name, respond := range map[string]httpmock.Responder{
		"network":  func(r *http.Request) (*http.Response, error) { return nil, errors.New("no route to " + r.URL.String()) },
		"redirect": httpmock.NewStringResponder(302, "").HeaderSet(http.Header{"Location": {"/?ticket=" + testTicket}}),
		"status":   httpmock.NewStringResponder(500, testTicket),
		"syntax":   httpmock.NewStringResponder(200, "<"+testTicket),
		"JSON":     httpmock.NewStringResponder(200, `{"`+testTicket+`":1}`),
		"root":     httpmock.NewStringResponder(200, "<"+testTicket+"/>"),
		"user":     httpmock.NewStringResponder(200, xmlSuccessWith("<cas:user>"+testTicket+"\n</cas:user>")),
		"V1":       httpmock.NewStringResponder(200, "yes\n"+testTicket),
	} {
		c, mock := newClient(t)
		mock.RegisterNoResponder(respond)
		_, err := c.ValidateTicketV1(t.Context(), testTicket, testService)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), testTicket[:10], name)
		_, err = c.ValidateTicketV2(t.Context(), testTicket, testService)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), testTicket[:10], name)
	}
	c, _ := newClient(t)
	_, err := c.ValidateTicketV1(t.Context(), "secret ticket", testService)
	assert.NotContains(t, err.Error(), "secret")
}

func TestCAS18TicketIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, respond := range map[string]httpmock.Responder{
		"timeout":     func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded },
		"unavailable": httpmock.NewStringResponder(503, ""),
		"too many":    httpmock.NewStringResponder(429, ""),
	} {
		c, mock := newClient(t)
		mock.RegisterNoResponder(respond)
		_, err := c.ValidateTicketV1(t.Context(), testTicket, testService)
		require.Error(t, err, name)
		assert.Equal(t, 1, mock.GetTotalCallCount(), name)
		_, err = c.ValidateTicketV2(t.Context(), testTicket, testService)
		require.Error(t, err, name)
		assert.Equal(t, 2, mock.GetTotalCallCount(), name)
	}
}

func TestCAS20LogoutServiceOnTheList(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t, func(c *Config) { c.LogoutServices = []string{"https://app.example/bye"} })
	for service, ok := range map[string]bool{
		"https://app.example/bye": true, "": true,
		"https://app.example/bye/": false, "https://app.example/bye?x": false, "https://evil.example/bye": false,
	} {
		_, err := c.BuildLogoutUrl(t.Context(), LogoutOptions{Service: service})
		assert.Equal(t, ok, err == nil, service)
		if err != nil {
			assert.EqualError(t, err, "cas: Service is not one of LogoutServices")
		}
	}
	free, _ := newClient(t)
	_, err := free.BuildLogoutUrl(t.Context(), LogoutOptions{Service: "https://evil.example/bye"})
	require.NoError(t, err)
	_, err = free.BuildLogoutUrl(t.Context(), LogoutOptions{Service: "//evil.example/bye"})
	require.EqualError(t, err, "cas: Service must be an absolute URL such as https://app.example/callback")
	_, err = free.BuildLogoutUrl(t.Context(), LogoutOptions{Service: "javascript://evil.example/"})
	require.EqualError(t, err, "cas: Service must be an http or https URL")
}
