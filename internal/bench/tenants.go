package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	hashicap "github.com/hashicorp/cap/oidc"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// tenants are OpenID Providers on one transport: the first part of the path is the tenant's name.
type tenants struct {
	mu      sync.Mutex
	jwks    []byte
	lost    int           // that many requests for keys fail
	wait    time.Duration // a request for keys takes so long
	fetched atomic.Int64  // requests for keys
}

func (s *tenants) client() *http.Client { return &http.Client{Transport: s} }

func (s *tenants) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := http.StatusOK, []byte(nil)
	if strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration") {
		body = discovery(host + strings.TrimSuffix(r.URL.Path, "/.well-known/openid-configuration"))
	} else {
		s.fetched.Add(1)
		time.Sleep(s.wait)
		s.mu.Lock()
		if body = s.jwks; s.lost > 0 {
			s.lost--
			status = http.StatusServiceUnavailable
		}
		s.mu.Unlock()
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(body)),
		Body: io.NopCloser(bytes.NewReader(body)), Request: r,
	}, nil
}

// discovery has the members that servers send.
func discovery(issuer string) []byte {
	document, err := json.Marshal(map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/auth", "token_endpoint": issuer + "/token", "userinfo_endpoint": issuer + "/me",
		"jwks_uri": issuer + "/.well-known/jwks.json", "end_session_endpoint": issuer + "/session/end", "introspection_endpoint": issuer + "/token/introspection",
		"revocation_endpoint": issuer + "/token/revocation", "registration_endpoint": issuer + "/register",
		"scopes_supported":                      strings.Fields(scope + " offline_access role tenant_id"),
		"response_types_supported":              []string{"code", "id_token", "code id_token", "code token", "code id_token token", "none"},
		"response_modes_supported":              []string{"query", "fragment", "form_post"},
		"grant_types_supported":                 []string{"authorization_code", "implicit", "refresh_token", "client_credentials", "password"},
		"subject_types_supported":               []string{"public", "pairwise"},
		"id_token_signing_alg_values_supported": []string{"HS256", "RS256"},
		"userinfo_signing_alg_values_supported": []string{"HS256", "RS256"},
		"token_endpoint_auth_methods_supported": []string{"none", "client_secret_post", "client_secret_basic"},
		"code_challenge_methods_supported":      []string{"S256", "plain"},
		"claims_supported":                      strings.Fields("sub name nickname email email_verified birthdate family_name gender given_name locale picture profile updated_at website zoneinfo"),
	})
	must(err)
	return document
}

// keyRing is some keys of RSA; the first signs.
type keyRing []*rsa.PrivateKey

func newKeyRing(n int) keyRing {
	ring := make(keyRing, n)
	for i := range ring {
		var err error
		ring[i], err = rsa.GenerateKey(rand.Reader, 2048)
		must(err)
	}
	return ring
}

func (ring keyRing) jwks(name string) []byte {
	var set jose.JSONWebKeySet
	for i, k := range ring {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: &k.PublicKey, KeyID: fmt.Sprint(name, i), Algorithm: "RS256", Use: "sig"})
	}
	document, err := json.Marshal(set)
	must(err)
	return document
}

// token is by the first key of the ring, whatever its kid says.
func (ring keyRing) token(issuer, kid string) string {
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", kid)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: ring[0]}, options)
	must(err)
	signed, err := signer.Sign(bytes.ReplaceAll(claims(), []byte(`"https://op.example/oidc"`), []byte(`"`+issuer+`"`)))
	must(err)
	raw, err := signed.CompactSerialize()
	must(err)
	return raw
}

// party makes a client of a tenant that discovers everything, and returns how it verifies a token. What it keeps is kept
// alive by that function.
type party struct {
	name string
	make func(s *tenants, issuer string) func(raw string) error
}

func parties() []party {
	ctx := context.Background()
	return []party{
		{"oidc", func(s *tenants, issuer string) func(string) error {
			client, err := oidc.NewClient(oidc.Config{Issuer: issuer, ClientID: clientID, ClientSecret: secret, RedirectURI: callback, HTTPClient: s.client()})
			must(err)
			return func(raw string) error {
				_, err := client.VerifyIDToken(ctx, raw, oidc.Expect{Nonce: nonce})
				return err
			}
		}},
		{"authentication", func(s *tenants, issuer string) func(string) error {
			client, err := authentication.NewClient(authentication.Options{
				AppID: clientID, Secret: secret, AppHost: strings.TrimSuffix(issuer, "/oidc"), RedirectURI: callback, HTTPClient: s.client(),
				Protocol: authentication.OIDC{IDTokenSigningAlg: "RS256"},
			})
			must(err)
			return func(raw string) error {
				_, err := client.VerifyIDToken(ctx, raw, oidc.Expect{Nonce: nonce})
				return err
			}
		}},
		{"go-oidc", func(s *tenants, issuer string) func(string) error {
			provider, err := gooidc.NewProvider(gooidc.ClientContext(ctx, s.client()), issuer)
			must(err)
			config := xoauth2()
			config.Endpoint = provider.Endpoint()
			verifier := provider.Verifier(&gooidc.Config{ClientID: clientID})
			return func(raw string) error {
				token, err := verifier.Verify(ctx, raw)
				if err == nil && token.Nonce != nonce {
					return fmt.Errorf("nonce for %s at %s", config.ClientID, provider.UserInfoEndpoint())
				}
				return err
			}
		}},
		{"zitadel/oidc", func(s *tenants, issuer string) func(string) error {
			foreign, err := rp.NewRelyingPartyOIDC(ctx, issuer, clientID, secret, callback, strings.Fields(scope), rp.WithHTTPClient(s.client()),
				rp.WithVerifierOpts(rp.WithNonce(func(context.Context) string { return nonce })))
			must(err)
			return func(raw string) error {
				_, err := rp.VerifyIDToken[*zitadel.IDTokenClaims](ctx, raw, foreign.IDTokenVerifier())
				return err
			}
		}},
		{"cap", func(s *tenants, issuer string) func(string) error {
			config, err := hashicap.NewConfig(issuer, clientID, secret, []hashicap.Alg{hashicap.RS256}, []string{callback}, hashicap.WithRoundTripper(s))
			must(err)
			provider, err := hashicap.NewProvider(config)
			must(err)
			return func(raw string) error {
				request, err := hashicap.NewRequest(time.Hour, callback, hashicap.WithNonce(nonce))
				if err != nil {
					return err
				}
				_, err = provider.VerifyIDToken(ctx, hashicap.IDToken(raw), request)
				return err
			}
		}},
	}
}
