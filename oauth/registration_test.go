package oauth_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const (
	registerURI = server + "/register"
	registered  = `{"client_id":"C1","client_secret":"s3cr3t-client","client_secret_expires_at":1893456000,"client_id_issued_at":1767225600,` +
		`"registration_access_token":"s3cr3t-registration","registration_client_uri":"` + registerURI + `/C1",` +
		`"redirect_uris":["https://client.example.com/b","https://client.example.com/a"],"token_endpoint_auth_method":"client_secret_basic","client_name":"Other"}`
)

// askedFor is what registered answers.
func askedFor() oauth.ClientMetadata {
	return oauth.ClientMetadata{
		RedirectURIs: []string{"https://client.example.com/a", "https://client.example.com/b"}, ClientName: "App",
		TokenEndpointAuthMethod: "client_secret_basic", Extra: map[string]any{"default_max_age": 60, "client_name#zh-CN": "应用"},
	}
}

// registry answers a request with a body, and keeps the request.
func registry(t *testing.T, status int, body string) (*oauth.Client, *http.Request, *string) {
	t.Helper()
	var last http.Request
	var sent string
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		last, sent = *r, ""
		if r.Body != nil {
			text, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			sent = string(text)
		}
		return jsonReply(status, body)(r)
	})
	return with(t, mock, func(c *oauth.Config) {
		*c = oauth.Config{Endpoints: oauth.Endpoints{Registration: registerURI}, HTTPClient: c.HTTPClient}
	}), &last, &sent
}

func TestRegisterClient(t *testing.T) {
	t.Parallel()
	c, last, sent := registry(t, http.StatusCreated, registered)
	r, err := c.RegisterClient(t.Context(), askedFor(), oauth.RegisterOptions{InitialAccessToken: "initial"})
	require.NoError(t, err)
	assert.Equal(t, []string{http.MethodPost, registerURI, "application/json", "Bearer initial"},
		[]string{last.Method, last.URL.String(), last.Header.Get("Content-Type"), last.Header.Get("Authorization")})
	assert.JSONEq(t, `{"redirect_uris":["https://client.example.com/a","https://client.example.com/b"],"client_name":"App",
		"token_endpoint_auth_method":"client_secret_basic","default_max_age":60,"client_name#zh-CN":"应用"}`, *sent)
	assert.Equal(t, []string{"C1", "s3cr3t-client", "s3cr3t-registration", registerURI + "/C1"}, []string{r.ClientID, r.ClientSecret, r.RegistrationAccessToken, r.RegistrationClientURI})
	assert.Equal(t, []time.Time{time.Unix(1893456000, 0).UTC(), time.Unix(1767225600, 0).UTC()}, []time.Time{r.ClientSecretExpiresAt, r.IssuedAt})
	assert.Equal(t, []string{"client_name"}, r.Changed, "in another order is the same; what is not repeated is not known")
	assert.False(t, r.Expired(time.Unix(1893455999, 0)))
	assert.True(t, r.Expired(time.Unix(1893456000, 0)))
	assert.False(t, (&oauth.Registration{}).Expired(now))
	var more struct {
		Name string `json:"client_name"`
	}
	require.NoError(t, r.Claims(&more))
	assert.Equal(t, "Other", more.Name)
	require.Error(t, r.Claims(&[]string{}), "the reply is an object")

	_, err = c.RegisterClient(t.Context(), oauth.ClientMetadata{})
	require.NoError(t, err)
	assert.Empty(t, last.Header.Get("Authorization"))
	assert.Equal(t, "{}", *sent)
}

func TestRegisterAtADiscoveredServer(t *testing.T) {
	t.Parallel()
	mock := publishing(described(map[string]any{"registration_endpoint": registerURI}), oauthDocument)
	mock.RegisterResponder(http.MethodPost, registerURI, jsonReply(http.StatusCreated, registered))
	r, err := discovering(t, mock, nil).RegisterClient(t.Context(), askedFor())
	require.NoError(t, err)
	assert.Equal(t, "C1", r.ClientID)
	_, err = discovering(t, publishing(described(nil), oauthDocument), nil).RegisterClient(t.Context(), askedFor())
	require.ErrorIs(t, err, errors.ErrUnsupported, "the document has no registration_endpoint")
}

