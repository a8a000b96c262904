package cas

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Lines of the list of refusals that do not apply yet, because their calls do not exist:
//
//	CAS-13  the allow list of proxy chains; until there is one, every chain is refused (tested here)
//	CAS-14  the proxy callback
//	CAS-15  renew kept in a login and gateway loops; Renew of a validation is tested here
//	CAS-16  single logout
//	CAS-17  the redirect to an address without the ticket, which is the web layer's
//	CAS-22  the login that a ticket belongs to
//
// CAS-19 is a sentence in the package's documentation.

const (
	open    = `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">`
	shut    = `</cas:serviceResponse>`
	success = `<cas:authenticationSuccess><cas:user>alice</cas:user></cas:authenticationSuccess>`
	failure = `<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>`
)

func xmlSuccessWith(inside string) string {
	return open + `<cas:authenticationSuccess>` + inside + `</cas:authenticationSuccess>` + shut
}

func jsonSuccessWith(inside string) string {
	return `{"serviceResponse":{"authenticationSuccess":{` + inside + `}}}`
}

// refusal is a reply that is refused, beside one that differs in that one fact and is accepted.
type refusal struct {
	refused string
	check   TicketCheck
	twin    string
}

func (r refusal) run(t *testing.T, c *Client) {
	t.Helper()
	got, err := c.read(r.refused, ValidateOptions{})
	require.ErrorIs(t, err, r.check)
	require.Nil(t, got)
	var typed *TicketError
	require.ErrorAs(t, err, &typed)
	got, err = c.read(r.twin, ValidateOptions{})
	require.NoError(t, err, r.twin)
	require.NotEqual(t, got.Success == nil, got.Failure == nil)
}

func refusals(t *testing.T, table map[string]refusal) {
	t.Helper()
	t.Parallel()
	c, _ := newClient(t)
	for name, r := range table {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r.run(t, c)
		})
	}
}
