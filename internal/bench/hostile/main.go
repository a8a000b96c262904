// Command hostile gives hostile ID tokens to this library and its peers, and prints what each accepts. A token has one
// fault and is otherwise valid, and signed by the right key unless its name says otherwise. Each library is used as its
// documentation says, with every check that it has. What it leaves to the application is not checked: go-oidc and
// golang-jwt leave the nonce to it, for example. A cell is empty where a library refuses the valid token too, or reads no
// keys from a server.
//
//	go run -C internal/bench ./hostile [-markdown]
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
)

func main() {
	short := flag.Bool("markdown", false, "print the summary alone")
	flag.Parse()
	all, err := judge()
	if err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
	if !*short {
		all.print(os.Stdout)
	}
	fmt.Println(all.summary())
}

// verdict is what a library did with a hostile token.
type verdict string

const (
	accepted verdict = "ACCEPTED"
	refused  verdict = "refused"
	unable   verdict = "" // the library refuses the valid twin, too
)

type row struct {
	tokenCase
	verdicts []verdict // in the order of libraries
}

type report struct {
	rows    []row
	fetches []string // of the keys, for 50 tokens under unknown key IDs
}

func judge() (*report, error) {
	r := &report{}
	for _, c := range cases() {
		verdicts, err := c.judge()
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", c.id, c.name, err)
		}
		r.rows = append(r.rows, row{c, verdicts})
	}
	for _, l := range libraries() {
		n, err := fetches(l)
		if err != nil {
			return nil, err
		}
		r.fetches = append(r.fetches, n)
	}
	return r, nil
}

func (c tokenCase) judge() ([]verdict, error) {
	var all []verdict
	for _, l := range libraries() {
		if c.keys && !l.fetches {
			all = append(all, unable)
			continue
		}
		twin, bad := newTrial(), newTrial()
		if c.base != nil {
			c.base(twin)
			c.base(bad)
		}
		c.spoil(bad)
		if l.verify(twin) != nil {
			all = append(all, unable)
		} else if l.verify(bad) != nil {
			all = append(all, refused)
		} else {
			all = append(all, accepted)
		}
		if err := twin.err; err != nil {
			return nil, err
		}
		if err := bad.err; err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (r *report) print(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "id\ttoken")
	for _, l := range libraries() {
		fmt.Fprint(table, "\t", l.name)
	}
	fmt.Fprintln(table)
	for _, row := range r.rows {
		fmt.Fprintf(table, "%s\t%s", row.id, row.name)
		for _, v := range row.verdicts {
			fmt.Fprint(table, "\t", v)
		}
		fmt.Fprintln(table)
	}
	_ = table.Flush()
	fmt.Fprintln(w)
}

// summary is the table of the README.
func (r *report) summary() string {
	lines := []string{
		"| |", "|---|", "| hostile ID tokens accepted |", "| hostile keys and metadata accepted |",
		"| requests for keys that 50 tokens under unknown key IDs cost |",
	}
	for i, l := range libraries() {
		for n, cell := range []string{l.title(), "", r.accepted(i, false), r.accepted(i, true), r.fetches[i]} {
			if n == 1 {
				lines[n] += "---|"
			} else {
				lines[n] += " " + cell + " |"
			}
		}
	}
	return strings.Join(lines, "\n")
}

// accepted counts what a library accepts, of the cases of which it accepts the twin.
func (r *report) accepted(library int, keys bool) string {
	able, took := 0, 0
	for _, row := range r.rows {
		able += count(row.keys == keys && row.verdicts[library] != unable)
		took += count(row.keys == keys && row.verdicts[library] == accepted)
	}
	if able == 0 {
		return ""
	}
	return fmt.Sprintf("%d / %d", took, able)
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