// The storage form is complete, and reads back.
func TestRegistrationIsStored(t *testing.T) {
	t.Parallel()
	c, _, _ := registry(t, http.StatusCreated, registered)
	r, err := c.RegisterClient(t.Context(), askedFor())
	require.NoError(t, err)
	stored, err := json.Marshal(r)
	require.NoError(t, err)
	assert.JSONEq(t, registered, string(stored))
	var again oauth.Registration
	require.NoError(t, json.Unmarshal(stored, &again))
	assert.Equal(t, r.ClientSecretExpiresAt, again.ClientSecretExpiresAt)
	once, err := json.Marshal(again)
	require.NoError(t, err)
	assert.JSONEq(t, registered, string(once))
	for _, whole := range []string{`{"client_id":"C1","client_secret":"s","client_secret_expires_at":0}`, `{"client_id":"C1","client_secret_expires_at":7}`} {
		require.NoError(t, json.Unmarshal([]byte(whole), &again))
		once, err = json.Marshal(again)
		require.NoError(t, err)
		assert.JSONEq(t, whole, string(once))
	}
	own, err := json.Marshal(oauth.Registration{ClientID: "C1", ClientSecret: "s"}) // not from a reply
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(own, &again))
	require.NoError(t, json.Unmarshal([]byte(`{"client_id":"C1","token_endpoint_auth_signing_alg":"ES256","id_token_signed_response_alg":"PS256"}`), &again))
	assert.Equal(t, []string{"ES256", "PS256"}, []string{again.TokenEndpointAuthSigningAlg, again.IDTokenSignedResponseAlg})
	require.ErrorContains(t, json.Unmarshal([]byte("[]"), &again), "oauth: stored registration: json: ")
	require.EqualError(t, json.Unmarshal([]byte(`{"client_id":1}`), &again), "oauth: stored registration: client_id is not a string")
}

// What the reply must have, and what it must not change. Each refusal lets the application delete the client.
func TestRegistrationReplies(t *testing.T) {
	t.Parallel()
	swap := func(old, now string) string { return strings.Replace(registered, old, now, 1) }
	for _, c := range []struct{ name, reply, member, want string }{
		{"as it must be", registered, "", ""},
		{"no client_id", swap(`"client_id":"C1",`, ""), "client_id", "client_id is missing or empty"},
		{"client_id empty", swap(`"C1"`, `""`), "client_id", "client_id is missing or empty"},
		{"client_id a number", swap(`"C1"`, `1`), "client_id", "client_id is not a string"},
		{"I34 client_id in another case", swap(`client_id"`, `Client_id"`), "client_id", "client_id is missing or empty"},
		{"a secret without an end", swap(`"client_secret_expires_at":1893456000,`, ""), "client_secret_expires_at", "client_secret_expires_at is missing, and must come with client_secret (RFC 7591 §3.2.1)"},
		{"a secret for ever", swap(`1893456000`, "0"), "", ""},
		{"the end is a text", swap(`1893456000`, `"never"`), "client_secret_expires_at", "client_secret_expires_at is not a time in seconds"},
		{"no secret, no end", swap(`"client_secret":"s3cr3t-client","client_secret_expires_at":1893456000,`, ""), "", ""},
		{"another redirect URI", swap("client.example.com/b", "attacker.example/b"), "redirect_uris", "the server registered another redirect_uris than was asked for: [https://attacker.example/b https://client.example.com/a]"},
		{"one more", swap(`"https://client.example.com/a"]`, `"https://client.example.com/a","https://x"]`), "redirect_uris", "the server registered another redirect_uris than was asked for: [https://client.example.com/b https://client.example.com/a https://x]"},
		{"one less", swap(`"https://client.example.com/b",`, ``), "redirect_uris", "the server registered another redirect_uris than was asked for: [https://client.example.com/a]"},
		{"another method", swap(`"client_secret_basic"`, `"client_secret_post"`), "token_endpoint_auth_method", "the server registered another token_endpoint_auth_method than was asked for: client_secret_post"},
		{"it echoes the token", swap(`"client_secret_basic"`, `"initial-token"`), "token_endpoint_auth_method", "the server registered another token_endpoint_auth_method than was asked for: [redacted]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, _, _ := registry(t, http.StatusCreated, c.reply)
			r, err := client.RegisterClient(t.Context(), askedFor(), oauth.RegisterOptions{InitialAccessToken: "initial-token"})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			assert.Nil(t, r)
			require.EqualError(t, err, "oauth: refused the registration: "+c.want)
			var refused *oauth.RegistrationError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.member, refused.Member)
			assert.Equal(t, "s3cr3t-registration", refused.Registration.RegistrationAccessToken)
		})
	}
	for body, want := range map[string]string{"[]": "object", "<html>": "JSON", `{"client_id":"a","client_id":"b"}`: "twice"} {
		client, _, _ := registry(t, http.StatusCreated, body)
		_, err := client.RegisterClient(t.Context(), askedFor())
		require.ErrorContains(t, err, "oauth: registration reply", want)
	}
}

