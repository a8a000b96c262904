package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// The server's clock decides where both sides have it, and otherwise this application's: a session of a flow without IssuedAt
// that began after the message goes on.
func TestMarkComparesOneClock(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	before, after, never := at.Add(-time.Second), at.Add(time.Second), time.Time{}
	for name, test := range map[string]struct {
		notice, issued, created time.Time // notice and issued by the server's clock; the message came at "at"
		ends                    bool
	}{
		"issued before, begun after":          {at, before, after, true},
		"issued at once":                      {at, at, before, true},
		"issued after, begun before":          {at, after, before, false},
		"a session without it, begun before":  {at, never, before, true},
		"a session without it, begun at once": {at, never, at, true},
		"a session without it, begun after":   {at, never, after, false},
		"a message without it, begun before":  {never, after, before, true},
		"a message without it, begun after":   {never, before, after, false},
		"neither has it, and it began before": {never, never, before, true},
		"neither has it, and it began after":  {never, never, after, false},
	} {
		m := session.Mark{Protocol: "oidc", Issuer: "i", Subject: "alice", IssuedAt: test.notice, At: at}
		h := session.Head{Protocol: "oidc", Issuer: "i", Subject: "alice", IssuedAt: test.issued, Created: test.created}
		assert.Equal(t, test.ends, endedBy(&m, &h), name)
		m.Subject = "bob"
		assert.False(t, endedBy(&m, &h), name)
	}
}
