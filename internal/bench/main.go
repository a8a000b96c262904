// Command bench compares this library with its peers in one run: the CPU time of the working thread as a ratio to the
// work that nobody can avoid (the limit), as the median of interleaved rounds; and allocations. It also prints the memory
// of clients and sessions, the requests that a storm costs, and how the cost grows with the input.
//
//	go run -C internal/bench . [-table cost,memory,storms,growth] [-only RS256] [-rounds 8] [-time 50ms]
//	go run -C internal/bench . -svg
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 8, "interleaved rounds")
	each := flag.Duration("time", 50*time.Millisecond, "CPU time of one measurement")
	only := flag.String("only", "", "print the rows whose name has this text")
	count := flag.Int("count", 1000, "tenants and sessions in memory, callers of a storm")
	tables := flag.String("table", "cost", "a list of: cost, memory, storms, growth")
	draw := flag.Bool("svg", false, "draw the pictures of the READMEs instead")
	flag.Parse()
	if *draw {
		must(drawPictures(*rounds, *each))
		return
	}
	for name := range strings.SplitSeq(*tables, ",") {
		switch name {
		case "cost":
			must(printCosts(os.Stdout, *only, *rounds, *each))
		case "memory":
			must(printMemory(os.Stdout, *only, *count))
		case "storms":
			must(printStorms(os.Stdout, *only, *count))
		case "growth":
			must(printGrowth(os.Stdout, *only, *rounds, *each))
		default:
			must(fmt.Errorf("no table %q", name))
		}
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
