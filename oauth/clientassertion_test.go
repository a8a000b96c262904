package oauth_test

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const (
	issuer     = "https://server.example.com"
	longSecret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	jwtBearer  = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
)

// sent is the form and header of the last token request of a client with auth.
type sent struct {
	form   url.Values
	header http.Header
}

// asserts is a client with auth, and what it sends.
func asserts(t *testing.T, auth oauth.ClientAuth, change func(*oauth.Config)) (*oauth.Client, *sent) {
	t.Helper()
	got := &sent{}
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodPost, server+"/token", func(r *http.Request) (*http.Response, error) {
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		*got = sent{r.PostForm, r.Header}
		return jsonReply(http.StatusOK, `{"access_token":"AT","token_type":"Bearer"}`)(r)
	})
	return with(t, mock, func(c *oauth.Config) {
		c.Issuer, c.TokenAuth, c.ClientSecret = issuer, auth, ""
		if change != nil {
			change(c)
		}
	}), got
}

func ask(t *testing.T, c *oauth.Client) error {
	t.Helper()
	_, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	return err
}

// C1, C2: aud is the issuer, as one string; exp is at most 60 s away; each jti is new; and no secret goes with it.
func TestC1ClientAssertion(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{ID: "2026", Alg: "PS256", Signer: signers()["rsa"]}
	for name, c := range map[string]struct {
		auth oauth.ClientAuth
		alg  string
		key  any
		kid  string
		typ  string
		aud  string
		life int64
	}{
		"a private key":  {oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}, "PS256", signers()["rsa"].Public(), "2026", "JWT", issuer, 60},
		"by pointer":     {&oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}, "PS256", signers()["rsa"].Public(), "2026", "JWT", issuer, 60},
		"a secret":       {oauth.ClientSecretJWT{}, "HS256", longSecret, "", "JWT", issuer, 60},
		"a longer hash":  {oauth.ClientSecretJWT{Alg: "HS512"}, "HS512", longSecret, "", "JWT", issuer, 60},
		"other settings": {oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}, Lifetime: 5 * time.Second, Audience: server + "/token", Type: "client-authentication+jwt"}, "PS256", signers()["rsa"].Public(), "2026", "client-authentication+jwt", server + "/token", 5},
		"for a secret":   {oauth.ClientSecretJWT{Lifetime: time.Second, Audience: "https://other", Type: "client-authentication+jwt"}, "HS256", longSecret, "", "client-authentication+jwt", "https://other", 1},
	} {
		client, got := asserts(t, c.auth, func(cfg *oauth.Config) { cfg.ClientSecret = longSecret })
		seen := map[any]bool{}
		for range 3 {
			require.NoError(t, ask(t, client), name)
			assert.Empty(t, got.header.Get("Authorization"), name)
			token := open(t, got.form.Get("client_assertion"), c.alg, c.key)
			assert.Equal(t, c.kid, token.header.KeyID, name)
			assert.Equal(t, c.typ, token.header.Type, name)
			jti, _ := token.claims["jti"].(string)
			assert.GreaterOrEqual(t, len(jti), 22, name)
			assert.False(t, seen[jti], "jti is used once")
			seen[jti] = true
			delete(token.claims, "jti")
			at := func(seconds int64) json.Number { return json.Number(jsonInt(now.Unix() + seconds)) }
			assert.Equal(t, map[string]any{"iss": clientID, "sub": clientID, "aud": c.aud, "iat": at(0), "nbf": at(0), "exp": at(c.life)}, token.claims, name)
			delete(got.form, "client_assertion")
			assert.Equal(t, url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_assertion_type": {jwtBearer}}, got.form, name)
		}
	}
}

func jsonInt(n int64) string { text, _ := json.Marshal(n); return string(text) }

