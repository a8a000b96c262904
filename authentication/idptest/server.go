package idptest

import "net/http"

// Server is a fake server that stands on a Realm. The fake servers of this module are; so can be that of a protocol
// of your own.
type Server interface {
	http.Handler
	// Mount adds the paths of the server to mux. The pages on which people log in are the Realm's: Realm.Handler has both.
	Mount(mux *http.ServeMux)
}
