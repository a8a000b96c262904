package idptest

import (
	"context"
	"net/http"
	"sync"
)

// Member is an application that a session has logged in to, in the words of the protocol that did so.
type Member interface {
	// Tell tells the application of the session's end without the browser; it does nothing where the protocol cannot.
	Tell(ctx context.Context)
}

// FrameMember is a Member that the browser can tell by opening an address in a frame.
type FrameMember interface {
	Member
	// Frame is the address; empty means that Tell is used.
	Frame() string
}

// JourneyMember is a Member that only the browser's own journey can tell, from one application to the next.
type JourneyMember interface {
	Member
	// Journey begins the journey by answering the request, and returns true; members are all of the session that ended,
	// and those that take no part in the journey are told by Tell. Then the browser goes to the address to, if it is
	// not empty. False means that there is nothing to do, and that nothing was answered.
	Journey(w http.ResponseWriter, r *http.Request, members []Member, to string) bool
}

// TellAll tells the members without the browser, all at once, and waits.
func TellAll(ctx context.Context, members []Member) {
	var all sync.WaitGroup
	for _, m := range members {
		all.Go(func() { m.Tell(ctx) })
	}
	all.Wait()
}