// C1: mistakes are found by NewClient.
func TestC1MistakesAreFoundFirst(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{Signer: signers()["p256"]}
	small := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: rsaOf(1024), E: 65537}, D: big.NewInt(1)}
	good := oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}
	for want, c := range map[string]struct {
		bad, good oauth.ClientAuth
		issuer    string
		secret    string
	}{
		"private_key_jwt: Issuer is not set, and is the assertion's audience: set it, or Audience":                        {good, oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}, Audience: "a"}, "", ""},
		"client_secret_jwt: Issuer is not set, and is the assertion's audience: set it, or Audience":                      {oauth.ClientSecretJWT{}, oauth.ClientSecretJWT{Audience: "a"}, "", ""},
		"private_key_jwt: the issuer has a placeholder for a tenant and cannot be the assertion's audience: set Audience": {good, oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}, Audience: "a"}, "https://x/{tenantid}", ""},
		"private_key_jwt: Keys has no SigningKey":                                                                         {oauth.PrivateKeyJWT{}, good, issuer, ""},
		"private_key_jwt: SigningKey.Signer is not set":                                                                   {oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Signer: (*rsa.PrivateKey)(nil)}}}, good, issuer, ""},
		`private_key_jwt: SigningKey: a key of type *ecdsa.PublicKey does not fit Alg "ES384" on P-256, want ES256`:       {oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Alg: "ES384", Signer: key.Signer}, key}}, oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Alg: "ES256", Signer: key.Signer}, key}}, issuer, ""},
		"private_key_jwt: SigningKey: the RSA key has 1024 bits, want 2048 to 16384 (RFC 7518 §3.3)":                      {oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Signer: small}}}, good, issuer, ""},
		"private_key_jwt: Keys and CurrentKey are both set: remove one of them":                                           {oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}, CurrentKey: gives(key, nil)}, oauth.PrivateKeyJWT{CurrentKey: gives(key, nil)}, issuer, ""},
		"private_key_jwt: Lifetime must be whole seconds, at most 60":                                                     {oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}, Lifetime: 61 * time.Second}, oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}, Lifetime: time.Minute}, issuer, ""},
		"client_secret_jwt: Lifetime must be whole seconds, at most 60":                                                   {oauth.ClientSecretJWT{Lifetime: -time.Second}, oauth.ClientSecretJWT{Lifetime: time.Second}, issuer, ""},
		"client_secret_jwt: HS256 needs a secret of at least 32 bytes, this one has 31 (RFC 7518 §3.2)":                   {oauth.ClientSecretJWT{}, oauth.ClientSecretBasic, issuer, longSecret[:31]},
		"client_secret_jwt: HS384 needs a secret of at least 48 bytes, this one has 47 (RFC 7518 §3.2)":                   {oauth.ClientSecretJWT{Alg: "HS384"}, oauth.ClientSecretJWT{}, issuer, longSecret[:47]},
		`client_secret_jwt: unknown Alg "RS256", want HS256, HS384 or HS512`:                                              {oauth.ClientSecretJWT{Alg: "RS256"}, oauth.ClientSecretJWT{}, issuer, ""},
		"Assertion.From is not set": {oauth.Assertion{}, oauth.Assertion{From: oauth.AssertionFile("x")}, issuer, ""},
	} {
		cfg := config(silent(t))
		cfg.Issuer, cfg.ClientSecret, cfg.TokenAuth = c.issuer, c.secret, c.bad
		_, err := oauth.NewClient(cfg)
		require.EqualError(t, err, "oauth: TokenAuth: "+want)
		cfg.TokenAuth = c.good
		_, err = oauth.NewClient(cfg)
		require.NoError(t, err, want)
		// By itself, without NewClient, nothing is added to the request either.
		r := &oauth.AuthRequest{ClientID: clientID, ClientSecret: c.secret, Issuer: c.issuer, Form: url.Values{}, Header: http.Header{}}
		require.Error(t, c.bad.Authenticate(t.Context(), r), want)
		assert.Empty(t, r.Form)
		assert.Empty(t, r.Header)
	}
}

