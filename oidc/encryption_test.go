package oidc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// seal encrypts by go-jose; header has more members, whose names go-jose does not write itself.
func seal(t testing.TB, alg, enc string, key any, header map[string]any, text string) string {
	t.Helper()
	options := &gojose.EncrypterOptions{ExtraHeaders: map[gojose.HeaderKey]any{}}
	for name, value := range header {
		options.ExtraHeaders[gojose.HeaderKey(name)] = value
	}
	e, err := gojose.NewEncrypter(gojose.ContentEncryption(enc), gojose.Recipient{Algorithm: gojose.KeyAlgorithm(alg), Key: key}, options)
	require.NoError(t, err)
	object, err := e.Encrypt([]byte(text))
	require.NoError(t, err)
	raw, err := object.CompactSerialize()
	require.NoError(t, err)
	return raw
}

// dirKey is the key of dir that OpenID Connect Core §10.2 derives, for an enc with a key of 32 bytes.
func dirKey(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// sealedTo encrypts the trial's ID token to a key of keys, or to the client's secret.
func sealedTo(t testing.TB, alg, enc, key string, header map[string]any) change {
	return func(tr *trial) {
		tr.config.IDTokenEncryptionAlg, tr.config.IDTokenEncryptionEnc = alg, enc
		tr.seal(t, alg, enc, key, header)
	}
}

// seal encrypts what the trial makes, and gives the client the key.
func (tr *trial) seal(t testing.TB, alg, enc, key string, header map[string]any) {
	tr.rework = func(raw string) string { return seal(t, alg, enc, encryptionKey(key), header, raw) }
	if key != "" {
		tr.config.DecryptionKeys = []oidc.DecryptionKey{{ID: key, Private: keys()[key]}}
	}
}

func encryptionKey(name string) any {
	if name == "" {
		return dirKey(clientSecret)
	}
	return keys()[name].Public()
}

var jwtContent = map[string]any{"cty": "JWT"}

// resealed changes what is encrypted, after base.
func resealed(again func(signed string) string) change {
	return func(tr *trial) { tr.rework = again }
}

func TestEncryptedIDToken(t *testing.T) {
	t.Parallel()
	for name, base := range map[string]change{
		"RSA-OAEP":       sealedTo(t, "RSA-OAEP", "A256GCM", "other", jwtContent),
		"RSA-OAEP-256":   sealedTo(t, "RSA-OAEP-256", "A128CBC-HS256", "other", map[string]any{"kid": "other", "cty": "JWT", "typ": "JWT"}),
		"ECDH-ES":        sealedTo(t, "ECDH-ES", "A128CBC-HS256", "p256", map[string]any{"kid": "p256", "cty": "jwt"}),
		"ECDH-ES+A128KW": sealedTo(t, "ECDH-ES+A128KW", "A256CBC-HS512", "p384", map[string]any{"cty": "application/jwt"}),
		"ECDH-ES+A256KW": sealedTo(t, "ECDH-ES+A256KW", "A192GCM", "p521", nil),
		"dir":            sealedTo(t, "dir", "A256GCM", "", jwtContent),
		"dir by default": func(tr *trial) {
			sealedTo(t, "dir", "A128CBC-HS256", "", jwtContent)(tr)
			tr.config.IDTokenEncryptionEnc = ""
		},
		"header repeats claims": sealedTo(t, "RSA-OAEP", "A128GCM", "other", map[string]any{"iss": issuer, "sub": "248289761001", "aud": []string{clientID}}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newTrial()
			base(tr)
			id, err := tr.verify(t)
			require.NoError(t, err)
			assert.Equal(t, "248289761001", id.Subject)
			assert.Equal(t, 2, strings.Count(id.Raw(), "."), "what a logout sends as its hint is signed, and not encrypted")
			result, err := tr.login(t)
			require.NoError(t, err)
			assert.Equal(t, result.IDToken.Raw(), result.Token.IDToken)
			stored, err := json.Marshal(result.IDToken)
			require.NoError(t, err)
			var back oidc.IDToken
			require.NoError(t, json.Unmarshal(stored, &back))
			assert.Equal(t, result.IDToken.Subject, back.Subject)
		})
	}
}

