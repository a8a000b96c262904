package oidctest_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// prover is an application with a key.
type prover struct {
	*testing.T
	idp *oidctest.Server
	url string
	key *ecdsa.PrivateKey
}

func newProver(t *testing.T, idp *oidctest.Server) *prover {
	t.Helper()
	idp.SigningKey = signingKey()
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	return &prover{t, idp, server.URL, ecKey(t)}
}

func (p *prover) jkt() string {
	digest, err := (&jose.JSONWebKey{Key: p.key.Public()}).Thumbprint(crypto.SHA256)
	require.NoError(p, err)
	return base64.RawURLEncoding.EncodeToString(digest)
}

// proof is a good one for POST /token; pairs replace or, when nil, remove claims; a name after "header " is of the header.
func (p *prover) proof(pairs ...any) string {
	p.Helper()
	header := map[string]any{"typ": "dpop+jwt", "jwk": jose.JSONWebKey{Key: p.key.Public()}}
	claims := map[string]any{"jti": idptest.Opaque(), "htm": "POST", "htu": p.url + "/token", "iat": time.Now().Unix()}
	for i := 0; i < len(pairs); i += 2 {
		part, name := claims, pairs[i].(string)
		if in, found := strings.CutPrefix(name, "header "); found {
			part, name = header, in
		}
		if part[name] = pairs[i+1]; pairs[i+1] == nil {
			delete(part, name)
		}
	}
	return signJWT(p.T, "ES256", p.key, header, claims)
}

// answer is what a request got.
type answer struct {
	status           int
	challenge, nonce string
	reply            map[string]any
}

