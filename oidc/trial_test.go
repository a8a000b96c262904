package oidc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const (
	issuer      = "https://op.example"
	clientID    = "s6BhdRkqt3"
	redirectURI = "https://app.example/callback"
	accessToken = "SlAV32hkKG"
	sentNonce   = "n-0S6_WzA2Mj" // in a login: the nonce that BeginLogin made

	// clientSecret is 64 bytes long, enough for HS512.
	clientSecret = "ZJYCqe3GGRvdrudKyZS0XhGv_Z45DuKhCUk0gBR1vZkZJYCqe3GGRvdrudKyZS0X"
)

// now is the clock of every test with a fixed clock.
func now() time.Time { return time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC) }

// keys are made once for the run: "rsa" signs, "other" is a second RSA key, and "fake" is authtest's.
var keys = sync.OnceValue(func() map[string]crypto.Signer {
	made := map[string]crypto.Signer{}
	for _, name := range []string{"rsa", "other", "fake"} {
		made[name], _ = rsa.GenerateKey(rand.Reader, 2048)
	}
	for name, curve := range map[string]elliptic.Curve{"p256": elliptic.P256(), "p384": elliptic.P384(), "p521": elliptic.P521()} {
		made[name], _ = ecdsa.GenerateKey(curve, rand.Reader)
	}
	_, made["ed"], _ = ed25519.GenerateKey(rand.Reader)
	return made
})

// jwk is the public key as a member of a JWKS, with its name as kid.
func jwk(name string, more ...map[string]any) map[string]any {
	text, err := json.Marshal(gojose.JSONWebKey{Key: keys()[name].Public(), KeyID: name, Use: "sig"})
	if err != nil {
		panic(err)
	}
	var member map[string]any
	if err := json.Unmarshal(text, &member); err != nil {
		panic(err)
	}
	for _, m := range more {
		for k, v := range m {
			if member[k] = v; v == nil {
				delete(member, k)
			}
		}
	}
	return member
}

// trial is an ID token with all settings that decide about it. newTrial makes one that is accepted.
type trial struct {
	config oidc.Config
	jwks   []any
	ask    oidc.AuthorizeOptions // the request of a login
	expect oidc.Expect           // the argument of VerifyIDToken
	reply  map[string]any        // the other members of the token reply

	front  change           // changes the ID token of the callback
	params func(url.Values) // changes the callback

	alg     string
	key     any
	header  map[string]any
	claims  map[string]any
	payload string                  // replaces claims when set
	rework  func(raw string) string // changes the signed token last
}

func newTrial() *trial {
	return &trial{
		config: oidc.Config{
			Issuer: issuer, ClientID: clientID, ClientSecret: clientSecret, RedirectURI: redirectURI, IDTokenSigningAlg: "RS256", Now: now,
		},
		jwks:   []any{jwk("rsa")},
		expect: oidc.Expect{Nonce: sentNonce, AccessToken: accessToken},
		reply:  map[string]any{"access_token": accessToken, "token_type": "Bearer", "expires_in": 3600},
		alg:    "RS256", key: keys()["rsa"],
		header: map[string]any{"kid": "rsa", "typ": "JWT"},
		claims: map[string]any{
			"iss": issuer, "sub": "248289761001", "aud": clientID, "nonce": sentNonce,
			"iat": now().Unix(), "exp": now().Add(time.Hour).Unix(),
		},
	}
}

// token signs the trial's ID token.
func (tr *trial) token(t testing.TB) string {
	t.Helper()
	payload := []byte(tr.payload)
	if tr.payload == "" {
		var err error
		payload, err = json.Marshal(tr.claims)
		require.NoError(t, err)
	}
	raw := ""
	if tr.alg == "none" {
		header := map[string]any{"alg": "none"}
		for k, v := range tr.header {
			header[k] = v
		}
		text, err := json.Marshal(header)
		require.NoError(t, err)
		raw = b64(string(text)) + "." + b64(string(payload)) + "."
	} else {
		options := &gojose.SignerOptions{ExtraHeaders: map[gojose.HeaderKey]any{}}
		for k, v := range tr.header {
			options.ExtraHeaders[gojose.HeaderKey(k)] = v
		}
		signer, err := gojose.NewSigner(gojose.SigningKey{Algorithm: gojose.SignatureAlgorithm(tr.alg), Key: tr.key}, options)
		require.NoError(t, err)
		signed, err := signer.Sign(payload)
		require.NoError(t, err)
		raw, err = signed.CompactSerialize()
		require.NoError(t, err)
	}
	if tr.rework != nil {
		raw = tr.rework(raw)
	}
	return raw
}