// C1: exp is whole seconds after iat, at most 60, on both sides of each limit.
func TestC1LifetimeOfAnAssertion(t *testing.T) {
	t.Parallel()
	keys := []oauth.SigningKey{{Signer: signers()["p256"]}}
	made := func(auth oauth.ClientAuth) error {
		cfg := config(silent(t))
		cfg.Issuer, cfg.ClientSecret, cfg.TokenAuth = issuer, longSecret, auth
		_, err := oauth.NewClient(cfg)
		return err
	}
	for _, d := range []time.Duration{0, time.Second, time.Minute} {
		require.NoError(t, made(oauth.PrivateKeyJWT{Keys: keys, Lifetime: d}), d)
		require.NoError(t, made(oauth.ClientSecretJWT{Lifetime: d}), d)
	}
	for _, d := range []time.Duration{-time.Second, 1, 1500 * time.Millisecond, time.Minute + time.Second} {
		require.EqualError(t, made(oauth.PrivateKeyJWT{Keys: keys, Lifetime: d}), "oauth: TokenAuth: private_key_jwt: Lifetime must be whole seconds, at most 60")
		require.EqualError(t, made(oauth.ClientSecretJWT{Lifetime: d}), "oauth: TokenAuth: client_secret_jwt: Lifetime must be whole seconds, at most 60")
	}
}

func TestC1NilClientAuth(t *testing.T) {
	t.Parallel()
	for _, auth := range []oauth.ClientAuth{(*oauth.PrivateKeyJWT)(nil), (*oauth.ClientSecretJWT)(nil), (*oauth.Assertion)(nil)} {
		cfg := config(silent(t))
		cfg.Issuer, cfg.TokenAuth = issuer, auth
		_, err := oauth.NewClient(cfg)
		require.ErrorContains(t, err, "oauth: TokenAuth: it is a nil *oauth.")
	}
	for field, set := range map[string]func(*oauth.Config, oauth.ClientAuth){
		"TokenAuth": func(c *oauth.Config, a oauth.ClientAuth) { c.TokenAuth = a }, "IntrospectionAuth": func(c *oauth.Config, a oauth.ClientAuth) { c.IntrospectionAuth = a },
		"RevocationAuth": func(c *oauth.Config, a oauth.ClientAuth) { c.RevocationAuth = a },
	} {
		for _, auth := range []oauth.ClientAuth{(*oauth.AuthMethod)(nil), (*certificateAuth)(nil)} {
			cfg := config(silent(t))
			cfg.Metadata, cfg.Endpoints = &oauth.Metadata{Issuer: issuer}, oauth.Endpoints{}
			set(&cfg, auth)
			_, err := oauth.NewClient(cfg)
			require.ErrorContains(t, err, "oauth: "+field+": it is a nil *oauth")
			set(&cfg, nil)
			_, err = oauth.NewClient(cfg)
			require.NoError(t, err)
		}
	}
}

// certificateAuth reads itself in every method.
type certificateAuth struct{ name string }

func (a *certificateAuth) Authenticate(context.Context, *oauth.AuthRequest) error {
	return errors.New(a.name)
}
func (a *certificateAuth) MethodName() string  { return a.name }
func (a *certificateAuth) UsesMutualTLS() bool { return a.name != "" }

// A pointer to a method is checked as the method.
func TestC4AuthMethodBehindAPointer(t *testing.T) {
	t.Parallel()
	for method, want := range map[oauth.AuthMethod]string{
		"bogus": "oauth: TokenAuth: unknown auth method", oauth.None: "oauth: TokenAuth: none never sends a secret", "": "", oauth.ClientSecretPost: "",
	} {
		cfg := config(silent(t))
		cfg.TokenAuth = &method
		_, err := oauth.NewClient(cfg)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want)
	}
	none := oauth.None
	cfg := config(silent(t))
	cfg.ClientSecret, cfg.TokenAuth, cfg.InsecureAllowCodeInjection = "", &none, true
	_, err := oauth.NewClient(cfg)
	require.ErrorContains(t, err, "InsecureAllowCodeInjection is for confidential clients")
}

func gives(k oauth.SigningKey, err error) func(context.Context) (oauth.SigningKey, error) {
	return func(context.Context) (oauth.SigningKey, error) { return k, err }
}

