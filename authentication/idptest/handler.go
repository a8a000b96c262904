package idptest

import (
	"context"
	"net/http"
)

// Handler serves the servers and the pages of the realm under one address, with the realm's faults. The servers have
// this Realm; one with another Realm answers 500 and says so. A server that listens alone is the handler of itself.
// Handler panics as http.ServeMux does when two servers have a path in common.
func (r *Realm) Handler(servers ...Server) http.Handler {
	mux := r.mux(servers...)
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) { r.serve(w, request, mux) })
}

func (r *Realm) mux(servers ...Server) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /interaction/{id}", r.showInteraction)
	mux.HandleFunc("POST /interaction/{id}", r.answerInteraction)
	for _, server := range servers {
		server.Mount(mux)
	}
	return mux
}

func (r *Realm) serve(w http.ResponseWriter, request *http.Request, mux *http.ServeMux) {
	request = r.rebase(request)
	r.count(request.URL.Path)
	if problem := r.misconfigured(); problem != "" {
		http.Error(w, "idptest: "+problem, http.StatusInternalServerError)
		return
	}
	if !r.within(request.Context()) {
		r.stray(w)
		return
	}
	request = request.WithContext(r.enter(request.Context()))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	for _, fault := range travelFaults() {
		if r.Broken(fault.At(request.URL.Path)) {
			r.misbehave(w, request, fault, mux)
			return
		}
	}
	mux.ServeHTTP(w, request)
}

// realmKey is that of the Realm whose handler or browser a request is in.
type realmKey struct{}

func (r *Realm) enter(ctx context.Context) context.Context {
	return context.WithValue(ctx, realmKey{}, r)
}

// within says that a request is in this realm, or in none.
func (r *Realm) within(ctx context.Context) bool {
	other, ok := ctx.Value(realmKey{}).(*Realm)
	return !ok || other == r
}

// stray answers for a server whose Realm is not that of its handler or browser: people who log in there would be
// strangers to the others.
func (r *Realm) stray(w http.ResponseWriter) {
	http.Error(w, "idptest: the server has another Realm than the handler or browser it is used by", http.StatusInternalServerError)
}
