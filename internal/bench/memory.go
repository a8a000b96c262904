package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// printMemory writes what stays in memory for each tenant, after its metadata and keys were fetched, and for each session.
func printMemory(out io.Writer, only string, count int) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "memory\twho\tbytes\tobjects\tgoroutines")
	for _, keys := range []int{1, 4} {
		if name := fmt.Sprintf("each tenant, RSA keys of its server: %d", keys); strings.Contains(name, only) {
			printTenants(table, name, keys, count)
		}
	}
	if name := "each session"; strings.Contains(name, only) {
		fmt.Fprintf(table, "%s\tweb.Site\t%s\n", name, siteSessions(count))
		fmt.Fprintf(table, "%s\tscs memstore\t%s\n", name, scsSessions(count))
	}
	return table.Flush()
}

func printTenants(out io.Writer, name string, keys, count int) {
	ring := newKeyRing(keys)
	tokens := make([]string, count)
	for i := range tokens {
		tokens[i] = ring.token(tenant(i), "key0")
	}
	for _, p := range parties() {
		server := &tenants{jwks: ring.jwks("key")}
		must(p.make(server, tenant(0))(tokens[0])) // what is made once for all
		fmt.Fprintf(out, "%s\t%s\t%s\n", name, p.name, keeps(count, func(i int) any {
			verify := p.make(server, tenant(i))
			must(verify(tokens[i]))
			return verify
		}))
	}
}

func siteSessions(count int) string {
	site, err := web.New(web.Config{BaseURL: "https://app.example", Flow: known{}, OnEvent: func(_ context.Context, e web.Event) { must(e.Err) }})
	must(err)
	return keeps(count, func(int) any {
		signIn(site)
		return nil
	})
}

func scsSessions(count int) string {
	store := memstore.NewWithCleanupInterval(0)
	return keeps(count, func(i int) any {
		stored, err := json.Marshal(user())
		must(err)
		must(store.Commit(fmt.Sprintf("%043d", i), stored, time.Now().Add(time.Hour)))
		return nil
	})
}

func tenant(i int) string { return fmt.Sprintf("%s/tenant-%06d/oidc", host, i) }

// keeps says what is kept for each of count calls of f.
func keeps(count int, f func(i int) any) string {
	all := make([]any, count)
	bytes, objects, routines := kept()
	for i := range all {
		all[i] = f(i)
	}
	moreBytes, moreObjects, moreRoutines := kept()
	runtime.KeepAlive(all)
	runtime.KeepAlive(f) // what it reads was there before
	each := func(more, before int64) int64 { return (more - before + int64(count)/2) / int64(count) }
	return fmt.Sprintf("%d\t%d\t%d", each(moreBytes, bytes), each(moreObjects, objects), each(moreRoutines, routines))
}

func kept() (bytes, objects, routines int64) {
	for range 3 { // pools and finalizers need more than one
		runtime.GC()
	}
	http.DefaultClient.CloseIdleConnections()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc), int64(m.HeapObjects), int64(runtime.NumGoroutine())
}
