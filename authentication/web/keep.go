package web

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// keeping is where the sessions are: in a Store, with a handle in the browser's cookie, or whole in its cookies.
type keeping interface {
	// start begins a new session, with a new cookie.
	start(v *visit, head session.Head, data []byte) (*session.Session, error)
	// load reads the browser's session; nil without an error when it has none.
	load(v *visit) (*session.Session, error)
	// again reads what another instance wrote in the meantime; nil without an error when the session has ended.
	again(ctx context.Context, s *session.Session) (*session.Session, error)
	// save writes data and that a request came now. A session that has ended does not come back by it.
	save(ctx context.Context, s *session.Session, data []byte) error
	// due reports whether touch has something to write.
	due(s *session.Session) bool
	// touch writes that a request came now, when the last one was written long enough ago. It undoes no refresh.
	touch(v *visit, s *session.Session) error
	// end ends the session with this Session.Key; without one it does nothing.
	end(ctx context.Context, key string) error
	// key is the Session.Key of the browser's session, whether it exists or not; empty without a cookie.
	key(v *visit) string
	// forget deletes the browser's cookie.
	forget(v *visit)
	// marks is where the marks of ended sessions are; nil when they are lost.
	marks() *session.Keeper
}

func newKeeping(s *Site, box *box) keeping {
	if s.config.Store == InCookies {
		return newCookieJar(s, box)
	}
	return newShelf(s)
}
