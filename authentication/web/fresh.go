package web

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// RequireFresh is RequireLogin and more: a login that is too old or too weak is repeated at the server with what its
// protocol has for that, and the browser comes back. A request that is no navigation gets 401 with the code
// fresh_login_required, and a server that did not do as it was asked gives 403 in place of a loop. OAuth cannot do it.
func (s *Site) RequireFresh(f Freshness) func(http.Handler) http.Handler {
	bad := mistaken(f.check())
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r, ok := s.Admit(w, r)
			if !ok {
				return
			}
			g := guestOf(r.Context())
			switch {
			case bad != nil:
				s.fail(w, r, Event{Kind: EventError, Err: bad})
			case s.isPage(g.at(w, r)), g.at(w, r).fresh(g, f):
				next.ServeHTTP(w, r)
			}
		})
	}
}

// fresh reports whether the user's login is fresh enough; otherwise it has answered.
func (v *visit) fresh(g *guest, f Freshness) bool {
	id := g.identity()
	why := f.missing(id.AuthTime, id.ACR, v.site.config.Now())
	again, noted := v.steppedUp(g, f)
	switch {
	case why == "":
		if noted {
			v.setNote(freshNote, "", -1)
		}
		return true
	case again:
		v.setNote(freshNote, "", -1) // the user may try again
		v.weak(v.site.about(g.session, Event{Kind: EventError, Err: fmt.Errorf("%w: web: after a new login %s", authentication.ErrDenied, why)}))
		return false
	}
	switch mannerOf(v.r) {
	case whole:
		v.stepUp(g, f)
	case framed:
		v.site.errors.frame(v.w, v.r, matterFresh, v.address())
	default:
		v.site.errors.program(v.w, v.r, matterFresh, "")
	}
	return false
}

// stepUp begins the login that Freshness demands.
func (v *visit) stepUp(g *guest, f Freshness) {
	s := v.site
	flow, err := s.flow(v.r, g.session.Flow)
	if err != nil {
		s.fail(v.w, v.r, s.about(g.session, Event{Kind: EventError, Err: err}))
		return
	}
	stepUp, ok := able[authentication.StepUpFlow](flow)
	if !ok {
		s.fail(v.w, v.r, s.about(g.session, Event{Kind: EventError, Err: errNoStepUp}))
		return
	}
	options, err := stepUp.StepUp(authentication.AuthorizeOptions{}, f.MaxAge, strings.Fields(f.ACRValues))
	if err != nil {
		s.fail(v.w, v.r, s.about(g.session, Event{Kind: EventError, Err: err}))
		return
	}
	v.setNote(freshNote, f.note()+"."+shortHash(g.session.Key), freshSeconds)
	v.begin(g.session.Flow, flow, options, v.address())
}

var errNoStepUp = mistake{fmt.Errorf("web: RequireFresh: the flow cannot ask for a new login: %w", errors.ErrUnsupported)}

// weak answers a login that is not enough even after the user has logged in again.
func (v *visit) weak(e Event) {
	v.site.report(v.r, e)
	if v.site.config.OnError != nil {
		v.site.config.OnError(v.w, v.r, e.Err)
		return
	}
	v.site.errors.answer(v.w, v.r, matterWeak, 0)
}

// The note of a step-up says what was demanded and in which session. In another session the user has logged in since then.
const (
	freshNote    = "fresh"
	freshSeconds = 600
)

// steppedUp reports whether this browser has logged in for this demand, and whether it has a note at all.
func (v *visit) steppedUp(g *guest, f Freshness) (again, noted bool) {
	note, err := v.r.Cookie(v.noteName(freshNote))
	if err != nil {
		return false, false
	}
	demand, before, _ := strings.Cut(note.Value, ".")
	return demand == f.note() && before != shortHash(g.session.Key), true
}

func (f Freshness) note() string {
	return shortHash(strconv.FormatInt(int64(f.MaxAge), 10) + " " + f.ACRValues)
}

func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}
