//go:build interop

package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ownRedis is a Redis of one test. It keeps nothing on disk.
type ownRedis struct {
	t       *testing.T
	run, at string
}

func newRedis(t *testing.T) *ownRedis {
	r := &ownRedis{t: t, run: t.TempDir()}
	r.script("start.sh")
	t.Cleanup(func() { r.script("stop.sh") })
	return r
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

// signal sends a signal to its process.
func (r *ownRedis) signal(s syscall.Signal) {
	r.t.Helper()
	file, err := os.ReadFile(filepath.Join(r.run, "redis", "pid"))
	require.NoError(r.t, err)
	pid, err := strconv.Atoi(strings.Fields(string(file))[0])
	require.NoError(r.t, err)
	require.NoError(r.t, syscall.Kill(pid, s))
}

// Redis ends while everybody logs in, and comes back empty. Meanwhile there are errors, nobody is somebody else, and
// afterwards everybody can log in again.
func TestKilledRedis(t *testing.T) {
	t.Parallel()
	redis := newRedis(t)
	c := newCluster(t, 200, openRedis(t, redis.at), openRedis(t, redis.at))

	old := c.person(0)
	require.Equal(t, http.StatusOK, old.open("/account").status)
	people := interrupted(t, c, func() { redis.script("stop.sh") })
	bothUnavailable(t, old)

	redis.script("start.sh")
	for instance := range c.instances { // the client of Redis tries again each second
		old.to.Store(int64(instance))
		require.Eventually(t, func() bool { return old.fetch(http.MethodGet, "/account").status != http.StatusServiceUnavailable }, time.Minute, 100*time.Millisecond)
	}
	bothKnow(t, old, http.StatusUnauthorized)
	for _, p := range people {
		again := c.person(0)
		again.user, again.server = p.user, p.server // the same browser, without the cookies of before
		page := again.open("/account")
		assert.Equal(t, fmt.Sprint("200 ", p.user.ID()), fmt.Sprint(page.status, " ", page.part("subject")))
	}
}

// bothUnavailable says that neither instance knows whether there is a session, and that the browser keeps its cookie.
func bothUnavailable(t *testing.T, p *person) {
	t.Helper()
	for instance := range p.instances {
		p.to.Store(int64(instance))
		for _, page := range []*answer{p.open("/account"), p.fetch(http.MethodGet, "/account")} {
			assert.Equal(t, http.StatusServiceUnavailable, page.status)
			assert.NotEmpty(t, page.header.Get("Retry-After"))
			assert.Empty(t, page.header.Values("Set-Cookie"))
		}
	}
}

// Redis hangs for a while. Afterwards the same session goes on.
func TestHangingRedis(t *testing.T) {
	t.Parallel()
	redis := newRedis(t)
	at := redis.at + "/0?read_timeout=200ms&max_retries=-1"
	c := newCluster(t, 1, openRedis(t, at), openRedis(t, at))
	p := c.person(0)
	require.Equal(t, http.StatusOK, p.open("/account").status)
	redis.signal(syscall.SIGSTOP)
	bothUnavailable(t, p)
	redis.signal(syscall.SIGCONT)
	bothKnow(t, p, http.StatusOK)
}
