package oauth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// boundWorld is a world whose API and server take tokens of one key only.
type boundWorld struct {
	*world
	nonce     string // what the API wants in a proof
	downgrade bool   // the server binds nothing
	challenge string // before the challenge of the scheme Bearer, when the request has no token
	sent      []map[string]any
}

func newBoundWorld(t *testing.T) *boundWorld {
	t.Helper()
	w := &boundWorld{world: newWorld(t), challenge: `DPoP algs="ES256"`}
	w.cfg.Client.DPoP = newDPoP(t)
	w.mock.RegisterResponder(http.MethodPost, "=~(?i)^https://mcp.example.com(:443)?/mcp", w.boundAPI)
	w.mock.RegisterResponder(http.MethodPost, server+"/token", w.boundToken)
	return w
}

func (w *boundWorld) boundAPI(r *http.Request) (*http.Response, error) {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "DPoP ")
	inner := r.Clone(r.Context())
	if found {
		proof := proofClaims(w.t, r.Header)
		digest := sha256.Sum256([]byte(token))
		assert.Equal(w.t, []any{"POST", mcp, base64.RawURLEncoding.EncodeToString(digest[:])}, []any{proof["htm"], proof["htu"], proof["ath"]})
		w.mu.Lock()
		w.sent = append(w.sent, proof)
		w.mu.Unlock()
		if w.nonce != "" && proof["nonce"] != w.nonce {
			_, err := io.Copy(io.Discard, r.Body)
			res := challengedBy(http.StatusUnauthorized, `DPoP error="use_dpop_nonce"`)
			res.Header.Set("DPoP-Nonce", w.nonce)
			return res, err
		}
		inner.Header.Set("Authorization", "Bearer "+token)
	} else {
		assert.Empty(w.t, r.Header.Get("Authorization"), "a bound token is not sent as a Bearer token")
	}
	res, err := w.api(inner)
	if err != nil || res.StatusCode == http.StatusOK {
		return res, err
	}
	text := res.Header.Get("WWW-Authenticate")
	if found {
		text = "DPoP" + strings.TrimPrefix(text, "Bearer")
	} else if w.challenge != "" {
		text = w.challenge + ", " + text
	}
	res.Header.Set("WWW-Authenticate", text)
	return res, nil
}

func (w *boundWorld) boundToken(r *http.Request) (*http.Response, error) {
	res, err := w.token(r)
	if err != nil || w.downgrade {
		return res, err
	}
	assert.Len(w.t, r.Header["Dpop"], 1)
	body, err := io.ReadAll(res.Body)
	return httpmock.NewStringResponse(res.StatusCode, strings.Replace(string(body), `"Bearer"`, `"DPoP"`, 1)), err
}

// P4: a token of the key, a proof for each request, and a nonce where the API wants one: also for the login.
func TestP4ResourceClient(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*boundWorld){
		"both challenges": func(*boundWorld) {}, "Bearer alone": func(w *boundWorld) { w.challenge = "" },
		"DPoP alone": func(w *boundWorld) {
			w.bearer = ""
			w.challenge = `DPoP algs="ES256", scope="files:read", resource_metadata="` + mcpDocument + `"`
		},
		"required": func(w *boundWorld) { w.metadata["dpop_bound_access_tokens_required"] = true },
		"a nonce":  func(w *boundWorld) { w.nonce = "N1" },
	} {
		w := newBoundWorld(t)
		change(w)
		at := now
		w.cfg.Client.Now = func() time.Time { return at }
		c := w.client()
		w.works(c)
		w.works(c)
		assert.Len(t, w.logins, 1, name)
		assert.Equal(t, w.cfg.Client.DPoP.JKT(), w.logins[0].Get("dpop_jkt"), name)
		sent := 2
		if w.nonce != "" {
			sent = 3
		}
		assert.Len(t, w.sent, sent, "%s: the nonce is asked for once", name)
		token, err := c.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, oauth.Binding{JKT: w.cfg.Client.DPoP.JKT()}, token.Binding, name)

		delete(w.tokens, "AT1")
		at = at.Add(10 * time.Minute)
		w.works(c)
		assert.Len(t, w.logins, 1, "%s: invalid_token of the scheme DPoP is mended by the refresh token", name)
		w.need = []string{"files:read", "files:write"}
		w.works(c)
		require.Len(t, w.logins, 2, "%s: and insufficient_scope by a login", name)
		assert.Equal(t, "files:read files:list files:write", scopeOf(w.logins[1].Get("scope"), name), name)
	}
}

