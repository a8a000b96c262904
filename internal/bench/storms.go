package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"
)

// storm is many callers at a client that lacks the key, or whose key does not verify the token.
type storm struct {
	name           string
	inTurn, accept bool
	token          func(i int) string
}

const stormIssuer = host + "/tenant/oidc"

func storms(old, fresh keyRing) []storm {
	unknown := func(i int) string { return old.token(stormIssuer, fmt.Sprint("unknown", i)) }
	bad := func(int) string { return fresh.token(stormIssuer, "old0") }
	return []storm{
		{name: "unknown kid, each another, at once", token: unknown},
		{name: "unknown kid, each another, in turn", inTurn: true, token: unknown},
		{name: "bad signature, known kid, at once", token: bad},
		{name: "bad signature, known kid, in turn", inTurn: true, token: bad},
		{name: "new key of the server, at once", accept: true, token: func(int) string { return fresh.token(stormIssuer, "new0") }},
	}
}

// printStorms writes how many requests for keys the server gets, and how many callers got the right answer: a bad token is
// refused, a good one accepted.
func printStorms(out io.Writer, only string, callers int) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "storm of %d\twho\trequests for keys\tright answers\tseconds\n", callers)
	old, fresh := newKeyRing(1), newKeyRing(1)
	for _, s := range storms(old, fresh) {
		if !strings.Contains(s.name, only) {
			continue
		}
		tokens := make([]string, callers)
		for i := range tokens {
			tokens[i] = s.token(i)
		}
		for _, p := range parties() {
			server := &tenants{jwks: old.jwks("old"), wait: 5 * time.Millisecond}
			verify := p.make(server, stormIssuer)
			must(verify(old.token(stormIssuer, "old0")))
			if s.accept {
				server.jwks = fresh.jwks("new")
			}
			server.fetched.Store(0)
			right, took := s.rage(tokens, verify)
			fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%.1f\n", s.name, p.name, server.fetched.Load(), right, took.Seconds())
		}
	}
	if name := "new key after one lost request for keys"; strings.Contains(name, only) {
		for _, p := range parties() {
			fetched, took := lostRequest(p, old, fresh)
			fmt.Fprintf(table, "%s\t%s\t%d\t\t%.1f\n", name, p.name, fetched, took.Seconds())
		}
	}
	return table.Flush()
}

// rage returns how many callers got the right answer.
func (s storm) rage(tokens []string, verify func(string) error) (right int64, took time.Duration) {
	var good atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for _, raw := range tokens {
		ask := func() {
			if (verify(raw) == nil) == s.accept {
				good.Add(1)
			}
		}
		if s.inTurn {
			ask()
		} else {
			all.Go(ask)
		}
	}
	all.Wait()
	return good.Load(), time.Since(start)
}

// lostRequest is a server with a new key, whose first request for keys fails. It returns how long a token of this key is
// refused after that.
func lostRequest(p party, old, fresh keyRing) (fetched int64, took time.Duration) {
	server := &tenants{jwks: old.jwks("old")}
	verify, next := p.make(server, stormIssuer), fresh.token(stormIssuer, "new0")
	must(verify(old.token(stormIssuer, "old0")))
	server.fetched.Store(0)
	server.jwks, server.lost = fresh.jwks("new"), 1
	if verify(next) == nil {
		must(fmt.Errorf("%s accepts a token whose key it cannot have", p.name))
	}
	start := time.Now()
	for verify(next) != nil && time.Since(start) < time.Minute {
		time.Sleep(10 * time.Millisecond)
	}
	return server.fetched.Load(), time.Since(start)
}