// The ID token of the callback is encrypted like that of the token endpoint.
func TestI28FrontChannel(t *testing.T) {
	t.Parallel()
	for _, responseType := range frontIDTokens() {
		for name, c := range map[string]struct {
			spoil change
			want  error
		}{
			"encrypted": {nil, nil}, "plain": {resealed(nil), oidc.CheckEncrypted},
			"another key": {resealed(func(raw string) string { return seal(t, "ECDH-ES", "A128GCM", encryptionKey("p384"), nil, raw) }), oidc.CheckDecryption},
		} {
			tr := frontTrial(responseType, sealedTo(t, "ECDH-ES", "A128GCM", "p256", jwtContent))
			if c.spoil != nil {
				c.spoil(tr)
			}
			result, err := tr.login(t)
			require.ErrorIs(t, err, c.want, "%s, %s", responseType, name)
			if c.want == nil {
				assert.Equal(t, 2, strings.Count(result.IDToken.Raw(), "."))
			}
		}
	}
}

func TestI28PlainTokenWhenEncrypted(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckEncrypted, sealedTo(t, "RSA-OAEP", "A256GCM", "other", jwtContent), map[string]change{
		"plain": resealed(nil),
		"plain, by another key": func(tr *trial) {
			tr.rework, tr.key, tr.jwks = nil, keys()["other"], []any{jwk("other")}
		},
	})
}

func TestI28EncryptedTokenWhenPlain(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckEncrypted, nil, map[string]change{
		"encrypted to nobody's key": resealed(func(raw string) string {
			return seal(t, "RSA-OAEP", "A256GCM", encryptionKey("other"), jwtContent, raw)
		}),
		"dir with the secret": resealed(func(raw string) string { return seal(t, "dir", "A256GCM", encryptionKey(""), jwtContent, raw) }),
	})
	tr := newTrial()
	tr.rework = func(raw string) string {
		return seal(t, "RSA-OAEP", "A256GCM", encryptionKey("other"), jwtContent, raw)
	}
	_, err := tr.verify(t)
	require.ErrorContains(t, err, "IDTokenEncryptionAlg is not set")
}

func TestI28OtherAlgorithms(t *testing.T) {
	t.Parallel()
	to := func(alg, enc string, key any) change {
		return resealed(func(raw string) string { return seal(t, alg, enc, key, jwtContent, raw) })
	}
	refuses(t, oidc.CheckAlgorithm, sealedTo(t, "RSA-OAEP", "A256GCM", "other", jwtContent), map[string]change{
		"RSA1_5":      to("RSA1_5", "A256GCM", encryptionKey("other")),
		"OAEP-256":    to("RSA-OAEP-256", "A256GCM", encryptionKey("other")),
		"another enc": to("RSA-OAEP", "A128GCM", encryptionKey("other")),
		"PBES2":       to("PBES2-HS256+A128KW", "A256GCM", clientSecret),
		"dir":         to("dir", "A256GCM", dirKey(clientSecret)),
		"A256KW":      to("A256KW", "A256GCM", dirKey(clientSecret)),
		"A256GCMKW":   to("A256GCMKW", "A256GCM", dirKey(clientSecret)),
		"ECDH-ES":     to("ECDH-ES", "A256GCM", encryptionKey("p256")),
	})
	refuses(t, oidc.CheckAlgorithm, sealedTo(t, "dir", "A256GCM", "", jwtContent), map[string]change{
		"RSA-OAEP to a server's key": to("RSA-OAEP", "A256GCM", encryptionKey("rsa")),
		"A128GCM":                    to("dir", "A128GCM", dirKey(clientSecret)[:16]),
	})
}

