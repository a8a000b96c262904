package cas

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Each item of the list of refusals for CAS has a test named after it. Two of them also concern the web layer and are
// tested there: the redirect to an address without the ticket (CAS-17), and remembering the one attempt of a gateway
// login (CAS-15).

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

// refusal is a refused reply and its accepted twin, which differs in one fact.
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
