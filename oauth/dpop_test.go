package oauth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// newDPoP has a new key each time.
func newDPoP(t testing.TB) *oauth.DPoP {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	d, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: key})
	require.NoError(t, err)
	return d
}

// bound is a fake server that binds tokens, and its clients.
type bound struct {
	*testing.T
	*oidctest.Server
	url  string
	http *http.Client
}

func newBound(t *testing.T, s *oidctest.Server) *bound {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &bound{t, s, server.URL, server.Client()}
}

func (b *bound) client(change func(*oauth.Config)) *oauth.Client {
	b.Helper()
	c := oauth.Config{
		ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Issuer: b.url, Discovery: oauth.DiscoverOAuth,
		RedirectURI: "http://127.0.0.1:7190/callback", HTTPClient: b.http,
	}
	change(&c)
	client, err := oauth.NewClient(c)
	require.NoError(b, err)
	return client
}

func (b *bound) login(c *oauth.Client) (*oauth.Token, error) {
	b.Helper()
	login, err := c.BeginLogin(b.Context(), oauth.AuthorizeOptions{Scope: "profile"})
	require.NoError(b, err)
	callback, err := b.Login(b.Context(), login.URL, "alice")
	require.NoError(b, err)
	return c.CompleteLogin(b.Context(), login, callback)
}

func proving(d *oauth.DPoP) func(*oauth.Config) { return func(c *oauth.Config) { c.DPoP = d } }

func public(d *oauth.DPoP) func(*oauth.Config) {
	return func(c *oauth.Config) { c.DPoP, c.ClientSecret, c.TokenAuth = d, "", oauth.None }
}

// P4: proofs go to the token endpoint, at a login and a refresh, and to user info. A server that demands them refuses a
// client without.
func TestP4TokensAreBound(t *testing.T) {
	t.Parallel()
	b := newBound(t, &oidctest.Server{OAuth: true, DPoPBoundAccessTokens: true})
	d := newDPoP(t)
	c := b.client(proving(d))
	token, err := b.login(c)
	require.NoError(t, err)
	assert.Equal(t, "DPoP", token.TokenType)
	assert.Equal(t, oauth.Binding{JKT: d.JKT()}, token.Binding)
	user, err := c.GetUserInfoByAccessToken(t.Context(), token.AccessToken, oauth.UserInfoOptions{Binding: token.Binding})
	require.NoError(t, err)
	assert.NotEmpty(t, user.Subject)
	seen, err := c.IntrospectToken(t.Context(), token.AccessToken)
	require.NoError(t, err)
	assert.Equal(t, token.Binding, seen.Binding)
	assert.Equal(t, "DPoP", seen.TokenType)
	next, err := c.GetNewAccessTokenByRefreshToken(t.Context(), token.RefreshToken, oauth.RefreshOptions{Binding: token.Binding})
	require.NoError(t, err)
	assert.Equal(t, token.Binding, next.Binding)

	plain := b.client(proving(nil))
	_, err = b.login(plain)
	require.ErrorIs(t, err, oauth.InvalidDPoPProof)
	_, err = plain.GetUserInfoByAccessToken(t.Context(), next.AccessToken)
	require.ErrorIs(t, err, oauth.InvalidToken, "the token alone is of no use")
	_, err = b.client(proving(newDPoP(t))).GetUserInfoByAccessToken(t.Context(), next.AccessToken)
	require.ErrorIs(t, err, oauth.InvalidToken, "nor with another key")
}

// P4: dpop_jkt binds the code, also in a request object; the server refuses it from another key.
func TestP4CodeIsBound(t *testing.T) {
	t.Parallel()
	b := newBound(t, &oidctest.Server{OAuth: true})
	d := newDPoP(t)
	login, err := b.client(proving(d)).BeginLogin(t.Context(), oauth.AuthorizeOptions{Scope: "profile"})
	require.NoError(t, err)
	u, err := url.Parse(login.URL)
	require.NoError(t, err)
	assert.Equal(t, d.JKT(), u.Query().Get("dpop_jkt"))
	callback, err := b.Login(t.Context(), login.URL, "alice")
	require.NoError(t, err)
	_, err = b.client(proving(newDPoP(t))).CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.InvalidGrant)
	_, err = b.client(proving(d)).CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)

	_, err = b.client(proving(d)).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{Extra: url.Values{"dpop_jkt": {"x"}}})
	require.ErrorContains(t, err, "dpop_jkt")
	without, err := b.client(proving(nil)).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
	require.NoError(t, err)
	assert.NotContains(t, without, "dpop_jkt")
}

