package web

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// everyProtocol is the protocol of a mark that no server made.
const everyProtocol = ""

// EndSessions ends every session of this user that has begun until now, on every instance that shares the Store, as after a
// change of the password. A login afterwards begins a new session. issuer and subject are those of the Identity. The
// sessions at the server go on.
//
// The instances compare the time: their clocks must agree. It is an error when the Store fails: call it again. With
// InCookies it is an authentication.ErrMisconfigured, because nothing can end those sessions.
func (s *Site) EndSessions(ctx context.Context, issuer, subject string) error {
	if issuer == "" || subject == "" {
		return mistake{errors.New("web: EndSessions needs the issuer and the subject of an Identity")}
	}
	k := s.keeps.marks()
	if k == nil {
		return mistake{errors.New("web: EndSessions needs a Store: sessions in cookies end by their time alone")}
	}
	if err := k.Put(ctx, session.Mark{Protocol: everyProtocol, Issuer: issuer, Subject: subject, At: s.config.Now()}); err != nil {
		return fmt.Errorf("web: EndSessions: %w", err)
	}
	return nil
}