func TestI28Undecryptable(t *testing.T) {
	t.Parallel()
	to := func(alg, enc string, key any) change {
		return resealed(func(raw string) string { return seal(t, alg, enc, key, jwtContent, raw) })
	}
	changed := func(part int) change {
		return func(tr *trial) {
			before := tr.rework
			tr.rework = func(raw string) string {
				parts := strings.Split(before(raw), ".")
				first := byte('A')
				if parts[part][0] == 'A' {
					first = 'B'
				}
				parts[part] = string(first) + parts[part][1:]
				return strings.Join(parts, ".")
			}
		}
	}
	refuses(t, oidc.CheckDecryption, sealedTo(t, "RSA-OAEP", "A256GCM", "other", jwtContent), map[string]change{
		"the server's own key": to("RSA-OAEP", "A256GCM", encryptionKey("rsa")),
		"key changed":          changed(1), "IV changed": changed(2), "content changed": changed(3), "tag changed": changed(4),
	})
	refuses(t, oidc.CheckDecryption, sealedTo(t, "dir", "A256GCM", "", jwtContent), map[string]change{
		"dir with another secret": to("dir", "A256GCM", dirKey(clientSecret+"x")),
		"dir with the client ID":  to("dir", "A256GCM", dirKey(clientID)),
		"content changed":         changed(3),
	})
	for alg, text := range map[string]string{"dir": "ClientSecret does not decrypt the token", "RSA-OAEP": "no key of DecryptionKeys decrypts the token"} {
		tr := newTrial()
		sealedTo(t, alg, "A256GCM", map[string]string{"RSA-OAEP": "other"}[alg], jwtContent)(tr)
		changed(3)(tr)
		_, err := tr.verify(t)
		require.ErrorContains(t, err, text, "it says what to look at")
	}
	refuses(t, oidc.CheckKey, sealedTo(t, "RSA-OAEP", "A256GCM", "other", map[string]any{"kid": "other"}), map[string]change{
		"another kid": resealed(func(raw string) string {
			return seal(t, "RSA-OAEP", "A256GCM", encryptionKey("other"), map[string]any{"kid": "old"}, raw)
		}),
	})
}

// What differs only in the key, the content or the padding has one text.
func TestI28NoOracle(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	sealedTo(t, "RSA-OAEP", "A128CBC-HS256", "other", jwtContent)(tr)
	p := newProvider(t)
	client := p.client(tr.config)
	good := tr.token(t)
	_, err := client.VerifyIDToken(t.Context(), good, tr.expect)
	require.NoError(t, err, "the accepted twin")
	texts := map[string]bool{}
	for part := 1; part < 5; part++ {
		for _, at := range []int{0, 4} {
			parts := strings.Split(good, ".")
			other := byte('A')
			if parts[part][at] == 'A' {
				other = 'B'
			}
			parts[part] = parts[part][:at] + string(other) + parts[part][at+1:]
			_, err := client.VerifyIDToken(t.Context(), strings.Join(parts, "."), tr.expect)
			require.ErrorIs(t, err, oidc.CheckDecryption)
			texts[err.Error()] = true
		}
	}
	assert.Len(t, texts, 1)
}

