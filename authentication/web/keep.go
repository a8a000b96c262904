package web

import (
	"context"
	"errors"

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
	save(ctx context.Context, v *visit, s *session.Session, data []byte) error
	// end ends the session with this Session.Key; without one it does nothing.
	end(ctx context.Context, key string) error
	// key is the Session.Key of the browser's session, whether it exists or not; empty without a cookie.
	key(v *visit) string
	// forget deletes the browser's cookie.
	forget(v *visit)
	// marks is where the marks of ended sessions are; nil when they are lost.
	marks() *session.Keeper
}

func newKeeping(s *Site) keeping {
	return &shelf{keeper: session.Keeper{
		Store: s.config.Store, Realm: []string{s.bases[0].url, s.config.Name},
		Idle: s.config.Idle, Absolute: s.config.Absolute, Now: s.config.Now,
	}}
}

// shelf keeps sessions in a Store.
type shelf struct{ keeper session.Keeper }

func (k *shelf) start(v *visit, head session.Head, data []byte) (*session.Session, error) {
	return nil, errors.ErrUnsupported
}
func (k *shelf) load(v *visit) (*session.Session, error) { return nil, errors.ErrUnsupported }
func (k *shelf) again(ctx context.Context, s *session.Session) (*session.Session, error) {
	return nil, errors.ErrUnsupported
}
func (k *shelf) save(ctx context.Context, v *visit, s *session.Session, data []byte) error {
	return errors.ErrUnsupported
}
func (k *shelf) end(ctx context.Context, key string) error { return errors.ErrUnsupported }
func (k *shelf) key(v *visit) string                       { return "" }
func (k *shelf) forget(v *visit)                           {}
func (k *shelf) marks() *session.Keeper                    { return &k.keeper }
