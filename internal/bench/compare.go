package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"
)

// work is one way to do the task of a case.
type work struct {
	name string
	ours bool // by this library
	run  func() error
}

func our(name string, run func() error) work  { return work{name: name, ours: true, run: run} }
func peer(name string, run func() error) work { return work{name: name, run: run} }

// benchCase is a task: the work that nobody can avoid, and the ways to do the task.
type benchCase struct {
	name     string
	limit    func() error
	parallel bool // on every processor at once
	works    []work
}

// result is what one work cost.
type result struct {
	work
	ns, ratio     float64 // ratio is to the limit
	allocs, bytes uint64
}

func (c benchCase) all() []work {
	return append([]work{peer("limit", c.limit)}, c.works...)
}

// measure returns the results in the order of all.
func (c benchCase) measure(rounds int, each time.Duration) []result {
	works := c.all()
	times := make([][]float64, len(works))
	for range rounds {
		for i, w := range works {
			if c.parallel {
				times[i] = append(times[i], everywhere(w, each))
			} else {
				times[i] = append(times[i], nanoseconds(w, each))
			}
		}
	}
	all := make([]result, len(works))
	for i, w := range works {
		ratios := make([]float64, rounds)
		for r := range rounds {
			ratios[r] = times[i][r] / times[0][r]
		}
		allocs, bytes := allocations(w, 100)
		all[i] = result{w, median(times[i]), median(ratios), allocs, bytes}
	}
	return all
}

// share is the overhead of a result of this library, as a part of the overhead of the best peer: what neither can avoid
// does not blur it.
func share(of result, all []result) string {
	best := math.Inf(1)
	for _, r := range all[1:] {
		if !r.ours {
			best = min(best, r.ratio)
		}
	}
	if !of.ours || of.ratio < 1 || math.IsInf(best, 1) || best <= 1 {
		return ""
	}
	return fmt.Sprintf("%.2f", (of.ratio-1)/(best-1))
}

// printCosts writes the table of the cases whose name has the text only.
func printCosts(out io.Writer, only string, rounds int, each time.Duration) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "case\twho\tx limit\tshare\tallocs\tbytes\tns")
	for _, c := range cases() {
		if !strings.Contains(c.name, only) {
			continue
		}
		all := c.measure(rounds, each)
		for _, r := range all {
			fmt.Fprintf(table, "%s\t%s\t%.2f\t%s\t%d\t%d\t%.0f\n", c.name, r.name, r.ratio, share(r, all), r.allocs, r.bytes, r.ns)
		}
		if err := table.Flush(); err != nil { // a run is long
			return err
		}
	}
	return nil
}

// allocations is what one run of w allocates. What other goroutines allocate meanwhile can only add, so the smallest of
// some measurements is exact.
func allocations(w work, runs int) (allocs, bytes uint64) {
	allocs, bytes = math.MaxUint64, math.MaxUint64
	for range 3 {
		n := testing.AllocsPerRun(runs, func() { must(w.run()) })
		allocs, bytes = min(allocs, uint64(n)), min(bytes, heapBytes(w, runs))
	}
	return allocs, bytes
}

// everywhere runs w on every processor, and returns the mean CPU time of a run.
func everywhere(w work, each time.Duration) float64 {
	var all sync.WaitGroup
	times := make([]float64, processors())
	for i := range times {
		all.Go(func() { times[i] = nanoseconds(w, each) })
	}
	all.Wait()
	sum := 0.0
	for _, t := range times {
		sum += t
	}
	return sum / float64(len(times))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