func TestI28Headers(t *testing.T) {
	t.Parallel()
	base := sealedTo(t, "RSA-OAEP", "A256GCM", "other", jwtContent)
	with := func(header map[string]any) change {
		return resealed(func(raw string) string { return seal(t, "RSA-OAEP", "A256GCM", encryptionKey("other"), header, raw) })
	}
	for check, spoil := range map[oidc.TokenCheck]map[string]change{
		oidc.CheckCritical: {
			"zip": resealed(func(raw string) string {
				e, err := gojose.NewEncrypter(gojose.A256GCM, gojose.Recipient{Algorithm: gojose.RSA_OAEP, Key: encryptionKey("other")}, &gojose.EncrypterOptions{Compression: gojose.DEFLATE})
				require.NoError(t, err)
				object, err := e.Encrypt([]byte(raw))
				require.NoError(t, err)
				text, err := object.CompactSerialize()
				require.NoError(t, err)
				return text
			}),
			"crit": with(map[string]any{"crit": []string{"x"}, "x": 1}), "b64": with(map[string]any{"b64": false}),
		},
		oidc.CheckType: {
			"cty of another kind": with(map[string]any{"cty": "json"}), "cty in another case of JSON": with(map[string]any{"cty": "application/JSON"}),
			"typ of a logout token": with(map[string]any{"typ": "logout+jwt"}), "typ of an access token": with(map[string]any{"typ": "at+jwt"}),
		},
		oidc.CheckIssuer:   {"another iss": with(map[string]any{"iss": issuer + "1"}), "iss is no text": with(map[string]any{"iss": 7}), "iss is null": with(map[string]any{"iss": nil})},
		oidc.CheckSubject:  {"another sub": with(map[string]any{"sub": "248289761002"})},
		oidc.CheckAudience: {"another aud": with(map[string]any{"aud": clientID + "1"}), "one more aud": with(map[string]any{"aud": []string{clientID, "x"}})},
		oidc.CheckFormat: {
			"kid is no text": with(map[string]any{"kid": 7}),
			"claims that are not signed": resealed(func(raw string) string {
				return seal(t, "RSA-OAEP", "A256GCM", encryptionKey("other"), nil, mustJSON(newTrial().claims))
			}),
			"empty": resealed(func(string) string { return seal(t, "RSA-OAEP", "A256GCM", encryptionKey("other"), jwtContent, "") }),
		},
	} {
		t.Run(string(check), func(t *testing.T) {
			t.Parallel()
			refuses(t, check, base, spoil)
		})
	}
}

func TestI29EncryptedTwice(t *testing.T) {
	t.Parallel()
	twice := func(alg, enc, inner string) change {
		return resealed(func(raw string) string {
			return seal(t, alg, enc, encryptionKey(inner), jwtContent, seal(t, alg, enc, encryptionKey(inner), jwtContent, raw))
		})
	}
	refuses(t, oidc.CheckEncrypted, sealedTo(t, "RSA-OAEP", "A256GCM", "other", jwtContent), map[string]change{"RSA-OAEP": twice("RSA-OAEP", "A256GCM", "other")})
	refuses(t, oidc.CheckEncrypted, sealedTo(t, "dir", "A256GCM", "", jwtContent), map[string]change{"dir": twice("dir", "A256GCM", "")})
	tr := newTrial()
	sealedTo(t, "dir", "A256GCM", "", jwtContent)(tr)
	twice("dir", "A256GCM", "")(tr)
	_, err := tr.verify(t)
	require.ErrorContains(t, err, "the encrypted content is encrypted again", "and no option is named, because none permits it")
}

// Whoever has the client's public key can encrypt: what is inside is verified as if it came alone.
func TestEncryptedTokenIsVerified(t *testing.T) {
	t.Parallel()
	base := sealedTo(t, "RSA-OAEP", "A256GCM", "other", jwtContent)
	for check, spoil := range map[oidc.TokenCheck]change{
		oidc.CheckSignature: func(tr *trial) { tr.key = keys()["other"] },
		oidc.CheckAlgorithm: func(tr *trial) { tr.alg = "none" },
		oidc.CheckIssuer:    set("iss", issuer+"1"), oidc.CheckAudience: set("aud", "x"), oidc.CheckNonce: set("nonce", "x"),
		oidc.CheckExpired: set("exp", now().Add(-time.Hour).Unix()), oidc.CheckAtHash: set("at_hash", "x"), oidc.CheckType: func(tr *trial) { tr.header["typ"] = "at+jwt" },
	} {
		t.Run(string(check), func(t *testing.T) {
			t.Parallel()
			refuses(t, check, base, map[string]change{"spoilt": spoil})
		})
	}
}

// A device that has no answer is as good as the wrong key: its error is not shown.
type silentDevice struct{ *rsa.PrivateKey }

func (silentDevice) Decrypt(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) {
	return nil, errors.New("device at 10.0.0.1 is offline")
}

