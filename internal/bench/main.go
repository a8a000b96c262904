// Command bench compares this library with its peers in one run: each case as a ratio to the unavoidable work (the
// limit) in CPU time of the working thread, as the median of interleaved rounds, and the number of allocations.
//
//	go run -C internal/bench . [-rounds 8] [-time 100ms] [-only RS256]
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

// work is one thing to measure.
type work struct {
	name string
	run  func() error
}

// benchCase is the limit, this library, and the peers, with the same task.
type benchCase struct {
	name  string
	limit work
	ours  work
	peers []work
}

func main() {
	rounds := flag.Int("rounds", 8, "interleaved rounds")
	each := flag.Duration("time", 100*time.Millisecond, "time of one measurement")
	only := flag.String("only", "", "run the cases whose name has this text")
	flag.Parse()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "case\twho\tx limit\tx ours\tallocs\tns/op")
	for _, c := range cases() {
		if !strings.Contains(c.name, *only) {
			continue
		}
		c.measure(table, *rounds, *each)
	}
	if err := table.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (c benchCase) all() []work { return append([]work{c.limit, c.ours}, c.peers...) }

func (c benchCase) measure(table *tabwriter.Writer, rounds int, each time.Duration) {
	works := c.all()
	times := make([][]float64, len(works))
	for range rounds {
		for i, w := range works {
			times[i] = append(times[i], nanoseconds(w, each))
		}
	}
	for i, w := range works {
		toLimit, toOurs := make([]float64, rounds), make([]float64, rounds)
		for r := range rounds {
			toLimit[r], toOurs[r] = times[i][r]/times[0][r], times[i][r]/times[1][r]
		}
		allocs := testing.AllocsPerRun(100, func() { must(w.run()) })
		fmt.Fprintf(table, "%s\t%s\t%.2f\t%.2f\t%.0f\t%.0f\n", c.name, w.name, median(toLimit), median(toOurs), allocs, median(times[i]))
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
