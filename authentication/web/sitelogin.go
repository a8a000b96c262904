package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// Login begins a login by the flow with this name, such as one that an API demands (StepUpError), and brings the browser
// back to the address of r, or to "/" when r is a POST. The options are added to those of Config.Options. Only a navigation
// goes to the server: everything else is answered with 401, as by RequireLogin. The session that the browser has ends when
// the new login is complete.
func (s *Site) Login(w http.ResponseWriter, r *http.Request, flow string, o authentication.AuthorizeOptions) {
	v := s.enter(w, r)
	if v == nil {
		return
	}
	to, err := s.flow(r, flow)
	if errors.Is(err, ErrNoFlow) {
		err = mistake{fmt.Errorf("web: Login: %w", err)}
	}
	if err != nil {
		s.fail(w, r, Event{Kind: EventError, Flow: flow, Err: err})
		return
	}
	switch mannerOf(r) {
	case whole:
		v.begin(flow, to, o, v.address())
	case framed:
		s.errors.frame(w, r, matterNavigate, v.address())
	default:
		s.errors.program(w, r, matterNavigate, "")
	}
}
