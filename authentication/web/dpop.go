package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/dpop"
	"github.com/seed6e7d3bb2/authing-go/internal/duration"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/replay"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// DPoPConfig says which proofs an API accepts (RFC 9449 §4.3).
type DPoPConfig struct {
	// BaseURL is the scheme and host of the API's addresses as clients call them, such as https://api.example. It has a path
	// only where a proxy may remove one. It is required: Host and X-Forwarded-* of a request are not read.
	BaseURL string
	// Algs are the accepted algorithms; empty is ES256, ES384, ES512, EdDSA, Ed25519, PS256, PS384 and PS512.
	Algs []string
	// MaxAge is how old a proof may be, besides a minute for a clock that is behind; 0 is one minute.
	MaxAge time.Duration
	// Replay makes each proof usable once. nil is one in memory, for an API that runs as one instance: 100,000 proofs, each
	// until it is too old. When it is full, or fails, requests are answered with status 503.
	Replay oauth.Replay
	// RequireNonce demands a nonce of this API in each proof (RFC 9449 §9), so that no proof can be made beforehand. Clients
	// get the first one with an answer of status 401, and send their request again.
	RequireNonce bool
	// NonceKeys seal the nonces: 32 bytes each, the first one is used for new ones. All instances need the same ones. nil is a
	// random key.
	NonceKeys Keys
	// NonceLifetime is how long a nonce is accepted; 0 is five minutes. Answers bring a new one when half of it is over.
	NonceLifetime time.Duration
	// RequireDPoP refuses tokens that are not bound to a key of DPoP: else Bearer tokens are accepted too.
	RequireDPoP bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// InsecureAllowHTTP allows a BaseURL with http to any host: everybody on the network can then read what is sent.
	InsecureAllowHTTP bool
}

// DPoP checks the proofs of requests, for TokenGuard (RFC 9449 §7). Make one for an API, with NewDPoP: its guards must
// share it. It is safe for concurrent use.
type DPoP struct {
	state *proofs // package fmt prints a pointer as an address where it cannot call Format
}

type proofs struct {
	config DPoPConfig
	base   *base
	box    *box
}

const (
	proofMaxAge   = time.Minute
	nonceLifetime = 5 * time.Minute
)

var proofAlgs = []string{"ES256", "ES384", "ES512", "EdDSA", "Ed25519", "PS256", "PS384", "PS512"}

// NewDPoP checks c. An error names the field.
func NewDPoP(c DPoPConfig) (*DPoP, error) {
	b, err := parseBase("DPoPConfig.BaseURL", c.BaseURL, c.InsecureAllowHTTP)
	if err != nil {
		return nil, mistaken(err)
	}
	known := append(slices.Clone(proofAlgs), "RS256", "RS384", "RS512")
	for _, alg := range c.Algs {
		if !slices.Contains(known, alg) {
			return nil, mistaken(fmt.Errorf("web: DPoPConfig.Algs has an entry that is none of %s", strings.Join(known, ", ")))
		}
	}
	switch {
	case c.MaxAge < 0 || c.NonceLifetime < 0:
		return nil, mistaken(errors.New("web: DPoPConfig has a negative duration"))
	case !c.RequireNonce && (len(c.NonceKeys) > 0 || c.NonceLifetime != 0):
		return nil, mistaken(errors.New("web: DPoPConfig.NonceKeys and NonceLifetime need RequireNonce"))
	}
	box, err := newBox("DPoPConfig.NonceKeys", c.NonceKeys)
	if err != nil {
		return nil, mistaken(err)
	}
	if c.Algs = slices.Clone(c.Algs); len(c.Algs) == 0 {
		c.Algs = proofAlgs
	}
	c.MaxAge, c.NonceLifetime = duration.Sum(cmp.Or(c.MaxAge, proofMaxAge), skew), cmp.Or(c.NonceLifetime, nonceLifetime)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Replay == nil {
		c.Replay = replay.New(0, c.Now)
	}
	return &DPoP{&proofs{c, b, box}}, nil
}

// check reads the proof of a request. The nonce of the answer, when it must have a new one, is set.
func (p *proofs) check(h http.Header, r *http.Request, token string) (*dpop.Proof, error) {
	fields := r.Header.Values("DPoP")
	if len(fields) != 1 {
		return nil, badProof(errors.New("the request must have one DPoP field"))
	}
	now := p.config.Now()
	proof, err := dpop.Check(fields[0], dpop.Expect{
		Algs: p.config.Algs, Method: r.Method, URL: p.address(r), AccessToken: token, Now: now, MaxAge: p.config.MaxAge, Ahead: skew,
	})
	if err != nil {
		return nil, badProof(err)
	}
	return proof, p.checkNonce(h, proof.Nonce, now)
}

// address is that of the request as clients call it: BaseURL's path is in front when a proxy has removed it.
func (p *proofs) address(r *http.Request) string {
	path := requestPath(r)
	if p.base.path != "" && !under(path, p.base.path) {
		path = p.base.path + path
	}
	return p.base.origin + path
}

// usedProof is the proof that a guard has admitted in this request.
type usedProof struct {
	by  *proofs
	raw string
}

type usedProofKey struct{}

// withProof lets a guard behind this one, with more scopes, admit the same request.
func (g *TokenGuard) withProof(ctx context.Context, r *http.Request) context.Context {
	if g.DPoP == nil || !isDPoP(r.Header.Get("Authorization")) {
		return ctx
	}
	return context.WithValue(ctx, usedProofKey{}, usedProof{g.DPoP.state, r.Header.Get("DPoP")})
}

// use refuses a proof that came before (RFC 9449 §11.1). It is called last, so that a request without the key cannot fill
// the Replay.
func (p *proofs) use(r *http.Request, proof *dpop.Proof) error {
	if r.Context().Value(usedProofKey{}) == any(usedProof{p, r.Header.Get("DPoP")}) {
		return nil
	}
	sum := sha256.Sum256([]byte(proof.JKT + " " + proof.ID))         // an ID is any text, which not every store can have as a key
	until := proof.IssuedAt.Add(duration.Sum(p.config.MaxAge, skew)) // the store may read another clock, and reads it later
	first, err := p.config.Replay.First(r.Context(), "dpop:"+hex.EncodeToString(sum[:]), until)
	switch {
	case err != nil:
		return fmt.Errorf("web: DPoPConfig.Replay: %w", err)
	case !first:
		return badProof(errors.New("the proof was used before"))
	}
	return nil
}

func badProof(err error) error {
	return fmt.Errorf("web: %w: %w: %w", authentication.ErrRefused, oauth.InvalidDPoPProof, err)
}

// Format prints no key, whatever the verb.
func (d DPoP) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "web.DPoP{[redacted]}") }

// LogValue logs no key.
func (d DPoP) LogValue() slog.Value { return slog.StringValue("web.DPoP{[redacted]}") }

var publicDPoP = []string{"BaseURL", "Algs", "MaxAge", "RequireNonce", "NonceLifetime", "RequireDPoP", "InsecureAllowHTTP"}

// Format prints the settings without the keys, whatever the verb.
func (c DPoPConfig) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, c, publicDPoP...)
}

// LogValue logs the settings without the keys.
func (c DPoPConfig) LogValue() slog.Value { return httpcore.LogRedacted(c, publicDPoP...) }

// MarshalJSON writes the settings without the keys, as a string.
func (c DPoPConfig) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(c, publicDPoP...) }
