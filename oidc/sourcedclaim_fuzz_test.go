package oidc_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// document is any text as the claims of a user.
type document string

func (d document) Claims(v any) error { return strictjson.Decode([]byte(d), v) }

// roundTrip is a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// FuzzGetSourcedClaims gives any claims to a client with one provider. Nothing is sent but to its endpoint, and what
// is accepted is this provider's.
func FuzzGetSourcedClaims(f *testing.F) {
	raw := newClaims().token(f)
	for _, h := range []holder{aggregated(raw), distributed(), distributed("endpoint", issuer+"/users/u-1"), distributed("JWT", raw), {}} {
		f.Add(mustJSON(h), raw)
	}
	f.Add(`{"_claim_names":{"a":"b"},"_claim_sources":{"b":{"endpoint":"https://op.example/users/../me"}}}`, "a.b.c")
	f.Fuzz(func(t *testing.T, claims, reply string) {
		cfg := newClaims().config
		cfg.ClaimsProviders[0].Endpoints = []string{issuer + "/claims_endpoint", issuer + "/users/"}
		cfg.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if at := r.URL.String(); at != issuer+"/claims_endpoint" && (!strings.HasPrefix(at, issuer+"/users/") || strings.ContainsAny(at[8:], "?#%\\") || strings.Contains(at, "..")) {
				t.Errorf("sent to %s", at)
			}
			if reply == "" {
				return nil, errors.New("no answer")
			}
			return httpmock.NewStringResponse(http.StatusOK, reply), nil
		})}
		client, err := oidc.NewClient(cfg)
		if err != nil {
			t.Fatal(err)
		}
		got, err := client.GetSourcedClaims(t.Context(), document(claims))
		if (got == nil) == (err == nil) {
			t.Fatalf("claims %v and error %v", got, err)
		}
		for name, claim := range got {
			if claim.Issuer != bank || len(claim.Value) == 0 {
				t.Fatalf("%s is from %q: %s", name, claim.Issuer, claim.Value)
			}
		}
	})
}
