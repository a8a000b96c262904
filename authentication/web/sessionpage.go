package web

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// sessionHeader is what a request for the address of the session must have, with any value: another site's page cannot
// send it without a preflight, which is not answered, and a form or an image cannot send it at all.
const sessionHeader = "X-Requested-With"

// shownSession is the session for the page's script.
type shownSession struct {
	Flow     string         `json:"flow"`
	Protocol string         `json:"protocol"`
	Issuer   string         `json:"issuer"`
	Subject  string         `json:"subject"`
	Claims   map[string]any `json:"claims"`
	AuthTime time.Time      `json:"auth_time,omitzero"`
	ACR      string         `json:"acr,omitempty"`
	Created  time.Time      `json:"created"`
	// IdleEnds is when it ends without another request, and Ends when it ends in any case.
	IdleEnds time.Time `json:"idle_ends"`
	Ends     time.Time `json:"ends"`
}

// session is the JSON of the user's session for the page's script. It does not count as a request of the user: a page that
// asks every minute does not keep its user logged in.
func (v *visit) session() {
	quiet(v.w)
	h := v.w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	if v.r.Method != http.MethodGet {
		h.Set("Allow", http.MethodGet)
		writeJSON(v.w, Problem{Status: http.StatusMethodNotAllowed, Code: "method", Text: "The session is read by GET."})
		return
	}
	if v.r.Header.Get(sessionHeader) == "" {
		writeJSON(v.w, Problem{Status: http.StatusForbidden, Code: "header_required", Text: "A request for the session needs the header " + sessionHeader + "."})
		return
	}
	now, err := v.load()
	switch {
	case err != nil:
		v.unavailable(err)
	case now == nil:
		v.site.errors.program(v.w, v.r, matterNavigate, v.loginFor(v.page()))
	default:
		h.Set("Content-Type", "application/json")
		v.w.WriteHeader(http.StatusOK) // some routers begin with another status
		_ = json.NewEncoder(v.w).Encode(v.shown(now))
	}
}

func (v *visit) shown(now *session.Session) shownSession {
	id, keeper := identityOf(now), session.Keeper{Idle: v.site.config.Idle}
	return shownSession{
		Flow: now.Flow, Protocol: id.Protocol, Issuer: id.Issuer, Subject: id.Subject, Claims: id.Claims, AuthTime: id.AuthTime, ACR: id.ACR,
		Created: now.Created, IdleEnds: keeper.Ends(now), Ends: now.End,
	}
}
