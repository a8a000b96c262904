package oidc_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestResultSurvivesStorage(t *testing.T) {
	t.Parallel()
	result, err := newTrial().login(t)
	require.NoError(t, err)
	stored, err := json.Marshal(result)
	require.NoError(t, err)
	var back oidc.Result
	require.NoError(t, json.Unmarshal(stored, &back))
	assert.Equal(t, result.IDToken, back.IDToken)
	assert.Equal(t, result.IDToken.Raw(), back.IDToken.Raw(), "a logout sends it as its hint")
	var claims map[string]any
	require.NoError(t, back.IDToken.Claims(&claims))
	assert.Equal(t, result.IDToken.Subject, claims["sub"])
}

func TestStoredIDTokenThatIsNone(t *testing.T) {
	t.Parallel()
	_, err := json.Marshal(oidc.IDToken{Subject: "made by hand"})
	assert.ErrorContains(t, err, "only a verified ID token can be stored")
	for stored, want := range map[string]string{
		`{"Subject":"alice"}`:                    "it is not a string",
		`"not.a-token"`:                          "stored ID token",
		`"e30.W10.AA"`:                           "", // no alg, and claims that are a list
		`"eyJhbGciOiJSUzI1NiJ9.W10.AA"`:          "the claims are not a JSON object",
		`"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOjd9.AA"`: "(sub): sub has a value of the wrong type", // {"sub":7}
	} {
		var token oidc.IDToken
		err := json.Unmarshal([]byte(stored), &token)
		assert.ErrorContains(t, err, want, stored)
		assert.Zero(t, token, "not changed")
	}
}
