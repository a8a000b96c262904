package oidctest

import (
	"maps"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Faults in device and CIBA logins, and in token exchange.
const (
	// ControlUserCode makes user codes of devices that clear a terminal.
	ControlUserCode idptest.Fault = "oidctest.ControlUserCode"
	// ScriptVerificationURI makes a verification_uri_complete that is a script.
	ScriptVerificationURI idptest.Fault = "oidctest.ScriptVerificationURI"
	// MissingExpiry leaves expires_in out when a device or CIBA login begins.
	MissingExpiry idptest.Fault = "oidctest.MissingExpiry"
	// AlwaysSlowDown answers each poll with slow_down.
	AlwaysSlowDown idptest.Fault = "oidctest.AlwaysSlowDown"
	// BusyPolls answers each poll with the status 503 and a Retry-After of 20 seconds.
	BusyPolls idptest.Fault = "oidctest.BusyPolls"
	// OtherAuthReqID makes ID tokens of another CIBA login.
	OtherAuthReqID idptest.Fault = "oidctest.OtherAuthReqID"
	// WrongRTHash makes ID tokens of CIBA whose rt_hash belongs to another refresh token.
	WrongRTHash idptest.Fault = "oidctest.WrongRTHash"
	// WrongPingToken notifies the application with another bearer token.
	WrongPingToken idptest.Fault = "oidctest.WrongPingToken"
	// OtherPing notifies the application of another login than its own.
	OtherPing idptest.Fault = "oidctest.OtherPing"
	// MissingIssuedTokenType leaves issued_token_type out of replies to token exchanges.
	MissingIssuedTokenType idptest.Fault = "oidctest.MissingIssuedTokenType"
	// OtherIssuedTokenType names a SAML assertion as the type of an exchanged token.
	OtherIssuedTokenType idptest.Fault = "oidctest.OtherIssuedTokenType"
	// MalformedDetails makes authorization_details of token replies a text.
	MalformedDetails idptest.Fault = "oidctest.MalformedDetails"
	// NotApplicable says N_A in token_type, whatever the grant.
	NotApplicable idptest.Fault = "oidctest.NotApplicable"
)

// grantFaults are those that a server of OAuth has too.
func grantFaults() []idptest.Fault {
	return []idptest.Fault{
		ControlUserCode, ScriptVerificationURI, MissingExpiry, AlwaysSlowDown, BusyPolls, MissingIssuedTokenType, OtherIssuedTokenType, MalformedDetails, NotApplicable,
	}
}

// cibaFaults are those of OpenID Connect.
func cibaFaults() []idptest.Fault {
	return []idptest.Fault{OtherAuthReqID, WrongRTHash, WrongPingToken, OtherPing}
}

func breakDevice(on faults, reply map[string]any) map[string]any {
	reply = maps.Clone(reply)
	if on.Broken(ControlUserCode) {
		reply["user_code"] = "\x1b[2J" + reply["user_code"].(string)
	}
	if on.Broken(ScriptVerificationURI) {
		reply["verification_uri_complete"] = "javascript:alert(1)"
	}
	return reply
}

func breakPoll(w http.ResponseWriter, on faults) *failure {
	switch {
	case on.Broken(AlwaysSlowDown):
		return &failure{http.StatusBadRequest, "slow_down", "polls come too often"}
	case on.Broken(BusyPolls):
		w.Header().Set("Retry-After", "20")
		return &failure{http.StatusServiceUnavailable, "temporarily_unavailable", "the server is busy"}
	}
	return nil
}
