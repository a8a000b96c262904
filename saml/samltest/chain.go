package samltest

import "time"

// chain is a logout under way, from one application to the next by way of the browser (SAML Profiles §4.4.3.4).
type chain struct {
	asker      *visit // who asked for it; nil when it began here
	requestID  string
	relayState string
	to         string   // where the browser goes at the end of one that began here
	left       []*visit // who must still be told
	partial    bool     // an application could not be told

	told  *visit // whose answer is awaited
	relay string // and the RelayState that it comes with
}

// chainLifetime is how long an application may take for its answer.
const chainLifetime = 10 * time.Minute

// answeredBy says whether a response that this application sent is the one that is awaited.
func (l *chain) answeredBy(a *App, entity, relayState string) bool {
	return l.told.app == a && l.told.entity == entity && l.relay == relayState
}
