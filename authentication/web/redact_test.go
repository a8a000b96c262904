package web_test

import (
	"encoding/xml"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/internal/redacttest"
)

// S12, S15: every exported type, in every verb, log and JSON, alone and inside others.
func TestS15EveryTypeIsJudged(t *testing.T) {
	t.Parallel()
	key := []byte("0123456789abcdef0123456789abcdef")
	secret := []string{string(key), "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}
	dpop, err := web.NewDPoP(web.DPoPConfig{BaseURL: "https://api.example", RequireNonce: true, NonceKeys: web.Keys{key}})
	require.NoError(t, err)
	redacttest.Judge(t,
		redacttest.Type{Value: &web.Pending{Keys: web.Keys{key}}, Pointer: true, Secrets: secret},
		redacttest.Type{Value: web.Keys{key}, Secrets: secret},
		redacttest.Type{Value: web.ErrorPage{}, Open: true},
		redacttest.Type{Value: web.Problem{}, Open: true},
		redacttest.Type{Value: web.Addresses{}, Open: true},
		redacttest.Type{Value: web.Event{}, Open: true},
		redacttest.Type{Value: web.Freshness{}, Open: true},
		redacttest.Type{Value: web.LoggedIn{}, Open: true},
		redacttest.Type{Value: web.Transport{}, Open: true},
		redacttest.Type{Value: web.Config{Keys: web.Keys{key}}, Secrets: secret},
		redacttest.Type{Value: new(web.Site), Pointer: true, Secrets: secret},
		redacttest.Type{Value: web.Caller{}, Public: []string{"Issuer", "Subject", "ClientID", "Scope", "Audience", "Expiry", "AuthTime", "ACR", "Binding", "JKT", "X5T"}},
		redacttest.Type{Value: dpop, Pointer: true, Secrets: secret},
		redacttest.Type{Value: web.DPoPConfig{NonceKeys: web.Keys{key}}, Secrets: secret, Public: []string{"BaseURL", "Algs"}},
		redacttest.Type{Value: web.TokenGuard{}, Public: []string{"Scopes", "Fresh"}},
		redacttest.Type{Value: web.IntrospectionExpect{}, Open: true},
		redacttest.Type{Value: web.ResourceMetadata{}, Open: true},
		redacttest.Type{Value: web.Resource{}, Open: true},
		redacttest.Type{Value: web.StepUpError{}, Open: true},
	)
}

// Encoders without support for Format and MarshalJSON use MarshalText.
func TestKeysAsXML(t *testing.T) {
	t.Parallel()
	type holder struct{ Keys web.Keys }
	for _, v := range []any{web.Keys{keyA}, holder{web.Keys{keyA}}} {
		text, err := xml.Marshal(v)
		require.NoError(t, err)
		assert.Contains(t, string(text), "[redacted]")
		assert.NotContains(t, string(text), string(keyA))
	}
}