// P4: a nonce is asked for once and then kept, per origin. A server that never has enough is not asked a third time.
func TestP4Nonce(t *testing.T) {
	t.Parallel()
	b := newBound(t, &oidctest.Server{OAuth: true, DPoPNonce: time.Hour, AllowPublic: true})
	d := newDPoP(t)
	for _, client := range []func(*oauth.DPoP) func(*oauth.Config){proving, public} {
		before := b.Requests("/token")
		token, err := b.login(b.client(client(d)))
		require.NoError(t, err, "the code was not used by the refused request")
		again := 2
		if before > 0 {
			again = 1
		}
		assert.Equal(t, before+again, b.Requests("/token"), "the nonce is of the key value, and serves all its clients")
		before = b.Requests("/me")
		_, err = b.client(client(d)).GetUserInfoByAccessToken(t.Context(), token.AccessToken)
		require.NoError(t, err)
		assert.Equal(t, before+1, b.Requests("/me"), "user info has the same origin")
		_, err = b.client(client(d)).GetNewAccessTokenByRefreshToken(t.Context(), token.RefreshToken)
		require.NoError(t, err)
	}
	ask := func() error {
		_, err := b.client(proving(newDPoP(t))).GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Scope: "profile"})
		return err
	}
	before := b.Requests("/token")
	require.NoError(t, ask())
	assert.Equal(t, before+2, b.Requests("/token"))
	b.Break(oidctest.EndlessNonce)
	require.ErrorIs(t, ask(), oauth.UseDPoPNonce)
	assert.Equal(t, before+4, b.Requests("/token"), "retried exactly once")
	b.Break(oidctest.SilentNonce)
	require.ErrorIs(t, ask(), oauth.UseDPoPNonce)
	assert.Equal(t, before+5, b.Requests("/token"), "without a nonce, not at all")
}

// P4: each try has its own client assertion, which a server accepts once.
func TestP4NonceWithClientAssertion(t *testing.T) {
	t.Parallel()
	b := newBound(t, &oidctest.Server{OAuth: true, DPoPNonce: time.Hour})
	c := b.client(func(c *oauth.Config) {
		c.DPoP, c.TokenAuth = newDPoP(t), oauth.ClientSecretJWT{}
	})
	_, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Scope: "profile"})
	require.NoError(t, err)
	assert.Equal(t, 2, b.Requests("/token"))
}

// T3, P5, P6: a token that is not bound, or to another key, is refused by its type and by what it says.
func TestT3P5P6DowngradedToken(t *testing.T) {
	t.Parallel()
	b := newBound(t, &oidctest.Server{})
	c := b.client(proving(newDPoP(t)))
	ask := func(c *oauth.Client) error {
		_, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Scope: "profile"})
		return err
	}
	require.NoError(t, ask(c))
	for _, fault := range []idptest.Fault{oidctest.BearerTokenType, oidctest.OtherBinding, oidctest.MissingBinding} {
		b.Break(fault)
		require.ErrorIs(t, ask(c), oauth.ErrBinding, fault)
		require.NoError(t, ask(b.client(proving(nil))), "%s: a client that binds nothing", fault)
	}
	// The reverse: a client without a key cannot use what comes back bound.
	for typ, want := range map[string]string{"DPoP": `token_type is "DPoP", want Bearer`, "N_A": `token_type is "N_A"`} {
		plain := newClient(t, replyAt("/token", jsonReply(200, `{"access_token":"AT","token_type":"`+typ+`"}`)))
		require.ErrorContains(t, ask(plain), want)
	}
	for _, typ := range []string{"DPoP", "dpop", "DPOP"} {
		plain := with(t, replyAt("/token", jsonReply(200, `{"access_token":"AT","token_type":"`+typ+`"}`)), func(c *oauth.Config) { c.DPoP = newDPoP(t) })
		require.NoError(t, ask(plain), "compared without case")
	}
}

