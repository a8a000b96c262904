package oidc

import (
	"context"
	"crypto"
	"errors"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// verifier checks the signatures of one kind of token. alg is empty when it must come from the server's metadata.
type verifier struct {
	field      string // the Config field that pins the algorithm, for errors
	alg        string
	secret     *jose.Secret
	older      []*jose.Secret
	max        int // length of a token in bytes
	headers    jose.HeaderCache
	encryption *encryption // nil: the token is not encrypted
	// encryptionField is the Config field that pins the encryption; empty: the kind is never encrypted.
	encryptionField string
}

// said returns the name of an algorithm that exists, and no other text of the token.
func said(alg string) string {
	if alg == "none" || jose.Supported(alg) {
		return alg
	}
	return "an unknown alg"
}

// open checks form and signature (RFC 7515 §5.2), and returns the token with the members of its claims.
func (v *verifier) open(ctx context.Context, alg, raw string, keys KeySet, space []strictjson.Member) (jose.Compact, []strictjson.Member, error) {
	token, err := v.headers.Parse(raw, v.max)
	if err != nil {
		if errors.Is(err, jose.Encrypted) && v.encryptionField != "" {
			return jose.Compact{}, nil, refuse(CheckEncrypted, "the token is encrypted, and %s is not set", v.encryptionField)
		}
		return jose.Compact{}, nil, tokenError(err)
	}
	if token.Header.Alg != alg {
		return jose.Compact{}, nil, refuse(CheckAlgorithm, "the token says %s, and %s is %s", said(token.Header.Alg), v.field, alg)
	}
	if err := v.checkSignature(ctx, alg, &token, keys); err != nil {
		return jose.Compact{}, nil, err
	}
	members, err := readClaims(token.Payload, space)
	return token, members, err
}

func readClaims(payload string, space []strictjson.Member) ([]strictjson.Member, error) {
	members, err := strictjson.ParseObject(payload, space)
	if err != nil {
		return nil, claimsError(err)
	}
	return members, nil
}

func claimsError(err error) error {
	var e *strictjson.Error
	if errors.As(err, &e) && e.Reason == strictjson.Misfit {
		return refuse(CheckFormat, "the claims are not a JSON object")
	}
	return refuse(CheckFormat, "the claims: %v", err)
}

// maxTries limits the keys tried for a token without kid.
const maxTries = 4

func (v *verifier) checkSignature(ctx context.Context, alg string, token *jose.Compact, keys KeySet) error {
	if v.secret != nil {
		if v.verifySecrets(alg, token) != nil {
			return refuse(CheckSignature, "the signature is not made with ClientSecret; when the server signs %s with another key, "+
				"as Keycloak does, configure an asymmetric algorithm there and set %s", alg, v.field)
		}
		return nil
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
	var space, space2 [maxTries]Key // a valid token costs no allocation here
	tried := fitting(space[:0], found, alg, kid)
	for _, k := range tried {
		if token.Verify(alg, k.Public) == nil {
			return nil
		}
	}
	renewable, ok := keys.(RenewableKeySet)
	if !ok || len(found) == 0 { // Keys looked for an unknown kid already
		return refuseKeys(alg, tried, passedOver(keys, kid))
	}
	renewed, err := renewable.RenewKeys(ctx, kid)
	switch {
	case err != nil && (kid == "" || ctx.Err() != nil):
		return err
	case err != nil:
		// A key with this kid is known, so the token is refused, even if the cached keys are old.
		return refuseKeys(alg, tried, ", and the keys could not be fetched again: "+err.Error())
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
		if len(fit) == maxTries {
			break
		}
		if (k.Alg == "" || k.Alg == alg) && (kid == "" || k.ID == kid) && jose.Fits(alg, k.Public) {
			fit = append(fit, k)
		}
	}
	return fit
}

// isIn relies on the types that fitting selected.
func isIn(keys []Key, k Key) bool {
	public := k.Public.(interface{ Equal(crypto.PublicKey) bool })
	return slices.ContainsFunc(keys, func(old Key) bool { return public.Equal(old.Public) })
}

// passedOver explains why the key that the server publishes under this kid cannot be used.
func passedOver(keys KeySet, kid string) string {
	if remote, ok := keys.(*remoteKeys); ok {
		if why := remote.passedOver(kid); why != "" {
			return "; the published key cannot be used: " + why
		}
	}
	return ""
}

func refuseKeys(alg string, tried []Key, more string) error {
	if len(tried) == 0 {
		return refuse(CheckKey, "the server has no key for this kid that fits %s%s", alg, more)
	}
	return refuse(CheckSignature, "no key of the server verifies the signature%s", more)
}

// tokenError is the refusal of a token that could not be read.
func tokenError(err error) error {
	switch {
	case errors.Is(err, jose.Encrypted):
		return refuse(CheckEncrypted, "the token is encrypted")
	case errors.Is(err, jose.Critical):
		return refuse(CheckCritical, "a critical header is not understood")
	}
	return refuse(CheckFormat, "%v", err)
}
