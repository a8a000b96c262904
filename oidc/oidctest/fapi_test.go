package oidctest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const (
	pkceVerifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	pkceChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" // RFC 7636 Appendix B
)

// banker is an application of FAPI 2.0.
type banker struct{ *prover }

func startFAPI(t *testing.T, idp *oidctest.Server) *banker {
	t.Helper()
	idp.JWKS = appKeys(t)
	return &banker{newProver(t, idp)}
}

// call posts a form with an assertion and a proof; a name after "claim " is of the
// assertion.
func (b *banker) call(path string, pairs ...any) answer {
	b.Helper()
	alg, proof := "PS256", b.proof("htu", b.url+path)
	var changes []any
	values := url.Values{"client_assertion_type": {jwtBearer}}
	for i := 0; i < len(pairs); i += 2 {
		name := pairs[i].(string)
		claim, changed := strings.CutPrefix(name, "claim ")
		switch {
		case changed:
			changes = append(changes, claim, pairs[i+1])
		case name == "alg":
			alg = pairs[i+1].(string)
		case name == "proof":
			proof = pairs[i+1].(string)
		default:
			values.Set(name, pairs[i+1].(string))
		}
	}
	values.Set("client_assertion", signJWT(b.T, alg, signingKey(), map[string]any{"kid": "app"}, assertionClaims(b.url, oidctest.ClientID, changes...)))
	header := http.Header{}
	if proof != "" {
		header.Set("DPoP", proof)
	}
	if values.Get("client_secret") != "" {
		values.Del("client_assertion")
		values.Del("client_assertion_type")
	}
	var flat []string
	for name := range values {
		if values.Get(name) != "" {
			flat = append(flat, name, values.Get(name))
		}
	}
	return b.send(http.MethodPost, path, header, flat...)
}

func (b *banker) push(pairs ...any) answer {
	b.Helper()
	return b.call("/par", append([]any{"client_id", oidctest.ClientID, "redirect_uri", callbackURI, "response_type", "code", "state", "s",
		"scope", "openid offline_access", "prompt", "consent", "code_challenge", pkceChallenge, "code_challenge_method", "S256"}, pairs...)...)
}

func (b *banker) code() string {
	b.Helper()
	pushed := b.push()
	require.Equal(b, 201, pushed.status, pushed.reply)
	callback, err := b.idp.Login(b.Context(), b.url+"/auth?"+form("client_id", oidctest.ClientID, "request_uri", text(pushed.reply, "request_uri")).Encode(), "")
	require.NoError(b, err)
	assert.Equal(b, b.url, callback.URL.Query().Get("iss"))
	return callback.URL.Query().Get("code")
}

func (b *banker) redeem(pairs ...any) answer {
	b.Helper()
	return b.call("/token", append([]any{"grant_type", "authorization_code", "code", b.code(), "redirect_uri", callbackURI, "code_verifier", pkceVerifier}, pairs...)...)
}

func TestFAPI2(t *testing.T) {
	t.Parallel()
	clock := &clock{at: time.Now()}
	b := startFAPI(t, &oidctest.Server{FAPI2: true, Realm: &idptest.Realm{Now: clock.now}})
	document := b.send(http.MethodGet, openIDDocument, nil).reply
	for name, want := range map[string]any{
		"require_pushed_authorization_requests": true, "authorization_response_iss_parameter_supported": true, "response_types_supported": []any{"code"},
		"code_challenge_methods_supported": []any{"S256"}, "token_endpoint_auth_methods_supported": []any{"private_key_jwt"},
		"id_token_signing_alg_values_supported": []any{"PS256"}, "grant_types_supported": []any{"authorization_code", "refresh_token", "client_credentials"},
		"dpop_signing_alg_values_supported": []any{"PS256", "ES256", "EdDSA"}, "token_endpoint_auth_signing_alg_values_supported": []any{"PS256", "ES256", "EdDSA"},
		"request_object_signing_alg_values_supported": []any{"PS256", "ES256", "EdDSA"}, "require_signed_request_object": nil,
	} {
		assert.Equal(t, want, document[name], name)
	}
	good := b.redeem()
	require.Equal(t, 200, good.status, good.reply)
	assert.Equal(t, "DPoP", good.reply["token_type"])
	for _, name := range []string{"id_token", "access_token"} {
		assert.Equal(t, "PS256", headerOf(t, text(good.reply, name))["alg"], name)
	}
	assert.Equal(t, map[string]any{"jkt": b.jkt()}, unverified(t, text(good.reply, "access_token"))["cnf"])
	for range 2 { // refresh tokens do not rotate
		next := b.call("/token", "grant_type", "refresh_token", "refresh_token", text(good.reply, "refresh_token"))
		require.Equal(t, 200, next.status, next.reply)
		assert.Equal(t, good.reply["refresh_token"], next.reply["refresh_token"])
	}
	code := b.code()
	clock.advance(time.Minute)
	assert.Equal(t, "invalid_grant", b.call("/token", "grant_type", "authorization_code", "code", code, "redirect_uri", callbackURI, "code_verifier", pkceVerifier,
		"proof", b.proof("iat", clock.now().Unix()), "claim exp", clock.now().Add(50*time.Second).Unix()).code(), "the code is too old")
}