// A new token that is a JWT says by its cnf which key it is bound to; any other token says nothing.
func TestP5KeyThatATokenNames(t *testing.T) {
	t.Parallel()
	d, other := newDPoP(t), newDPoP(t)
	for token, ok := range map[string]bool{
		signedLike(`{"cnf":{"jkt":"` + d.JKT() + `"}}`): true, signedLike(`{"cnf":{"jkt":"` + d.JKT() + `","x5t#S256":"` + other.JKT() + `"}}`): true,
		"opaque": true, "a.b": true, "a.b.c": true, "a.!!!!.c": true, "a.e30.b.c": true, signedLike(`[]`): true, signedLike(`{"cnf":1,"cnf":2}`): true,
		signedLike(`{"cnf":{"jkt":"` + other.JKT() + `"}}`): false, signedLike(`{"cnf":{"x5t#S256":"` + d.JKT() + `"}}`): false, signedLike(`{}`): false,
		signedLike(`{"Cnf":{"jkt":"` + d.JKT() + `"}}`): false, signedLike(`{"cnf":{"kid":"k"}}`): false, signedLike(`{"cnf":{"jkt":"` + d.JKT() + `","kid":"k"}}`): false,
	} {
		c := with(t, replyAt("/token", jsonReply(200, `{"access_token":"`+token+`","token_type":"DPoP"}`)), func(c *oauth.Config) { c.DPoP = d })
		got, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
		if ok {
			require.NoError(t, err, token)
			assert.Equal(t, oauth.Binding{JKT: d.JKT()}, got.Binding)
			continue
		}
		require.ErrorIs(t, err, oauth.ErrBinding, token)
		assert.Nil(t, got)
	}
}

// A stored token is used with the right key only, and a public client's refresh token too: nothing is sent.
func TestP5StoredTokenOfAnotherKey(t *testing.T) {
	t.Parallel()
	b := newBound(t, &oidctest.Server{OAuth: true, AllowPublic: true})
	old := newDPoP(t)
	token, err := b.login(b.client(public(old)))
	require.NoError(t, err)
	text, err := json.Marshal(token)
	require.NoError(t, err)
	var stored oauth.Token
	require.NoError(t, json.Unmarshal(text, &stored))
	require.Equal(t, token.Binding, stored.Binding)

	asked := b.Requests("/token") + b.Requests("/me")
	for name, c := range map[string]*oauth.Client{"another key": b.client(public(newDPoP(t))), "no key": b.client(public(nil))} {
		_, err = c.GetUserInfoByAccessToken(t.Context(), stored.AccessToken, oauth.UserInfoOptions{Binding: stored.Binding})
		require.ErrorIs(t, err, oauth.ErrBinding, name)
		_, err = c.GetNewAccessTokenByRefreshToken(t.Context(), stored.RefreshToken, oauth.RefreshOptions{Binding: stored.Binding})
		require.ErrorIs(t, err, oauth.ErrBinding, name)
		require.ErrorIs(t, err, oauth.ErrLoginAgain, name)
		_, err = c.RefreshIfExpired(t.Context(), &stored, 0)
		require.ErrorIs(t, err, oauth.ErrLoginAgain, name)
		_, err = c.RefreshIfExpired(t.Context(), &oauth.Token{AccessToken: "AT", Binding: stored.Binding}, 0)
		require.ErrorIs(t, err, oauth.ErrLoginAgain, name)
		require.ErrorIs(t, err, oauth.ErrBinding, name)
	}
	require.Equal(t, asked, b.Requests("/token")+b.Requests("/me"))
	_, err = b.client(public(newDPoP(t))).GetNewAccessTokenByRefreshToken(t.Context(), stored.RefreshToken)
	require.ErrorIs(t, err, oauth.InvalidGrant, "the server refuses it too")
	same, err := b.client(public(old)).RefreshIfExpired(t.Context(), &stored, 0)
	require.NoError(t, err)
	assert.Same(t, &stored, same)
}

// The refresh token of a confidential client is bound to its authentication, so that the key can change (RFC 9449 §5).
func TestNewKeyOfAConfidentialClient(t *testing.T) {
	t.Parallel()
	b := newBound(t, &oidctest.Server{OAuth: true})
	token, err := b.login(b.client(proving(newDPoP(t))))
	require.NoError(t, err)
	d := newDPoP(t)
	next, err := b.client(proving(d)).RefreshIfExpired(t.Context(), token, 0)
	require.NoError(t, err)
	assert.NotEqual(t, token.AccessToken, next.AccessToken, "it is not expired, but of no use")
	assert.Equal(t, d.JKT(), next.Binding.JKT)
}

