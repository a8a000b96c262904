package oidc_test

import (
	"crypto/x509"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const trusted = "https://api.example"

// hostile are ID tokens with one fault. base is applied to the accepted twin too, spoil only to the hostile token.
var hostile = []struct {
	name        string
	check       oidc.TokenCheck
	base, spoil change
}{
	{"wrong iss", oidc.CheckIssuer, nil, set("iss", "https://attacker.example")},
	{"wrong aud", oidc.CheckAudience, nil, set("aud", "another-client")},
	{"missing aud", oidc.CheckAudience, nil, set("aud", nil)},
	{"missing exp", oidc.CheckExpired, nil, set("exp", nil)},
	{"past exp", oidc.CheckExpired, nil, set("exp", now().Add(-time.Hour).Unix())},
	{"nbf tomorrow", oidc.CheckNotBefore, set("nbf", now().Unix()), set("nbf", now().AddDate(0, 0, 1).Unix())},
	{"missing sub", oidc.CheckSubject, nil, set("sub", nil)},
	{"empty sub", oidc.CheckSubject, nil, set("sub", "")},
	{"missing iat", oidc.CheckIssuedAt, nil, set("iat", nil)},
	{"iat tomorrow", oidc.CheckIssuedAt, set("exp", now().AddDate(0, 0, 2).Unix()), set("iat", now().AddDate(0, 0, 1).Unix())},
	{"wrong nonce", oidc.CheckNonce, nil, set("nonce", "of-another-login")},
	{"missing nonce", oidc.CheckNonce, nil, set("nonce", nil)},
	{"azp another client", oidc.CheckAuthorized, set("azp", clientID), set("azp", "another-client")},
	{"two audiences without azp, one not trusted", oidc.CheckAudience, func(tr *trial) { twoAudiences(tr); delete(tr.claims, "azp") }, func(tr *trial) { tr.config.TrustedAudiences = nil }},
	{"two audiences with a foreign azp", oidc.CheckAuthorized, twoAudiences, set("azp", "another-client")},
	{"bad signature", oidc.CheckSignature, nil, func(tr *trial) { tr.key = keys()["other"] }},
	{"alg none", oidc.CheckAlgorithm, nil, func(tr *trial) { tr.alg = "none" }},
	{"HS256 where RS256 is pinned", oidc.CheckAlgorithm, nil, func(tr *trial) {
		// The public key, which is known to everyone, as the secret.
		tr.alg, tr.key = "HS256", x509.MarshalPKCS1PublicKey(publicRSA())
	}},
	{"PS256 where RS256 is pinned", oidc.CheckAlgorithm, nil, func(tr *trial) { tr.alg = "PS256" }},
	{"a key marked use=enc", oidc.CheckKey, func(tr *trial) {
		tr.jwks = []any{jwk("rsa"), jwk("other")}
		tr.key, tr.header["kid"] = keys()["other"], "other"
	}, func(tr *trial) { tr.jwks[1].(map[string]any)["use"] = "enc" }},
	{"old auth_time under max_age", oidc.CheckAuthTime, underMaxAge, set("auth_time", now().Add(-time.Hour).Unix())},
	{"missing auth_time under max_age", oidc.CheckAuthTime, underMaxAge, set("auth_time", nil)},
	{"unknown crit", oidc.CheckCritical, func(tr *trial) { tr.header["exp"] = 1 }, func(tr *trial) { tr.header["crit"] = []string{"exp"} }},
	{"typ at+jwt", oidc.CheckType, nil, func(tr *trial) { tr.header["typ"] = "at+jwt" }},
}

func twoAudiences(tr *trial) {
	tr.config.TrustedAudiences = []string{trusted}
	tr.claims["aud"], tr.claims["azp"] = []string{clientID, trusted}, clientID
}

func underMaxAge(tr *trial) {
	tr.ask.MaxAge, tr.expect.MaxAge = 5*time.Minute, 5*time.Minute
	tr.claims["auth_time"] = now().Add(-time.Minute).Unix()
}

func TestHostileIDTokens(t *testing.T) {
	t.Parallel()
	require.Len(t, hostile, 24)
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			refuses(t, h.check, h.base, map[string]change{"verified": h.spoil})

			twin, bad := newTrial(), newTrial()
			if h.base != nil {
				h.base(twin)
				h.base(bad)
			}
			h.spoil(bad)
			result, err := twin.login(t)
			require.NoError(t, err, "the accepted twin")
			assert.Equal(t, "248289761001", result.IDToken.Subject)
			result, err = bad.login(t)
			require.ErrorIs(t, err, h.check)
			assert.Nil(t, result)
		})
	}
}

// go-jose agrees about the signatures of the table: only three are wrong.
func TestHostileIDTokensAreSignedByTheRightKey(t *testing.T) {
	t.Parallel()
	notSigned := map[string]bool{"bad signature": true, "alg none": true, "HS256 where RS256 is pinned": true}
	for _, h := range hostile {
		tr := newTrial()
		if h.base != nil {
			h.base(tr)
		}
		h.spoil(tr)
		signed, err := gojose.ParseSignedCompact(tr.token(t), []gojose.SignatureAlgorithm{gojose.RS256, gojose.PS256})
		if err == nil {
			_, _, _, err = signed.VerifyMulti(tr.verificationKey())
		}
		if h.name == "unknown crit" {
			continue // go-jose refuses it before it looks at the signature
		}
		assert.Equal(t, notSigned[h.name], err != nil, h.name)
	}
}
