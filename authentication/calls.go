package authentication

import (
	"sync"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// calls have what Authing's own calls need besides the flow.
type calls struct {
	endpoints Endpoints // absolute
	tickets   *cas.Client
}

// lazyCalls are made by the first such call: an application with many tenants has clients that make none.
type lazyCalls struct {
	sync.Once
	made *calls
	err  error
}

// newCalls needs the Endpoints as they were given.
func newCalls(o Options, hc *httpcore.Client) (*calls, error) {
	if err := o.Endpoints.resolve(hc, o.AppHost, o.AppID); err != nil {
		return nil, err
	}
	tickets, err := newCAS(o, cas.Config{TicketPrefixes: []string{"ST-", "PT-"}})
	if err != nil {
		return nil, err
	}
	return &calls{o.Endpoints, tickets}, nil
}

func (c *Client) calls() (*calls, error) {
	c.lazy.Do(func() { c.lazy.made, c.lazy.err = newCalls(*c.options, c.http) })
	return c.lazy.made, c.lazy.err
}