// A token that was stored before the client had a key is replaced, because API and user info calls need a bound one. Without a refresh
// token it stays until its end.
func TestStoredTokenWithoutAKey(t *testing.T) {
	t.Parallel()
	b := newBound(t, &oidctest.Server{OAuth: true, AllowPublic: true})
	plain := public(nil)
	old, err := b.login(b.client(plain))
	require.NoError(t, err)
	require.Equal(t, "Bearer", old.TokenType)
	same, err := b.client(plain).RefreshIfExpired(t.Context(), old, 0)
	require.NoError(t, err)
	require.Same(t, old, same)
	alone := &oauth.Token{AccessToken: old.AccessToken, TokenType: "Bearer", Expiry: old.Expiry}
	d := newDPoP(t)
	same, err = b.client(public(d)).RefreshIfExpired(t.Context(), alone, 0)
	require.NoError(t, err)
	require.Same(t, alone, same)
	other := *old
	other.TokenType = "N_A" // no Bearer token becomes one that is bound
	same, err = b.client(public(d)).RefreshIfExpired(t.Context(), &other, 0)
	require.NoError(t, err)
	require.Same(t, &other, same)
	next, err := b.client(public(d)).RefreshIfExpired(t.Context(), old, 0)
	require.NoError(t, err)
	assert.Equal(t, oauth.Binding{JKT: d.JKT()}, next.Binding)
	same, err = b.client(public(d)).RefreshIfExpired(t.Context(), next, 0)
	require.NoError(t, err)
	assert.Same(t, next, same)
}

// The proof as it goes over the wire (RFC 9449 §4.2).
func TestP4ProofOnTheWire(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	for name, c := range map[string]struct{ method, url, htm, htu string }{
		"query and fragment": {"POST", "https://api.example/a/b?c=d#e", "POST", "https://api.example/a/b"},
		"normal form":        {"", "HTTPS://API.example:443", "GET", "https://api.example/"},
		"escapes":            {"GET", "http://127.0.0.1:8080/a%2Fb%20c", "GET", "http://127.0.0.1:8080/a%2Fb%20c"},
	} {
		d, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: key, Now: func() time.Time { return now }})
		require.NoError(t, err)
		var sent []*http.Request
		base := roundTrip(func(r *http.Request) (*http.Response, error) {
			sent = append(sent, r)
			return &http.Response{StatusCode: 200, Header: http.Header{"Dpop-Nonce": {"n-1"}}, Body: http.NoBody}, nil
		})
		u, err := url.Parse(c.url)
		require.NoError(t, err)
		r := &http.Request{Method: c.method, URL: u}
		for range 2 {
			_, err = d.Send(base, r, &oauth.Token{AccessToken: "AT", TokenType: "dpop", Binding: oauth.Binding{JKT: d.JKT()}})
			require.NoError(t, err)
		}
		assert.Empty(t, r.Header, "the caller's request is not changed")
		ids := map[any]bool{}
		for i, r := range sent {
			assert.Equal(t, []string{"DPoP AT"}, r.Header.Values("Authorization"))
			require.Len(t, r.Header.Values("DPoP"), 1)
			proof, err := gojose.ParseSignedCompact(r.Header.Get("DPoP"), []gojose.SignatureAlgorithm{gojose.ES256})
			require.NoError(t, err)
			header := proof.Signatures[0].Protected
			assert.Equal(t, "dpop+jwt", header.ExtraHeaders["typ"])
			require.NotNil(t, header.JSONWebKey)
			assert.True(t, header.JSONWebKey.IsPublic())
			payload, err := proof.Verify(header.JSONWebKey)
			require.NoError(t, err)
			var claims map[string]any
			require.NoError(t, json.Unmarshal(payload, &claims))
			ids[claims["jti"]] = true
			delete(claims, "jti")
			digest := sha256.Sum256([]byte("AT"))
			want := map[string]any{"htm": c.htm, "htu": c.htu, "iat": float64(now.Unix()), "ath": base64.RawURLEncoding.EncodeToString(digest[:])}
			if i > 0 {
				want["nonce"] = "n-1"
			}
			assert.Equal(t, want, claims, name)
		}
		assert.Len(t, ids, 2)
	}
}

