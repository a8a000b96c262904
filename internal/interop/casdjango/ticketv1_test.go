//go:build interop

package casdjango

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

func TestTicketV1(t *testing.T) {
	t.Parallel()
	s := server(t)
	c := s.client(t)
	service := s.config().Service
	ticket := s.ticket(t, c, person(t), "")
	validate := func(ticket, service string, opts ...cas.ValidateOptions) *cas.TicketV1 {
		t.Helper()
		got, err := c.ValidateTicketV1(t.Context(), ticket, service, opts...)
		require.NoError(t, err)
		return got
	}
	// This server keeps the ticket valid after a wrong service in CAS 1.0.
	assert.Equal(t, &cas.TicketV1{}, validate(ticket, service+"2"))
	assert.Equal(t, &cas.TicketV1{Valid: true, User: "alice"}, validate(ticket, service))
	assert.Equal(t, &cas.TicketV1{}, validate(ticket, service), "used")
	assert.Equal(t, &cas.TicketV1{}, validate("ST-none", service))
}

func TestTicketV1Renew(t *testing.T) {
	t.Parallel()
	s := server(t)
	c, who := s.client(t), person(t)
	for _, fresh := range []bool{true, false} {
		got, err := c.ValidateTicketV1(t.Context(), s.ticket(t, c, who, ""), "", cas.ValidateOptions{Renew: true})
		require.NoError(t, err)
		assert.Equal(t, fresh, got.Valid)
	}
}
