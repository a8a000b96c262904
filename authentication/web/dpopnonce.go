package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const (
	nonceField = "DPoP-Nonce"
	nonceName  = "dpop" // what the box binds its values to
)

// checkNonce refuses a proof without a nonce of this API, and offers one (RFC 9449 §9). Nonces are sealed times: nothing
// is kept for them.
func (p *proofs) checkNonce(h http.Header, nonce string, now time.Time) error {
	if !p.config.RequireNonce {
		return nil
	}
	_, ours := p.box.open(nonceName, nonce)
	age := now.Sub(sealedAt(nonce))
	if !ours || age > p.config.NonceLifetime/2 {
		h.Set(nonceField, p.box.seal(nonceName, now, nil))
	}
	if !ours || age > p.config.NonceLifetime || age < -skew {
		return fmt.Errorf("web: %w: %w: the proof has no nonce of this API, or an old one", authentication.ErrRefused, oauth.UseDPoPNonce)
	}
	return nil
}
