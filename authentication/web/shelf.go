package web

import (
	"context"
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// shelf keeps sessions in a Store, and their handles in the browser.
type shelf struct {
	site   *Site
	keeper session.Keeper
}

func newShelf(s *Site) *shelf {
	store := s.config.Store
	if store == nil {
		store = session.NewMemory(s.config.Now)
	}
	return &shelf{s, session.Keeper{
		Store: store, Realm: []string{s.bases[0].url, s.config.Name},
		Idle: s.config.Idle, Absolute: s.config.Absolute, Now: s.config.Now,
	}}
}

func (k *shelf) start(v *visit, head session.Head, data []byte) (*session.Session, error) {
	s, handle, err := k.keeper.Start(v.r.Context(), v.base.url, head, data)
	if err != nil {
		return nil, err
	}
	v.setHandle(handle, s.End)
	return s, nil
}

func (k *shelf) load(v *visit) (*session.Session, error) {
	s, err := k.keeper.Load(v.r.Context(), v.base.url, v.handle())
	if errors.Is(err, session.ErrDamaged) || errors.Is(err, session.ErrVersion) {
		// The browser logs in again. The record stays: an instance of the later version can read it.
		k.site.report(v.r, Event{Kind: EventEnded, Session: sessionTag(k.key(v)), Err: err})
		return nil, nil
	}
	return s, err
}

func (k *shelf) again(ctx context.Context, s *session.Session) (*session.Session, error) {
	return k.keeper.Again(ctx, s)
}

func (k *shelf) save(ctx context.Context, s *session.Session, data []byte) error {
	return k.keeper.Save(ctx, s, data)
}

func (k *shelf) due(s *session.Session) bool { return k.keeper.Due(s) }

func (k *shelf) touch(v *visit, s *session.Session) error {
	return k.keeper.Touch(v.r.Context(), s)
}

func (k *shelf) end(ctx context.Context, key string) error { return k.keeper.End(ctx, key) }
func (k *shelf) key(v *visit) string                       { return k.keeper.Key(v.base.url, v.handle()) }
func (k *shelf) forget(v *visit)                           { v.dropHandle() }
func (k *shelf) marks() *session.Keeper                    { return &k.keeper }
