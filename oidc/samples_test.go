package oidc_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// samples are the tokens printed in Authing's documentation, see testdata/README.md.
type samples struct {
	JWKS   json.RawMessage `json:"jwks"`
	Tokens []sample        `json:"tokens"`
}

type sample struct {
	Token  string `json:"token"`
	Header struct {
		Alg string `json:"alg"`
	} `json:"header"`
	Claims struct {
		Iss    string `json:"iss"`
		Aud    string `json:"aud"`
		Sub    string `json:"sub"`
		Nonce  string `json:"nonce"`
		AtHash string `json:"at_hash"`
		Scope  string `json:"scope"`
		Exp    int64  `json:"exp"`
		Iat    int64  `json:"iat"`
	} `json:"claims"`
}

func (s *sample) isAccess() bool { return s.Claims.Scope != "" }

func readSamples(t *testing.T) *samples {
	t.Helper()
	text, err := os.ReadFile("testdata/jwt-samples.json")
	require.NoError(t, err)
	var all samples
	require.NoError(t, json.Unmarshal(text, &all))
	require.Len(t, all.Tokens, 5)
	return &all
}

// resign signs the payload bytes as printed, because the secret of the HS256 samples is not known.
func resign(t *testing.T, raw string) string {
	t.Helper()
	tr := newTrial()
	tr.alg, tr.key, tr.header = "HS256", []byte(clientSecret), map[string]any{"typ": "JWT"}
	old, err := gojose.ParseSignedCompact(raw, []gojose.SignatureAlgorithm{gojose.HS256})
	require.NoError(t, err)
	tr.payload = string(old.UnsafePayloadWithoutVerification())
	signed := tr.token(t)
	require.Equal(t, strings.Split(raw, ".")[1], strings.Split(signed, ".")[1])
	return signed
}

// at is a client of the sample's application with a fixed clock.
func (s *sample) at(t *testing.T, keys json.RawMessage, clock int64) *oidc.Client {
	t.Helper()
	set, err := oidc.ParseKeys(keys)
	require.NoError(t, err)
	client, err := oidc.NewClient(oidc.Config{
		Issuer: s.Claims.Iss, ClientID: s.Claims.Aud, ClientSecret: clientSecret, Keys: set,
		IDTokenSigningAlg: s.Header.Alg, AccessTokenSigningAlg: s.Header.Alg,
		Now: func() time.Time { return time.Unix(clock, 0) },
	})
	require.NoError(t, err)
	return client
}

const skew = 60

func TestSampleAccessTokens(t *testing.T) {
	t.Parallel()
	all, n := readSamples(t), 0
	for _, s := range all.Tokens {
		if !s.isAccess() {
			continue
		}
		n++
		good := oidc.AccessTokenExpect{AllowPlainJWT: true}
		for _, clock := range []int64{s.Claims.Iat - skew, s.Claims.Iat, s.Claims.Exp + skew - 1} {
			got, err := s.at(t, all.JWKS, clock).VerifyAccessToken(t.Context(), s.Token, good)
			require.NoError(t, err)
			assert.Equal(t, s.Claims.Sub, got.Subject)
			assert.Equal(t, s.Claims.Scope, got.Scope)
		}
		_, err := s.at(t, all.JWKS, s.Claims.Exp+skew+1).VerifyAccessToken(t.Context(), s.Token, good)
		require.ErrorIs(t, err, oidc.CheckExpired)
		_, err = s.at(t, all.JWKS, s.Claims.Iat-skew-1).VerifyAccessToken(t.Context(), s.Token, good)
		require.ErrorIs(t, err, oidc.CheckIssuedAt)
		_, err = s.at(t, all.JWKS, s.Claims.Iat).VerifyAccessToken(t.Context(), s.Token, oidc.AccessTokenExpect{})
		require.ErrorIs(t, err, oidc.CheckType)
		_, err = s.at(t, all.JWKS, s.Claims.Iat).VerifyIDToken(t.Context(), s.Token, oidc.Expect{AllowAnyNonce: true})
		require.ErrorIs(t, err, oidc.CheckScope, "I33: as an ID token")
	}
	assert.Equal(t, 2, n)
}

func TestSampleIDTokens(t *testing.T) {
	t.Parallel()
	all, n := readSamples(t), 0
	for _, s := range all.Tokens {
		if s.isAccess() {
			continue
		}
		n++
		raw := s.Token
		if s.Header.Alg == "HS256" {
			_, err := s.at(t, all.JWKS, s.Claims.Iat).VerifyIDToken(t.Context(), raw, oidc.Expect{Nonce: s.Claims.Nonce})
			require.ErrorIs(t, err, oidc.CheckSignature, "the printed token is signed with another secret")
			raw = resign(t, raw)
		}
		expect := oidc.Expect{Nonce: s.Claims.Nonce, AccessToken: beside(all, s)}
		for _, clock := range []int64{s.Claims.Iat - skew, s.Claims.Iat, s.Claims.Exp + skew - 1} {
			id, err := s.at(t, all.JWKS, clock).VerifyIDToken(t.Context(), raw, expect)
			require.NoError(t, err)
			assert.Equal(t, s.Claims.Sub, id.Subject)
			assert.Equal(t, s.Claims.AtHash, id.AccessTokenHash)
			assert.NotEmpty(t, id.UpdatedAt)
			assert.Equal(t, "U", id.Gender)
		}
		_, err := s.at(t, all.JWKS, s.Claims.Exp+skew+1).VerifyIDToken(t.Context(), raw, expect)
		require.ErrorIs(t, err, oidc.CheckExpired)
		expect.AccessToken = "another"
		_, err = s.at(t, all.JWKS, s.Claims.Iat).VerifyIDToken(t.Context(), raw, expect)
		require.ErrorIs(t, err, oidc.CheckAtHash)
		for _, e := range []oidc.AccessTokenExpect{{}, {AllowPlainJWT: true}} {
			_, err = s.at(t, all.JWKS, s.Claims.Iat).VerifyAccessToken(t.Context(), raw, e)
			require.ErrorIs(t, err, oidc.CheckType, "X3: as an access token")
		}
	}
	assert.Equal(t, 3, n)
}

// beside returns the access token that is printed with an ID token, whose at_hash it matches. One ID token is printed
// alone.
func beside(all *samples, s sample) string {
	for _, other := range all.Tokens {
		if other.isAccess() && sha256Half(other.Token) == s.Claims.AtHash {
			return other.Token
		}
	}
	return ""
}

func TestSampleIDTokensStandBesideTheirAccessTokens(t *testing.T) {
	t.Parallel()
	all := readSamples(t)
	for i, want := range map[int]int{1: 0, 3: 2} {
		assert.Equal(t, all.Tokens[want].Token, beside(all, all.Tokens[i]))
	}
	assert.Empty(t, beside(all, all.Tokens[4]))
}