// frontToken is the ID token of the callback: it has the hashes of what comes beside it.
func (tr *trial) frontToken(t testing.TB, login *oidc.Login, beside url.Values) string {
	t.Helper()
	front := *tr
	front.claims, front.header = maps.Clone(tr.claims), maps.Clone(tr.header)
	for name, hash := range map[string]string{"access_token": "at_hash", "code": "c_hash"} {
		if beside.Has(name) {
			front.claims[hash] = sha256Half(beside.Get(name))
		}
	}
	if tr.front != nil {
		tr.front(&front)
	}
	if front.claims["nonce"] == sentNonce {
		front.claims["nonce"] = login.Nonce
	}
	return front.token(t)
}

// answer are the parameters of the callback of login.
func (tr *trial) answer(t testing.TB, login *oidc.Login) url.Values {
	t.Helper()
	v := url.Values{"state": {login.State}}
	words := strings.Fields(string(login.ResponseType))
	if slices.Contains(words, "code") {
		v.Set("code", "C1")
	}
	if slices.Contains(words, "token") {
		v.Set("access_token", frontAccessToken)
		v.Set("token_type", "bearer")
		v.Set("expires_in", "60")
	}
	if slices.Contains(words, "id_token") {
		v.Set("id_token", tr.frontToken(t, login, v))
	}
	if tr.params != nil {
		tr.params(v)
	}
	return v
}

// frontAccessToken is the access token of a callback.
const frontAccessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"

// forge signs any header and payload with RS256, also those that go-jose would never write.
func forge(t testing.TB, header, payload string) string {
	t.Helper()
	input := b64(header) + "." + b64(payload)
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(nil, keys()["rsa"].(*rsa.PrivateKey), crypto.SHA256, digest[:])
	require.NoError(t, err)
	return input + "." + b64(string(signature))
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// sha256Half is at_hash and c_hash under RS256, HS256, PS256 and ES256.
func sha256Half(value string) string {
	sum := sha256.Sum256([]byte(value))
	return b64(string(sum[:16]))
}

// verify calls VerifyIDToken with the token.
func (tr *trial) verify(t testing.TB) (*oidc.IDToken, error) {
	t.Helper()
	p := newProvider(t)
	p.publish(tr.jwks...)
	return p.client(tr.config).VerifyIDToken(t.Context(), tr.token(t), tr.expect)
}

// login gets the token from a complete login, with the nonce of that login.
func (tr *trial) login(t testing.TB) (*oidc.Result, error) {
	t.Helper()
	p := newProvider(t)
	p.publish(tr.jwks...)
	return p.login(p.client(tr.config), tr, "")
}

type change = func(*trial)

// refuses checks that the token is accepted after base, and refused with this check after each of the changes that
// follow.
func refuses(t *testing.T, check oidc.TokenCheck, base change, spoil map[string]change) {
	t.Helper()
	build := func(changes ...change) *trial {
		tr := newTrial()
		for _, c := range changes {
			if c != nil {
				c(tr)
			}
		}
		return tr
	}
	id, err := build(base).verify(t)
	require.NoError(t, err, "the accepted twin")
	require.NotNil(t, id)
	for name, s := range spoil {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := build(base, s)
			id, err := tr.verify(t)
			require.ErrorIs(t, err, check)
			assert.Nil(t, id)
			var refused *oidc.TokenError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, check, refused.Check)
			if raw := tr.token(t); raw != "" {
				assert.NotContains(t, err.Error(), raw)
			}
		})
	}
}

// set gives a claim another value; nil removes it.
func set(name string, value any) change {
	return func(tr *trial) {
		if tr.claims[name] = value; value == nil {
			delete(tr.claims, name)
		}
	}
}

func publicRSA() *rsa.PublicKey { return keys()["rsa"].Public().(*rsa.PublicKey) }

// verificationKey is the published key that the header names.
func (tr *trial) verificationKey() crypto.PublicKey {
	return keys()[tr.header["kid"].(string)].Public()
}
