package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// InCookies is a Config.Store that keeps each session in its browser's cookies, sealed with Config.Keys, for applications
// without a common store, such as serverless ones. A session has 12 kB: the tokens and the claims of many servers fit,
// and a login whose session does not fit is an error. Proxies often allow less: nginx refuses a Cookie header over 8 kB,
// unless large_client_header_buffers allows more.
//
// What is lost: the server cannot end a session, and neither can EndSessions; see Config.AllowLostLogouts. A copy of the
// cookies is a session until its end, also after a logout. A token is refreshed once per process, and not once for all
// of them, so that a server that detects the reuse of refresh tokens may refuse one of two. Call Token before the answer
// begins, and from the handler's own goroutine: a refreshed token comes to the browser in the answer's header.
const InCookies inCookies = "InCookies"

type inCookies string

// Find is an error: there are no records.
func (inCookies) Find(string) ([]byte, bool, error) { return nil, false, errNoStore }

// Commit is an error: there are no records.
func (inCookies) Commit(string, []byte, time.Time) error { return errNoStore }

// Delete is an error: there are no records.
func (inCookies) Delete(string) error { return errNoStore }

var errNoStore = fmt.Errorf("web: InCookies keeps no records: %w", errors.ErrUnsupported)

// cookieJar keeps sessions whole in the browser's cookies. When the last request came has a cookie of its own, so that
// writing it undoes no refresh. Without that cookie, or with another session's, the last request is the one that wrote the
// session.
type cookieJar struct {
	site   *Site
	keeper session.Keeper // without a Store: for its clock and its limits
	box    *box
}

func newCookieJar(s *Site, box *box) *cookieJar {
	return &cookieJar{s, session.Keeper{Idle: s.config.Idle, Absolute: s.config.Absolute, Now: s.config.Now}, box}
}

func (k *cookieJar) start(v *visit, head session.Head, data []byte) (*session.Session, error) {
	s, err := k.keeper.Begin(head, data)
	if err != nil {
		return nil, err
	}
	if err := k.write(v, s); err != nil {
		return nil, err
	}
	k.note(v)
	return s, nil
}

func (k *cookieJar) load(v *visit) (*session.Session, error) {
	s, err := k.read(v)
	if err != nil {
		k.site.report(v.r, Event{Kind: EventEnded, Err: err})
		return nil, nil
	}
	return s, nil
}

// again knows nothing newer than the browser brought.
func (k *cookieJar) again(_ context.Context, s *session.Session) (*session.Session, error) {
	return s, nil
}

// save leaves it to carry: it has no answer to write to.
func (k *cookieJar) save(context.Context, *session.Session, []byte) error { return nil }

// carry gives the browser what a refresh changed.
func (k *cookieJar) carry(v *visit, s *session.Session, data []byte) error {
	changed := *s
	changed.Data = data
	return k.write(v, &changed)
}

func (k *cookieJar) due(s *session.Session) bool { return k.keeper.Due(s) }

func (k *cookieJar) touch(v *visit, s *session.Session) error {
	http.SetCookie(v.w, k.seenCookie(v, s))
	return nil
}

func (k *cookieJar) end(context.Context, string) error { return nil }
func (k *cookieJar) key(*visit) string                 { return "" }
func (k *cookieJar) marks() *session.Keeper            { return nil }

func (k *cookieJar) forget(v *visit) {
	k.note(v)
	v.drop(k.seenName(v))
	k.drop(v, 0)
}

// drop deletes the parts that the browser has from this one on. A POST from the server's site does not bring them.
func (k *cookieJar) drop(v *visit, from int) {
	for i, value := range k.parts(v) {
		if i >= from && (value != "" || v.r.Method == http.MethodPost) {
			v.drop(chunkName(v, i))
		}
	}
}

// write sets the cookies of a session, and deletes those that it does not need any more.
func (k *cookieJar) write(v *visit, s *session.Session) error {
	parts := k.split(v, s)
	cookies := append(parts, k.seenCookie(v, s))
	size := 0
	for _, c := range cookies {
		size += len(c.String())
	}
	if size > maxInCookies {
		return mistake{fmt.Errorf("web: the session needs cookies of %d bytes, and InCookies has %d: a Store has room for it", size, maxInCookies)}
	}
	k.drop(v, len(parts))
	for _, c := range cookies {
		http.SetCookie(v.w, c)
	}
	return nil
}

var errChunks = errors.New("web: the cookies of a session do not fit together")

// read returns the browser's session; nil without an error when it has none, or it is over.
func (k *cookieJar) read(v *visit) (*session.Session, error) {
	values := k.parts(v)
	if values == [maxChunks]string{} {
		return nil, nil
	}
	plain, seen, ok := k.join(v, values)
	if !ok {
		return nil, errChunks
	}
	s, err := session.Read(plain)
	if err != nil {
		return nil, err
	}
	if cookieOf(v.r, v.noteName(endedNote)) == sessionTag(s.Key) {
		return nil, nil
	}
	value := cookieOf(v.r, k.seenName(v))
	if _, ok := k.box.open(k.seenPlace(v, s), value); ok {
		seen = sealedAt(value)
	}
	return k.keeper.Living(s, seen), nil
}

// endedNote is a cookie with the session that ended last in this browser. An answer that was on its way then sets the
// cookies of that session again when it carries refreshed tokens.
const endedNote = "ended"

// note writes that the browser's session ends.
func (k *cookieJar) note(v *visit) {
	if s, err := k.read(v); err == nil && s != nil {
		v.setNote(endedNote, sessionTag(s.Key), v.site.secondsUntil(s.End))
	}
}
