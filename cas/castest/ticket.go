package castest

import (
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const (
	// ticketLifetime is the most that CAS recommends: five minutes (CAS §3.1.1).
	ticketLifetime = 5 * time.Minute
	// pgtLifetime is how long a proxy-granting ticket works, unless its person leaves before (CAS §3.3).
	pgtLifetime = 2 * time.Hour
)

// ticket is a service ticket or, when it came through proxies, a proxy ticket.
type ticket struct {
	service string
	login   idptest.Login
	proxies []string // the callback addresses of the proxies, the latest first
	used    bool
}

// pgt is a proxy-granting ticket: the right to get tickets for a person who is not there.
type pgt struct {
	login   idptest.Login
	proxies []string // the callback address it was sent to, then those of the ticket it came from
}
