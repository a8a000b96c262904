package oidc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// LogoutRequest is the server's request to end sessions: a verified logout token (OpenID Connect Back-Channel Logout
// §2.4), or the parameters of a frame that the browser opened (OpenID Connect Front-Channel Logout §2).
type LogoutRequest struct {
	// Issuer is iss, the server.
	Issuer string
	// Subject is sub, the user; empty when the request does not have it.
	Subject string
	// SessionIDs are the sessions that end, as in IDToken.SessionID. Without one all sessions of Subject end. By the
	// front channel it may have several readings of one sid, because some servers do not escape it.
	SessionIDs []string
	// IssuedAt is iat; zero when Unsigned.
	IssuedAt time.Time
	// Expiry is exp; zero when Unsigned.
	Expiry time.Time
	// JWTID is jti, the token's identifier; empty when Unsigned.
	JWTID string
	// Unsigned says that the request came through the browser (front channel). Then anyone can have made it who
	// knows a sid: end no more than the session that it names.
	Unsigned bool

	payload string
	client  *Client
}

// Claims decodes all claims of the logout token into v, a pointer, by exact names. An Unsigned request has none.
func (q *LogoutRequest) Claims(v any) error {
	if q.Unsigned {
		return errors.New("oidc: a front-channel logout has no claims")
	}
	if err := strictjson.Decode(q.payload, v); err != nil {
		return fmt.Errorf("oidc: claims: %w", err)
	}
	return nil
}

// Ends reports whether the session that began with the ID token id has ended (OpenID Connect Back-Channel Logout
// §2.7). A request without a sid ends the sessions that began until it was made, by the server's clock. So a session
// that began later goes on, also when the request comes again. id is the token of the login: a refreshed one is
// younger.
func (q *LogoutRequest) Ends(id *IDToken) bool {
	switch {
	case id == nil || id.Issuer != q.Issuer || q.Subject != "" && q.Subject != id.Subject:
		return false
	case len(q.SessionIDs) > 0:
		return id.SessionID != "" && slices.Contains(q.SessionIDs, id.SessionID)
	}
	return q.Subject != "" && !id.IssuedAt.After(q.IssuedAt)
}

// Confirm says that the sessions have ended: it uses the logout token up, so that CheckReplay refuses it from then on
// (OpenID Connect Back-Channel Logout §2.6). AnswerLogout and VerifyLogoutToken do this. Until then the same token can
// come again, so that a failure to end the sessions is not final. For an Unsigned request it does nothing.
func (q *LogoutRequest) Confirm(ctx context.Context) error {
	switch {
	case q.Unsigned:
		return nil
	case q.client == nil:
		return errors.New("oidc: the logout request is not from ReceiveLogout or VerifyLogoutToken")
	}
	first, err := q.client.logoutReplay().First(ctx, q.replayKey(), q.acceptedUntil())
	if err != nil {
		return fmt.Errorf("oidc: replay store: %w", err)
	}
	if !first {
		return refuse(CheckReplay, "the logout token came before")
	}
	return nil
}
