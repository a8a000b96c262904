package oidctest_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// reader is an application that reads encrypted tokens.
type reader struct {
	*journey
	alg, enc string
	key      any
}

// startEncrypted starts a server that encrypts ID tokens and user info with alg and enc; enc may be empty.
func startEncrypted(t *testing.T, alg, enc string, server *oidctest.Server) *reader {
	t.Helper()
	r := &reader{alg: alg, enc: enc}
	var private crypto.Signer = signingKey()
	if strings.HasPrefix(alg, "ECDH") {
		var err error
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
	}
	if enc == "" {
		r.enc = "A128CBC-HS256"
	}
	r.key = private
	if alg == "dir" {
		sum := sha256.Sum256([]byte(oidctest.ClientSecret))
		r.key = sum[:]
	} else {
		set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
			{Key: private.Public(), KeyID: "for-signatures", Use: "sig"}, {Key: private.Public(), KeyID: "enc-1", Use: "enc"},
		}}
		text, err := json.Marshal(set)
		require.NoError(t, err)
		server.JWKS = text
	}
	server.IDTokenEncryptionAlg, server.IDTokenEncryptionEnc = alg, enc
	server.UserInfoEncryptionAlg, server.UserInfoEncryptionEnc = alg, enc
	r.journey = start(t, server)
	return r
}

// open decrypts by go-jose, with any alg and enc.
func (r *reader) open(raw string) (string, jose.Header, error) {
	r.t.Helper()
	var algs []jose.KeyAlgorithm
	for _, alg := range []string{"RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW", "dir", "A128KW"} {
		algs = append(algs, jose.KeyAlgorithm(alg))
	}
	encs := []jose.ContentEncryption{jose.A128GCM, jose.A192GCM, jose.A256GCM, jose.A128CBC_HS256, jose.A192CBC_HS384, jose.A256CBC_HS512}
	object, err := jose.ParseEncryptedCompact(raw, algs, encs)
	if err != nil {
		return "", jose.Header{}, err
	}
	text, err := object.Decrypt(r.key)
	return string(text), object.Header, err
}

// me returns the user info reply.
func (r *reader) me(accessToken string) (contentType, body string) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.url+"/me", nil)
	require.NoError(r.t, err)
	request.Header.Set("Authorization", "Bearer "+accessToken)
	response, err := r.browser.Do(request)
	require.NoError(r.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(r.t, err)
	return response.Header.Get("Content-Type"), string(text)
}

func TestEncryptedTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ alg, enc string }{
		{"RSA-OAEP", "A256GCM"}, {"RSA-OAEP-256", "A256CBC-HS512"}, {"ECDH-ES", ""}, {"ECDH-ES+A128KW", "A128GCM"}, {"ECDH-ES+A192KW", "A192GCM"},
		{"ECDH-ES+A256KW", "A192CBC-HS384"}, {"dir", "A256GCM"}, {"dir", ""},
	} {
		t.Run(c.alg+" "+c.enc, func(t *testing.T) {
			t.Parallel()
			r := startEncrypted(t, c.alg, c.enc, &oidctest.Server{UserInfoSigningAlg: "ES256"})
			reply := r.tokens()
			signed, header, err := r.open(text(reply, "id_token"))
			require.NoError(t, err)
			assert.Equal(t, []any{c.alg, r.enc, "JWT"}, []any{header.Algorithm, string(header.ExtraHeaders["enc"].(string)), header.ExtraHeaders["cty"]})
			if c.alg != "dir" {
				assert.Equal(t, "enc-1", header.KeyID)
			}
			r.claims(signed, "RS256")
			contentType, body := r.me(text(reply, "access_token"))
			assert.Equal(t, "application/jwt", contentType)
			signed, _, err = r.open(body)
			require.NoError(t, err)
			me := r.claims(signed, "ES256")
			assert.Equal(t, []any{r.url, oidctest.ClientID}, []any{me["iss"], me["aud"]})
		})
	}
}

func TestUserInfoThatIsOnlyEncrypted(t *testing.T) {
	t.Parallel()
	r := startEncrypted(t, "ECDH-ES", "", &oidctest.Server{})
	contentType, body := r.me(text(r.tokens(), "access_token"))
	assert.Equal(t, "application/jwt", contentType)
	plain, header, err := r.open(body)
	require.NoError(t, err)
	assert.Nil(t, header.ExtraHeaders["cty"])
	var me map[string]any
	require.NoError(t, json.Unmarshal([]byte(plain), &me))
	assert.NotEmpty(t, me["sub"])
	assert.Nil(t, me["iss"])
}

