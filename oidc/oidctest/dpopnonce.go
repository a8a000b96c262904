package oidctest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// nonceAt is the nonce of a moment.
func (s *Server) nonceAt(at time.Time) string {
	return "nonce-" + strconv.FormatInt(at.UnixNano()/int64(s.DPoPNonce), 36)
}

// checkNonce accepts the nonce of now and the one before (RFC 9449 §8, §9). Each reply has the newest.
func (s *Server) checkNonce(w http.ResponseWriter, nonce any, status int) *failure {
	if s.realm.Broken(EndlessNonce) {
		w.Header().Set("DPoP-Nonce", idptest.Opaque())
		return &failure{status, "use_dpop_nonce", "another nonce is required in the proof"}
	}
	if s.DPoPNonce <= 0 {
		return nil
	}
	now := s.realm.Time()
	newest := s.nonceAt(now)
	if !s.realm.Broken(SilentNonce) {
		w.Header().Set("DPoP-Nonce", newest)
	}
	if nonce != newest && nonce != s.nonceAt(now.Add(-s.DPoPNonce)) {
		return &failure{status, "use_dpop_nonce", "a nonce is required in the proof"}
	}
	return nil
}
