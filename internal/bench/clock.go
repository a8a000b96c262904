package main

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// nanoseconds is the CPU time of one run of w on this thread, measured for about the given time. What other programs do
// does not count. The garbage collector marks on other threads, and this does not count either: who allocates much looks
// better here than in use, so read the allocations too.
func nanoseconds(w work, each time.Duration) float64 {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return cpuTime(unix.CLOCK_THREAD_CPUTIME_ID, w, each)
}

// everyThread is the same with all threads: for work that has goroutines of its own, and with the garbage collector.
func everyThread(w work, each time.Duration) float64 {
	return cpuTime(unix.CLOCK_PROCESS_CPUTIME_ID, w, each)
}

// cpuTime collects the garbage of the work before first.
func cpuTime(clock int32, w work, each time.Duration) float64 {
	now := func() time.Duration {
		var at unix.Timespec
		must(unix.ClockGettime(clock, &at))
		return time.Duration(at.Nano())
	}
	runtime.GC()
	for n := 1; ; {
		start := now()
		for range n {
			must(w.run())
		}
		took := now() - start
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
