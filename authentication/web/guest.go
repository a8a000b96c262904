package web

import (
	"context"
	"net/http"
	"sync"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// guest is who sends a request, in the request's context. It is that context itself, with all that a guarded request needs,
// for fewer allocations.
type guest struct {
	context.Context
	visit // as the request came
	// session is nil for nobody, and when err is why it could not be read.
	session *session.Session
	err     error

	mu     sync.Mutex
	shown  *authentication.Identity // what the handler sees, and may change
	latest *authentication.Identity // with the tokens as this request knows them
	header [2]string
}

type guestKey struct{}

// Value finds the guest itself.
func (g *guest) Value(key any) any {
	if key == (guestKey{}) {
		return g
	}
	return g.Context.Value(key)
}

func guestOf(ctx context.Context) *guest {
	g, _ := ctx.Value(guestKey{}).(*guest)
	return g
}

// request is the request with its guest.
func (g *guest) request(r *http.Request) *http.Request {
	if guestOf(r.Context()) == g {
		return r
	}
	return r.WithContext(g)
}

// at is the visit of a guest, who may have come through other handlers.
func (g *guest) at(w http.ResponseWriter, r *http.Request) *visit {
	return &visit{site: g.site, base: g.base, w: w, r: r, ended: g.ended}
}

// Identity returns the user of a request behind RequireLogin, LoadLogin or Admit, without Token and Data, so that
// encoding it to a page shows no secret. It is nil when there is none. It belongs to the request: what the handler changes
// in it is not kept.
func Identity(ctx context.Context) *authentication.Identity {
	g := guestOf(ctx)
	if g == nil || g.session == nil {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shown == nil {
		g.shown = identityOf(g.session)
		g.shown.Token, g.shown.Data = nil, nil
	}
	return g.shown
}

// identityOf is the Identity of a session, with its tokens. What the head of the session knows remains when a later
// version wrote the rest.
func identityOf(now *session.Session) *authentication.Identity {
	id, err := unpack(now.Data)
	if err != nil {
		id = &authentication.Identity{
			Protocol: now.Protocol, Issuer: now.Issuer, Subject: now.Subject, SessionID: now.SessionID, IssuedAt: now.IssuedAt,
		}
	}
	return id
}

// private keeps an answer for one user out of shared caches; the handler may change it.
func (g *guest) private() {
	h := g.w.Header()
	g.header = [...]string{"private, no-cache", "Cookie"}
	h["Cache-Control"] = g.header[:1:1]
	if vary := h["Vary"]; len(vary) > 0 {
		h["Vary"] = append(vary, "Cookie")
		return
	}
	h["Vary"] = g.header[1:2:2]
}
