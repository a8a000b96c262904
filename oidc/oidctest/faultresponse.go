package oidctest

import (
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Faults in responses of the authorization endpoint that are JWTs (JARM). Those of all JWTs, such as AlgNone, BadSignature,
// WrongAlgorithm and WrongAudience, strike them too; so do those of encryption, such as PlainToken, and those of callbacks.
const (
	// PlainResponse sends plain parameters where a JWT was asked for.
	PlainResponse idptest.Fault = "oidctest.PlainResponse"
	// UnaskedResponse sends a JWT where plain parameters were asked for.
	UnaskedResponse idptest.Fault = "oidctest.UnaskedResponse"
	// ExpiredResponse makes JWTs that ended an hour ago.
	ExpiredResponse idptest.Fault = "oidctest.ExpiredResponse"
	// LongResponse makes JWTs that are good for an hour.
	LongResponse idptest.Fault = "oidctest.LongResponse"
	// MissingResponseExpiry leaves exp out.
	MissingResponseExpiry idptest.Fault = "oidctest.MissingResponseExpiry"
	// MissingResponseAudience leaves aud out.
	MissingResponseAudience idptest.Fault = "oidctest.MissingResponseAudience"
	// WrongMemberType makes a list of each of code, error, access_token and id_token.
	WrongMemberType idptest.Fault = "oidctest.WrongMemberType"
)

func responseFaults() []idptest.Fault {
	return []idptest.Fault{
		PlainResponse, UnaskedResponse, ExpiredResponse, LongResponse, MissingResponseExpiry, MissingResponseAudience, WrongMemberType,
	}
}

// sendsJWT says whether the response is a JWT.
func sendsJWT(q *authRequest) bool {
	if q.jwt {
		return !q.client.Broken(PlainResponse)
	}
	return q.client.Broken(UnaskedResponse)
}

// breakResponse spoils the claims of a response JWT.
func breakResponse(c *client, claims map[string]any, now time.Time) {
	for fault, change := range map[idptest.Fault]func(){
		MissingIssParameter:     func() { delete(claims, "iss") },
		ExpiredResponse:         func() { claims["exp"] = ago(now, 60) },
		LongResponse:            func() { claims["exp"] = ago(now, -60) },
		MissingResponseExpiry:   func() { delete(claims, "exp") },
		MissingResponseAudience: func() { delete(claims, "aud") },
		WrongMemberType: func() {
			for _, name := range []string{"code", "error", "access_token", "id_token"} {
				if value, present := claims[name]; present {
					claims[name] = []any{value}
				}
			}
		},
	} {
		if c.Broken(fault) {
			change()
		}
	}
}