func (p *prover) send(method, path string, header http.Header, pairs ...string) answer {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), method, p.url+path, strings.NewReader(form(pairs...).Encode()))
	require.NoError(p, err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, values := range header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(r)
	require.NoError(p, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(p, err)
	a := answer{status: res.StatusCode, challenge: res.Header.Get("WWW-Authenticate"), nonce: res.Header.Get("DPoP-Nonce")}
	require.NoError(p, json.Unmarshal(body, &a.reply))
	return a
}

// ask is a token request of a machine, with these proofs.
func (p *prover) ask(proofs ...string) answer {
	p.Helper()
	return p.send(http.MethodPost, "/token", http.Header{"DPoP": proofs}, "grant_type", "client_credentials", "scope", "profile",
		"client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret)
}

func (a answer) code() any { return a.reply["error"] }

func TestProofsAreChecked(t *testing.T) {
	t.Parallel()
	p := newProver(t, &oidctest.Server{DPoPBoundAccessTokens: true})
	good := p.ask(p.proof())
	require.Equal(t, 200, good.status)
	assert.Equal(t, "DPoP", good.reply["token_type"])
	assert.Equal(t, map[string]any{"jkt": p.jkt()}, unverified(t, text(good.reply, "access_token"))["cnf"])
	for name, proofs := range map[string][]string{
		"none": nil, "two": {p.proof(), p.proof()}, "no JWT": {"x"}, "spoilt": {p.proof()[:40] + "x" + p.proof()[41:]},
		"typ": {p.proof("header typ", "JWT")}, "private": {p.proof("header jwk", jose.JSONWebKey{Key: p.key})}, "no key": {p.proof("header jwk", nil)},
		"another key": {p.proof("header jwk", jose.JSONWebKey{Key: ecKey(t).Public()})},
		"htm":         {p.proof("htm", "GET")}, "htu": {p.proof("htu", p.url+"/me")}, "old": {p.proof("iat", time.Now().Unix()-90)}, "ahead": {p.proof("iat", time.Now().Unix()+90)},
		"no iat": {p.proof("iat", nil)}, "no jti": {p.proof("jti", nil)},
	} {
		refused := p.ask(proofs...)
		assert.Equal(t, []any{400, "invalid_dpop_proof"}, []any{refused.status, refused.code()}, name)
	}
	twice := p.proof()
	assert.Equal(t, 200, p.ask(twice).status)
	assert.Equal(t, "invalid_dpop_proof", p.ask(twice).code(), "a jti is used once")
	free := newProver(t, &oidctest.Server{})
	assert.Equal(t, "Bearer", free.ask().reply["token_type"], "not demanded")
	assert.Equal(t, "DPoP", free.ask(free.proof()).reply["token_type"])
}

func TestBoundTokenNeedsItsKey(t *testing.T) {
	t.Parallel()
	p := newProver(t, &oidctest.Server{AllowPublic: true})
	callback, err := p.idp.Login(t.Context(), p.url+"/auth?"+form("client_id", oidctest.ClientID, "redirect_uri", callbackURI, "response_type", "code",
		"scope", "openid offline_access", "prompt", "consent", "dpop_jkt", p.jkt()).Encode(), "")
	require.NoError(t, err)
	redeem := func(proof string) answer {
		return p.send(http.MethodPost, "/token", http.Header{"DPoP": {proof}}, "grant_type", "authorization_code", "client_id", oidctest.ClientID,
			"redirect_uri", callbackURI, "code", callback.URL.Query().Get("code"))
	}
	other := &prover{t, p.idp, p.url, ecKey(t)}
	assert.Equal(t, "invalid_grant", redeem(other.proof()).code(), "dpop_jkt")
	tokens := redeem(p.proof()).reply
	access := text(tokens, "access_token")
	digest := sha256.Sum256([]byte(access))
	ath := base64.RawURLEncoding.EncodeToString(digest[:])
	me := func(who *prover, scheme string, pairs ...any) answer {
		h := http.Header{"Authorization": {scheme + " " + access}}
		if pairs != nil {
			h["DPoP"] = []string{who.proof(append([]any{"htm", "GET", "htu", p.url + "/me", "ath", ath}, pairs...)...)}
		}
		return p.send(http.MethodGet, "/me", h)
	}
	assert.Equal(t, 200, me(p, "DPoP", "x", 1).status)
	for name, a := range map[string]answer{
		"as Bearer": me(p, "Bearer"), "as Bearer, with a proof": me(p, "Bearer", "x", 1), "another key": me(other, "DPoP", "x", 1),
	} {
		assert.Equal(t, []any{401, "invalid_token"}, []any{a.status, a.code()}, name)
	}
	for name, a := range map[string]answer{"no proof": me(p, "DPoP"), "no ath": me(p, "DPoP", "ath", nil), "another ath": me(p, "DPoP", "ath", p.jkt())} {
		assert.Equal(t, []any{401, "invalid_dpop_proof"}, []any{a.status, a.code()}, name)
		assert.Contains(t, a.challenge, `DPoP realm=`, name)
	}
	refresh := func(proof string) answer {
		return p.send(http.MethodPost, "/token", http.Header{"DPoP": {proof}}, "grant_type", "refresh_token", "client_id", oidctest.ClientID, "refresh_token", text(tokens, "refresh_token"))
	}
	assert.Equal(t, "invalid_grant", refresh(other.proof()).code())
	assert.Equal(t, "DPoP", refresh(p.proof()).reply["token_type"])
}

func TestNonceOfProofs(t *testing.T) {
	t.Parallel()
	clock := newClock()
	p := newProver(t, &oidctest.Server{DPoPNonce: time.Second, Realm: &idptest.Realm{Now: clock.now}})
	proof := func(nonce string) string { return p.proof("nonce", nonce, "iat", clock.now().Unix()) }
	first := p.ask(proof(""))
	require.Equal(t, []any{400, "use_dpop_nonce"}, []any{first.status, first.code()})
	require.NotEmpty(t, first.nonce)
	assert.Equal(t, 200, p.ask(proof(first.nonce)).status)
	clock.advance(time.Second)
	second := p.ask(proof(first.nonce))
	assert.Equal(t, 200, second.status, "the one before")
	assert.NotEqual(t, first.nonce, second.nonce)
	clock.advance(time.Second)
	assert.Equal(t, "use_dpop_nonce", p.ask(proof(first.nonce)).code())
	assert.Equal(t, 200, p.ask(proof(second.nonce)).status)
	p.idp.Break(oidctest.SilentNonce)
	silent := p.ask(proof(first.nonce))
	assert.Equal(t, []any{"use_dpop_nonce", ""}, []any{silent.code(), silent.nonce})
	p.idp.Break(oidctest.EndlessNonce)
	for range 2 {
		endless := p.ask(proof(second.nonce))
		assert.Equal(t, "use_dpop_nonce", endless.code())
		assert.NotEmpty(t, endless.nonce)
	}
}

func TestHostileBindings(t *testing.T) {
	t.Parallel()
	p := newProver(t, &oidctest.Server{})
	for fault, wrong := range map[idptest.Fault]func(reply, cnf map[string]any) bool{
		oidctest.BearerTokenType: func(reply, _ map[string]any) bool { return reply["token_type"] == "Bearer" },
		oidctest.OtherBinding:    func(_, cnf map[string]any) bool { return cnf != nil && cnf["jkt"] != p.jkt() },
		oidctest.MissingBinding:  func(_, cnf map[string]any) bool { return cnf == nil },
	} {
		ask := func() bool {
			reply := p.ask(p.proof()).reply
			cnf, _ := unverified(t, text(reply, "access_token"))["cnf"].(map[string]any)
			return wrong(reply, cnf)
		}
		assert.False(t, ask(), "the twin of %s", fault)
		p.idp.Break(fault)
		assert.True(t, ask(), "%s", fault)
		p.idp.Break(fault.For(oidctest.ClientID))
		assert.True(t, ask(), "%s", fault)
		p.idp.Break(fault.For("another"))
		assert.False(t, ask(), "%s of another", fault)
		p.idp.Break()
	}
}

func TestCertificateBoundTokens(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{CertificateBoundAccessTokens: true, SigningKey: signingKey()}
	server := httptest.NewUnstartedServer(idp)
	server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	server.StartTLS()
	t.Cleanup(server.Close)
	over := func(certificates ...tls.Certificate) *http.Client {
		transport := server.Client().Transport.(*http.Transport).Clone()
		transport.TLSClientConfig.Certificates, transport.DisableKeepAlives = certificates, true
		return &http.Client{Transport: transport}
	}
	own := certificateFor(t, "app", nil)
	callback, err := idp.Login(t.Context(), server.URL+"/auth?"+form("client_id", oidctest.ClientID, "redirect_uri", callbackURI, "response_type", "code", "scope", "openid").Encode(), "")
	require.NoError(t, err)
	body := form("grant_type", "authorization_code", "client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret, "redirect_uri", callbackURI, "code", callback.URL.Query().Get("code"))
	res, err := over(own).PostForm(server.URL+"/token", body)
	require.NoError(t, err)
	defer res.Body.Close()
	var reply map[string]any
	require.NoError(t, json.NewDecoder(res.Body).Decode(&reply))
	digest := sha256.Sum256(own.Leaf.Raw)
	assert.Equal(t, map[string]any{"x5t#S256": base64.RawURLEncoding.EncodeToString(digest[:])}, unverified(t, text(reply, "access_token"))["cnf"])
	assert.Equal(t, "Bearer", reply["token_type"])
	for status, client := range map[int]*http.Client{200: over(own), 401: over(certificateFor(t, "app", nil))} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/me", nil)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+text(reply, "access_token"))
		res, err := client.Do(r)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		assert.Equal(t, status, res.StatusCode)
	}
}