func TestDecryptionKeyRotation(t *testing.T) {
	t.Parallel()
	current, old := oidc.DecryptionKey{ID: "new", Private: keys()["other"]}, oidc.DecryptionKey{ID: "old", Private: keys()["fake"]}
	for name, c := range map[string]struct {
		key  string
		kid  map[string]any
		ours []oidc.DecryptionKey
		want error
	}{
		"the new key":               {"other", map[string]any{"kid": "new"}, []oidc.DecryptionKey{current, old}, nil},
		"the old key":               {"fake", map[string]any{"kid": "old"}, []oidc.DecryptionKey{current, old}, nil},
		"the old key, by no name":   {"fake", nil, []oidc.DecryptionKey{current, old}, nil},
		"the old key is gone":       {"fake", map[string]any{"kid": "old"}, []oidc.DecryptionKey{current}, oidc.CheckKey},
		"gone, by no name":          {"fake", nil, []oidc.DecryptionKey{current}, oidc.CheckDecryption},
		"under the other's name":    {"fake", map[string]any{"kid": "new"}, []oidc.DecryptionKey{current, old}, oidc.CheckDecryption},
		"for another algorithm":     {"other", nil, []oidc.DecryptionKey{{Alg: "RSA-OAEP-256", Private: keys()["other"]}, old}, oidc.CheckDecryption},
		"a key of another type too": {"other", nil, []oidc.DecryptionKey{{Private: keys()["p256"]}, current}, nil},
		"a device":                  {"other", nil, []oidc.DecryptionKey{{Private: silentDevice{keys()["other"].(*rsa.PrivateKey)}}}, oidc.CheckDecryption},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newTrial()
			sealedTo(t, "RSA-OAEP", "A256GCM", c.key, c.kid)(tr)
			tr.config.DecryptionKeys = c.ours
			id, err := tr.verify(t)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
			assert.Nil(t, id)
			assert.NotContains(t, err.Error(), "10.0.0.1")
		})
	}
}

func TestEncryptedRefresh(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	withRefreshToken(tr)
	sealedTo(t, "ECDH-ES", "A128CBC-HS256", "p256", jwtContent)(tr)
	p := newProvider(t)
	client := p.client(tr.config)
	first, err := p.login(client, tr, "")
	require.NoError(t, err)
	sent := "RT"
	refresh := func(spoil change) (*oidc.Result, error) {
		sent += "1" // a late caller with the same one would get the same reply
		next := newTrial()
		delete(next.claims, "nonce")
		next.rework = tr.rework
		if spoil != nil {
			spoil(next)
		}
		p.serve("/token", map[string]any{"access_token": "A2", "token_type": "Bearer", "refresh_token": "RT2", "id_token": next.token(t)})
		return client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: sent, Previous: first.IDToken})
	}
	result, err := refresh(nil)
	require.NoError(t, err)
	assert.Equal(t, result.IDToken.Raw(), result.Token.IDToken)

	_, err = refresh(set("exp", now().Add(-time.Hour).Unix()))
	require.ErrorIs(t, err, oidc.CheckExpired)
	var kept *oidc.RefreshError
	require.ErrorAs(t, err, &kept, "it is of the same user, so the tokens are kept")
	assert.Equal(t, "RT2", kept.Token.RefreshToken)

	for check, spoil := range map[oidc.TokenCheck]change{
		oidc.CheckIssuedAt: set("iat", now().Add(-time.Minute).Unix()), oidc.CheckNonce: set("nonce", "of another login"), oidc.CheckAuthorized: set("azp", clientID),
	} {
		_, err = refresh(spoil)
		require.ErrorIs(t, err, check)
		kept = nil
		require.ErrorAs(t, err, &kept, "R1: it is good by itself, and differs from the first: %s", check)
		assert.Equal(t, "RT2", kept.Token.RefreshToken)
		require.NotErrorIs(t, err, oauth.ErrLoginAgain)
	}

	_, err = refresh(set("sub", "another"))
	require.ErrorIs(t, err, oidc.CheckSubject)
	assert.False(t, errors.As(err, new(*oidc.RefreshError)), "it is of another user")
	_, err = refresh(func(next *trial) { next.rework = nil })
	require.ErrorIs(t, err, oidc.CheckEncrypted)
	assert.False(t, errors.As(err, new(*oidc.RefreshError)), "whose it is cannot be known")
}

