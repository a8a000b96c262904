package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

const allocsFile = "testdata/allocs.txt"

var update = flag.Bool("update", false, "write "+allocsFile)

// Every row of this library allocates as often as the file says, neither more nor less: who lowers a count writes it
// there. Another Go release than the file's has other counts in its standard library: there a row may have a tenth more.
//
//	go test -C internal/bench -run Allocations . -update
func TestAllocations(t *testing.T) {
	release := strings.Join(strings.SplitN(runtime.Version(), ".", 3)[:2], ".")
	var now bytes.Buffer
	fmt.Fprintln(&now, release)
	counts := map[string]uint64{}
	for _, c := range cases() {
		for _, w := range c.works {
			if w.ours && !c.parallel {
				name := c.name + ": " + w.name
				counts[name], _ = allocations(w, 50)
				fmt.Fprintf(&now, "%5d  %s\n", counts[name], name)
			}
		}
	}
	if *update {
		if err := os.WriteFile(allocsFile, now.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	file, err := os.ReadFile(allocsFile)
	if err != nil {
		t.Fatal(err)
	}
	first, rows, _ := strings.Cut(string(file), "\n")
	for row := range strings.Lines(rows) {
		var want uint64
		if _, err := fmt.Sscan(row, &want); err != nil {
			t.Fatalf("%s: %q: %v", allocsFile, row, err)
		}
		_, name, _ := strings.Cut(strings.TrimSpace(row), "  ")
		got, ok := counts[name]
		delete(counts, name)
		switch {
		case !ok:
			t.Errorf("%s has a row that is measured no more: %s", allocsFile, name)
		case first == release && got != want, got > want+max(2, want/10):
			t.Errorf("%s: %d allocations, and %d in %s (%s)", name, got, want, allocsFile, first)
		}
	}
	for name := range counts {
		t.Errorf("%s lacks %s", allocsFile, name)
	}
}