// P4: many callers at once share a login, and each has proofs of its own. A body that cannot be sent again is not.
func TestP4ResourceClientAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := newBoundWorld(t)
	w.nonce = "N1"
	c := w.client()
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			res, err := w.call(c, mcp)
			if assert.NoError(t, err) {
				assert.Equal(t, http.StatusOK, res.StatusCode)
			}
		})
	}
	all.Wait()
	assert.Len(t, w.logins, 1)
	proofs := map[any]bool{}
	for _, proof := range w.sent {
		assert.False(t, proofs[proof["jti"]], "each proof is used once")
		proofs[proof["jti"]] = true
	}

	w.nonce = "N2"
	for _, want := range []int{http.StatusUnauthorized, http.StatusOK} { // the next request has the nonce
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, mcp, strings.NewReader(`{"method":"ping"}`))
		require.NoError(t, err)
		r.GetBody = nil
		res, err := c.RoundTrip(r)
		require.NoError(t, err)
		assert.Equal(t, want, res.StatusCode)
		assert.False(t, c.Demands(res), "a nonce is no reason for a login")
	}
	assert.Len(t, w.logins, 1)
}

// scopeOf is the scope of a login whose first challenge named one scope of the two.
func scopeOf(scope, name string) string {
	if name == "DPoP alone" {
		return strings.Replace(scope, "files:read", "files:read files:list", 1)
	}
	return scope
}

// P5, P6: a server that binds nothing, and a stored token of another key, of no key, or for no key.
func TestP5P6ResourceClient(t *testing.T) {
	t.Parallel()
	w := newBoundWorld(t)
	w.downgrade = true
	require.ErrorIs(t, w.fails(w.client()), oauth.ErrBinding)
	assert.Empty(t, w.sent)

	w = newBoundWorld(t)
	store := &kept{}
	w.cfg.Store = store
	w.works(w.client())
	w.works(w.client())
	require.Len(t, w.logins, 1, "the stored token of the same key")
	w.cfg.Client.DPoP = newDPoP(t)
	w.works(w.client())
	require.Len(t, w.logins, 2, "another key")
	text := string(store.text["token "+mcp])
	for i, other := range []string{strings.Replace(text, `"token_type":"DPoP"`, `"token_type":"Bearer"`, 1), strings.Replace(text, w.cfg.Client.DPoP.JKT(), "another-key", 1)} {
		require.NotEqual(t, text, other)
		store.text["token "+mcp] = []byte(other)
		w.works(w.client())
		require.Len(t, w.logins, 3+i)
	}
	w.cfg.Client.DPoP = nil
	_, err := w.client().Token(t.Context())
	require.ErrorIs(t, err, oauth.ErrLoginAgain, "a bound token is not used without its key")
}

// The challenge of the scheme that was used is the one that counts (RFC 9449 §7.1).
func TestResourceWithBothChallenges(t *testing.T) {
	t.Parallel()
	for _, key := range []bool{true, false} {
		w := newBoundWorld(t)
		if !key {
			w.cfg.Client.DPoP = nil
		}
		res := challengedBy(http.StatusUnauthorized, `DPoP error="invalid_dpop_proof", Bearer error="invalid_token"`)
		var err error
		res.Request, err = http.NewRequestWithContext(t.Context(), http.MethodPost, mcp, nil)
		require.NoError(t, err)
		assert.Equal(t, !key, w.client().Demands(res), "a login mends a bad token, and no bad proof")
	}
}

// A user must not log in for a token that the API does not take.
func TestResourceThatRequiresDPoP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.metadata["dpop_bound_access_tokens_required"] = true
	require.ErrorContains(t, w.fails(w.client()), "oauth: the API's metadata has dpop_bound_access_tokens_required, and ResourceConfig.Client.DPoP is not set")
	assert.Empty(t, w.logins)
	w.metadata["dpop_bound_access_tokens_required"] = "yes"
	require.ErrorIs(t, w.fails(w.client()), oauth.DiscoveryDocument)
	w.metadata["dpop_bound_access_tokens_required"] = false
	w.works(w.client())

	w.bearer, w.metadata["dpop_signing_alg_values_supported"] = `resource_metadata="`+mcpDocument+`"`, []string{"PS256"}
	w.works(w.client())
	w.cfg.Client.DPoP = newDPoP(t)
	require.ErrorContains(t, w.fails(w.client()), "oauth: DPoP signs with ES256, and the API accepts PS256")

	w.cfg.Client.DPoP = &oauth.DPoP{}
	_, err := oauth.NewResourceClient(w.cfg)
	require.EqualError(t, err, "oauth: ResourceConfig.Client: oauth: the DPoP was not made by NewDPoP")
}

