package oidc_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	mac "crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// FuzzVerifyIDToken gives any text to a client that pins RS256. What it accepts, go-jose verifies with
// the same key to the same payload.
func FuzzVerifyIDToken(f *testing.F) {
	for _, h := range hostile {
		tr := newTrial()
		if h.base != nil {
			h.base(tr)
		}
		f.Add(tr.token(f))
		h.spoil(tr)
		f.Add(tr.token(f))
	}
	f.Add("")
	f.Add("....")
	cfg := newTrial().config
	cfg.Keys = oidc.StaticKeys{{ID: "rsa", Public: publicRSA()}}
	client, err := oidc.NewClient(cfg)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		id, err := client.VerifyIDToken(t.Context(), raw, oidc.Expect{AllowAnyNonce: true})
		if (id == nil) == (err == nil) {
			t.Fatalf("token %v and error %v", id, err)
		}
		if err != nil {
			if len(raw) > 40 && strings.Contains(err.Error(), raw) {
				t.Fatal("the error prints the token")
			}
			return
		}
		signed, err := gojose.ParseSignedCompact(raw, []gojose.SignatureAlgorithm{gojose.RS256})
		if err != nil {
			t.Fatalf("go-jose cannot read what was accepted: %v", err)
		}
		payload, err := signed.Verify(publicRSA())
		if err != nil {
			t.Fatalf("go-jose does not verify what was accepted: %v", err)
		}
		checkClaims(t, id, payload)
	})
}

// FuzzIDTokenClaims signs any header and claims. What is accepted, encoding/json reads as the same
// issuer, subject, audience and time.
func FuzzIDTokenClaims(f *testing.F) {
	for _, h := range hostile {
		tr := newTrial()
		if h.base != nil {
			h.base(tr)
		}
		h.spoil(tr)
		f.Add(`{"alg":"HS256","typ":"JWT"}`, mustJSON(tr.claims))
	}
	for _, o := range odd {
		tr := newTrial()
		o.change(tr)
		if tr.payload == "" {
			tr.payload = mustJSON(tr.claims)
		}
		f.Add(`{"typ":"jwt","alg":"HS256"}`, tr.payload)
	}
	f.Add(`{"alg":"HS256","crit":["b64"],"b64":false}`, `{}`)
	cfg := newTrial().config
	cfg.IDTokenSigningAlg = "HS256"
	client, err := oidc.NewClient(cfg)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, header, claims string) {
		input := b64(header) + "." + b64(claims)
		code := mac.New(sha256.New, []byte(clientSecret))
		_, _ = io.WriteString(code, input)
		raw := input + "." + b64(string(code.Sum(nil)))
		id, err := client.VerifyIDToken(t.Context(), raw, oidc.Expect{Nonce: sentNonce, AccessToken: accessToken})
		if (id == nil) == (err == nil) {
			t.Fatalf("token %v and error %v", id, err)
		}
		if err != nil {
			return
		}
		signed, err := gojose.ParseSignedCompact(raw, []gojose.SignatureAlgorithm{gojose.HS256})
		if err != nil {
			t.Fatalf("go-jose cannot read what was accepted: %v", err)
		}
		payload, err := signed.Verify([]byte(clientSecret))
		if err != nil || string(payload) != claims {
			t.Fatalf("go-jose does not verify what was accepted: %v", err)
		}
		checkClaims(t, id, payload)
	})
}

// checkClaims compares with encoding/json, which ignores the case of names: a value that it finds under another
// spelling does not count.
func checkClaims(t *testing.T, id *oidc.IDToken, payload []byte) {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(payload, &all); err != nil {
		t.Fatalf("encoding/json cannot read what was accepted: %v", err)
	}
	if id.Issuer != issuer || all["iss"] != issuer || id.Subject == "" || all["sub"] != id.Subject {
		t.Fatalf("iss %q, sub %q, but the token says %v, %v", id.Issuer, id.Subject, all["iss"], all["sub"])
	}
	if !slices.Contains(id.Audience, clientID) {
		t.Fatalf("audience %q", id.Audience)
	}
	exp, ok := all["exp"].(float64)
	if !ok || int64(exp) != id.Expiry.Unix() || exp+60 <= float64(now().Unix()) {
		t.Fatalf("exp %v, but the token says %v", id.Expiry, all["exp"])
	}
}

