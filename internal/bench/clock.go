package main

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// onThread keeps f on one thread of the system, so that its clock counts this work alone.
func onThread(f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f()
}

// threadTime is the CPU time of this thread. What other programs do does not count. The garbage collector marks on other
// threads, and this does not count either: who allocates much looks better here than in use, so read the allocations too.
func threadTime() time.Duration {
	var now unix.Timespec
	must(unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now))
	return time.Duration(now.Nano())
}

// nanoseconds is the CPU time of one run of w, measured for about the given time. The garbage of the work before is
// collected first.
func nanoseconds(w work, each time.Duration) (ns float64) {
	runtime.GC()
	onThread(func() {
		for n := 1; ; {
			start := threadTime()
			for range n {
				must(w.run())
			}
			took := threadTime() - start
			if took >= each {
				ns = float64(took.Nanoseconds()) / float64(n)
				return
			}
			n = max(n+1, int(float64(n)*1.2*float64(each)/float64(max(took, time.Microsecond))))
		}
	})
	return ns
}
