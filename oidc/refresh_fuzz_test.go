package oidc_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// For any id_token there is a result or an error. An error has tokens only when encoding/json finds the same iss, sub
// and aud in the ID token.
func FuzzRefresh(f *testing.F) {
	tr := newTrial()
	good, err := json.Marshal(tr.claims)
	require.NoError(f, err)
	header := `{"alg":"RS256","kid":"rsa"}`
	for _, payload := range []string{
		string(good), `{}`, `[]`, strings.Replace(string(good), `"nonce"`, `"n\u006fnce"`, 1),
		strings.Replace(string(good), `"sub"`, `"Sub"`, 1), strings.Replace(string(good), `248289761001`, `248289761001\ud800`, 1),
		strings.TrimSuffix(string(good), "}") + `,"sub":"another"}`, strings.Replace(string(good), clientID, clientID+`","another`, 1),
	} {
		f.Add(header, payload, true)
		f.Add(`{"alg":"RS256","kid":"unknown"}`, payload, true)
		f.Add(header, payload, false)
		f.Add(`{"alg":"none"}`, payload, false)
	}
	f.Fuzz(func(t *testing.T, header, payload string, signed bool) {
		raw := b64(header) + "." + b64(payload) + ".AAAA"
		if signed {
			raw = forge(t, header, payload)
		}
		p := newProvider(t)
		p.serve("/token", map[string]any{"access_token": "AT2", "token_type": "Bearer", "refresh_token": "RT2", "id_token": raw})
		result, err := p.client(tr.config).Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1", Previous: before()})
		require.Equal(t, err == nil, result != nil)
		var kept *oidc.RefreshError
		if !errors.As(err, &kept) {
			return
		}
		require.Equal(t, "RT2", kept.Token.RefreshToken)
		require.NotErrorIs(t, err, oidc.CheckSignature)
		text, decodeErr := base64.RawURLEncoding.DecodeString(strings.Split(raw, ".")[1])
		require.NoError(t, decodeErr)
		var claims map[string]any // names are exact in a map
		require.NoError(t, json.Unmarshal(text, &claims))
		require.Equal(t, issuer, claims["iss"])
		require.Equal(t, "248289761001", claims["sub"])
		if list, ok := claims["aud"].([]any); ok {
			require.Equal(t, []any{clientID}, list)
		} else {
			require.Equal(t, clientID, claims["aud"])
		}
	})
}