func TestC1ClientSecretJWTWithoutASecret(t *testing.T) {
	t.Parallel()
	client := with(t, silent(t), func(c *oauth.Config) { c.Issuer, c.ClientSecret, c.TokenAuth = issuer, "", oauth.ClientSecretJWT{} })
	require.EqualError(t, ask(t, client), "oauth: TokenAuth: ClientSecret is not set, client_secret_jwt needs it")
	_, err := client.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.EqualError(t, err, "oauth: TokenAuth: ClientSecret is not set, client_secret_jwt needs it")
}

// The first key signs; a function may change the key between two requests.
func TestKeyRotation(t *testing.T) {
	t.Parallel()
	old, next := oauth.SigningKey{ID: "old", Signer: signers()["p256"]}, oauth.SigningKey{ID: "new", Signer: signers()["ed"]}
	client, got := asserts(t, oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{old, next}}, nil)
	require.NoError(t, ask(t, client))
	assert.Equal(t, "old", open(t, got.form.Get("client_assertion"), "ES256", old.Signer.Public()).header.KeyID)

	current, broken := old, error(nil)
	client, got = asserts(t, oauth.PrivateKeyJWT{CurrentKey: func(context.Context) (oauth.SigningKey, error) { return current, broken }}, nil)
	require.NoError(t, ask(t, client))
	assert.Equal(t, "old", open(t, got.form.Get("client_assertion"), "ES256", old.Signer.Public()).header.KeyID)
	current = next
	require.NoError(t, ask(t, client))
	assert.Equal(t, "new", open(t, got.form.Get("client_assertion"), "EdDSA", next.Signer.Public()).header.KeyID)
	*got, current.Alg = sent{}, "RS256"
	require.EqualError(t, ask(t, client), `oauth: client authentication: private_key_jwt: SigningKey: a key of type ed25519.PublicKey does not fit Alg "RS256", want EdDSA`)
	broken = errors.New("the key store is closed")
	require.ErrorIs(t, ask(t, client), broken)
	assert.Nil(t, got.form, "nothing was sent")
}

// An assertion of another system is read each time.
func TestC1AssertionOfAnotherSystem(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "token")
	client, got := asserts(t, oauth.Assertion{From: oauth.AssertionFile(path), Type: oauth.AssertionTypeSPIFFE}, nil)
	require.ErrorIs(t, ask(t, client), os.ErrNotExist)
	for _, text := range []string{"first.a.b", "second.a.b\n"} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		require.NoError(t, ask(t, client))
		assert.Equal(t, url.Values{
			"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_assertion": {strings.TrimSpace(text)},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-spiffe"},
		}, got.form)
	}
	*got = sent{}
	const most = 64 << 10
	for text, want := range map[string]string{
		"":                          "the client assertion is empty",
		"a\nb":                      "the client assertion has a blank, a control character, or one that is not ASCII",
		"a b":                       "the client assertion has a blank, a control character, or one that is not ASCII",
		"é":                         "the client assertion has a blank, a control character, or one that is not ASCII",
		strings.Repeat("a", most+1): path + " has more than 65536 bytes",
	} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		err := ask(t, client)
		require.ErrorContains(t, err, want)
		assert.Less(t, len(err.Error()), 300, "the assertion is not quoted")
		assert.Nil(t, got.form, "nothing was sent")
	}
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("a", most)), 0o600))
	require.NoError(t, ask(t, client))
	assert.Len(t, got.form.Get("client_assertion"), most)

	long, _ := asserts(t, oauth.Assertion{From: func(context.Context) (string, error) { return strings.Repeat("a", most+1), nil }}, nil)
	require.EqualError(t, ask(t, long), "oauth: client authentication: the client assertion has 65537 bytes, at most 65536 are sent")
	broken := errors.New("no agent")
	fails, _ := asserts(t, oauth.Assertion{From: func(context.Context) (string, error) { return "", broken }}, nil)
	require.ErrorIs(t, ask(t, fails), broken)
}