func TestNewDPoPRefusesKeys(t *testing.T) {
	t.Parallel()
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	require.NoError(t, err)
	weak, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for want, o := range map[string]oauth.DPoPOptions{
		"Signer is not set":   {},
		"P-256, P-384":        {Signer: p224},
		"does not fit Alg":    {Signer: ed25519.NewKeyFromSeed([]byte(planted32)), Alg: "ES256"},
		`Alg "none"`:          {Signer: weak, Alg: "none"},
		"no private part":     {Signer: &rsa.PrivateKey{PublicKey: weak.PublicKey}},
		"private key has 1 b": {Signer: ed25519.PrivateKey("x"), Alg: "EdDSA"},
	} {
		_, err := oauth.NewDPoP(o)
		require.ErrorContains(t, err, want)
	}
	for alg, o := range map[string]oauth.DPoPOptions{"PS256": {Signer: weak}, "EdDSA": {Signer: ed25519.NewKeyFromSeed([]byte(planted32))}} {
		d, err := oauth.NewDPoP(o)
		require.NoError(t, err)
		_, err = d.Send(roundTrip(func(r *http.Request) (*http.Response, error) {
			header, _, _ := strings.Cut(r.Header.Get("DPoP"), ".")
			text, err := base64.RawURLEncoding.DecodeString(header)
			require.NoError(t, err)
			assert.Contains(t, string(text), `"alg":"`+alg+`"`)
			return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
		}), httptest.NewRequest(http.MethodGet, "https://api.example/", nil), &oauth.Token{AccessToken: "AT", TokenType: "DPoP", Binding: oauth.Binding{JKT: d.JKT()}})
		require.NoError(t, err)
	}
	_, err = oauth.NewClient(oauth.Config{DPoP: &oauth.DPoP{}})
	require.ErrorContains(t, err, "NewDPoP")
	for _, d := range []*oauth.DPoP{nil, {}} {
		_, err = d.Send(nil, nil, nil)
		require.ErrorContains(t, err, "NewDPoP")
		assert.Empty(t, d.JKT())
	}
}

// A server that lists its algorithms, without that of the key, is not asked.
func TestAlgorithmOfProofsIsCompared(t *testing.T) {
	t.Parallel()
	config := func(algs ...string) oauth.Config {
		c := config(silent(t))
		c.Metadata = &oauth.Metadata{Issuer: "https://as.example", TokenEndpoint: "https://as.example/token", AuthorizationEndpoint: "https://as.example/auth", DPoPSigningAlgValuesSupported: algs}
		c.Issuer, c.Endpoints, c.DPoP = "", oauth.Endpoints{}, newDPoP(t)
		return c
	}
	c, err := oauth.NewClient(config("PS256", "EdDSA"))
	require.NoError(t, err)
	_, err = c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.ErrorContains(t, err, "DPoP signs with ES256, and the server accepts [PS256 EdDSA]")
	_, err = c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.ErrorContains(t, err, "DPoP signs with ES256")
	for _, algs := range [][]string{nil, {"ES256", "PS256"}} {
		c, err := oauth.NewClient(config(algs...))
		require.NoError(t, err)
		_, err = c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
		require.NoError(t, err)
	}
}

// P4, T11: a refusal that brings a nonce is not one that wants it: a code, or a token, is not sent again.
func TestP4OtherRefusalsAreFinal(t *testing.T) {
	t.Parallel()
	for code, requests := range map[oauth.ErrorCode]int{oauth.UseDPoPNonce: 2, oauth.InvalidGrant: 1, oauth.InvalidDPoPProof: 1, oauth.InvalidToken: 1} {
		for _, path := range []string{"/token", "/userinfo"} {
			sent := 0
			c := with(t, replyAt(path, func(r *http.Request) (*http.Response, error) {
				sent++
				res, err := jsonReply(400, `{"error":"`+string(code)+`"}`)(r)
				res.Header.Set("DPoP-Nonce", "n-1")
				return res, err
			}), func(c *oauth.Config) { c.DPoP = newDPoP(t) })
			var err error
			if path == "/token" {
				_, err = c.GetAccessTokenByCode(t.Context(), "CODE", oauth.CodeOptions{RedirectURI: "https://app.example/callback"})
			} else {
				_, err = c.GetUserInfoByAccessToken(t.Context(), "AT")
			}
			require.ErrorIs(t, err, code, path)
			assert.Equal(t, requests, sent, "%s %s", code, path)
		}
	}
}

// headerless is a ClientAuth that leaves no header.
type headerless struct{ header http.Header }

func (a headerless) Authenticate(_ context.Context, r *oauth.AuthRequest) error {
	r.Header = a.header
	return nil
}

// P4: a request that does not arrive fails as it does without a proof.
func TestP4ServerThatCannotBeReached(t *testing.T) {
	t.Parallel()
	gone := errors.New("no route to host")
	for _, d := range []*oauth.DPoP{nil, newDPoP(t)} {
		c := with(t, roundTrip(func(*http.Request) (*http.Response, error) { return nil, gone }), func(c *oauth.Config) { c.DPoP = d })
		_, err := c.GetAccessTokenByCode(t.Context(), "C0DE")
		require.ErrorIs(t, err, gone)
		var binding oauth.Binding
		if d != nil {
			binding.JKT = d.JKT()
		}
		_, err = c.GetUserInfoByAccessToken(t.Context(), "AT", oauth.UserInfoOptions{Binding: binding})
		require.ErrorIs(t, err, gone)
	}
}

