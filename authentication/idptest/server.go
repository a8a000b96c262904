package idptest

import "net/http"

// Server is a fake server that stands on a Realm. The fake servers of this module are; so can be that of a protocol
// of your own.
type Server interface {
	http.Handler
	// Mount adds the paths of the server to mux.
	Mount(mux *http.ServeMux)
}
