package oidc_test

import (
	"crypto/rand"
	"crypto/rsa"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// K2: without a kid at most four keys that fit are tried. Keys that do not fit do not count.
func TestK2KeysTriedWithoutKeyID(t *testing.T) {
	t.Parallel()
	others := make([]oidc.Key, 4)
	for i := range others {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		require.NoError(t, err)
		others[i] = oidc.Key{ID: strconv.Itoa(i), Public: key.Public()}
	}
	unfit := []oidc.Key{{ID: "e", Public: keys()["p256"].Public()}, {ID: "p", Alg: "PS256", Public: publicRSA()}, {ID: "d", Public: keys()["ed"].Public()}}
	at := func(before int) change {
		return func(tr *trial) {
			delete(tr.header, "kid")
			set := append(oidc.StaticKeys{}, unfit...)
			set = append(append(set, others[:before]...), oidc.Key{ID: "rsa", Public: publicRSA()})
			tr.config.Keys = set
		}
	}
	for before := range 4 {
		tr := newTrial()
		at(before)(tr)
		_, err := tr.verify(t)
		require.NoError(t, err, before)
	}
	refuses(t, oidc.CheckSignature, at(3), map[string]change{"the fifth": at(4)})
}

// Claims on both sides of the size that is reserved for them on the stack.
func TestManyClaims(t *testing.T) {
	t.Parallel()
	for n := range 40 {
		tr := newTrial()
		for i := range n {
			tr.claims["a"+strconv.Itoa(i)] = i // before all others
		}
		id, err := tr.verify(t)
		require.NoError(t, err, n)
		require.Equal(t, "248289761001", id.Subject)
		tr.claims["events"] = map[string]any{}
		_, err = tr.verify(t)
		require.ErrorIs(t, err, oidc.CheckType, n)
	}
}

// A typ is compared without case and without application/, and in no other way.
func TestI11TypExactly(t *testing.T) {
	t.Parallel()
	typ := func(v string) change { return func(tr *trial) { tr.header["typ"] = v } }
	for _, good := range []string{"JWT", "jwt", "application/jwt", "APPLICATION/JWT", ""} {
		tr := newTrial()
		typ(good)(tr)
		_, err := tr.verify(t)
		require.NoError(t, err, good)
	}
	spoil := map[string]change{}
	for _, bad := range []string{
		"JW", "JWTS", " JWT", "JWT ", "application/", "application", "application/application/jwt", "text/jwt", "/jwt", "applicationXjwt",
		"at+jwt", "logout+jwt", "secevent+jwt", "token-introspection+jwt", "oauth-authz-req+jwt", "APPLICATION/LOGOUT+JWT", "dpop+jwt", "jwt\u017f",
	} {
		spoil[bad] = typ(bad)
	}
	refuses(t, oidc.CheckType, nil, spoil)
	// The error names the kind of the token.
	for bad, want := range map[string]string{
		"at+jwt": "an access token, not an ID token", "logout+jwt": "a logout token or another security event, not an ID token",
		"secevent+jwt": "a security event, not an ID token", "token-introspection+jwt": "an introspection, not an ID token",
		"oauth-authz-req+jwt": "a request object, not an ID token", "dpop+jwt": "a proof of possession, not an ID token",
	} {
		tr := newTrial()
		typ(bad)(tr)
		_, err := tr.verify(t)
		require.EqualError(t, err, "oidc: refused the token (typ): typ says that this is "+want)
	}
	tr := newTrial()
	typ("x+jwt")(tr)
	_, err := tr.verify(t)
	require.EqualError(t, err, "oidc: refused the token (typ): typ says that this is not an ID token")
}