// P4: the proof comes besides what a ClientAuth of one's own wrote, also where it wrote no header.
func TestP4ProofBesidesOwnClientAuth(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]http.Header{"none": nil, "own": {"X-Own": {"1"}}} {
		var sent http.Header
		c := with(t, replyAt("/token", func(r *http.Request) (*http.Response, error) {
			sent = r.Header
			return jsonReply(200, `{"access_token":"AT","token_type":"DPoP"}`)(r)
		}), func(c *oauth.Config) { c.DPoP, c.TokenAuth = newDPoP(t), headerless{header.Clone()} })
		_, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
		require.NoError(t, err, name)
		assert.NotEmpty(t, sent.Get("DPoP"), name)
		assert.Equal(t, header.Get("X-Own"), sent.Get("X-Own"), name)
	}
}

// A server that repeats the proof, which may be unused, does not bring it into an error.
func TestProofIsNotInErrors(t *testing.T) {
	t.Parallel()
	proof := ""
	repeat := func(r *http.Request) (*http.Response, error) {
		proof = r.Header.Get("DPoP")
		return jsonReply(400, `{"error":"invalid_dpop_proof","error_description":"it is `+proof+`"}`)(r)
	}
	for path, call := range map[string]func(*oauth.Client) error{
		"/token": func(c *oauth.Client) error {
			_, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
			return err
		},
		"/userinfo": func(c *oauth.Client) error {
			_, err := c.GetUserInfoByAccessToken(t.Context(), "an-access-token-of-some-length")
			return err
		},
	} {
		err := call(with(t, replyAt(path, repeat), func(c *oauth.Config) { c.DPoP = newDPoP(t) }))
		require.ErrorIs(t, err, oauth.InvalidDPoPProof, path)
		require.NotEmpty(t, proof, path)
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), proof, path)
		assert.Contains(t, err.Error(), "it is ", path)
	}
}

// User info needs the header: a token elsewhere has no scheme.
func TestP4PlacementOfABoundToken(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), func(c *oauth.Config) { c.DPoP = newDPoP(t) })
	for _, p := range []oauth.TokenPlacement{oauth.InBody, oauth.InsecureTokenInQuery} {
		_, err := c.GetUserInfoByAccessToken(t.Context(), "AT", oauth.UserInfoOptions{Placement: p})
		require.ErrorContains(t, err, "InHeader")
	}
}

func TestBindingIsReadStrictly(t *testing.T) {
	t.Parallel()
	const good = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
	for _, text := range []string{
		`{}`, `null`, `"x"`, `[]`, `{"jkt":null}`, `{"jkt":7}`, `{"jkt":"` + good[1:] + `"}`, `{"jkt":"` + good[1:] + `="}`, `{"jkt":"` + strings.Repeat("!", 43) + `"}`,
		`{"jkt":"` + good[:20] + `\n` + good[20:] + `"}`, // base64 skips line breaks
		`{"JKT":"` + good + `"}`, `{"jkt":"` + good + `","kid":"k"}`, `{"jkt":"` + good + `","jkt":"` + good + `"}`, `{"jwk":{}}`,
	} {
		var b oauth.Binding
		require.Error(t, b.UnmarshalJSON([]byte(text)), text)
		assert.True(t, b.Zero(), text)
	}
	var b oauth.Binding
	require.NoError(t, json.Unmarshal([]byte(`{"jkt":"`+good+`","x5t#S256":"`+good+`"}`), &b))
	assert.Equal(t, oauth.Binding{JKT: good, X5T: good}, b)
	text, err := json.Marshal(oauth.Token{AccessToken: "AT", TokenType: "DPoP", Binding: b})
	require.NoError(t, err)
	assert.JSONEq(t, `{"access_token":"AT","token_type":"DPoP","cnf":{"jkt":"`+good+`","x5t#S256":"`+good+`"}}`, string(text))
	text, err = json.Marshal(oauth.Token{AccessToken: "AT", TokenType: "Bearer"})
	require.NoError(t, err)
	assert.NotContains(t, string(text), "cnf", "what is stored of a bearer token did not change")
}
