package main

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMemory is what must hold of two instances, where they share the memory of one process.
func TestMemory(t *testing.T) {
	t.Parallel()
	shared := newMemoryRoom()
	mustHold(t, func(*testing.T) room { return shared })
}

// mustHold is what must hold of two instances, each with a room of its own in what they share.
func mustHold(t *testing.T, open func(*testing.T) room) {
	for name, holds := range map[string]func(*testing.T, *cluster){
		"Logins": logsIn, "Refresh": refreshesOnce, "LoginAgain": logsInAgain, "Logout": endsAtBoth, "BackChannelLogout": endsByTheServer, "KilledInstance": losesAnInstance,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			holds(t, newCluster(t, 50, open(t), open(t)))
		})
	}
	t.Run("Once", func(t *testing.T) {
		t.Parallel()
		holdsNames(t, open(t), open(t))
	})
}

// everybody does something at once.
func everybody(c *cluster, do func(*person)) (people []*person) {
	var all sync.WaitGroup
	for i := range c.idp.Realm.Users {
		p := c.person(i)
		people = append(people, p)
		all.Go(func() { do(p) })
	}
	all.Wait()
	return people
}

// Everybody logs in at once, from instance to instance. Each is logged in as the right person, at both instances.
func logsIn(t *testing.T, c *cluster) {
	people := everybody(c, func(p *person) {
		page := p.open("/account")
		assert.Equal(t, fmt.Sprint("200 /account ", p.user.ID()), fmt.Sprint(page.status, " ", page.path, " ", page.part("subject")))
	})
	for _, p := range people {
		for instance := range c.instances {
			p.to.Store(int64(instance))
			page := p.fetch(http.MethodGet, "/account")
			assert.Equal(t, fmt.Sprint("200 ", p.user.ID(), " ", instance+1), fmt.Sprint(page.status, " ", page.part("subject"), " ", page.part("instance")))
		}
	}
}

// Two hundred requests at once find that the token has ended. The server sees one refresh, and all pages have its token.
func refreshesOnce(t *testing.T, c *cluster) {
	p := c.person(0)
	before := p.open("/account")
	require.Equal(t, http.StatusOK, before.status)
	sent := c.idp.Requests("/token")
	c.later.Store(int64(2 * time.Hour))
	var all sync.WaitGroup
	pages := make([]*answer, 200)
	for i := range pages {
		all.Go(func() { pages[i] = p.fetch(http.MethodGet, "/account") })
	}
	all.Wait()
	made := map[string]int{}
	for _, page := range pages {
		assert.Equal(t, http.StatusOK, page.status, page.body)
		assert.Equal(t, pages[0].part("token-print"), page.part("token-print"))
		made[page.part("instance")]++
	}
	assert.NotEqual(t, before.part("token-print"), pages[0].part("token-print"))
	assert.Equal(t, map[string]int{"1": 100, "2": 100}, made)
	assert.Equal(t, sent+1, c.idp.Requests("/token"))
}

// The server gives no more tokens for a login: the user goes there again, and comes back.
func logsInAgain(t *testing.T, c *cluster) {
	p := c.person(0)
	before := p.open("/account")
	require.Equal(t, http.StatusOK, before.status)
	begun := c.idp.Requests("/auth")
	require.Positive(t, begun)
	c.later.Store(int64(2 * time.Hour))
	c.refuses.Store(1)
	after := p.open("/account")
	assert.Equal(t, fmt.Sprint("200 /account ", p.user.ID()), fmt.Sprint(after.status, " ", after.path, " ", after.part("subject")))
	assert.NotEqual(t, before.part("token-print"), after.part("token-print"))
	assert.Equal(t, begun+1, c.idp.Requests("/auth"))
}

// bothKnow says that a cookie opens a page, or nothing, at both instances.
func bothKnow(t *testing.T, p *person, status int) {
	t.Helper()
	for instance := range p.instances {
		p.to.Store(int64(instance))
		page := p.fetch(http.MethodGet, "/account")
		assert.Equal(t, status, page.status, "instance %d", instance+1)
		if status == http.StatusOK {
			assert.Equal(t, p.user.ID(), page.part("subject"))
		} else {
			assert.NotContains(t, page.body, p.user.ID())
		}
	}
}

// A logout at one instance ends the session at the other one, though the browser still had its cookie.
func endsAtBoth(t *testing.T, c *cluster) {
	p, other := c.person(0), c.person(1)
	for _, p := range []*person{p, other} {
		require.Equal(t, http.StatusOK, p.open("/account").status)
	}
	bothKnow(t, p, http.StatusOK)
	p.jar.held = true
	p.to.Store(0)
	require.Equal(t, http.StatusSeeOther, p.fetch(http.MethodPost, "/auth/logout").status)
	bothKnow(t, p, http.StatusUnauthorized)
	bothKnow(t, other, http.StatusOK)
}

// A logout token that reaches one instance ends the session at both. The same user can log in again.
func endsByTheServer(t *testing.T, c *cluster) {
	other := c.person(1)
	require.Equal(t, http.StatusOK, other.open("/account").status)
	for instance := range c.instances {
		p := c.person(0)
		require.Equal(t, http.StatusOK, p.open("/account").status)
		bothKnow(t, p, http.StatusOK)
		c.notified.Store(int64(instance))
		ended, err := c.idp.EndSessions(t.Context(), p.user.Username)
		require.NoError(t, err)
		require.Equal(t, 1, ended)
		bothKnow(t, p, http.StatusUnauthorized)
		bothKnow(t, other, http.StatusOK)
	}
}

// An instance ends while everybody logs in, and comes back. Each login ends as the right user or with an error, and works
// when it is tried again.
func losesAnInstance(t *testing.T, c *cluster) {
	people := interrupted(t, c, func() { c.kill(0) })
	for _, p := range people {
		page := p.open("/account")
		assert.Equal(t, fmt.Sprint("200 ", p.user.ID(), " 2"), fmt.Sprint(page.status, " ", page.part("subject"), " ", page.part("instance")))
	}
	c.restart(0)
	for _, p := range people {
		bothKnow(t, p, http.StatusOK)
	}
}

// interrupted is everybody who logs in, while something happens when a quarter has.
func interrupted(t *testing.T, c *cluster, happens func()) []*person {
	var done, right atomic.Int64
	people := everybody(c, func(p *person) {
		if rightOrError(t, p, p.open("/account")) {
			right.Add(1)
		}
		if done.Add(1) == int64(len(c.idp.Realm.Users)/4) {
			happens()
		}
	})
	t.Logf("%d of %d logins came through", right.Load(), len(people))
	return people
}

// rightOrError says whether a page is the user's own, or an error that names no user.
func rightOrError(t *testing.T, p *person, page *answer) bool {
	t.Helper()
	switch page.status {
	case http.StatusOK:
		return assert.Equal(t, p.user.ID(), page.part("subject"))
	case 0, http.StatusUnauthorized, http.StatusBadGateway, http.StatusServiceUnavailable:
		assert.Empty(t, page.part("subject"))
	default:
		assert.Fail(t, "another answer", "%d %s: %s", page.status, page.path, page.body)
	}
	return false
}
