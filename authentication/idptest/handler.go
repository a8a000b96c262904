package idptest

import "net/http"

// Handler serves the servers and the pages of the realm under one address, with the realm's faults. A server that
// listens alone is the handler of itself. It panics as http.ServeMux does when two servers have a path in common.
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

// misconfigured says what is wrong with the fields or the faults; empty is nothing.
func (r *Realm) misconfigured() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for fault := range r.faults {
		if !r.knows(fault) {
			return "unknown fault " + string(fault)
		}
	}
	return r.problem
}
