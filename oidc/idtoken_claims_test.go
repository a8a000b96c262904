package oidc_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// eachOf gives a claim each of these values in turn; nil removes it.
func eachOf(claim string, values ...any) map[string]change {
	changes := map[string]change{}
	for _, v := range values {
		changes[mustJSON(v)] = set(claim, v)
	}
	return changes
}

func unix(d time.Duration) int64 { return now().Add(d).Unix() }

func TestI12IssuerDiffers(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckIssuer, nil, eachOf("iss",
		nil, "", issuer+"/", "https://OP.example", "http://op.example", "https://attacker.example", []string{issuer}, 7))
}

func TestI13AudienceIsNotUs(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckAudience, nil, eachOf("aud",
		nil, "", []string{}, []any{}, 7, map[string]any{"0": clientID}, "another-client", strings.ToLower(clientID), clientID+" other",
		[]any{clientID, 7}, []any{clientID, nil}, []any{[]string{clientID}}, []string{"another-client"}))
}

func TestI14AudienceNobodyTrusts(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckAudience, twoAudiences, map[string]change{
		"a third party": set("aud", []string{clientID, trusted, "https://other.example"}),
		"an empty one":  set("aud", []string{clientID, ""}),
		"not trusted":   func(tr *trial) { tr.config.TrustedAudiences = []string{trusted + "/"} },
	})
}

// Without azp it is enough that every other audience is trusted (OpenID Connect Core, errata set 2).
func TestI15SeveralAudiencesWithoutAzp(t *testing.T) {
	t.Parallel()
	withoutAzp := func(tr *trial) {
		tr.config.TrustedAudiences = []string{trusted, "https://other.example"}
		tr.claims["aud"] = []string{trusted, clientID, "https://other.example"}
	}
	refuses(t, oidc.CheckAudience, withoutAzp, map[string]change{
		"one is not trusted":  func(tr *trial) { tr.config.TrustedAudiences = []string{trusted} },
		"none is trusted":     func(tr *trial) { tr.config.TrustedAudiences = nil },
		"one more came":       set("aud", []string{trusted, clientID, "https://other.example", "x"}),
		"we are not in it":    set("aud", []string{trusted, "https://other.example"}),
		"the same in another": set("aud", []string{trusted, clientID, "https://OTHER.example"}),
	})
	refuses(t, oidc.CheckAuthorized, withoutAzp, eachOf("azp", "", trusted, "another-client"))
	refuses(t, oidc.CheckAudience, set("aud", []string{clientID, clientID}), eachOf("aud", []string{clientID, ""}))
	tr := newTrial()
	withoutAzp(tr)
	result, err := tr.login(t)
	require.NoError(t, err)
	assert.Empty(t, result.IDToken.AuthorizedParty)
}

func TestI16AzpIsNotUs(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckAuthorized, set("azp", clientID), eachOf("azp", "another-client", "", 7, []string{clientID}, trusted))
	refuses(t, oidc.CheckAuthorized, twoAudiences, eachOf("azp", trusted))
}

func TestI17Expiry(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckExpired, set("exp", unix(-59*time.Second)), eachOf("exp",
		nil, 0, -1, 1e300, 253402300800, true, "1782910800", []int{1782910800}, unix(-60*time.Second), unix(-time.Hour)))
	refuses(t, oidc.CheckExpired, func(tr *trial) { tr.config.Skew, tr.claims["exp"] = oidc.NoSkew, unix(time.Second) },
		eachOf("exp", unix(0)))
}

func TestI18IssuedAt(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckIssuedAt, set("iat", unix(time.Minute)), eachOf("iat",
		nil, "1782910800", -1, true, 1e300, unix(61*time.Second), unix(24*time.Hour)))
}

func TestI18IDTokenMaxAge(t *testing.T) {
	t.Parallel()
	aged := func(age time.Duration) change {
		return func(tr *trial) {
			tr.config.IDTokenMaxAge, tr.claims["iat"] = 10*time.Minute, unix(-age)
		}
	}
	refuses(t, oidc.CheckIssuedAt, aged(11*time.Minute), map[string]change{
		"older": aged(11*time.Minute + time.Second), "very old": aged(24 * time.Hour), "of 1970": set("iat", 0),
		"without skew": func(tr *trial) { aged(10*time.Minute + time.Second)(tr); tr.config.Skew = oidc.NoSkew },
	})
	tr := newTrial()
	tr.claims["iat"] = unix(-24 * time.Hour)
	_, err := tr.verify(t)
	require.NoError(t, err, "no age is configured")
	tr.config.IDTokenMaxAge = -1
	_, err = oidc.NewClient(tr.config)
	require.EqualError(t, err, "oidc: IDTokenMaxAge is negative")
}

