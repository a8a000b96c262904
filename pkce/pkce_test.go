package pkce_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// The vector of RFC 7636, appendix B.
func ExampleChallenge() {
	challenge, err := pkce.Challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", pkce.S256)
	fmt.Println(challenge, err)
	// Output: E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM <nil>
}

func ExampleNewVerifier() {
	verifier := pkce.NewVerifier()
	fmt.Println(len(verifier), pkce.CheckVerifier(verifier))
	// Output: 43 <nil>
}

func TestChallengePlainIsTheVerifier(t *testing.T) {
	t.Parallel()
	v := strings.Repeat("a", 43)
	got, err := pkce.Challenge(v, pkce.Plain)
	require.NoError(t, err)
	assert.Equal(t, v, got)
}

func TestChallengeRefusesUnknownMethod(t *testing.T) {
	t.Parallel()
	for _, m := range []pkce.Method{"", "s256", "S512", "PLAIN"} {
		_, err := pkce.Challenge(strings.Repeat("a", 43), m)
		assert.ErrorContains(t, err, "unknown method")
		assert.ErrorContains(t, pkce.CheckChallenge(strings.Repeat("a", 43), m), "unknown method")
	}
}

func TestCheckVerifier(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{strings.Repeat("a", 43), strings.Repeat("Z", 128), strings.Repeat("0", 39) + "-._~"} {
		assert.NoError(t, pkce.CheckVerifier(ok))
	}
	for name, bad := range map[string]string{
		"has 42 characters":           strings.Repeat("a", 42),
		"has 129 characters":          strings.Repeat("a", 129),
		"has 0 characters":            "",
		"outside A-Z a-z 0-9 -._~ at": strings.Repeat("a", 42) + "+",
		"at index 0":                  "é" + strings.Repeat("a", 42),
		"-._~ at index 43":            strings.Repeat("a", 43) + "\n",
		"at index 42":                 strings.Repeat("a", 42) + "=",
	} {
		err := pkce.CheckVerifier(bad)
		require.Error(t, err, name)
		assert.Contains(t, err.Error(), name)
		assert.NotContains(t, err.Error(), "aaaa", "the verifier is a secret")
	}
}

func TestCheckChallenge(t *testing.T) {
	t.Parallel()
	s256, err := pkce.Challenge(pkce.NewVerifier(), pkce.S256)
	require.NoError(t, err)
	assert.NoError(t, pkce.CheckChallenge(s256, pkce.S256))
	assert.NoError(t, pkce.CheckChallenge(strings.Repeat("~", 50), pkce.Plain))
	const notS256 = "an S256 code challenge is 43 characters of base64url"
	for name, bad := range map[string]string{
		"44 characters": s256 + "A", "42 characters": s256[:42], "not base64url": s256[:42] + "~", "a line break": s256[:42] + "\n",
	} {
		assert.ErrorContains(t, pkce.CheckChallenge(bad, pkce.S256), notS256, name)
	}
	assert.ErrorContains(t, pkce.CheckChallenge("short", pkce.Plain), "code verifier has 5 characters")
}

func ExampleCheckVerifier() {
	fmt.Println(pkce.CheckVerifier("too-short"))
	// Output: pkce: code verifier has 9 characters, want 43 to 128
}

func ExampleCheckChallenge() {
	fmt.Println(pkce.CheckChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", pkce.S256))
	// Output: <nil>
}

func TestNewVerifierIsFresh(t *testing.T) {
	t.Parallel()
	assert.NotEqual(t, pkce.NewVerifier(), pkce.NewVerifier())
}