// The server's refusals have their codes.
func TestRegistrationRefused(t *testing.T) {
	t.Parallel()
	for _, code := range []oauth.ErrorCode{oauth.InvalidRedirectURI, oauth.InvalidClientMetadata, oauth.InvalidSoftware, oauth.UnapprovedSoftware} {
		c, _, _ := registry(t, http.StatusBadRequest, `{"error":"`+string(code)+`","error_description":"for initial-token"}`)
		_, err := c.RegisterClient(t.Context(), askedFor(), oauth.RegisterOptions{InitialAccessToken: "initial-token"})
		require.ErrorIs(t, err, code)
		assert.EqualError(t, err, "oauth: the server refused with status 400: "+string(code)+": for [redacted]")
	}
}

func TestRegistrationMistakes(t *testing.T) {
	t.Parallel()
	silentClient := with(t, silent(t), func(c *oauth.Config) { c.Endpoints.Registration = registerURI })
	for _, c := range []struct {
		bad  oauth.ClientMetadata
		want string
	}{
		{oauth.ClientMetadata{JWKSURI: "https://a", JWKS: oauth.JWKSet{{Public: signers()["ed"].Public()}}}, "oauth: client metadata: JWKSURI and JWKS are both set: remove one of them (RFC 7591 §2)"},
		{oauth.ClientMetadata{Extra: map[string]any{"redirect_uris": 1}}, "oauth: client metadata: Extra must not set redirect_uris: use its field instead"},
		{oauth.ClientMetadata{Extra: map[string]any{"client_id": 1}}, "oauth: client metadata: Extra must not set client_id: use its field instead"},
	} {
		_, err := silentClient.RegisterClient(t.Context(), c.bad)
		require.EqualError(t, err, c.want)
	}
	_, err := silentClient.RegisterClient(t.Context(), oauth.ClientMetadata{Extra: map[string]any{"x": make(chan int)}})
	require.ErrorContains(t, err, "oauth: client metadata: json: unsupported type")
	_, err = silentClient.RegisterClient(t.Context(), askedFor(), oauth.RegisterOptions{}, oauth.RegisterOptions{})
	require.EqualError(t, err, "oauth: RegisterOptions were given 2 times, want at most once")
	own := &oauth.Registration{ClientID: "C1", RegistrationClientURI: registerURI + "/C1", RegistrationAccessToken: "t"}
	_, err = silentClient.UpdateRegistration(t.Context(), own, oauth.ClientMetadata{Extra: map[string]any{"client_secret": 1}})
	require.EqualError(t, err, "oauth: client metadata: Extra must not set client_secret: use its field instead")
	_, err = silentClient.RegisterClient(t.Context(), oauth.ClientMetadata{JWKS: oauth.JWKSet{{Public: signers()["ed"]}}})
	require.ErrorContains(t, err, "a key of type ed25519.PrivateKey is not supported", "a private key is not sent")
	_, err = newClient(t, silent(t)).RegisterClient(t.Context(), askedFor())
	require.EqualError(t, err, "oauth: Endpoints.Registration is not set: unsupported operation")
	require.ErrorIs(t, err, errors.ErrUnsupported)
	for _, r := range []*oauth.Registration{nil, {ClientID: "C1"}, {RegistrationClientURI: registerURI}, {RegistrationAccessToken: "t"}} {
		_, err = silentClient.ReadRegistration(t.Context(), r)
		require.ErrorContains(t, err, "RFC 7592")
		_, err = silentClient.UpdateRegistration(t.Context(), r, askedFor())
		require.ErrorContains(t, err, "RFC 7592")
		require.ErrorContains(t, silentClient.DeleteRegistration(t.Context(), r), "RFC 7592")
	}
	err = silentClient.DeleteRegistration(t.Context(), &oauth.Registration{RegistrationClientURI: "http://server.example.com/C1", RegistrationAccessToken: "t"})
	require.ErrorContains(t, err, "RegistrationClientURI must be an https URL")
}