func TestI19NotBefore(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckNotBefore, set("nbf", unix(time.Minute)), eachOf("nbf", "0", true, -1, 1e300, unix(61*time.Second)))
}

// I1: both sides of the maximum length of an ID token, which can be configured.
func TestI1LongestIDToken(t *testing.T) {
	t.Parallel()
	length := func(n int) change {
		return func(tr *trial) {
			for kid := "k"; ; kid += "k" {
				tr.jwks = []any{jwk("rsa", map[string]any{"kid": kid})}
				tr.header["kid"], tr.claims["filler"] = kid, ""
				for short := n - len(tr.token(t)); short > 0; short = n - len(tr.token(t)) {
					tr.claims["filler"] = tr.claims["filler"].(string) + strings.Repeat("f", max(1, short*3/4-3))
				}
				if len(tr.token(t)) == n {
					return
				}
			}
		}
	}
	refuses(t, oidc.CheckFormat, length(65536), map[string]change{"one byte more": length(65537)})
	larger := func(tr *trial) { tr.config.MaxIDToken = 70_000; length(70_000)(tr) }
	refuses(t, oidc.CheckFormat, larger, map[string]change{
		"one byte more": length(70_001), "a smaller limit": func(tr *trial) { tr.config.MaxIDToken = 69_999 },
	})
	tr := newTrial()
	larger(tr)
	tr.config.MaxIDToken = 70_100 // the login's own nonce is longer
	result, err := tr.login(t)
	require.NoError(t, err)
	stored, err := json.Marshal(result.IDToken)
	require.NoError(t, err)
	var back oidc.IDToken
	require.NoError(t, json.Unmarshal(stored, &back), "an accepted token can be stored")
	tr = newTrial()
	length(70_000)(tr)
	_, err = tr.verify(t)
	require.EqualError(t, err, "oidc: refused the token (format): it has 70000 bytes, and MaxIDToken is 65536")
	tr.config.MaxIDToken = -1
	_, err = oidc.NewClient(tr.config)
	require.EqualError(t, err, "oidc: MaxIDToken is negative")
}

func TestI20Subject(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckSubject, set("sub", strings.Repeat("主", 255)), eachOf("sub",
		nil, "", 248289761001, []string{"a"}, true, strings.Repeat("s", 256), strings.Repeat("主", 256)))
}

func TestI21Nonce(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckNonce, nil, eachOf("nonce", nil, "", "another", sentNonce+" ", 7, []string{sentNonce}))
	none := func(tr *trial) { tr.expect.Nonce, tr.claims["nonce"] = "", nil }
	refuses(t, oidc.CheckNonce, none, map[string]change{"one came, none was sent": set("nonce", sentNonce)})
}

func TestI21AnyNonceIsAllowedByNameOnly(t *testing.T) {
	t.Parallel()
	for _, nonce := range []any{nil, "", "another"} {
		tr := newTrial()
		tr.expect = oidc.Expect{AllowAnyNonce: true}
		set("nonce", nonce)(tr)
		_, err := tr.verify(t)
		require.NoError(t, err)
	}
	tr := newTrial()
	tr.expect.AllowAnyNonce = true
	_, err := tr.verify(t)
	require.EqualError(t, err, "oidc: Nonce and AllowAnyNonce contradict each other")
}

func TestI22AuthTime(t *testing.T) {
	t.Parallel()
	bad := eachOf("auth_time", nil, "1782907140", true, -1, 1e300, unix(-6*time.Minute-time.Second), unix(61*time.Second))
	refuses(t, oidc.CheckAuthTime, func(tr *trial) {
		underMaxAge(tr)
		tr.claims["auth_time"] = unix(-6 * time.Minute)
	}, bad)
	refuses(t, oidc.CheckAuthTime, func(tr *trial) {
		tr.expect.MaxAge, tr.claims["auth_time"] = oidc.ReauthenticateNow, unix(-time.Minute)
	}, eachOf("auth_time", nil, unix(-61*time.Second)))
	refuses(t, oidc.CheckAuthTime, func(tr *trial) {
		tr.config.RequireAuthTime, tr.claims["auth_time"] = true, unix(-240*time.Hour)
	}, eachOf("auth_time", nil))
	refuses(t, oidc.CheckAuthTime, nil, eachOf("auth_time", unix(61*time.Second), "now"))
}