func TestFAPI2Refusals(t *testing.T) {
	t.Parallel()
	b := startFAPI(t, &oidctest.Server{FAPI2: true})
	now := time.Now()
	for _, c := range []struct {
		name   string
		pairs  []any
		status int
		code   any
	}{
		{"good", nil, 201, nil},
		{"without a proof", []any{"proof", ""}, 201, nil},
		{"nine seconds ahead", []any{"claim iat", now.Add(9 * time.Second).Unix(), "claim nbf", now.Add(9 * time.Second).Unix()}, 201, nil},
		{"a minute ahead", []any{"claim iat", now.Add(time.Minute).Unix(), "claim nbf", nil}, 401, "invalid_client"},
		{"RS256", []any{"alg", "RS256"}, 401, "invalid_client"},
		{"PS384", []any{"alg", "PS384"}, 401, "invalid_client"},
		{"aud as a list", []any{"claim aud", []string{b.url}}, 401, "invalid_client"},
		{"aud of the token endpoint", []any{"claim aud", b.url + "/token"}, 401, "invalid_client"},
		{"a secret", []any{"client_secret", oidctest.ClientSecret}, 401, "invalid_client"},
		{"a proof of RS256", []any{"proof", signJWT(t, "RS256", signingKey(), map[string]any{"typ": "dpop+jwt", "jwk": jose.JSONWebKey{Key: signingKey().Public()}},
			map[string]any{"jti": "1", "htm": "POST", "htu": b.url + "/par", "iat": now.Unix()})}, 400, "invalid_dpop_proof"},
		{"no PKCE", []any{"code_challenge", "", "code_challenge_method", ""}, 400, "invalid_request"},
		{"plain", []any{"code_challenge_method", "plain"}, 400, "invalid_request"},
		{"no method", []any{"code_challenge_method", ""}, 400, "invalid_request"},
		{"no redirect URI", []any{"redirect_uri", ""}, 400, "invalid_request"},
		{"code id_token", []any{"response_type", "code id_token", "nonce", "n"}, 400, "unsupported_response_type"},
	} {
		got := b.push(c.pairs...)
		assert.Equal(t, []any{c.status, c.code}, []any{got.status, got.reply["error"]}, c.name)
	}
	j := &journey{t: t, idp: b.idp, url: b.url, browser: plainClient()}
	j.refusedPage(j.authURL("/auth", "code_challenge", pkceChallenge, "code_challenge_method", "S256"), "must be pushed", "a request by the browser")
	assert.Equal(t, "invalid_dpop_proof", b.redeem("proof", "").code(), "a token for everyone")
	assert.Equal(t, "invalid_grant", b.redeem("code_verifier", pkceVerifier+"x").code())
	assert.Equal(t, "unsupported_grant_type", b.call("/token", "grant_type", "password", "username", idptest.Username, "password", idptest.Password).code())
	assert.Equal(t, 200, b.call("/token", "grant_type", "client_credentials").status)
	assert.Equal(t, "invalid_client", b.call("/token/introspection", "token", "x", "client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret).code())
}

// Tokens are bound to the certificate, or to a proof that comes beside it.
func TestFAPI2Certificates(t *testing.T) {
	t.Parallel()
	own := certificateFor(t, "app", nil)
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: own.Leaf.PublicKey}}})
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(&oidctest.Server{FAPI2: true, SigningKey: signingKey(), Apps: []oidctest.App{
		{ClientID: "bound", TokenAuth: "self_signed_tls_client_auth", JWKS: keys, CertificateBoundAccessTokens: true},
		{ClientID: "loose", TokenAuth: "self_signed_tls_client_auth", JWKS: keys},
	}})
	server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	server.StartTLS()
	t.Cleanup(server.Close)
	transport := server.Client().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.Certificates, transport.DisableKeepAlives = []tls.Certificate{own}, true
	p := &prover{T: t, url: server.URL, key: ecKey(t)}
	try := func(client, proof string) int {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/token", strings.NewReader(form("grant_type", "client_credentials", "client_id", client).Encode()))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if proof != "" {
			request.Header.Set("DPoP", proof)
		}
		response, err := (&http.Client{Transport: transport}).Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		return response.StatusCode
	}
	assert.Equal(t, 200, try("bound", ""))
	assert.Equal(t, 400, try("loose", ""), "a token for everyone")
	assert.Equal(t, 200, try("loose", p.proof()))
}

