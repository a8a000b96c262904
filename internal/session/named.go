package session

import "context"

// thirdRecord says that a session with a name was started. It has no secret.
var thirdRecord = []byte{version}

// Naming says by which names a third record finds a session.
type Naming byte

const (
	// Unnamed is no third record.
	Unnamed Naming = iota
	// BySession is the SessionID alone.
	BySession
	// BySubject is the Subject with the SessionID, for servers whose SessionID may be the same for two users.
	BySubject
)

// namedKey is the key of a session's third record; empty when it has none.
func (k *Keeper) namedKey(h *Head) string {
	switch {
	case h.SessionID == "":
		return ""
	case h.Named == BySession:
		return k.key("named", h.Protocol, h.Issuer, "", h.SessionID)
	case h.Named == BySubject:
		return k.key("named", h.Protocol, h.Issuer, h.Subject, h.SessionID)
	}
	return ""
}

// Exists reports whether a session with these names was started with Named, and its end is not over. The subject is
// empty for BySession. It may be true after an End too, because another session may have the same names.
func (k *Keeper) Exists(ctx context.Context, protocol, issuer, subject, sessionID string) (bool, error) {
	h := Head{Protocol: protocol, Issuer: issuer, Subject: subject, SessionID: sessionID, Named: BySubject}
	key := k.namedKey(&h)
	if key == "" {
		return false, nil
	}
	record, err := find(ctx, k.Store, key)
	return record != nil, err
}
