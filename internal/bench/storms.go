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

const callers = 1000

// printStorms writes how many requests for keys the server gets from 1,000 callers, and how many callers got what they
// should: the refusal of a bad token, and the acceptance of a good one.
func printStorms(out io.Writer, only string) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "storm\twho\trequests for keys\tright answers\tseconds")
	old, fresh := newKeyRing(1), newKeyRing(1)
	issuer := tenant(0)
	good := old.token(issuer, "old0")
	storms := []struct {
		name   string
		rotate bool
		lost   int
		series bool // one caller after the other
		token  func(i int) string
		accept bool
	}{
		{name: "unknown kid, each another, at once", token: func(i int) string { return old.token(issuer, fmt.Sprint("unknown", i)) }},
		{name: "unknown kid, each another, in turn", series: true, token: func(i int) string { return old.token(issuer, fmt.Sprint("unknown", i)) }},
		{name: "bad signature, known kid, at once", token: func(int) string { return fresh.token(issuer, "old0") }},
		{name: "bad signature, known kid, in turn", series: true, token: func(int) string { return fresh.token(issuer, "old0") }},
		{name: "new key of the server, at once", rotate: true, accept: true, token: func(int) string { return fresh.token(issuer, "new0") }},
	}
	for _, storm := range storms {
		if !strings.Contains(storm.name, only) {
			continue
		}
		tokens := make([]string, callers)
		for i := range tokens {
			tokens[i] = storm.token(i)
		}
		for _, p := range parties() {
			server := &tenants{jwks: old.jwks("old"), wait: 5 * time.Millisecond}
			verify := p.make(server, issuer)
			must(verify(good))
			if storm.rotate {
				server.jwks = fresh.jwks("new")
			}
			server.fetched.Store(0)
			var right atomic.Int64
			start := time.Now()
			ask := func(i int) {
				if (verify(tokens[i]) == nil) == storm.accept {
					right.Add(1)
				}
			}
			var all sync.WaitGroup
			for i := range tokens {
				if storm.series {
					ask(i)
				} else {
					all.Go(func() { ask(i) })
				}
			}
			all.Wait()
			fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%.1f\n", storm.name, p.name, server.fetched.Load(), right.Load(), time.Since(start).Seconds())
		}
	}
	if name := "new key after one lost request for keys"; strings.Contains(name, only) {
		next := fresh.token(issuer, "new0")
		for _, p := range parties() {
			server := &tenants{jwks: old.jwks("old")}
			verify := p.make(server, issuer)
			must(verify(good))
			server.fetched.Store(0)
			server.jwks, server.lost = fresh.jwks("new"), 1
			_ = verify(next)
			start := time.Now()
			for verify(next) != nil && time.Since(start) < time.Minute {
				time.Sleep(10 * time.Millisecond)
			}
			fmt.Fprintf(table, "%s\t%s\t%d\t\t%.1f\n", name, p.name, server.fetched.Load(), time.Since(start).Seconds())
		}
	}
	return table.Flush()
}
