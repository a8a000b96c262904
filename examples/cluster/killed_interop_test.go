//go:build interop

package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ownRedis is a Redis of one test. It keeps nothing on disk.
type ownRedis struct {
	t       *testing.T
	run, at string
}

func (r *ownRedis) script(name string) {
	r.t.Helper()
	_, port, _ := net.SplitHostPort(r.at)
	cmd := exec.Command("../../internal/interop/servers/redis/" + name)
	cmd.Env = append(os.Environ(), "INTEROP_RUN="+r.run, "INTEROP_REDIS_PORT="+port)
	out, err := cmd.Output()
	require.NoError(r.t, err, string(out))
	if addr, ok := strings.CutPrefix(strings.TrimSpace(string(out)), "REDIS_ADDR="); ok {
		r.at = addr
	}
}

// Redis ends while everybody logs in, and comes back empty. Meanwhile there are errors, nobody is somebody else, and
// afterwards everybody can log in again.
func TestKilledRedis(t *testing.T) {
	t.Parallel()
	redis := &ownRedis{t: t, run: t.TempDir()}
	redis.script("start.sh")
	t.Cleanup(func() { redis.script("stop.sh") })
	c := newCluster(t, 200, openRedis(t, redis.at), openRedis(t, redis.at))

	old := c.person(0)
	require.Equal(t, http.StatusOK, old.open("/account").status)
	var begun atomic.Int64
	people := everybody(c, func(p *person) {
		if begun.Add(1) == 100 {
			redis.script("stop.sh")
		}
		rightOrError(t, p, p.open("/account"))
	})
	for instance := range c.instances {
		old.to.Store(int64(instance))
		for _, page := range []*answer{old.open("/account"), old.fetch(http.MethodGet, "/account")} {
			assert.Equal(t, http.StatusServiceUnavailable, page.status)
			assert.NotEmpty(t, page.header.Get("Retry-After"))
			assert.Empty(t, page.header.Values("Set-Cookie"), "the session may come back")
		}
	}

	redis.script("start.sh")
	bothKnow(t, old, http.StatusUnauthorized)
	for _, p := range people {
		again := c.person(0)
		again.user, again.server = p.user, p.server // his browser, without the cookies of before
		page := again.open("/account")
		assert.Equal(t, fmt.Sprint("200 ", p.user.ID()), fmt.Sprint(page.status, " ", page.part("subject")))
	}
}