func TestI23EssentialACR(t *testing.T) {
	t.Parallel()
	demand := func(tr *trial) {
		tr.expect.ACRValues = []string{"urn:mace:incommon:iap:silver", "phr"}
		tr.ask.Claims = json.RawMessage(`{"id_token":{"acr":{"essential":true,"values":["urn:mace:incommon:iap:silver","phr"]}}}`)
		tr.claims["acr"] = "phr"
	}
	refuses(t, oidc.CheckACR, demand, eachOf("acr", nil, "", "0", "PHR", 2, []string{"phr"}))

	tr := newTrial()
	demand(tr)
	result, err := tr.login(t)
	require.NoError(t, err)
	assert.Equal(t, "phr", result.IDToken.ACR)
	tr = newTrial()
	demand(tr)
	tr.claims["acr"] = "0"
	_, err = tr.login(t)
	require.ErrorIs(t, err, oidc.CheckACR)
}

func TestI24AtHashWrong(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckAtHash, set("at_hash", sha256Half(accessToken)), eachOf("at_hash",
		"", sha256Half("another"), sha256Half(accessToken)+"=", sha256Half(accessToken)[1:], 7))
	tr := newTrial()
	tr.claims["at_hash"] = sha256Half("another")
	_, err := tr.login(t)
	require.ErrorIs(t, err, oidc.CheckAtHash, "in the code flow too")
}

func TestI25CodeHashWrong(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckCodeHash, func(tr *trial) { tr.expect.Code, tr.claims["c_hash"] = "C1", sha256Half("C1") },
		eachOf("c_hash", "", sha256Half("C2"), 7))
}

// Authing's access tokens share iss, aud and typ with its ID tokens.
func TestI33AccessTokenAsIDToken(t *testing.T) {
	t.Parallel()
	anyNonce := func(tr *trial) { tr.expect, tr.claims["jti"] = oidc.Expect{AllowAnyNonce: true}, "lw845nstg0Kq" }
	access := func(claim, value string) change {
		return func(tr *trial) { delete(tr.claims, "nonce"); tr.claims[claim] = value }
	}
	refuses(t, oidc.CheckScope, anyNonce, map[string]change{
		"scope": access("scope", "openid"), "empty scope": access("scope", ""), "client_id": access("client_id", clientID),
		"scp": access("scp", "openid"),
	})
	for name, twin := range map[string]change{
		"at_hash": set("at_hash", sha256Half(accessToken)), "c_hash": set("c_hash", "x"),
		"no scope": func(tr *trial) { delete(tr.claims, "scope") },
	} {
		tr := newTrial()
		anyNonce(tr)
		access("scope", "openid")(tr)
		twin(tr)
		_, err := tr.verify(t)
		require.NoError(t, err, name)
	}
}

func TestI34MemberNamesAreExact(t *testing.T) {
	t.Parallel()
	renamed := func(claim, name string) change {
		return func(tr *trial) { tr.claims[name] = tr.claims[claim]; delete(tr.claims, claim) }
	}
	refuses(t, oidc.CheckIssuer, nil, map[string]change{"ISS": renamed("iss", "ISS")})
	refuses(t, oidc.CheckSubject, nil, map[string]change{"ſub": renamed("sub", "\u017fub"), "Sub": renamed("sub", "Sub")})
	refuses(t, oidc.CheckAudience, nil, map[string]change{"Aud": renamed("aud", "Aud")})
	refuses(t, oidc.CheckNonce, nil, map[string]change{"NONCE": renamed("nonce", "NONCE")})
	refuses(t, oidc.CheckExpired, nil, map[string]change{"Exp": renamed("exp", "Exp")})

	tr := newTrial()
	tr.payload = `{"ISS":"https://attacker.example","\u017fub":"mallory","Aud":"x",` + mustJSON(tr.claims)[1:len(mustJSON(tr.claims))-1] + `,"SUB":"mallory","Exp":1}`
	id, err := tr.verify(t)
	require.NoError(t, err)
	assert.Equal(t, "248289761001", id.Subject)
	var decoded struct {
		Sub string `json:"sub"`
		Iss string `json:"iss"`
	}
	require.NoError(t, id.Claims(&decoded))
	assert.Equal(t, "248289761001", decoded.Sub)
	assert.Equal(t, issuer, decoded.Iss)
}

// The sum of the largest max_age and Skew is the largest duration, and does not overflow.
func TestI22LongestMaxAge(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{0, time.Hour, math.MaxInt64} {
		refuses(t, oidc.CheckAuthTime, func(tr *trial) {
			tr.config.Skew, tr.expect.MaxAge, tr.claims["auth_time"] = skew, math.MaxInt64, unix(-240*time.Hour)
		}, eachOf("auth_time", nil))
	}
}
