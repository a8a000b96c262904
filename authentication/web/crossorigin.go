package web

import (
	"fmt"
	"net/http"
)

// protect makes the protection from requests of other sites.
func (s *Site) protect() error {
	if s.cross = s.config.CrossOrigin; s.cross != nil {
		return nil
	}
	s.cross = http.NewCrossOriginProtection()
	for _, b := range s.bases {
		if err := s.cross.AddTrustedOrigin(b.origin); err != nil {
			return fmt.Errorf("web: %w", err)
		}
	}
	s.cross.SetDenyHandler(http.HandlerFunc(s.errors.foreign))
	return nil
}

// crosses reports whether a request is one that another site's page has no business to send; then it has answered it.
func (v *visit) crosses() bool {
	err := v.site.cross.Check(v.r)
	if err == nil {
		return false
	}
	v.site.report(v.r, Event{Kind: EventError, Err: fmt.Errorf("web: %w", err)})
	v.site.cross.Handler(http.HandlerFunc(v.site.errors.foreign)).ServeHTTP(v.w, v.r) // the application's may have an answer of its own
	return true
}

func (e *ErrorPage) foreign(w http.ResponseWriter, r *http.Request) { e.answer(w, r, matterForeign, 0) }