func TestFAPI2MessageSigning(t *testing.T) {
	t.Parallel()
	b := startFAPI(t, &oidctest.Server{FAPI2MessageSigning: true})
	document := b.send(http.MethodGet, openIDDocument, nil).reply
	assert.Equal(t, []any{true, true}, []any{document["require_signed_request_object"], document["require_pushed_authorization_requests"]})
	now := time.Now()
	object := func(alg string, pairs ...any) string {
		return signJWT(t, alg, signingKey(), map[string]any{"kid": "app", "typ": "oauth-authz-req+jwt"}, objectClaims(b.url, oidctest.ClientID, append([]any{
			"response_mode", "jwt", "code_challenge", pkceChallenge, "code_challenge_method", "S256", "resource", nil}, pairs...)...))
	}
	for _, c := range []struct {
		name, object string
		code         any
	}{
		{"good", object("PS256"), nil},
		{"an hour, from half an hour ago", object("PS256", "nbf", now.Add(-30*time.Minute).Unix(), "exp", now.Add(30*time.Minute).Unix()), nil},
		{"RS256", object("RS256"), "invalid_request_object"},
		{"no nbf", object("PS256", "nbf", nil), "invalid_request_object"},
		{"an old nbf", object("PS256", "nbf", now.Add(-61*time.Minute).Unix()), "invalid_request_object"},
		{"good for more than an hour", object("PS256", "exp", now.Add(61*time.Minute).Unix()), "invalid_request_object"},
		{"a plain response", object("PS256", "response_mode", "query"), "invalid_request"},
		{"no response mode", object("PS256", "response_mode", nil), "invalid_request"},
	} {
		got := b.call("/par", "request", c.object)
		require.Equal(t, c.code, got.reply["error"], c.name)
		if c.code != nil {
			continue
		}
		callback, err := b.idp.Login(t.Context(), b.url+"/auth?"+form("client_id", oidctest.ClientID, "request_uri", text(got.reply, "request_uri")).Encode(), "")
		require.NoError(t, err)
		response := callback.URL.Query().Get("response")
		assert.Equal(t, "PS256", headerOf(t, response)["alg"])
		assert.Equal(t, []any{b.url, "inside"}, []any{unverified(t, response)["iss"], unverified(t, response)["state"]})
		tokens := b.call("/token", "grant_type", "authorization_code", "code", text(unverified(t, response), "code"), "redirect_uri", callbackURI, "code_verifier", pkceVerifier)
		assert.Equal(t, 200, tokens.status, tokens.reply)
	}
	assert.Equal(t, "invalid_request", b.push("response_mode", "jwt").code(), "parameters that are not signed")
	plain := b.call("/token/introspection", "token", "x")
	assert.Equal(t, []any{406, "invalid_request"}, []any{plain.status, plain.code()})
	j := &journey{t: t, idp: b.idp, url: b.url, browser: plainClient()}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/token/introspection", nil)
	require.NoError(t, err)
	request.Header.Set("Accept", introspectionJWT)
	request.PostForm = form("token", "x", "client_assertion_type", jwtBearer, "client_assertion", signJWT(t, "PS256", signingKey(), nil, assertionClaims(b.url, oidctest.ClientID)))
	media, raw := j.posted(request)
	assert.Equal(t, introspectionJWT, media)
	_, err = j.verify(raw, "PS256")
	assert.NoError(t, err)
}

func TestFAPI2Misconfigured(t *testing.T) {
	t.Parallel()
	for want, idp := range map[string]*oidctest.Server{
		"does not have this IDTokenSigningAlg":  {IDTokenSigningAlg: "RS256"},
		"does not have this UserInfoSigningAlg": {UserInfoSigningAlg: "HS256"},
		"this AuthorizationSigningAlg":          {AuthorizationSigningAlg: "ES384"},
		"does not have this RequestObjectAlg":   {RequestObjectAlg: "RS256"},
		"does not have this TokenAuthAlg":       {Apps: []oidctest.App{{ClientID: "a", TokenAuth: "private_key_jwt", JWKS: []byte(`{"keys":[]}`), TokenAuthAlg: "RS256"}}},
		"FAPI2 needs private_key_jwt":           {Apps: []oidctest.App{{ClientID: "a", ClientSecret: "s"}}},
		"FAPI2 needs private":                   {TokenAuth: "client_secret_basic"},
		"PushedLifetime of less":                {PushedLifetime: 10 * time.Minute},
		"has no AllowPublic":                    {AllowPublic: true},
		"no application can authenticate":       {},
		"and no Machine":                        {Machine: &oidctest.Machine{ID: "m", Secret: "s"}},
		"FAPI2MessageSigning must be false":     {OAuth: true, FAPI2MessageSigning: true},
	} {
		for _, on := range []bool{true, false} {
			if want == "FAPI2MessageSigning must be false" {
				idp.FAPI2MessageSigning = on
			}
			server := &oidctest.Server{
				FAPI2: on, FAPI2MessageSigning: idp.FAPI2MessageSigning, OAuth: idp.OAuth, IDTokenSigningAlg: idp.IDTokenSigningAlg, UserInfoSigningAlg: idp.UserInfoSigningAlg,
				AuthorizationSigningAlg: idp.AuthorizationSigningAlg, RequestObjectAlg: idp.RequestObjectAlg, Apps: idp.Apps, TokenAuth: idp.TokenAuth,
				PushedLifetime: idp.PushedLifetime, AllowPublic: idp.AllowPublic, Machine: idp.Machine,
			}
			recorder := httptest.NewRecorder()
			server.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/.well-known/oauth-authorization-server", nil))
			if on {
				assert.Equal(t, 500, recorder.Code)
				assert.Contains(t, recorder.Body.String(), want)
				continue
			}
			assert.Equal(t, 200, recorder.Code, "%s: %s", want, recorder.Body)
		}
	}
}

