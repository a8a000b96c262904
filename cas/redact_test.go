package cas

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/redacttest"
)

// S12, S15: every exported type, in every verb, log and JSON, alone and inside others.
func TestS15EveryTypeIsJudged(t *testing.T) {
	t.Parallel()
	cfg := Config{ServerURL: "https://cas.example", Header: http.Header{"X-Key": {"hidden-header"}}, PgtURL: "https://app.example/pgt?hidden-pgt"}
	c, err := NewClient(cfg)
	require.NoError(t, err)
	hidden := []string{"hidden-header", "hidden-pgt", "hidden-value"}
	held := Value{kind: String, text: "hidden-value"}
	redacttest.Judge(t,
		redacttest.Type{Value: cfg, Secrets: hidden, Public: []string{"ServerURL", "Endpoints", "Service", "Version", "ReplyFormat"}},
		redacttest.Type{Value: c, Pointer: true, Secrets: hidden},
		redacttest.Type{
			Value: Success{Attributes: Attributes{{"mail", held}}, raw: `{"s3cr3t-REPLY":1}`}, Public: []string{"User", "Proxies"}, Secrets: hidden, Form: redacttest.Stored,
		},
		redacttest.Type{Value: ServiceResponse{raw: `{"s3cr3t-INNER":1}`}, Secrets: hidden, Form: redacttest.Stored, Public: []string{"Success", "Failure"}},
		redacttest.Type{Value: Login{}, Public: []string{"Method", "Client", "Endpoint"}, Form: redacttest.Stored},
		redacttest.Type{Value: LogoutRequest{}},
		redacttest.Type{Value: ValidateOptions{}, Public: []string{"Format", "Renew"}, Numbers: true},
		redacttest.Type{Value: Attribute{Name: "mail", Value: held}, Secrets: hidden, Public: []string{"Name"}, Form: redacttest.Stored, Whole: "hidden-value"},
		redacttest.Type{Value: Attributes{{"mail", held}}, Secrets: hidden, Form: redacttest.Stored, Whole: "hidden-value"},
		redacttest.Type{Value: held, Secrets: hidden, Form: redacttest.Stored, Whole: "hidden-value"},
		redacttest.Type{Value: TicketV1{}, Public: []string{"User"}, Open: true},
		redacttest.Type{Value: AuthorizeOptions{}, Public: []string{"Service", "Method"}},
		redacttest.Type{Value: LogoutOptions{}, Open: true},
		redacttest.Type{Value: Endpoints{}, Open: true},
		redacttest.Type{Value: Failure{}, Open: true},
		redacttest.Type{Value: TicketError{}, Open: true},
	)
	assert.Contains(t, fmt.Sprint(c), "https://cas.example")
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		assert.NotContains(t, fmt.Sprintf(verb, struct{ client *Client }{c}), "hidden", "where Format cannot be reached")
	}
}

// A client that NewClient did not make has no settings: each call returns an error.
func TestZeroClient(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r := httptest.NewRequest(http.MethodGet, "/?ticket=ST-1", nil)
	for _, c := range []*Client{nil, {}} {
		calls := map[string]func() error{
			"BuildAuthorizeUrl":   func() error { _, err := c.BuildAuthorizeUrl(ctx, AuthorizeOptions{}); return err },
			"BuildLogoutUrl":      func() error { _, err := c.BuildLogoutUrl(ctx, LogoutOptions{}); return err },
			"BeginLogin":          func() error { _, err := c.BeginLogin(ctx, AuthorizeOptions{}); return err },
			"CompleteLogin":       func() error { _, err := c.CompleteLogin(ctx, &Login{}, r); return err },
			"GetProxyTicket":      func() error { _, err := c.GetProxyTicket(ctx, "PGT-1", "https://app.example/"); return err },
			"ValidateProxyTicket": func() error { _, err := c.ValidateProxyTicket(ctx, "PT-1", ""); return err },
			"ValidateTicketV1":    func() error { _, err := c.ValidateTicketV1(ctx, "ST-1", ""); return err },
			"ValidateTicketV2":    func() error { _, err := c.ValidateTicketV2(ctx, "ST-1", ""); return err },
			"ValidateTicketV3":    func() error { _, err := c.ValidateTicketV3(ctx, "ST-1", ""); return err },
			"ReceiveLogout":       func() error { _, err := c.ReceiveLogout(ctx, r); return err },
		}
		for name, call := range calls {
			require.NotPanics(t, func() { assert.EqualError(t, call(), "cas: the client was not made by NewClient", name) })
		}
		assert.Empty(t, c.ServerURL())
		assert.False(t, c.SharedService())
		w := httptest.NewRecorder()
		c.PGTCallback().ServeHTTP(w, r)
		assert.Equal(t, http.StatusNotFound, w.Code)
	}
}

// The Failure of a valid ticket is nil, and its methods must not panic.
func TestNilErrors(t *testing.T) {
	t.Parallel()
	var failure *Failure
	var ticket *TicketError
	for _, err := range []error{failure, ticket, fmt.Errorf("wrapped: %w", failure), errors.Join(ticket, failure)} {
		assert.NotPanics(t, func() {
			assert.NotErrorIs(t, err, InvalidTicket)
			assert.NotErrorIs(t, err, CheckSyntax)
			assert.NotEmpty(t, err.Error())
		})
	}
	assert.False(t, failure.Temporary())
	assert.ErrorIs(t, &Failure{Code: InvalidTicket}, InvalidTicket, "the twin")
}
