package main

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is the CPU time of this thread. What other programs do does not count. The garbage collector marks on other
// threads, and this does not count either: who allocates much looks better here than in use, so read the allocations too.
func threadTime() time.Duration {
	var now unix.Timespec
	must(unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now))
	return time.Duration(now.Nano())
}

// nanoseconds is the CPU time of one run of w, measured for about the given time. The garbage of the work before is
// collected first.
func nanoseconds(w work, each time.Duration) float64 {
	runtime.GC()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for n := 1; ; {
		start := threadTime()
		for range n {
			must(w.run())
		}
		took := threadTime() - start
		if took >= each {
			return float64(took.Nanoseconds()) / float64(n)
		}
		n = max(n+1, int(float64(n)*1.2*float64(each)/float64(max(took, time.Microsecond))))
	}
}

func processors() int { return runtime.GOMAXPROCS(0) }

// heapBytes is how many bytes one run of w allocates.
func heapBytes(w work, runs int) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		must(w.run())
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / uint64(runs)
}