// FAPI 2.0 Security Profile §5.4.1: keys of RSA have at least 2048 bits.
func TestFAPI2ShortKeys(t *testing.T) {
	t.Parallel()
	for bits, good := range map[int]bool{2048: true, 2040: false} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		require.NoError(t, err)
		keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "own"}}})
		require.NoError(t, err)
		for _, fapi := range []bool{true, false} {
			p := newProver(t, &oidctest.Server{FAPI2: fapi, TokenAuth: "private_key_jwt", JWKS: keys})
			ask := func(proof string) answer {
				return p.send(http.MethodPost, "/par", http.Header{"DPoP": {proof}}, "client_assertion_type", jwtBearer, "client_assertion",
					signJWT(t, "PS256", key, map[string]any{"kid": "own"}, assertionClaims(p.url, oidctest.ClientID)))
			}
			byKey := ask(p.proof("htu", p.url+"/par"))
			byProof := ask(signJWT(t, "PS256", key, map[string]any{"typ": "dpop+jwt", "jwk": jose.JSONWebKey{Key: key.Public()}},
				map[string]any{"jti": "1", "htm": "POST", "htu": p.url + "/par", "iat": time.Now().Unix()}))
			want := []any{"invalid_client", "invalid_dpop_proof"}
			if good || !fapi {
				want = []any{"invalid_request", "invalid_request"} // the parameters are missing
			}
			assert.Equal(t, want, []any{byKey.code(), byProof.code()}, "%d bits, FAPI2 %t", bits, fapi)
		}
	}
}

// FAPI 2.0 Security Profile §5.3.4: a token in the query is refused.
func TestFAPI2TokenInQuery(t *testing.T) {
	t.Parallel()
	b := startFAPI(t, &oidctest.Server{FAPI2: true})
	access := text(b.redeem().reply, "access_token")
	digest := sha256.Sum256([]byte(access))
	assert.Equal(t, 200, b.send(http.MethodGet, "/me", http.Header{
		"Authorization": {"DPoP " + access}, "DPoP": {b.proof("htm", "GET", "htu", b.url+"/me", "ath", base64.RawURLEncoding.EncodeToString(digest[:]))},
	}).status)
	refused := b.send(http.MethodGet, "/me?access_token="+access, nil)
	assert.Equal(t, []any{400, "invalid_request"}, []any{refused.status, refused.code()})
	assert.Contains(t, refused.reply["error_description"], "in the query")
}

// FAPI 2.0 Security Profile §5.3.2.1: an iat or nbf is good that is up to ten seconds ahead, of each JWT.
func TestFAPI2Skew(t *testing.T) {
	t.Parallel()
	b := startFAPI(t, &oidctest.Server{FAPI2: true, JWTBearer: &oidctest.JWTBearer{Issuers: map[string]json.RawMessage{"https://issuer.example": appKeys(t)}}})
	for ahead, status := range map[time.Duration]int{9 * time.Second: 200, 15 * time.Second: 400} {
		for _, name := range []string{"iat", "nbf"} {
			got := b.call("/token", "grant_type", jwtBearerGrant, "assertion", signJWT(t, "PS256", signingKey(), nil, map[string]any{
				"iss": "https://issuer.example", "sub": idptest.Username, "aud": b.url, "exp": time.Now().Add(time.Minute).Unix(), name: time.Now().Add(ahead).Unix(),
			}))
			assert.Equal(t, status, got.status, "%s, %s ahead: %s", name, ahead, got.reply)
		}
	}
}

func plainClient() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}