// RFC 7592: the calls go to the client's own address with its own token, and what is not repeated is kept.
func TestRegistrationIsReadChangedAndDeleted(t *testing.T) {
	t.Parallel()
	own := &oauth.Registration{ClientID: "C1", ClientSecret: "s3cr3t-client", RegistrationAccessToken: "old-token", RegistrationClientURI: registerURI + "/C1"}
	c, last, sent := registry(t, http.StatusOK, `{"client_id":"C1","client_secret":"next","client_secret_expires_at":0}`)
	r, err := c.ReadRegistration(t.Context(), own)
	require.NoError(t, err)
	assert.Equal(t, []string{"GET", registerURI + "/C1", "Bearer old-token", ""}, []string{last.Method, last.URL.String(), last.Header.Get("Authorization"), *sent})
	assert.Equal(t, []string{"next", "old-token", registerURI + "/C1"}, []string{r.ClientSecret, r.RegistrationAccessToken, r.RegistrationClientURI})
	stored, err := json.Marshal(r)
	require.NoError(t, err)
	assert.Contains(t, string(stored), "old-token")

	_, err = c.UpdateRegistration(t.Context(), own, oauth.ClientMetadata{ClientName: "New"})
	require.NoError(t, err)
	assert.Equal(t, "PUT", last.Method)
	assert.JSONEq(t, `{"client_id":"C1","client_secret":"s3cr3t-client","client_name":"New"}`, *sent)

	c, _, _ = registry(t, http.StatusOK, registered)
	r, err = c.ReadRegistration(t.Context(), own)
	require.NoError(t, err)
	assert.Equal(t, "s3cr3t-registration", r.RegistrationAccessToken, "a new token replaces the old one")

	c, _, _ = registry(t, http.StatusOK, strings.Replace(registered, "C1", "C2", 1))
	_, err = c.ReadRegistration(t.Context(), own)
	require.EqualError(t, err, "oauth: refused the registration: the reply is about another client")

	c, _, _ = registry(t, http.StatusOK, `{"client_id":"C1","client_secret":"next"}`)
	r, err = c.ReadRegistration(t.Context(), own)
	assert.Nil(t, r)
	var refused *oauth.RegistrationError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "old-token", refused.Registration.RegistrationAccessToken, "the client can still be deleted")

	unreachable := errors.New("no route")
	gone := with(t, roundTrip(func(*http.Request) (*http.Response, error) { return nil, unreachable }), func(c *oauth.Config) { c.Endpoints.Registration = registerURI })
	_, err = gone.RegisterClient(t.Context(), askedFor())
	require.ErrorIs(t, err, unreachable)
	require.ErrorIs(t, gone.DeleteRegistration(t.Context(), own), unreachable)

	c, last, _ = registry(t, http.StatusNoContent, "")
	require.NoError(t, c.DeleteRegistration(t.Context(), own))
	assert.Equal(t, []string{"DELETE", "Bearer old-token"}, []string{last.Method, last.Header.Get("Authorization")})
	c, _, _ = registry(t, http.StatusUnauthorized, `{"error":"invalid_token"}`)
	require.ErrorIs(t, c.DeleteRegistration(t.Context(), own), oauth.InvalidToken)
	r, err = c.ReadRegistration(t.Context(), own)
	require.ErrorIs(t, err, oauth.InvalidToken)
	assert.Nil(t, r)
}

// A server that has only a digest of the secret cannot repeat it.
func TestSecretThatTheReplyDoesNotRepeat(t *testing.T) {
	t.Parallel()
	ends := now.Add(time.Hour)
	own := &oauth.Registration{
		ClientID: "C1", ClientSecret: "s3cr3t-client", ClientSecretExpiresAt: ends, RegistrationAccessToken: "old-token", RegistrationClientURI: registerURI + "/C1",
	}
	for reply, want := range map[string]string{
		`{"client_id":"C1"}`: "s3cr3t-client",
		`{"client_id":"C1","token_endpoint_auth_method":"client_secret_post"}`:          "s3cr3t-client",
		`{"client_id":"C1","token_endpoint_auth_method":"none"}`:                        "",
		`{"client_id":"C1","client_secret":"s3cr3t-next","client_secret_expires_at":0}`: "s3cr3t-next",
	} {
		c, _, _ := registry(t, http.StatusOK, reply)
		r, err := c.ReadRegistration(t.Context(), own)
		require.NoError(t, err)
		assert.Equal(t, want, r.ClientSecret, reply)
		assert.Equal(t, want == own.ClientSecret, r.ClientSecretExpiresAt.Equal(ends), reply)
		r, err = c.UpdateRegistration(t.Context(), own, oauth.ClientMetadata{})
		require.NoError(t, err)
		assert.Equal(t, want, r.ClientSecret, reply)
	}
}

