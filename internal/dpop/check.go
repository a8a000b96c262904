package dpop

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/jws"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Expect is the request that a proof must be for.
type Expect struct {
	// Algs are the accepted algorithms; none of them is an HMAC.
	Algs []string
	// Method and URL are those of the request; the query and the fragment do not count.
	Method, URL string
	// AccessToken is the token of the request.
	AccessToken string
	// Now, and how old a proof may be and how far its clock may be ahead.
	Now           time.Time
	MaxAge, Ahead time.Duration
}

// Proof is what a caller must still check: the key against the token, the nonce, and that ID is used once.
type Proof struct {
	// JKT is the thumbprint of the key that signed.
	JKT string
	// ID is jti, and Nonce is empty when the proof has none.
	ID, Nonce string
	// IssuedAt is iat.
	IssuedAt time.Time
}

const (
	maxProof = 4 << 10 // an RSA key of 4096 bits and its signature take half of it; larger ones would cost a server much time
	maxID    = 512
)

// Check reads a proof and compares it with the request. An error never quotes the proof.
func Check(raw string, e Expect) (*Proof, error) {
	token, err := jose.Parse(raw, maxProof)
	if err != nil {
		return nil, err
	}
	switch {
	case token.Header.Type != "dpop+jwt":
		return nil, errors.New("typ is not dpop+jwt")
	case !slices.Contains(e.Algs, token.Header.Alg) || jose.Symmetric(token.Header.Alg):
		return nil, errors.New("alg is not one of those that are accepted")
	}
	key, err := token.EmbeddedKey()
	if err != nil {
		return nil, err
	}
	if err := token.Verify(token.Header.Alg, key); err != nil {
		return nil, err
	}
	jkt, err := jws.Thumbprint(key)
	if err != nil {
		return nil, err
	}
	var c claims
	if err := c.read(token.Payload); err != nil {
		return nil, err
	}
	return &Proof{jkt, c.jti, c.nonce, c.iat}, c.compare(&e)
}

type claims struct {
	jti, htm, htu, ath, nonce string
	iat                       time.Time
}

func (c *claims) read(payload string) error {
	members, err := strictjson.ParseObject(payload, nil)
	if err != nil {
		return errors.New("its claims are not an object in JSON")
	}
	for _, m := range members {
		ok := true
		switch m.Name {
		case "jti":
			c.jti, ok = m.Value.ExactStr()
		case "htm":
			c.htm, ok = m.Value.ExactStr()
		case "htu":
			c.htu, ok = m.Value.ExactStr()
		case "ath":
			c.ath, ok = m.Value.ExactStr()
		case "nonce":
			c.nonce, ok = m.Value.ExactStr()
		case "iat":
			seconds, err := strconv.ParseFloat(m.Value.Raw(), 64) // it may have a fraction (RFC 7519 §2)
			ok = err == nil && m.Value.Kind() == strictjson.Number && seconds > 0 && seconds < maxUnix
			c.iat = time.Unix(int64(seconds), 0)
		}
		if !ok {
			return errors.New(m.Name + " is of a wrong type")
		}
	}
	return nil
}

// maxUnix is the last second of the year 9999.
const maxUnix = 253402300799

func (c *claims) compare(e *Expect) error {
	digest := sha256.Sum256([]byte(e.AccessToken))
	ath := base64.RawURLEncoding.EncodeToString(digest[:])
	switch {
	case c.jti == "" || len(c.jti) > maxID:
		return errors.New("jti is missing, or too long")
	case c.htm != e.Method:
		return errors.New("htm is not the method of the request")
	case !sameAddress(c.htu, e.URL):
		return errors.New("htu is not the address of the request")
	case c.iat.IsZero():
		return errors.New("iat is missing")
	case c.iat.After(e.Now.Add(e.Ahead)):
		return errors.New("iat is in the future")
	case c.iat.Before(e.Now.Add(-e.MaxAge)):
		return errors.New("iat is too old")
	case subtle.ConstantTimeCompare([]byte(c.ath), []byte(ath)) != 1:
		return errors.New("ath is missing, or is not of the access token")
	}
	return nil
}
