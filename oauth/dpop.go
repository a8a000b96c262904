package oauth

import (
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/jws"
)

// DPoPOptions make a DPoP.
type DPoPOptions struct {
	// Signer has the key, as SigningKey.Signer has it. It is required. An EC key on P-256 is what all servers accept. Keep it
	// as long as the tokens that are bound to it: all instances of an application need the same key.
	Signer crypto.Signer
	// Alg is the algorithm; empty is the only one of an EC or Ed25519 key, and PS256 for RSA.
	Alg string
	// Now is the clock; nil is time.Now. A server accepts a proof for a short time only.
	Now func() time.Time
}

// DPoP binds access tokens to a key: who steals a token cannot use it without the key (RFC 9449). Set it in Config, and in
// the Transport that calls an API. It signs a proof for each request, and remembers the nonces of up to 100 servers. The
// key is used by its Signer alone, and never leaves it. Make it once, with NewDPoP, and share it. It is safe for concurrent
// use.
type DPoP struct {
	state *dpopState // package fmt prints a pointer as an address where it cannot call Format
}

type dpopState struct {
	prover *jws.Prover
	alg    string
	jkt    string
	now    func() time.Time
	nonces nonces
}

// NewDPoP makes the DPoP of a key (RFC 9449 §4). A Signer that is missing or that fits no algorithm, and an Alg that is not
// the key's, are errors. It sends and signs nothing.
func NewDPoP(o DPoPOptions) (*DPoP, error) {
	key := SigningKey{Signer: o.Signer, Alg: o.Alg}
	if o.Signer != nil && !isNilPointer(o.Signer) && o.Alg == "" {
		if _, ok := o.Signer.Public().(*rsa.PublicKey); ok {
			key.Alg = "PS256"
		}
	}
	key, err := key.complete()
	if err != nil {
		return nil, fmt.Errorf("oauth: DPoP: %w", err)
	}
	prover, err := jws.NewProver(key.Alg, "dpop+jwt", key.Signer)
	if err != nil {
		return nil, fmt.Errorf("oauth: DPoP: %w", err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &DPoP{&dpopState{prover: prover, alg: key.Alg, jkt: key.ID, now: o.Now}}, nil
}

// JKT is the thumbprint of the public key: Binding.JKT of its tokens, and dpop_jkt of authorization requests (RFC 9449
// §6.1, §10).
func (d *DPoP) JKT() string {
	if d == nil || d.state == nil {
		return ""
	}
	return d.state.jkt
}

// SigningAlg returns the algorithm of its proofs, such as ES256.
func (d *DPoP) SigningAlg() string {
	if d == nil || d.state == nil {
		return ""
	}
	return d.state.alg
}

func (d *DPoP) made() error {
	if d == nil || d.state == nil {
		return errors.New("oauth: the DPoP was not made by NewDPoP")
	}
	return nil
}

// owns refuses a token that is not bound to this key.
func (d *DPoP) owns(b Binding) error {
	switch {
	case d == nil:
		return fmt.Errorf("%w: it is bound to a key (DPoP), and there is no DPoP", ErrBinding)
	case b.JKT != d.JKT():
		return fmt.Errorf("%w: it is bound to another key, or to none, and not to that of DPoP", ErrBinding)
	}
	return nil
}

// canProve returns why the server does not accept proofs.
func (c *Client) canProve() error {
	if c.server == nil {
		return nil
	}
	return c.server.noProof
}

// provesAt finds that the server does not accept the algorithm. What its metadata does not say is accepted.
func (c *Client) provesAt(m *Metadata) error {
	if c.cfg.DPoP != nil && lacks(m.DPoPSigningAlgValuesSupported, c.cfg.DPoP.state.alg) {
		return fmt.Errorf("oauth: DPoP signs with %s, and the server accepts %s", c.cfg.DPoP.state.alg, httpcore.Clean(fmt.Sprint(m.DPoPSigningAlgValuesSupported)))
	}
	return nil
}

// demandsNonce reports whether a reply of a token endpoint or a protected resource wants a nonce in the proof (RFC 9449 §8,
// §9).
func demandsNonce(err error) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.Code == UseDPoPNonce
}

const dpopHeader = "Dpop" // the canonical form

func proven(h http.Header, proof string) {
	if proof != "" {
		h[dpopHeader] = []string{proof}
	}
}

// Format prints no key, whatever the verb.
func (d DPoP) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "oauth.DPoP{[redacted]}") }

// LogValue logs no key.
func (d DPoP) LogValue() slog.Value { return slog.StringValue("oauth.DPoP{[redacted]}") }
