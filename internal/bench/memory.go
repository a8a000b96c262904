package main

import (
	"context"
	"encoding/json"
	"errors"
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
		name := fmt.Sprintf("for each tenant, its server has %d RSA keys", keys)
		if !strings.Contains(name, only) {
			continue
		}
		ring := newKeyRing(keys)
		tokens := make([]string, count)
		for i := range tokens {
			tokens[i] = ring.token(tenant(i), "key0")
		}
		for _, p := range parties() {
			server := &tenants{jwks: ring.jwks("key")}
			must(p.make(server, tenant(0))(tokens[0])) // what is made once for all
			kept := keeps(count, func(i int) any {
				verify := p.make(server, tenant(i))
				must(verify(tokens[i]))
				return verify
			})
			fmt.Fprintf(table, "%s\t%s\t%s\n", name, p.name, kept)
		}
	}
	if name := "for each session"; strings.Contains(name, only) {
		site, err := web.New(web.Config{BaseURL: "https://app.example", Flow: known{}, OnEvent: func(context.Context, web.Event) {}})
		must(err)
		fmt.Fprintf(table, "%s\t%s\t%s\n", name, "web.Site", keeps(count, func(int) any {
			if signedIn := signIn(site); len(signedIn.Cookies()) < 2 {
				must(errors.New("no session: " + signedIn.Status))
			}
			return nil
		}))
		runtime.KeepAlive(site)
		store := memstore.NewWithCleanupInterval(0)
		fmt.Fprintf(table, "%s\t%s\t%s\n", name, "scs memstore", keeps(count, func(i int) any {
			stored, err := json.Marshal(user())
			must(err)
			must(store.Commit(fmt.Sprintf("%043d", i), stored, time.Now().Add(time.Hour)))
			return nil
		}))
		runtime.KeepAlive(store)
	}
	return table.Flush()
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
