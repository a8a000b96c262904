package web

import (
	"context"
	"errors"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// naming is the name by which a session must be found later: unsigned notices of the server end only sessions that exist.
// SAML's need the user too, whose SessionIndex may be another user's as well.
func naming(flow authentication.LoginFlow, id *authentication.Identity) session.Naming {
	notices, ok := able[authentication.NoticeFlow](flow)
	switch {
	case !ok || !notices.UnsignedNotices() || id.SessionID == "":
		return session.Unnamed
	case ownsSessions(id.Protocol):
		return session.BySubject
	}
	return session.BySession
}

// ownsSessions reports whether a session identifier of this protocol means something only together with the subject.
func ownsSessions(protocol string) bool { return protocol == (authentication.SAML{}).Name() }

// end ends the sessions of a notice on every instance, by marks.
func (v *visit) end(n *authentication.LogoutNotice) error {
	own := v.endOwn(n)
	k := v.site.keeps.marks()
	switch {
	case k == nil && own:
		return nil // in cookies, this is all that can be ended
	case k == nil:
		return errMarksLost
	}
	ctx, cancel := patient(v.r.Context())
	defer cancel()
	m := session.Mark{Protocol: n.Protocol, Issuer: n.Issuer, Subject: n.Subject, IssuedAt: n.IssuedAt, At: v.site.config.Now()}
	if len(n.SessionIDs) == 0 {
		if n.Unsigned || n.Subject == "" {
			return nil // nobody knows which sessions exist
		}
		return k.Put(ctx, m)
	}
	var failed []error
	for _, m.SessionID = range n.SessionIDs {
		failed = append(failed, put(ctx, k, m, n.Unsigned))
	}
	return errors.Join(failed...)
}

// put writes a mark of a session. An unsigned notice writes one only where there is a session: anybody could fill the
// store.
func put(ctx context.Context, k *session.Keeper, m session.Mark, unsigned bool) error {
	if m.SessionID == "" {
		return nil // it would be a mark of all sessions of the subject
	}
	if unsigned {
		owner := ""
		if ownsSessions(m.Protocol) {
			owner = m.Subject
		}
		exists, err := k.Exists(ctx, m.Protocol, m.Issuer, owner, m.SessionID)
		if err != nil || !exists {
			return err
		}
	}
	return k.Put(ctx, m)
}

var errMarksLost = mistake{errors.New("web: the session is in the browser's cookies, where a server's logout cannot end it")}

// endOwn ends the session of the browser that brings a notice, where its cookie comes along. Most notices come without:
// the marks decide, also when the store fails here.
func (v *visit) endOwn(n *authentication.LogoutNotice) bool {
	if n.BackChannel {
		return false
	}
	now, err := v.load()
	if err != nil || now == nil || !n.Ends(namesOf(&now.Head)) {
		return false
	}
	_, err = v.endHere()
	return err == nil
}

func namesOf(h *session.Head) *authentication.Identity {
	return &authentication.Identity{Protocol: h.Protocol, Issuer: h.Issuer, Subject: h.Subject, SessionID: h.SessionID, IssuedAt: h.IssuedAt}
}

// ended returns the mark which says that this session has ended at the server, or by EndSessions; nil when it lives. It
// costs at most three Finds, and one where the flow receives no notices. A refresh changes nothing of what is compared.
func (s *Site) ended(ctx context.Context, flow authentication.LoginFlow, h *session.Head) (*session.Mark, error) {
	k := s.keeps.marks()
	if k == nil {
		return nil, nil
	}
	if _, ok := able[authentication.NoticeFlow](flow); !ok {
		alone := *h
		alone.SessionID = "" // then only EndSessions marks it
		h = &alone
	}
	marks, err := k.Marks(ctx, h)
	if err != nil {
		return nil, err
	}
	for i := range marks {
		if endedBy(&marks[i], h) {
			return &marks[i], nil
		}
	}
	return nil, nil
}

// endedBy compares a mark with a session: by the server's clock, or by this application's where the server does not say
// when.
func endedBy(m *session.Mark, h *session.Head) bool {
	if m.Protocol == everyProtocol {
		return m.Issuer == h.Issuer && m.Subject == h.Subject && !h.Created.After(m.At)
	}
	n := authentication.LogoutNotice{Protocol: m.Protocol, Issuer: m.Issuer, Subject: m.Subject, IssuedAt: m.IssuedAt}
	if m.SessionID != "" {
		n.SessionIDs = []string{m.SessionID}
	}
	id := namesOf(h)
	if n.IssuedAt.IsZero() || id.IssuedAt.IsZero() {
		n.IssuedAt, id.IssuedAt = m.At, h.Created
	}
	return n.Ends(id)
}
