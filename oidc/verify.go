package oidc

import (
	"cmp"
	"context"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

const defaultAlg = "RS256"

// verifier checks the signatures of one kind of token. alg is empty while the server's metadata must
// still say it.
type verifier struct {
	field   string // the Config field that pins the algorithm, for errors
	alg     string
	secret  *jose.Secret
	max     int // length of a token in bytes
	headers jose.HeaderCache
}

func (c *Client) initVerifiers() error {
	c.idToken.field, c.idToken.alg = "IDTokenSigningAlg", c.cfg.IDTokenSigningAlg
	c.access.field, c.access.alg = "AccessTokenSigningAlg", c.cfg.AccessTokenSigningAlg
	c.idToken.max, c.access.max = cmp.Or(c.cfg.MaxIDToken, jose.MaxToken), jose.MaxToken
	if c.access.alg == "" {
		c.access.alg = defaultAlg
	}
	if c.idToken.alg == "" && (c.cfg.Keys != nil && c.cfg.Metadata == nil) {
		c.idToken.alg = defaultAlg // the keys are given, so nothing is discovered to verify a token
	}
	for _, v := range []*verifier{&c.idToken, &c.access} {
		if err := v.init(c.cfg.ClientSecret); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) init(secret string) error {
	if v.alg == "" {
		return nil
	}
	size, symmetric := secretSizes[v.alg]
	switch n := len(secret); {
	case !jose.Supported(v.alg):
		return fmt.Errorf("oidc: %s %q is not supported, want RS256, PS256, ES256, EdDSA, HS256 or another of their families", v.field, v.alg)
	case !symmetric:
		return nil
	case n == 0:
		return fmt.Errorf("oidc: %s %s needs a ClientSecret", v.field, v.alg)
	case n < size:
		return fmt.Errorf("oidc: %s %s needs a ClientSecret of at least %d bytes, got %d (RFC 7518 §3.2)", v.field, v.alg, size, n)
	}
	var err error
	v.secret, err = jose.NewSecret(v.alg, []byte(secret))
	return err
}

// secretSizes are the least lengths in bytes (RFC 7518 §3.2).
var secretSizes = map[string]int{"HS256": 32, "HS384": 48, "HS512": 64}

// pickAlg settles the one algorithm from what the server offers (OpenID Connect Discovery §3
// id_token_signing_alg_values_supported).
func pickAlg(offered []string) (string, error) {
	if len(offered) == 0 || slices.Contains(offered, defaultAlg) {
		return defaultAlg, nil
	}
	var ours []string
	for _, alg := range offered {
		if jose.Supported(alg) && !jose.Symmetric(alg) && !slices.Contains(ours, alg) {
			ours = append(ours, alg)
		}
	}
	switch len(ours) {
	case 0:
		return "", fmt.Errorf("oidc: the server offers no asymmetric ID token algorithm that this package knows; set IDTokenSigningAlg if it is one of HS256, HS384, HS512")
	case 1:
		return ours[0], nil
	}
	return "", fmt.Errorf("oidc: the server offers the ID token algorithms %s: choose one as IDTokenSigningAlg", strings.Join(ours, ", "))
}

// said returns the name of an algorithm that exists, and no other text of the token's.
func said(alg string) string {
	if alg == "none" || jose.Supported(alg) {
		return alg
	}
	return "an unknown alg"
}

// open checks form and signature, and returns the token with the members of its claims.
func (v *verifier) open(ctx context.Context, alg, raw string, keys KeySet, space []strictjson.Member) (*jose.Compact, []strictjson.Member, error) {
	token, err := v.headers.Parse(raw, v.max)
	if err != nil {
		return nil, nil, tokenError(err)
	}
	if token.Header.Alg != alg {
		return nil, nil, refuse(CheckAlgorithm, "the token says %s, and %s is %s", said(token.Header.Alg), v.field, alg)
	}
	if err := v.checkSignature(ctx, alg, &token, keys); err != nil {
		return nil, nil, err
	}
	members, err := readClaims(token.Payload, space)
	return &token, members, err
}

func readClaims(payload string, space []strictjson.Member) ([]strictjson.Member, error) {
	members, err := strictjson.ParseObject(payload, space)
	var e *strictjson.Error
	switch {
	case errors.As(err, &e) && e.Reason == strictjson.Misfit:
		return nil, refuse(CheckFormat, "the claims are not a JSON object")
	case err != nil:
		return nil, refuse(CheckFormat, "the claims: %v", err)
	}
	return members, nil
}

// maxTries bounds the keys tried for a token without kid.
const maxTries = 4

func (v *verifier) checkSignature(ctx context.Context, alg string, token *jose.Compact, keys KeySet) error {
	if v.secret != nil {
		return tokenError(token.Verify(alg, v.secret))
	}
	if keys == nil {
		_, err := need("jwks_uri", "")
		return err
	}
	kid := token.Header.KeyID
	found, err := keys.Keys(ctx, kid)
	if err != nil {
		return err
	}
	var space, space2 [maxTries]Key // a good token costs no allocation here
	tried := fitting(space[:0], found, alg, kid)
	for _, k := range tried {
		if token.Verify(alg, k.Public) == nil {
			return nil
		}
	}
	renewable, ok := keys.(RenewableKeySet)
	if !ok || len(found) == 0 { // Keys has looked for an unknown kid itself
		return refuseKeys(alg, tried, passedOver(keys, kid))
	}
	renewed, err := renewable.RenewKeys(ctx, kid)
	switch {
	case err != nil && (kid == "" || ctx.Err() != nil):
		return err
	case err != nil:
		// A key is known by this name, so there is an answer, be it an old one.
		return refuseKeys(alg, tried, ", and the keys could not be fetched anew: "+err.Error())
	}
	now := fitting(space2[:0], renewed, alg, kid)
	for _, k := range now {
		if !isIn(tried, k) && token.Verify(alg, k.Public) == nil {
			return nil
		}
	}
	return refuseKeys(alg, now, passedOver(keys, kid))
}

// fitting appends the keys to try to fit, at most four.
func fitting(fit, found []Key, alg, kid string) []Key {
	for _, k := range found {
		if (k.Alg == "" || k.Alg == alg) && (kid == "" || k.ID == kid) && jose.Fits(alg, k.Public) && len(fit) < maxTries {
			fit = append(fit, k)
		}
	}
	return fit
}

// isIn relies on fitting for the type of the keys.
func isIn(keys []Key, k Key) bool {
	public := k.Public.(interface{ Equal(crypto.PublicKey) bool })
	return slices.ContainsFunc(keys, func(old Key) bool { return public.Equal(old.Public) })
}

// passedOver is a word on a key that the server publishes under this kid and that cannot be used.
func passedOver(keys KeySet, kid string) string {
	if remote, ok := keys.(*remoteKeys); ok {
		if why := remote.passedOver(kid); why != "" {
			return "; the one that it publishes cannot be used: " + why
		}
	}
	return ""
}

func refuseKeys(alg string, tried []Key, more string) error {
	if len(tried) == 0 {
		return refuse(CheckKey, "the server has no key for this kid that fits %s%s", alg, more)
	}
	return refuse(CheckSignature, "the signature is not by a key of the server%s", more)
}

func tokenError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jose.Encrypted):
		return refuse(CheckEncrypted, "the token is encrypted")
	case errors.Is(err, jose.Critical):
		return refuse(CheckCritical, "a critical header is not understood")
	case errors.Is(err, jose.Algorithm):
		return refuse(CheckAlgorithm, "%v", err)
	case errors.Is(err, jose.BadKey):
		return refuse(CheckKey, "%v", err)
	case errors.Is(err, jose.Signature):
		return refuse(CheckSignature, "the signature is wrong")
	}
	return refuse(CheckFormat, "%v", err)
}
