package oidctest

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Faults in replies to pushed authorization requests.
const (
	// MissingRequestURI leaves request_uri out.
	MissingRequestURI idptest.Fault = "oidctest.MissingRequestURI"
	// MissingPushedExpiry leaves expires_in out.
	MissingPushedExpiry idptest.Fault = "oidctest.MissingPushedExpiry"
	// LongPushedExpiry says ten minutes in expires_in, which FAPI 2.0 Security Profile §5.3.2.2 forbids.
	LongPushedExpiry idptest.Fault = "oidctest.LongPushedExpiry"
	// PushedStatusOK answers with the status 200 in place of 201.
	PushedStatusOK idptest.Fault = "oidctest.PushedStatusOK"
)

func pushedFaults() []idptest.Fault {
	return []idptest.Fault{MissingRequestURI, MissingPushedExpiry, LongPushedExpiry, PushedStatusOK}
}

func breakPushed(on faults, reply map[string]any) (int, map[string]any) {
	reply = breakJSON(on, MissingRequestURI, reply, "request_uri", nil)
	reply = breakJSON(on, MissingPushedExpiry, reply, "expires_in", nil)
	reply = breakJSON(on, LongPushedExpiry, reply, "expires_in", 600)
	if on.Broken(PushedStatusOK) {
		return http.StatusOK, reply
	}
	return http.StatusCreated, reply
}
