package idptest

import (
	"slices"
	"strings"
)

// Fault is one way in which a server can misbehave; see Realm.Break.
type Fault string

// Faults in what the browser brings back to the application from a login, whatever the protocol. A protocol takes up
// those that it has a place for: CAS has no state, so WrongState and NoState change nothing there.
const (
	// WrongState sends the browser back with a state that was not sent; SAML's is RelayState.
	WrongState Fault = "WrongState"
	// NoState sends the browser back without state.
	NoState Fault = "NoState"
	// RepeatedParameter sends every parameter of the callback twice.
	RepeatedParameter Fault = "RepeatedParameter"
)

// For places a fault on one application of the server, named as there: by client_id in oidctest. The others have it only
// when it is on without For, too. The server decides which of its faults can be placed; for another one, such as a fault
// in metadata, Break makes the servers answer 500 and say so.
func (f Fault) For(application string) Fault { return f + "#" + Fault(application) }

// RegisterFaults tells the realm which faults a server has of its own. A fault that it has for one application, too, is
// registered a second time as fault.For(""); Broken is then asked for both forms.
func (r *Realm) RegisterFaults(these ...Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known = make(map[Fault]bool)
	}
	for _, fault := range these {
		r.known[fault] = true
	}
}

// Break makes the servers of the realm misbehave in these ways and no others; without arguments they behave again. A
// fault that no server has registered makes them answer 500 and say so. A server registers its faults when it is first
// used, at the latest by its own Break, by Browser and by Handler.
func (r *Realm) Break(these ...Fault) {
	broken := make(map[Fault]bool, len(these))
	for _, fault := range these {
		broken[fault] = true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = broken
}

// Broken says whether a fault is on.
func (r *Realm) Broken(fault Fault) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.faults[fault]
}

// knows is called under Realm.mu.
func (r *Realm) knows(fault Fault) bool {
	if kind, application, placed := strings.Cut(string(fault), "#"); placed {
		return application != "" && r.known[Fault(kind).For("")]
	}
	kind, path, placed := strings.Cut(string(fault), "@")
	if placed {
		return slices.Contains(travelFaults(), Fault(kind)) && strings.HasPrefix(path, "/")
	}
	return slices.Contains(travelFaults(), fault) || r.known[fault] || slices.Contains([]Fault{WrongState, NoState, RepeatedParameter}, fault)
}