// encryptionMistakes are refused by NewClient with this text, and their twins are accepted.
var encryptionMistakes = map[string]struct {
	bad     func(c *oidc.Config)
	message string
	twin    func(c *oidc.Config)
}{
	"alg without a key": {
		func(c *oidc.Config) { c.IDTokenEncryptionAlg = "RSA-OAEP" }, "oidc: IDTokenEncryptionAlg RSA-OAEP: DecryptionKeys: no key fits RSA-OAEP",
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", ownKey("other") },
	},
	"a key of another type": {
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", ownKey("other") },
		"oidc: IDTokenEncryptionAlg ECDH-ES: DecryptionKeys: no key fits ECDH-ES",
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", ownKey("p256") },
	},
	"keys without alg": {
		func(c *oidc.Config) { c.DecryptionKeys = ownKey("other") },
		"oidc: DecryptionKeys is set, and none of IDTokenEncryptionAlg, UserInfoEncryptionAlg, IntrospectionEncryptionAlg and AuthorizationEncryptionAlg is: they say what the server encrypts",
		func(c *oidc.Config) { c.UserInfoEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", ownKey("other") },
	},
	"enc without alg": {
		func(c *oidc.Config) { c.IDTokenEncryptionEnc = "A128GCM" }, "oidc: IDTokenEncryptionEnc needs IDTokenEncryptionAlg",
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.IDTokenEncryptionEnc = "dir", "A128GCM" },
	},
	"user info's enc without alg": {
		func(c *oidc.Config) { c.UserInfoEncryptionEnc = "A128GCM" }, "oidc: UserInfoEncryptionEnc needs UserInfoEncryptionAlg",
		func(c *oidc.Config) { c.UserInfoEncryptionAlg, c.UserInfoEncryptionEnc = "dir", "A128GCM" },
	},
	"RSA1_5": {
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA1_5", ownKey("other") },
		`oidc: IDTokenEncryptionAlg "RSA1_5" with IDTokenEncryptionEnc "A128CBC-HS256": the pinned alg is not RSA-OAEP, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW, ECDH-ES+A256KW or dir`,
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP-256", ownKey("other") },
	},
	"an unknown enc": {
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.IDTokenEncryptionEnc = "dir", "A128CBC" },
		`oidc: IDTokenEncryptionAlg "dir" with IDTokenEncryptionEnc "A128CBC": the pinned enc is not A128CBC-HS256, A192CBC-HS384, A256CBC-HS512, A128GCM, A192GCM or A256GCM`,
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.IDTokenEncryptionEnc = "dir", "A192CBC-HS384" },
	},
	"dir without a secret": {
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.ClientSecret = "dir", "" },
		"oidc: IDTokenEncryptionAlg dir: ClientSecret: A128CBC-HS256 needs a secret of at least 16 bytes, this one has 0",
		func(c *oidc.Config) { c.IDTokenEncryptionAlg = "dir" },
	},
	"dir with a short secret": {
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.IDTokenEncryptionEnc, c.ClientSecret = "dir", "A256GCM", clientSecret[:31]
		},
		"oidc: IDTokenEncryptionAlg dir: ClientSecret: A256GCM needs a secret of at least 32 bytes, this one has 31",
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.IDTokenEncryptionEnc, c.ClientSecret = "dir", "A256GCM", clientSecret[:32]
		},
	},
	"dir with a short older secret": {
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.OlderClientSecrets = "dir", []string{clientSecret, "short"}
		},
		"oidc: IDTokenEncryptionAlg dir: OlderClientSecrets[1]: A128CBC-HS256 needs a secret of at least 16 bytes, this one has 5",
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.OlderClientSecrets = "dir", []string{clientSecret} },
	},
	"I32 a small key": {
		func(c *oidc.Config) {
			small, _ := rsa.GenerateKey(rand.Reader, 1024)
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", []oidc.DecryptionKey{{ID: "k", Private: small}}
		},
		`oidc: DecryptionKeys[0] ("k"): n has 1024 bits and e is 65537: want 2048 to 16384 bits, and an odd e from 3`,
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", ownKey("other") },
	},
	"a nil device": {
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", []oidc.DecryptionKey{{Private: (*silentDevice)(nil)}}
		},
		`oidc: DecryptionKeys[0] (""): it is nil`,
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", []oidc.DecryptionKey{{Private: &silentDevice{keys()["other"].(*rsa.PrivateKey)}}}
		},
	},
	"a nil exchanger": {
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", []oidc.DecryptionKey{{Private: (*exchanger)(nil)}}
		},
		`oidc: DecryptionKeys[0] (""): it is nil`,
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", ownKey("p256") },
	},
	"a device with an empty RSA key": {
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", []oidc.DecryptionKey{{Private: silentDevice{&rsa.PrivateKey{}}}}
		},
		`oidc: DecryptionKeys[0] (""): a Decrypter must have an RSA key`,
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", []oidc.DecryptionKey{{Private: silentDevice{keys()["other"].(*rsa.PrivateKey)}}}
		},
	},
	"an EC key without its public half": {
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", mixedKey("p256", "") },
		`oidc: DecryptionKeys[0] (""): a part of it is nil`,
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", mixedKey("p256", "p256") },
	},
	"an EC key with the public half of another": {
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", mixedKey("p256", "p384") },
		`oidc: DecryptionKeys[0] (""): its numbers do not fit together`,
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", mixedKey("p384", "p384") },
	},
	"a public key": {
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", []oidc.DecryptionKey{{Private: keys()["other"].Public()}}
		},
		`oidc: DecryptionKeys[0] (""): a *rsa.PublicKey cannot decrypt`,
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", ownKey("other") },
	},
	"bytes": {
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "dir", []oidc.DecryptionKey{{Private: dirKey(clientSecret)}}
		},
		"oidc: DecryptionKeys[0]: for dir the key is derived from ClientSecret",
		func(c *oidc.Config) { c.IDTokenEncryptionAlg = "dir" },
	},
	"another curve": {
		func(c *oidc.Config) {
			p224, _ := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", []oidc.DecryptionKey{{Private: p224}}
		},
		`oidc: DecryptionKeys[0] (""): it is not a key on P-256, P-384 or P-521`,
		func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", ownKey("p384") },
	},
	"a key's alg does not fit it": {
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", []oidc.DecryptionKey{{Alg: "RSA-OAEP", Private: keys()["p256"]}}
		},
		`oidc: DecryptionKeys[0] (""): it does not fit alg RSA-OAEP`,
		func(c *oidc.Config) {
			c.IDTokenEncryptionAlg, c.DecryptionKeys = "ECDH-ES", []oidc.DecryptionKey{{Alg: "ECDH-ES", Private: keys()["p256"]}}
		},
	},
	"older secrets alone": {
		func(c *oidc.Config) { c.ClientSecret, c.OlderClientSecrets = "", []string{clientSecret} }, "oidc: OlderClientSecrets needs ClientSecret",
		func(c *oidc.Config) { c.OlderClientSecrets = []string{clientSecret} },
	},
	"an empty older secret": {
		func(c *oidc.Config) { c.OlderClientSecrets = []string{""} }, "oidc: OlderClientSecrets[0] is empty",
		func(c *oidc.Config) { c.OlderClientSecrets = []string{"x"} },
	},
	"an older secret with a line end": {
		func(c *oidc.Config) { c.OlderClientSecrets = []string{clientSecret, clientSecret + "\n"} },
		"oidc: OlderClientSecrets[1] has a control character, such as the line end of a file",
		func(c *oidc.Config) { c.OlderClientSecrets = []string{clientSecret, clientSecret} },
	},
	"too many older secrets": {
		func(c *oidc.Config) { c.OlderClientSecrets = strings.Split("a.b.c.d.e", ".") }, "oidc: OlderClientSecrets has 5 secrets, at most 4 are allowed",
		func(c *oidc.Config) { c.OlderClientSecrets = strings.Split("a.b.c.d", ".") },
	},
	"I5 an older secret shorter than the hash": {
		func(c *oidc.Config) { c.IDTokenSigningAlg, c.OlderClientSecrets = "HS256", []string{clientSecret[:31]} },
		"oidc: IDTokenSigningAlg HS256 needs secrets of at least 32 bytes, and OlderClientSecrets[0] has 31 (RFC 7518 §3.2)",
		func(c *oidc.Config) { c.IDTokenSigningAlg, c.OlderClientSecrets = "HS256", []string{clientSecret[:32]} },
	},
	"user info's alg is unknown": {
		func(c *oidc.Config) { c.UserInfoSigningAlg = "none" },
		`oidc: UserInfoSigningAlg "none" is not supported, want RS256, PS256, ES256, EdDSA, HS256 or another of their families`,
		func(c *oidc.Config) { c.UserInfoSigningAlg = "RS256" },
	},
	"I5 user info's secret is short": {
		func(c *oidc.Config) { c.UserInfoSigningAlg, c.ClientSecret = "HS512", clientSecret[:63] },
		"oidc: UserInfoSigningAlg HS512 needs a ClientSecret of at least 64 bytes, got 63 (RFC 7518 §3.2)",
		func(c *oidc.Config) { c.UserInfoSigningAlg = "HS512" },
	},
}