// A new secret is no change of what was asked for, and a reply without client_id is not about another client.
func TestRegistrationWithANewSecret(t *testing.T) {
	t.Parallel()
	own := &oauth.Registration{ClientID: "C1", ClientSecret: "s3cr3t-client", RegistrationAccessToken: "old-token", RegistrationClientURI: registerURI + "/C1"}
	asked := oauth.ClientMetadata{ClientName: "App", SoftwareStatement: "a.b.c"}
	const reply = `{"client_id":"C1","client_secret":"s3cr3t-next","client_secret_expires_at":0,"software_statement":"d.e.f","client_name":"Other"}`
	c, _, _ := registry(t, http.StatusOK, reply)
	r, err := c.UpdateRegistration(t.Context(), own, asked)
	require.NoError(t, err)
	assert.Equal(t, []string{"client_name"}, r.Changed)
	c, _, _ = registry(t, http.StatusOK, strings.Replace(reply, `"client_id":"C1",`, "", 1))
	_, err = c.UpdateRegistration(t.Context(), own, asked)
	require.EqualError(t, err, "oauth: refused the registration: client_id is missing or empty")
}

// What was sent may come back in a refusal.
func TestS14RegistrationSecretsAreHidden(t *testing.T) {
	t.Parallel()
	own := &oauth.Registration{ClientID: "C1", ClientSecret: "s3cr3t-client", RegistrationAccessToken: "s3cr3t-token", RegistrationClientURI: registerURI + "/C1"}
	asked := oauth.ClientMetadata{RedirectURIs: []string{"https://client.example.com/a"}, SoftwareStatement: "s3cr3t.state.ment"}
	for _, reply := range []struct {
		status int
		body   string
	}{
		{http.StatusBadRequest, `{"error":"invalid_client_metadata","error_description":"not s3cr3t-client s3cr3t-token s3cr3t.state.ment"}`},
		{http.StatusOK, `{"client_id":"C1","redirect_uris":["s3cr3t-client","s3cr3t-token","s3cr3t.state.ment"]}`},
	} {
		c, _, _ := registry(t, reply.status, reply.body)
		_, err := c.UpdateRegistration(t.Context(), own, asked)
		require.ErrorContains(t, err, "[redacted] [redacted] [redacted]")
		assert.NotContains(t, err.Error(), "s3cr3t")
	}
}

func TestS14RegistrationIsOneLine(t *testing.T) {
	t.Parallel()
	assert.Contains(t, fmt.Sprint(oauth.Registration{ClientID: "a\nb", RedirectURIs: []string{"c\nd"}}), `ClientID:a\nb RedirectURIs:[c\nd]`)
}

