package idptest

import (
	"fmt"
	"net/url"
)

// misconfigured says what is wrong with the fields or the faults; empty is nothing.
func (r *Realm) misconfigured() string {
	if r.BaseURL != "" {
		if u, err := url.Parse(r.BaseURL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return "BaseURL is not an http or https address without a query"
		}
	}
	for i := range r.Users {
		if u := &r.Users[i]; u.Name() == "" {
			return fmt.Sprintf("Users[%d] has no name to log in with", i)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for fault := range r.faults {
		if !r.knows(fault) {
			return "unknown fault " + string(fault)
		}
	}
	return r.problem
}