func ownKey(name string) []oidc.DecryptionKey { return []oidc.DecryptionKey{{Private: keys()[name]}} }

func TestI28EncryptionMistakes(t *testing.T) {
	t.Parallel()
	for name, c := range encryptionMistakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad, twin := newTrial().config, newTrial().config
			c.bad(&bad)
			c.twin(&twin)
			client, err := oidc.NewClient(bad)
			require.EqualError(t, err, c.message)
			assert.Nil(t, client)
			assert.NotContains(t, err.Error(), clientSecret[:16])
			_, err = oidc.NewClient(twin)
			require.NoError(t, err, "the accepted twin")
		})
	}
}

// A logout token is encrypted exactly when ID tokens are (OpenID Connect Back-Channel Logout §2.4, §2.6).
func TestI28LogoutToken(t *testing.T) {
	t.Parallel()
	for _, typ := range []any{nil, "JWT", "logout+jwt"} {
		outer := map[string]any{"cty": "JWT", "iss": issuer}
		if typ != nil {
			outer["typ"] = typ
		}
		q, err := logoutTrial(sealedTo(t, "RSA-OAEP", "A256GCM", "other", outer)).verifyLogout(t)
		require.NoError(t, err)
		assert.Equal(t, "248289761001", q.Subject)
	}
	base := sealedTo(t, "RSA-OAEP", "A256GCM", "other", jwtContent)
	again := func(key string, header map[string]any) change {
		return resealed(func(raw string) string { return seal(t, "RSA-OAEP", "A256GCM", encryptionKey(key), header, raw) })
	}
	refusesLogout(t, oidc.CheckEncrypted, base, map[string]change{"plain": resealed(nil)})
	refusesLogout(t, oidc.CheckDecryption, base, map[string]change{"another key": again("fake", jwtContent)})
	refusesLogout(t, oidc.CheckIssuer, base, map[string]change{"another iss in the header": again("other", map[string]any{"iss": issuer + "1"})})
	refusesLogout(t, oidc.CheckType, base, map[string]change{"typ of an access token": again("other", map[string]any{"typ": "at+jwt"})})
	refusesLogout(t, oidc.CheckEncrypted, nil, map[string]change{"encrypted": again("other", jwtContent)})
}