func TestConfigOfARegistration(t *testing.T) {
	t.Parallel()
	key := oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Signer: signers()["ed"]}}}
	for _, c := range []struct {
		name   string
		config oauth.Config
		r      oauth.Registration
		auth   oauth.ClientAuth
		want   string
	}{
		{"nothing said", oauth.Config{}, oauth.Registration{ClientID: "C1"}, nil, ""},
		{"a secret", oauth.Config{}, oauth.Registration{ClientID: "C1", ClientSecret: "s"}, oauth.ClientSecretBasic, ""},
		{"post", oauth.Config{}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "client_secret_post"}, oauth.ClientSecretPost, ""},
		{"none", oauth.Config{}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "none"}, oauth.None, ""},
		{"an assertion", oauth.Config{}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "client_secret_jwt", TokenEndpointAuthSigningAlg: "HS512"}, oauth.ClientSecretJWT{Alg: "HS512"}, ""},
		{"a key", oauth.Config{TokenAuth: key}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "private_key_jwt"}, key, ""},
		{"no key", oauth.Config{}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "private_key_jwt"}, nil, "oauth: the registered token_endpoint_auth_method is private_key_jwt: set TokenAuth to a PrivateKeyJWT, which has the key"},
		{"another method", oauth.Config{TokenAuth: key}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "none"}, nil, `oauth: TokenAuth is private_key_jwt, and the registered token_endpoint_auth_method is "none"`},
		{"a key without a method", oauth.Config{TokenAuth: key}, oauth.Registration{ClientID: "C1", ClientSecret: "s"}, key, ""},
		{"no redirect URI is registered", oauth.Config{RedirectURI: "https://b"}, oauth.Registration{ClientID: "C1"}, nil, ""},
		{"two are", oauth.Config{}, oauth.Registration{ClientID: "C1", RedirectURIs: []string{"https://a", "https://b"}}, nil, ""},
		{"the empty method counts as nil", oauth.Config{TokenAuth: oauth.AuthMethod("")}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "client_secret_post"}, oauth.ClientSecretPost, ""},
		{"no name is not compared", oauth.Config{TokenAuth: nameless{}}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "x"}, nameless{}, ""},
		{"a method of one's own", oauth.Config{TokenAuth: ownAuth{}}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "x", TokenEndpointAuthSigningAlg: "y"}, ownAuth{}, ""},
		{"a nil pointer", oauth.Config{TokenAuth: (*oauth.PrivateKeyJWT)(nil)}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "private_key_jwt"}, nil, "oauth: TokenAuth: it is a nil *oauth.PrivateKeyJWT"},
		{"the algorithm", oauth.Config{TokenAuth: key}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "private_key_jwt", TokenEndpointAuthSigningAlg: "EdDSA"}, key, ""},
		{"another algorithm", oauth.Config{TokenAuth: key}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "private_key_jwt", TokenEndpointAuthSigningAlg: "ES256"}, nil, `oauth: TokenAuth signs with EdDSA, and the registered token_endpoint_auth_signing_alg is "ES256"`},
		{"an unknown method", oauth.Config{}, oauth.Registration{ClientID: "C1", TokenEndpointAuthMethod: "x"}, nil, `oauth: the registered token_endpoint_auth_method: unknown auth method "x", want client_secret_basic, client_secret_post, none, tls_client_auth or self_signed_tls_client_auth`},
		{"no client", oauth.Config{}, oauth.Registration{}, nil, "oauth: the registration has no ClientID"},
		{"another redirect URI", oauth.Config{RedirectURI: "https://b"}, oauth.Registration{ClientID: "C1", RedirectURIs: []string{"https://a"}}, nil, "oauth: RedirectURI is not one of the registered redirect_uris"},
	} {
		got, err := c.config.Registered(&c.r)
		if c.want != "" {
			require.EqualError(t, err, c.want, c.name)
			continue
		}
		require.NoError(t, err, c.name)
		assert.Equal(t, c.auth, got.TokenAuth, c.name)
		assert.Equal(t, []string{"C1", c.r.ClientSecret}, []string{got.ClientID, got.ClientSecret})
	}
	_, err := oauth.Config{}.Registered(nil)
	require.EqualError(t, err, "oauth: the registration has no ClientID")
	for own, registered := range map[string]string{
		"http://127.0.0.1:51004/cb": "http://127.0.0.1/cb", "http://[::1]:51004/cb": "http://[::1]:1/cb", "http://localhost:1/cb?a": "http://localhost:2/cb?a",
	} {
		got, err := oauth.Config{RedirectURI: own}.Registered(&oauth.Registration{ClientID: "C1", RedirectURIs: []string{"https://a", registered}})
		require.NoError(t, err, own)
		assert.Equal(t, own, got.RedirectURI)
	}
	for own, registered := range map[string]string{
		"http://127.0.0.1:51004/cb": "http://127.0.0.1/other", "http://127.0.0.1:1/cb": "http://[::1]:1/cb", "https://localhost:1/cb": "https://localhost:2/cb",
		"http://app.example:1/cb": "http://app.example:2/cb", "app://localhost:1/cb": "app://localhost:2/cb",
		"http://127.0.0.1:1/%zz": "http://127.0.0.1:2/%zz",
	} {
		_, err := oauth.Config{RedirectURI: own}.Registered(&oauth.Registration{ClientID: "C1", RedirectURIs: []string{registered}})
		require.EqualError(t, err, "oauth: RedirectURI is not one of the registered redirect_uris", own)
	}
	var got oauth.Config
	got, err = oauth.Config{}.Registered(&oauth.Registration{ClientID: "C1", RedirectURIs: []string{"https://a"}})
	require.NoError(t, err)
	assert.Equal(t, "https://a", got.RedirectURI)
	got, err = oauth.Config{RedirectURI: "https://b"}.Registered(&oauth.Registration{ClientID: "C1", RedirectURIs: []string{"https://a", "https://b"}})
	require.NoError(t, err)
	assert.Equal(t, "https://b", got.RedirectURI)
}

// nameless is a ClientAuth whose name is not compared.
type nameless struct{ oauth.Assertion }

func (nameless) MethodName() string { return "" }