func TestEncryptionFaults(t *testing.T) {
	t.Parallel()
	r := startEncrypted(t, "RSA-OAEP", "A256GCM", &oidctest.Server{UserInfoSigningAlg: "RS256"})
	// Each fact is false of a good reply and true of the broken one.
	type facts struct {
		id, me, mediaType string
	}
	isJWE := func(raw string) bool { return strings.Count(raw, ".") == 4 }
	header := func(raw, name string) any {
		_, h, _ := r.open(raw)
		return map[string]any{"alg": h.Algorithm, "enc": h.ExtraHeaders["enc"], "zip": h.ExtraHeaders["zip"]}[name]
	}
	opened := func(raw string) string {
		inner, _, _ := r.open(raw)
		return inner
	}
	for fault, wrong := range map[idptest.Fault]func(f facts) bool{
		oidctest.PlainToken:         func(f facts) bool { return !isJWE(f.id) && strings.Count(f.id, ".") == 2 },
		oidctest.OtherEncryptionAlg: func(f facts) bool { return header(f.id, "alg") == "RSA-OAEP-256" },
		oidctest.OtherEncryptionEnc: func(f facts) bool { return header(f.id, "enc") == "A128GCM" },
		oidctest.OtherEncryptionKey: func(f facts) bool { return opened(f.id) == "" && isJWE(f.id) },
		oidctest.CompressedToken:    func(f facts) bool { return header(f.id, "zip") == "DEF" },
		oidctest.EncryptedTwice:     func(f facts) bool { return isJWE(opened(f.id)) },
		oidctest.PlainUserInfo:      func(f facts) bool { return strings.HasPrefix(f.me, "{") && f.mediaType != "application/jwt" },
		oidctest.BareUserInfo: func(f facts) bool {
			return isJWE(f.me) && unverified(t, opened(f.me))["iss"] == nil && unverified(t, opened(f.me))["aud"] == nil
		},
	} {
		look := func() facts {
			reply := r.tokens()
			mediaType, me := r.me(text(reply, "access_token"))
			return facts{text(reply, "id_token"), me, mediaType}
		}
		assert.False(t, wrong(look()), "the twin of %s", fault)
		r.idp.Break(fault)
		assert.True(t, wrong(look()), "%s", fault)
		r.idp.Break()
	}
}

// A client that registered itself gets what it asked for (OpenID Connect Registration §2).
func TestRegistrationOfEncryption(t *testing.T) {
	t.Parallel()
	r := startEncrypted(t, "RSA-OAEP", "A256GCM", &oidctest.Server{Registration: &oidctest.Registration{}})
	keys := map[string]any{"keys": []any{jose.JSONWebKey{Key: signingKey().Public(), KeyID: "enc-1", Use: "enc"}}}
	ask := map[string]any{
		"redirect_uris": []string{callbackURI}, "jwks": keys, "id_token_encrypted_response_alg": "RSA-OAEP-256", "userinfo_signed_response_alg": "RS256",
		"userinfo_encrypted_response_alg": "RSA-OAEP", "userinfo_encrypted_response_enc": "A192GCM",
	}
	status, client := r.sendJSON(http.MethodPost, r.url+"/reg", "", ask)
	require.Equal(t, 201, status)
	id, secret := client["client_id"].(string), client["client_secret"].(string)
	code := r.login("/auth", "client_id", id).Get("code")
	status, reply := r.post("/token", basic(id, secret), form("grant_type", "authorization_code", "code", code, "redirect_uri", callbackURI))
	require.Equal(t, 200, status)
	signed, header, err := r.open(text(reply, "id_token"))
	require.NoError(t, err)
	assert.Equal(t, []any{"RSA-OAEP-256", "A128CBC-HS256"}, []any{header.Algorithm, header.ExtraHeaders["enc"]})
	r.claims(signed, "RS256")
	_, body := r.me(text(reply, "access_token"))
	_, header, err = r.open(body)
	require.NoError(t, err)
	assert.Equal(t, []any{"RSA-OAEP", "A192GCM"}, []any{header.Algorithm, header.ExtraHeaders["enc"]})
	for name, value := range map[string]string{
		"id_token_encrypted_response_alg": "RSA1_5", "userinfo_encrypted_response_enc": "A128CBC", "userinfo_signed_response_alg": "none",
	} {
		good := ask[name]
		ask[name] = value
		status, _ := r.sendJSON(http.MethodPost, r.url+"/reg", "", ask)
		assert.Equal(t, 400, status, name)
		ask[name] = good
	}
	delete(ask, "jwks")
	status, _ = r.sendJSON(http.MethodPost, r.url+"/reg", "", ask)
	assert.Equal(t, 400, status, "there is no key to encrypt to")
}
