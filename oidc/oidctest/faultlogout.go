package oidctest

import "github.com/seed6e7d3bb2/authing-go/authentication/idptest"

// Faults in logouts. Those of all JWTs, such as AlgNone and WrongAudience, strike logout tokens too, and those of
// callbacks, such as idptest.WrongState, the return from a logout.
const (
	// WrongAlgorithm signs JWTs by another algorithm than the agreed one, with a key of the JWKS.
	WrongAlgorithm idptest.Fault = "oidctest.WrongAlgorithm"
	// MissingEvent leaves events out of logout tokens.
	MissingEvent idptest.Fault = "oidctest.MissingEvent"
	// WrongEvent makes logout tokens of another event.
	WrongEvent idptest.Fault = "oidctest.WrongEvent"
	// LogoutNonce makes logout tokens with a nonce.
	LogoutNonce idptest.Fault = "oidctest.LogoutNonce"
	// ExpiredLogoutToken makes logout tokens that ended an hour ago.
	ExpiredLogoutToken idptest.Fault = "oidctest.ExpiredLogoutToken"
	// OldLogoutToken makes logout tokens that were issued an hour ago and are valid for one more.
	OldLogoutToken idptest.Fault = "oidctest.OldLogoutToken"
	// MissingTokenID leaves jti out of logout tokens.
	MissingTokenID idptest.Fault = "oidctest.MissingTokenID"
	// MissingSessions leaves sub and sid out of logout tokens, and sid out of the address of a frame.
	MissingSessions idptest.Fault = "oidctest.MissingSessions"
	// WrongSession names a session that does not exist, in logout tokens and in the address of a frame.
	WrongSession idptest.Fault = "oidctest.WrongSession"
	// RepeatedLogoutToken posts each logout token twice.
	RepeatedLogoutToken idptest.Fault = "oidctest.RepeatedLogoutToken"
	// RawSession makes a sid of characters that an address must escape, and does not escape them in that of a frame.
	RawSession idptest.Fault = "oidctest.RawSession"
)

func logoutFaults() []idptest.Fault {
	return []idptest.Fault{
		WrongAlgorithm, MissingEvent, WrongEvent, LogoutNonce, ExpiredLogoutToken, OldLogoutToken, MissingTokenID, MissingSessions,
		WrongSession, RepeatedLogoutToken, RawSession,
	}
}

// breakLogoutToken spoils the claims of a logout token.
func breakLogoutToken(c *client, claims map[string]any) {
	breakAddresses(c, claims)
	now := c.realm.Time()
	for fault, change := range map[idptest.Fault]func(){
		MissingEvent:       func() { delete(claims, "events") },
		WrongEvent:         func() { claims["events"] = map[string]any{logoutEvent + "-maybe": map[string]any{}} },
		LogoutNonce:        func() { claims["nonce"] = idptest.Opaque() },
		ExpiredLogoutToken: func() { claims["iat"], claims["exp"] = ago(now, 62), ago(now, 60) },
		OldLogoutToken:     func() { claims["iat"], claims["exp"] = ago(now, 60), ago(now, -60) },
		MissingTokenID:     func() { delete(claims, "jti") },
		MissingSessions:    func() { delete(claims, "sub"); delete(claims, "sid") },
		WrongSession:       func() { claims["sid"] = idptest.Opaque() },
	} {
		if c.Broken(fault) {
			change()
		}
	}
}
