package main

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	issuer      = "https://op.example/oidc"
	clientID    = "5f17a529f64fb009b794a2ff"
	secret      = "0123456789abcdef0123456789abcdef"
	callback    = "https://app.example/callback"
	trusted     = "https://api.example"
	nonce       = "n-0S6_WzA2Mj"
	accessToken = "SlAV32hkKG"
	code        = "SplxlOBeZQQYbYS6WxSbIA"
	state       = "af0ifjsldkj"
)

// rsaKeys are made once: "op" signs, "other" is a second key of the server, "attacker" is nobody's,
// "client" decrypts.
var rsaKeys = sync.OnceValue(func() map[string]*rsa.PrivateKey {
	made := map[string]*rsa.PrivateKey{}
	for name, bits := range map[string]int{"op": 2048, "other": 2048, "attacker": 2048, "client": 2048, "small": 1024} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		made[name] = key
	}
	return made
})

// trial is an ID token, the server that it comes from, and what the application asked for. newTrial makes one that is to
// be accepted.
type trial struct {
	alg      string // how it is signed
	key      any
	header   map[string]any
	claims   map[string]any
	rawHead  string              // replaces header when set
	rawBody  string              // replaces claims when set
	rework   func(string) string // changes the token last
	front    change              // changes the ID token of the callback, when there are two
	jwks     []any               // the server's keys
	document map[string]any      // its metadata
	text     func(string) string // changes the text of the metadata
	keysText func(string) string // changes the text of the JWKS
	moved    string              // this path redirects
	page     string              // this path is served as text/html

	encrypt     *encryption // of the token, after the signature
	nonce       string
	pinned      string // the algorithm that was agreed
	encrypted   bool   // RSA-OAEP-256 with A256GCM was agreed
	secret      string
	maxAge      time.Duration
	audiences   []string
	acr         []string
	accessToken string
	code        string
	state       string
	browser     bool // the token came through the browser
	pair        bool // one came through the browser, and one from the token endpoint

	now time.Time
	err error // of making the token
}

type change = func(*trial)

func newTrial() *trial {
	now := time.Now()
	return &trial{
		alg: "RS256", key: rsaKeys()["op"], header: map[string]any{"kid": "op", "typ": "JWT"},
		claims: map[string]any{
			"iss": issuer, "sub": "5ff701d846b9203e2f6ac6f3", "aud": clientID, "nonce": nonce, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		},
		jwks: []any{jwk("op"), jwk("other")},
		document: map[string]any{
			"issuer": issuer, "authorization_endpoint": issuer + "/auth", "token_endpoint": issuer + "/token", "jwks_uri": issuer + "/jwks",
			"response_types_supported": []string{"code", "code id_token"}, "subject_types_supported": []string{"public"},
			"id_token_signing_alg_values_supported": []string{"RS256"},
		},
		nonce: nonce, pinned: "RS256", secret: secret, now: now,
	}
}

// jwk is a public key of the server with more members; nil removes one.
func jwk(name string, more ...any) map[string]any {
	text, err := json.Marshal(jose.JSONWebKey{Key: &rsaKeys()[name].PublicKey, KeyID: name, Use: "sig", Algorithm: "RS256"})
	if err != nil {
		panic(err)
	}
	member := map[string]any{}
	if err := json.Unmarshal(text, &member); err != nil {
		panic(err)
	}
	for i := 0; i < len(more); i += 2 {
		if member[more[i].(string)] = more[i+1]; more[i+1] == nil {
			delete(member, more[i].(string))
		}
	}
	return member
}

// token is the ID token.
func (tr *trial) token() string {
	header := map[string]any{"alg": tr.alg}
	for name, value := range tr.header {
		header[name] = value
	}
	head, body := tr.encode(tr.rawHead, header), tr.encode(tr.rawBody, tr.claims)
	raw := b64(head) + "." + b64(body)
	raw += "." + b64(tr.sign(raw))
	if tr.encrypt != nil {
		raw = tr.encrypt.text(tr, raw)
	}
	if tr.rework != nil {
		raw = tr.rework(raw)
	}
	return raw
}

func (tr *trial) encode(raw string, members map[string]any) string {
	if raw != "" {
		return raw
	}
	text, err := json.Marshal(members)
	if err != nil {
		tr.err = err
	}
	return string(text)
}

func (tr *trial) sign(input string) string {
	var signature []byte
	var err error
	switch {
	case strings.HasPrefix(tr.alg, "HS"):
		mac := hmac.New(sha256.New, tr.key.([]byte))
		mac.Write([]byte(input))
		signature = mac.Sum(nil)
	case tr.alg == "PS256":
		sum := sha256.Sum256([]byte(input))
		signature, err = rsa.SignPSS(rand.Reader, tr.key.(*rsa.PrivateKey), crypto.SHA256, sum[:], nil)
	case tr.alg == "RS512":
		sum := sha512.Sum512([]byte(input))
		signature, err = rsa.SignPKCS1v15(nil, tr.key.(*rsa.PrivateKey), crypto.SHA512, sum[:])
	case tr.alg == "RS256":
		sum := sha256.Sum256([]byte(input))
		signature, err = rsa.SignPKCS1v15(nil, tr.key.(*rsa.PrivateKey), crypto.SHA256, sum[:])
	}
	if err != nil {
		tr.err = err
	}
	return string(signature)
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// half is at_hash, c_hash and s_hash under RS256.
func half(value string) string {
	sum := sha256.Sum256([]byte(value))
	return b64(string(sum[:16]))
}

func decode(part string) string {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		panic(err)
	}
	return string(text)
}
