package oidc_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const (
	pair      = `\ud83d\ude00` // one character
	firstHalf = `\ud83d`       // of it
	lastHalf  = `\ude00`
)

// ending makes a text claim, or the first text in a list, end in an escape that encoding/json would never write.
func ending(claim, escape string) change {
	return func(tr *trial) {
		claims := map[string]any{}
		for k, v := range tr.claims {
			claims[k] = v
		}
		if list, ok := claims[claim].([]string); ok {
			claims[claim] = append([]string{list[0] + "@@"}, list[1:]...)
		} else {
			text, _ := claims[claim].(string)
			claims[claim] = text + "@@"
		}
		tr.payload = strings.ReplaceAll(mustJSON(claims), "@@", escape)
	}
}

func halves(claim string) map[string]change {
	return map[string]change{"the first half": ending(claim, firstHalf), "the second half": ending(claim, lastHalf)}
}

// encoding/json reads every half of a surrogate pair as U+FFFD: two users would have one Key.
func TestI20SubHalfSurrogate(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckSubject, ending("sub", pair), halves("sub"))
	refuses(t, oidc.CheckSubject, ending("sub", `\ufffd`), halves("sub"))
	tr := newTrial()
	ending("sub", pair)(tr)
	id, err := tr.verify(t)
	require.NoError(t, err)
	assert.Equal(t, "248289761001😀", id.Subject)
	tr = newTrial()
	ending("sub", lastHalf+firstHalf)(tr)
	_, err = tr.verify(t)
	require.EqualError(t, err, "oidc: refused the token (sub): sub has half of a surrogate pair")
}

func TestI20HalfSurrogateInWhatIsCompared(t *testing.T) {
	t.Parallel()
	const smile = "😀"
	for claim, c := range map[string]struct {
		check oidc.TokenCheck
		base  change // the configuration under which the whole character is accepted
	}{
		"iss": {oidc.CheckIssuer, func(tr *trial) {
			tr.config.Issuer, tr.config.Metadata = "", &oidc.Metadata{Issuer: issuer + smile, JWKSURI: issuer + "/jwks"}
		}},
		"aud": {oidc.CheckAudience, func(tr *trial) { tr.config.ClientID += smile }},
		"azp": {oidc.CheckAuthorized, func(tr *trial) {
			tr.config.ClientID += smile
			tr.claims["aud"], tr.claims["azp"] = tr.config.ClientID, clientID
		}},
		"nonce":     {oidc.CheckNonce, func(tr *trial) { tr.expect.Nonce += smile }},
		"sid":       {oidc.CheckSessionID, nil},
		"jti":       {oidc.CheckTokenID, nil},
		"client_id": {oidc.CheckClientID, nil},
		"scope":     {oidc.CheckScope, nil},
		"acr":       {oidc.CheckACR, func(tr *trial) { tr.expect.ACRValues = []string{smile} }},
	} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			refuses(t, c.check, func(tr *trial) {
				if c.base != nil {
					c.base(tr)
				}
				ending(claim, pair)(tr)
			}, halves(claim))
		})
	}
	refuses(t, oidc.CheckAtHash, set("at_hash", sha256Half(accessToken)), halves("at_hash"))
	refuses(t, oidc.CheckCodeHash, set("c_hash", sha256Half("C1")), halves("c_hash"))
	refuses(t, oidc.CheckAudience, func(tr *trial) {
		twoAudiences(tr)
		tr.config.TrustedAudiences, tr.claims["aud"] = []string{trusted + smile}, []string{trusted, clientID}
		ending("aud", pair)(tr)
	}, halves("aud"))
	// In claims for display it becomes U+FFFD: a phone may cut a name in the middle of an emoji.
	tr := newTrial()
	ending("name", firstHalf)(tr)
	id, err := tr.verify(t)
	require.NoError(t, err)
	assert.Equal(t, "\ufffd", id.Name)
}

func TestX2HalfSurrogateInAnAccessToken(t *testing.T) {
	t.Parallel()
	refusesAccess(t, oidc.CheckSubject, strict, ending("sub", pair), halves("sub"))
	refusesAccess(t, oidc.CheckClientID, strict, ending("client_id", pair), halves("client_id"))
	refusesAccess(t, oidc.CheckScope, strict, ending("scope", pair), halves("scope"))
	refusesAccess(t, oidc.CheckTokenID, strict, ending("jti", pair), halves("jti"))
}

func TestD1IssuerHalfSurrogate(t *testing.T) {
	t.Parallel()
	for escape, want := range map[string]string{
		pair:      `oauth: discovery refused (issuer): the document's issuer is "https://op.example😀", want "https://op.example"`,
		firstHalf: "oauth: discovery refused (document): https://op.example/.well-known/openid-configuration: the document's issuer has half of a surrogate pair",
		lastHalf:  "oauth: discovery refused (document): https://op.example/.well-known/openid-configuration: the document's issuer has half of a surrogate pair",
	} {
		p := newProvider(t)
		p.text(wellKnown, 200, "application/json", strings.Replace(mustJSON(metadata()), `"issuer":"`+issuer, `"issuer":"`+issuer+escape, 1))
		_, err := p.client(newTrial().config).Metadata(t.Context())
		require.EqualError(t, err, want)
	}
}

// A kid with half of a surrogate pair names no key.
func TestI7KeyIDHalfSurrogate(t *testing.T) {
	t.Parallel()
	named := func(inSet, inToken string) change {
		return func(tr *trial) {
			tr.jwks = []any{jwk("rsa", map[string]any{"kid": inSet}), jwk("other")}
			tr.rework = func(string) string { return forge(t, `{"alg":"RS256","kid":"k`+inToken+`"}`, mustJSON(tr.claims)) }
		}
	}
	refuses(t, oidc.CheckFormat, named("k😀", pair), map[string]change{
		"the first half": named("k\ufffd", firstHalf), "the second half": named("k\ufffd", lastHalf),
	})
}

func TestU1UserInfoSubjectHalfSurrogate(t *testing.T) {
	t.Parallel()
	u, err := userInfo(t, 200, "application/json", `{"sub":"a`+pair+`"}`, "a😀")
	require.NoError(t, err)
	assert.Equal(t, "a😀", u.Subject)
	for _, half := range []string{firstHalf, lastHalf} {
		_, err := userInfo(t, 200, "application/json", `{"sub":"a`+half+`"}`, "a\ufffd")
		require.EqualError(t, err, "oauth: user info reply: sub has half of a surrogate pair")
	}
}