// The API's challenge says it, too (RFC 9449 §7.1).
func TestResourceWhoseChallengeIsDPoP(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		key       bool
		challenge string
		bearer    bool
		want      string
	}{
		"both schemes, no key":     {false, `DPoP algs="ES256"`, true, ""},
		"no key":                   {false, `DPoP algs="ES256"`, false, "oauth: the API's challenge has the scheme DPoP and not Bearer, and ResourceConfig.Client.DPoP is not set"},
		"the algorithm of the key": {true, `DPoP algs="PS256 ES256"`, true, ""},
		"no algorithm":             {true, `DPoP`, true, ""},
		"another algorithm":        {true, `DPoP algs="PS256 EdDSA"`, true, "oauth: DPoP signs with ES256, and the API accepts PS256 EdDSA"},
	} {
		w := newBoundWorld(t)
		if !c.key {
			w.cfg.Client.DPoP = nil
		}
		client := w.client()
		res := challengedBy(http.StatusUnauthorized, c.challenge)
		if c.bearer {
			res.Header.Set("WWW-Authenticate", c.challenge+", Bearer")
		}
		var err error
		res.Request, err = http.NewRequestWithContext(t.Context(), http.MethodPost, mcp, nil)
		require.NoError(t, err)
		_, err = client.BeginLogin(t.Context(), res)
		if c.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.EqualError(t, err, c.want, name)
		assert.Empty(t, w.calls, "%s: nothing is asked in vain", name)
	}
}

// A client that registers itself asks for what it will use (RFC 9449 §5.2).
func TestResourceClientRegistersForDPoP(t *testing.T) {
	t.Parallel()
	w := newBoundWorld(t)
	w.cfg.Client.ClientID, w.cfg.Register = "", &oauth.ClientMetadata{}
	w.works(w.client())
	require.Len(t, w.clients, 1)
	assert.Contains(t, w.clients[0], `"dpop_bound_access_tokens":true`)
	plain := newWorld(t)
	plain.cfg.Client.ClientID, plain.cfg.Register = "", &oauth.ClientMetadata{}
	plain.works(plain.client())
	assert.NotContains(t, plain.clients[0], "dpop_bound_access_tokens")
	plain.cfg.Register = &oauth.ClientMetadata{DPoPBoundAccessTokens: true}
	_, err := oauth.NewResourceClient(plain.cfg)
	require.EqualError(t, err, "oauth: ResourceConfig.Register.DPoPBoundAccessTokens is set, and Client.DPoP is not: no token would be issued (RFC 9449 §5.2)")
}

// A server gives a client that is registered for DPoP no token without a proof (RFC 9449 §5.2).
func TestResourceClientRegisteredForDPoP(t *testing.T) {
	t.Parallel()
	bound, store := newBoundWorld(t), &kept{}
	bound.cfg.Client.ClientID, bound.cfg.Register, bound.cfg.Store = "", &oauth.ClientMetadata{}, store
	bound.works(bound.client())
	w := newWorld(t)
	w.cfg.Client.ClientID, w.cfg.Register, w.cfg.Store = "", &oauth.ClientMetadata{}, store
	w.works(w.client())
	assert.Len(t, w.clients, 1, "the stored client cannot be used any more")
	w.works(w.client())
	assert.Len(t, w.clients, 1, "and the new one can")

	var known oauth.Registration
	require.NoError(t, json.Unmarshal([]byte(`{"client_id":"C7","dpop_bound_access_tokens":true}`), &known))
	w = newWorld(t)
	w.cfg.Clients = map[string]oauth.Registration{server: known}
	require.ErrorContains(t, w.fails(w.client()), "oauth: the registered client has dpop_bound_access_tokens, and ResourceConfig.Client.DPoP is not set (RFC 9449 §5.2)")
	assert.Empty(t, w.logins)
	bound = newBoundWorld(t)
	bound.cfg.Clients = map[string]oauth.Registration{server: known}
	bound.works(bound.client())
}