// FuzzJWKS gives any text to ParseKeys. What it returns are sound public keys, and the text is JSON.
func FuzzJWKS(f *testing.F) {
	if text, err := os.ReadFile("testdata/rsa4096.json"); err == nil {
		f.Add(text)
	}
	for _, o := range odd {
		tr := newTrial()
		o.change(tr)
		f.Add(keySet(tr.jwks...))
	}
	f.Add(append([]byte("\ufeff"), keySet(jwk("rsa"))...))
	f.Add(keySet(jwk("p256"), jwk("p384"), jwk("p521"), jwk("ed")))
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := oidc.ParseKeys(text)
		if err != nil {
			if set != nil {
				t.Fatal("keys and an error")
			}
			return
		}
		var doc struct {
			Keys []json.RawMessage `json:"keys"`
		}
		if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &doc); err != nil {
			t.Fatalf("encoding/json cannot read what was accepted: %v", err)
		}
		if len(set) > 100 {
			t.Fatalf("%d keys", len(set))
		}
		for _, k := range set {
			switch public := k.Public.(type) {
			case *rsa.PublicKey:
				if public.N.BitLen() < 2048 {
					t.Fatalf("a key of %d bits", public.N.BitLen())
				}
			case *ecdsa.PublicKey:
				if _, err := public.ECDH(); err != nil {
					t.Fatalf("a point that is not on its curve: %v", err)
				}
			case ed25519.PublicKey:
				if len(public) != ed25519.PublicKeySize {
					t.Fatalf("a key of %d bytes", len(public))
				}
			default:
				t.Fatalf("a %T", public)
			}
		}
	})
}

// FuzzMetadata serves any text as the discovery document. An accepted document is JSON, has the configured issuer,
// and its endpoints are https or loopback.
func FuzzMetadata(f *testing.F) {
	f.Add([]byte(mustJSON(metadata())))
	f.Add([]byte(`{"issuer":"https://op.example/"}`))
	f.Add([]byte("\ufeff" + `{"issuer":"https://op.example","token_endpoint_auth_methods_supported":"x"}`))
	f.Add([]byte(`{"issuer":"https://op.example","jwks_uri":"http://127.0.0.1:1/jwks"}`))
	f.Add([]byte(`{"issuer":"https://op.example","Issuer":"x","token_endpoint":"javascript:1","scopes_supported":[null]}`))
	base := newTrial().config // makes keys, which takes longer than the time for one input
	f.Fuzz(func(t *testing.T, text []byte) {
		cfg := base
		cfg.HTTPClient = &http.Client{Transport: handler{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(text)
		})}}
		client, err := oidc.NewClient(cfg)
		if err != nil {
			t.Fatal(err)
		}
		m, err := client.Metadata(t.Context())
		if (m == nil) == (err == nil) {
			t.Fatalf("metadata %v and error %v", m, err)
		}
		if err != nil {
			return
		}
		var all map[string]any
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
		if err := m.Claims(&all); err != nil || json.Unmarshal(text, &all) != nil || all["issuer"] != issuer || m.Issuer != issuer {
			t.Fatalf("accepted metadata of %v: %v", all["issuer"], err)
		}
		var same oidc.Metadata
		if err := json.Unmarshal(text, &same); err != nil || same.String() != m.String() {
			t.Fatalf("json.Unmarshal reads %v, %v where discovery reads %v", same, err, m)
		}
		stored, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := oidc.ParseMetadata(stored); err != nil || back.String() != m.String() {
			t.Fatalf("%v, %v was stored as %s", back, err, stored)
		}
		for _, u := range []string{
			m.AuthorizationEndpoint, m.TokenEndpoint, m.UserInfoEndpoint, m.JWKSURI, m.EndSessionEndpoint, m.IntrospectionEndpoint, m.RevocationEndpoint,
		} {
			if low := strings.ToLower(u); u != "" && !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "http://") {
				t.Fatalf("accepted the endpoint %q", u)
			}
		}
	})
}