// A server may quote the assertion that it refuses. The method is named.
func TestRefusedAssertionIsHidden(t *testing.T) {
	t.Parallel()
	raw := ""
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodPost, server+"/token", func(r *http.Request) (*http.Response, error) {
		raw = r.FormValue("client_assertion")
		return jsonReply(http.StatusUnauthorized, `{"error":"invalid_client","error_description":"bad urn:ietf:params:oauth:client-assertion-type:jwt-bearer `+raw+`"}`)(r)
	})
	client := with(t, mock, func(c *oauth.Config) {
		c.Issuer, c.TokenAuth = issuer, oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Signer: signers()["p256"]}}}
	})
	err := ask(t, client)
	require.ErrorIs(t, err, oauth.InvalidClient)
	require.EqualError(t, err, "oauth: the server refused with status 401: invalid_client: bad urn:ietf:params:oauth:client-assertion-type:jwt-bearer [redacted]; the client sent private_key_jwt (TokenAuth): check id, secret and method")
	assert.NotContains(t, err.Error(), strings.Split(raw, ".")[2])
}

// A ClientAuth may be used by itself: without a client or a secret it adds nothing, and its clock is then time.Now.
func TestC1ClientAuthByItself(t *testing.T) {
	t.Parallel()
	key := oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Signer: signers()["p256"]}}}
	text := oauth.Assertion{From: func(context.Context) (string, error) { return "a.b.c", nil }}
	for name, c := range map[string]struct {
		auth oauth.ClientAuth
		r    oauth.AuthRequest
		want string
	}{
		"a key":             {key, oauth.AuthRequest{ClientID: clientID, Issuer: issuer}, ""},
		"a key, nobody":     {key, oauth.AuthRequest{Issuer: issuer}, "private_key_jwt: ClientID is not set"},
		"a secret":          {oauth.ClientSecretJWT{}, oauth.AuthRequest{ClientID: clientID, ClientSecret: longSecret, Issuer: issuer}, ""},
		"a secret, nobody":  {oauth.ClientSecretJWT{}, oauth.AuthRequest{ClientSecret: longSecret, Issuer: issuer}, "ClientID is not set"},
		"no secret":         {oauth.ClientSecretJWT{}, oauth.AuthRequest{ClientID: clientID, Issuer: issuer}, "ClientSecret is not set, client_secret_jwt needs it"},
		"a short secret":    {oauth.ClientSecretJWT{}, oauth.AuthRequest{ClientID: clientID, ClientSecret: "x", Issuer: issuer}, "client_secret_jwt: HS256 needs a secret of at least 32 bytes, this one has 1 (RFC 7518 §3.2)"},
		"no issuer":         {oauth.ClientSecretJWT{}, oauth.AuthRequest{ClientID: clientID, ClientSecret: longSecret}, "client_secret_jwt: Issuer is not set, and is the assertion's audience: set it, or Audience"},
		"another's":         {text, oauth.AuthRequest{ClientID: clientID}, ""},
		"another's, nobody": {text, oauth.AuthRequest{}, "ClientID is not set"},
	} {
		r := c.r
		r.Form, r.Header = url.Values{}, http.Header{}
		err := c.auth.Authenticate(t.Context(), &r)
		if c.want != "" {
			require.EqualError(t, err, c.want, name)
			assert.Empty(t, r.Form, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, []string{clientID, jwtBearer}, []string{r.Form.Get("client_id"), r.Form.Get("client_assertion_type")}, name)
		if name == "a key" {
			token := open(t, r.Form.Get("client_assertion"), "ES256", signers()["p256"].Public())
			jwk, err := key.Keys[0].JWK()
			require.NoError(t, err)
			assert.Equal(t, jwk.ID, token.header.KeyID)
			assert.Len(t, jwk.ID, 43, "a thumbprint")
			issued, err := token.claims["iat"].(json.Number).Int64()
			require.NoError(t, err)
			assert.InDelta(t, time.Now().Unix(), issued, 60)
		}
	}
	_, err := oauth.AssertionFile(t.TempDir())(t.Context())
	require.Error(t, err, "a folder is no file")
}
