package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// curve is a task whose input grows. make returns the task, and in how many units its cost is told: bytes or entries.
type curve struct {
	name, unit string
	sizes      []int
	make       func(size int) (run func() error, units int)
}

func curves() []curve {
	const kb, mb = 1 << 10, 1 << 20
	return []curve{
		{"SAML response", "byte", []int{2 * kb, 16 * kb, 128 * kb, mb, 4 * mb, 8 * mb}, samlOf},
		{"CAS XML reply", "byte", []int{2 * kb, 16 * kb, 128 * kb, mb}, func(size int) (func() error, int) { return casOf(cas.FormatXML, size) }},
		{"CAS JSON reply", "byte", []int{2 * kb, 16 * kb, 128 * kb, mb}, func(size int) (func() error, int) { return casOf(cas.FormatJSON, size) }},
		{"signed metadata", "byte", []int{mb, 8 * mb, 80 * mb}, metadataOf},
		{"replay, one more key", "key", []int{100, 1000, 10_000, 100_000}, replayOf},
		{"session in memory, one more", "session", []int{100, 1000, 10_000, session.MaxSessions}, func(n int) (func() error, int) { return sessionOf(n, true) }},
		{"session in memory, loaded", "session", []int{100, 1000, 10_000, session.MaxSessions}, func(n int) (func() error, int) { return sessionOf(n, false) }},
	}
}

// printGrowth writes the cost of one unit at each size, the garbage collector's with it; a column of ones is linear.
func printGrowth(out io.Writer, only string, rounds int, each time.Duration) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "growth\tsize\tns\tns for each\tx the smallest")
	for _, c := range curves() {
		if !strings.Contains(c.name, only) {
			continue
		}
		first := 0.0
		for _, size := range c.sizes {
			run, units := c.make(size)
			var times []float64
			for range rounds {
				times = append(times, everyThread(work{run: run}, each))
				if times[0] > float64(time.Second) {
					break
				}
			}
			ns := median(times)
			unit := ns / float64(units)
			if first == 0 {
				first = unit
			}
			fmt.Fprintf(table, "%s\t%d\t%.0f\t%.2f per %s\t%.2f\n", c.name, size, ns, unit, c.unit, unit/first)
		}
	}
	return table.Flush()
}

// samlOf is a login by a signed response of about that size, encoded.
func samlOf(size int) (func() error, int) {
	key, certificate := samlKey()
	client := samlClient(key, saml.Config{MaxMessage: 32 << 20, MaxNodes: 10_000_000})
	login, err := client.BeginLogin(context.Background(), saml.AuthorizeOptions{})
	must(err)
	const attribute = 265 // bytes
	message := samlResponse(login.RequestID, key, certificate, size/attribute)
	request := posted(samlForm(message, login.Key))
	return func() error {
		_, err := client.CompleteLogin(context.Background(), login, request())
		return err
	}, len(message)
}

func casOf(format cas.Format, size int) (func() error, int) {
	var b strings.Builder
	open, attribute, end := `{"serviceResponse":{"authenticationSuccess":{"user":"alice","attributes":{"memberOf":["-"`, `,"group %09d of the university"`, `]}}}}`
	if format == cas.FormatXML {
		open = `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationSuccess><cas:user>alice</cas:user><cas:attributes>`
		attribute, end = `<cas:memberOf>group %09d of the university</cas:memberOf>`, `</cas:attributes></cas:authenticationSuccess></cas:serviceResponse>`
	}
	b.WriteString(open)
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, attribute, i)
	}
	b.WriteString(end)
	body := []byte(b.String())
	hc := &http.Client{Transport: wire{body: body}}
	client, err := cas.NewClient(cas.Config{ServerURL: casServer, Service: callback, HTTPClient: hc, MaxReply: 8 << 20, MaxNodes: 1_000_000})
	must(err)
	return func() error {
		_, err := client.ValidateTicketV2(context.Background(), casTicket, "", cas.ValidateOptions{Format: format})
		return err
	}, len(body)
}

// replayOf is one key more in a memory with that many.
func replayOf(size int) (func() error, int) {
	replay, until := oauth.NewReplay(2_000_000_000), time.Now().Add(time.Hour)
	n := 0
	more := func() error {
		n++
		first, err := replay.First(context.Background(), fmt.Sprint("a login ", n), until)
		if err == nil && !first {
			return fmt.Errorf("key %d was there", n)
		}
		return err
	}
	for range size {
		must(more())
	}
	return more, 1
}

func sessionOf(size int, more bool) (func() error, int) {
	const app = "https://app.example"
	ctx, data := context.Background(), make([]byte, 1000)
	keeper := &session.Keeper{Store: session.NewMemory(time.Now), Realm: []string{app, "session"}, Idle: time.Hour, Absolute: time.Hour, Now: time.Now}
	n, handle := 0, ""
	start := func() error {
		n++
		_, h, err := keeper.Start(ctx, app, session.Head{Protocol: "oidc", Issuer: issuer, Subject: fmt.Sprint(n), SessionID: fmt.Sprint(n)}, data)
		handle = h
		return err
	}
	for range size - 1 {
		must(start())
	}
	if more {
		return start, 1
	}
	must(start())
	return func() error {
		_, err := keeper.Load(ctx, app, handle)
		return err
	}, 1
}
