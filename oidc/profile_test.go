package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/option"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// fapiConfig is a Config that FAPI2 accepts.
func fapiConfig(t testing.TB) oidc.Config {
	t.Helper()
	return oidc.Config{
		Profile: oidc.FAPI2, Issuer: issuer, ClientID: clientID, RedirectURI: redirectURI, TokenAuth: oauth.PrivateKeyJWT{Keys: signs("p256", "")},
		DPoP: newDPoP(t), Now: now,
	}
}

// signs is a list with one key of the client.
func signs(key, alg string) []oauth.SigningKey {
	return []oauth.SigningKey{{Signer: keys()[key], Alg: alg}}
}

func signsNow(key, alg string) func(context.Context) (oauth.SigningKey, error) {
	return func(context.Context) (oauth.SigningKey, error) { return signs(key, alg)[0], nil }
}

const badAlg = ", want PS256, ES256, EdDSA, Ed25519 (FAPI 2.0 Security Profile §5.4.1)"

// What contradicts the profile is an error that names the field; its twin with another value is accepted.
func TestProfileRefusesWhatContradictsIt(t *testing.T) {
	t.Parallel()
	other := "ES384"
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	weakProof, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: key})
	require.NoError(t, err)
	const wantAuth = "want oauth.PrivateKeyJWT, oauth.TLSClientAuth or oauth.SelfSignedTLSClientAuth (FAPI 2.0 Security Profile §5.3.3.1)"
	plain := fapiMetadata(map[string]any{"mtls_endpoint_aliases": map[string]any{"token_endpoint": issuer + "/mtls/token"}, "jwks_uri": nil, "x": 1})
	parsed, err := oauth.ParseMetadata([]byte(mustJSON(plain)))
	require.NoError(t, err)
	cases := map[string]struct {
		set  func(*oidc.Config)
		want string // empty: accepted
	}{
		"nothing more": {set: func(*oidc.Config) {}},
		"AllowNoNonce": {set: func(c *oidc.Config) { c.AllowNoNonce = true }},

		"InsecureAllowHTTP": {func(c *oidc.Config) { c.InsecureAllowHTTP = true }, "InsecureAllowHTTP must not be set (FAPI 2.0 Security Profile §5.2.1)"},
		"InsecureSkipVerify": {func(c *oidc.Config) {
			c.HTTPClient = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
		}, "HTTPClient must not have InsecureSkipVerify without VerifyConnection (FAPI 2.0 Security Profile §5.2.1)"},
		"TLS 1.1": {func(c *oidc.Config) { c.HTTPClient = speaks(tls.VersionTLS11) },
			"HTTPClient must not have a MinVersion before TLS 1.2 (FAPI 2.0 Security Profile §5.2.1)"},
		"TLS 1.2":      {set: func(c *oidc.Config) { c.HTTPClient = speaks(tls.VersionTLS12) }},
		"ClientSecret": {func(c *oidc.Config) { c.ClientSecret = clientSecret }, "ClientSecret must not be set (FAPI 2.0 Security Profile §5.3.3.1)"},
		"Endpoints":    {func(c *oidc.Config) { c.Endpoints.Token = issuer + "/token" }, "Endpoints must not be set (FAPI 2.0 Security Profile §5.3.3.1)"},
		"IssuerFamily": {func(c *oidc.Config) {
			c.IssuerFamily = &oidc.IssuerFamily{Template: issuer + "/{t}", TenantClaim: "tid", AllowAnyTenant: true}
		}, "IssuerFamily must not be set (FAPI 2.0 Security Profile §5.3.3.1)"},
		"AllowNoPKCE":                  {func(c *oidc.Config) { c.AllowNoPKCE = true }, "AllowNoPKCE must not be set (FAPI 2.0 Security Profile §5.3.3.2)"},
		"InsecureAllowCodeInjection":   {func(c *oidc.Config) { c.InsecureAllowCodeInjection = true }, "InsecureAllowCodeInjection must not be set (FAPI 2.0 Security Profile §5.3.3.2)"},
		"AllowFrontChannelAccessToken": {func(c *oidc.Config) { c.AllowFrontChannelAccessToken = true }, "AllowFrontChannelAccessToken must not be set (FAPI 2.0 Security Profile §5.3.3.2)"},
		"PushNever":                    {func(c *oidc.Config) { c.PushedAuthorization = oauth.PushNever }, "PushedAuthorization: PushNever must not be set (FAPI 2.0 Security Profile §5.3.3.2)"},
		"PushAlways":                   {set: func(c *oidc.Config) { c.PushedAuthorization = oauth.PushAlways }},
		"MaxPushedLifetime":            {func(c *oidc.Config) { c.MaxPushedLifetime = 600 * time.Second }, "MaxPushedLifetime must be less than 600 seconds (FAPI 2.0 Security Profile §5.3.2.2)"},
		"MaxPushedLifetime of 599 s":   {set: func(c *oidc.Config) { c.MaxPushedLifetime = 599 * time.Second }},
		"RequestObject.Host": {func(c *oidc.Config) {
			c.RequestObject = &oauth.RequestObject{Keys: signs("p256", ""), Host: func(context.Context, string) (string, error) { return "", nil }}
		}, "RequestObject.Host must not be set (FAPI 2.0 Security Profile §5.3.3.2)"},
		"Metadata that was written": {func(c *oidc.Config) { c.Metadata = &oidc.Metadata{Issuer: issuer} }, "Metadata must be read from the server's document, by oauth.ParseMetadata (FAPI 2.0 Security Profile §5.3.3.1)"},
		"Metadata that was read":    {set: func(c *oidc.Config) { c.Metadata = parsed }},
		"Metadata that was changed": {func(c *oidc.Config) {
			changed := *parsed
			changed.TokenEndpoint = issuer + "/other"
			c.Metadata = &changed
		}, "Metadata must not be changed after oauth.ParseMetadata (FAPI 2.0 Security Profile §5.3.3.1)"},
		"Metadata that was stored": {set: func(c *oidc.Config) {
			text, err := json.Marshal(parsed)
			require.NoError(t, err)
			c.Metadata = &oidc.Metadata{}
			require.NoError(t, json.Unmarshal(text, c.Metadata))
		}},

		"no key for tokens":  {func(c *oidc.Config) { c.DPoP = nil }, "DPoP or CertificateBoundTokens must be set (FAPI 2.0 Security Profile §5.3.3.1)"},
		"a certificate":      {set: func(c *oidc.Config) { c.DPoP, c.CertificateBoundTokens, c.HTTPClient = nil, true, certified(t) }},
		"an ES384 DPoP":      {func(c *oidc.Config) { c.DPoP = weakProof }, `the Alg of DPoP is "ES384"` + badAlg},
		"a DPoP made by you": {func(c *oidc.Config) { c.DPoP = &oauth.DPoP{} }, "oauth: the DPoP was not made by NewDPoP"},

		"no TokenAuth":             {func(c *oidc.Config) { c.TokenAuth = nil }, "TokenAuth must be set: " + wantAuth},
		"client_secret_basic":      {func(c *oidc.Config) { c.TokenAuth = oauth.ClientSecretBasic }, "TokenAuth: " + wantAuth},
		"none":                     {func(c *oidc.Config) { c.TokenAuth = oauth.None }, "TokenAuth: " + wantAuth},
		"client_secret_jwt":        {func(c *oidc.Config) { c.TokenAuth = oauth.ClientSecretJWT{} }, "TokenAuth: " + wantAuth},
		"an assertion of others":   {func(c *oidc.Config) { c.TokenAuth = oauth.Assertion{} }, "TokenAuth: " + wantAuth},
		"a nil key":                {func(c *oidc.Config) { c.TokenAuth = (*oauth.PrivateKeyJWT)(nil) }, "TokenAuth: " + wantAuth},
		"a ClientAuth of your own": {func(c *oidc.Config) { c.TokenAuth = namedAuth{} }, "TokenAuth: " + wantAuth},
		"tls_client_auth":          {set: func(c *oidc.Config) { c.TokenAuth, c.HTTPClient = oauth.TLSClientAuth, certified(t) }},
		"self_signed_tls_client_auth": {set: func(c *oidc.Config) {
			c.TokenAuth, c.HTTPClient = oauth.SelfSignedTLSClientAuth, certified(t)
		}},
		"IntrospectionAuth with a secret": {func(c *oidc.Config) { c.IntrospectionAuth = oauth.ClientSecretPost }, "IntrospectionAuth: " + wantAuth},
		"RevocationAuth with a secret":    {func(c *oidc.Config) { c.RevocationAuth = oauth.ClientSecretPost }, "RevocationAuth: " + wantAuth},
		"the issuer as audience":          {set: func(c *oidc.Config) { c.TokenAuth = &oauth.PrivateKeyJWT{Keys: signs("p256", ""), Audience: issuer} }},
		"the issuer of Metadata as audience": {set: func(c *oidc.Config) {
			c.Issuer, c.Metadata, c.TokenAuth = "", parsed, oauth.PrivateKeyJWT{Keys: signs("p256", ""), Audience: issuer}
		}},
		"another audience": {func(c *oidc.Config) {
			c.TokenAuth = &oauth.PrivateKeyJWT{Keys: signs("p256", ""), Audience: issuer + "/token"}
		}, "TokenAuth: PrivateKeyJWT.Audience must be empty, which is the issuer (FAPI 2.0 Security Profile §5.3.3.1)"},
		"an RSA key that says nothing": {func(c *oidc.Config) { c.TokenAuth = oauth.PrivateKeyJWT{Keys: signs("rsa", "")} }, `TokenAuth: the Alg of its key is "RS256"` + badAlg},
		"an RSA key by PS256":          {set: func(c *oidc.Config) { c.TokenAuth = oauth.PrivateKeyJWT{Keys: signs("rsa", "PS256")} }},
		"an RSA key by PS512":          {func(c *oidc.Config) { c.TokenAuth = oauth.PrivateKeyJWT{Keys: signs("rsa", "PS512")} }, `TokenAuth: the Alg of its key is "PS512"` + badAlg},
		"an Ed25519 key":               {set: func(c *oidc.Config) { c.TokenAuth = oauth.PrivateKeyJWT{Keys: signs("ed", "")} }},
		"no keys":                      {func(c *oidc.Config) { c.TokenAuth = oauth.PrivateKeyJWT{} }, "oauth: TokenAuth: private_key_jwt: Keys has no SigningKey"},

		"a request object by RS256": {func(c *oidc.Config) { c.RequestObject = &oauth.RequestObject{Keys: signs("rsa", "")} }, `RequestObject: the Alg of its key is "RS256"` + badAlg},
		"a request object by PS256": {set: func(c *oidc.Config) { c.RequestObject = &oauth.RequestObject{Keys: signs("rsa", "PS256")} }},
		"a claims provider": {func(c *oidc.Config) {
			c.ClaimsProviders = []oidc.ClaimsProvider{{Issuer: "https://claims.example", Keys: oidc.StaticKeys{}}}
		}, `ClaimsProviders[0].SigningAlg is ""` + badAlg},
		"a claims provider by ES256": {set: func(c *oidc.Config) {
			c.ClaimsProviders = []oidc.ClaimsProvider{{Issuer: "https://claims.example", Keys: oidc.StaticKeys{}, SigningAlg: "ES256"}}
		}},

		"signed messages":                             {set: messageSigning},
		"signed messages, no RequestObject":           {func(c *oidc.Config) { messageSigning(c); c.RequestObject = nil }, "RequestObject must be set (FAPI 2.0 Message Signing §5.3.2)"},
		"signed messages, no AuthorizationSigningAlg": {func(c *oidc.Config) { messageSigning(c); c.AuthorizationSigningAlg = "" }, "AuthorizationSigningAlg must be set (FAPI 2.0 Message Signing §5.4.2)"},
		"signed messages, an RS256 response":          {func(c *oidc.Config) { messageSigning(c); c.AuthorizationSigningAlg = "RS256" }, `AuthorizationSigningAlg is "RS256"` + badAlg},
		"signed messages, for 10 minutes":             {set: func(c *oidc.Config) { messageSigning(c); c.AuthorizationMaxLifetime = 10 * time.Minute }},
		"signed messages, for longer":                 {func(c *oidc.Config) { messageSigning(c); c.AuthorizationMaxLifetime = 601 * time.Second }, "AuthorizationMaxLifetime must be at most 10 minutes (JARM §2.1)"},
		"signed messages, introspection": {func(c *oidc.Config) { messageSigning(c); c.IntrospectionAuth = c.TokenAuth },
			"IntrospectionSigningAlg must be set (FAPI 2.0 Message Signing §5.5.2)"},
		"signed messages, signed introspection": {set: func(c *oidc.Config) {
			messageSigning(c)
			c.IntrospectionAuth, c.IntrospectionSigningAlg = c.TokenAuth, "PS256"
		}},

		"a resource server":                   {set: func(c *oidc.Config) { *c = oidc.Config{Profile: c.Profile, Issuer: issuer} }},
		"a resource server that introspects":  {set: func(c *oidc.Config) { c.IntrospectionAuth, c.TokenAuth, c.DPoP = c.TokenAuth, nil, nil }},
		"a resource server, signed":           {set: func(c *oidc.Config) { *c = oidc.Config{Profile: oidc.FAPI2MessageSigning, Issuer: issuer} }},
		"a resource server that allows HTTP":  {func(c *oidc.Config) { *c = oidc.Config{Profile: c.Profile, Issuer: issuer, InsecureAllowHTTP: true} }, "InsecureAllowHTTP must not be set (FAPI 2.0 Security Profile §5.2.1)"},
		"a server on this machine, over HTTP": {set: func(c *oidc.Config) { c.Issuer = "http://127.0.0.1:8080" }},
		"a server on another one, over HTTP":  {func(c *oidc.Config) { c.Issuer = "http://op.example" }, "oidc: Issuer must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)"},
		"an unknown profile":                  {func(c *oidc.Config) { c.Profile = "fapi1" }, `oidc: unknown Profile "fapi1", want fapi2 or fapi2_message_signing`},
		"ID tokens by " + other:               {func(c *oidc.Config) { c.IDTokenSigningAlg = other }, `IDTokenSigningAlg is "ES384"` + badAlg},
		"user info by " + other:               {func(c *oidc.Config) { c.UserInfoSigningAlg = other }, `UserInfoSigningAlg is "ES384"` + badAlg},
		"access tokens by " + other:           {func(c *oidc.Config) { c.AccessTokenSigningAlg = other }, `AccessTokenSigningAlg is "ES384"` + badAlg},
		"introspections by " + other:          {func(c *oidc.Config) { c.IntrospectionSigningAlg = other }, `IntrospectionSigningAlg is "ES384"` + badAlg},
		"ID tokens by HS256":                  {func(c *oidc.Config) { c.IDTokenSigningAlg = "HS256" }, `IDTokenSigningAlg is "HS256"` + badAlg},
		"ID tokens by RS256":                  {func(c *oidc.Config) { c.IDTokenSigningAlg = "RS256" }, `IDTokenSigningAlg is "RS256"` + badAlg},
		"all by ES256, PS256, EdDSA, Ed25519": {set: func(c *oidc.Config) {
			c.IDTokenSigningAlg, c.UserInfoSigningAlg, c.AccessTokenSigningAlg, c.IntrospectionSigningAlg = "ES256", "PS256", "EdDSA", "Ed25519"
		}},
	}
	var wants strings.Builder
	for name, c := range cases {
		wants.WriteString(c.want + "\n")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := fapiConfig(t)
			c.set(&config)
			_, err := oidc.NewClient(config)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
	config := reflect.TypeFor[oidc.Config]()
	for i := range config.NumField() {
		if f := config.Field(i); f.IsExported() && !slices.Contains(strings.Fields(fapiFree), f.Name) {
			named := regexp.MustCompile(`\b` + f.Name + `\b`).MatchString(wants.String())
			assert.True(t, named, "no value of %s is refused: does none contradict the profile?", f.Name)
		}
	}
}

// fapiFree are the fields of Config of which the profile refuses no value: each is as good, stricter, or not of its matter.
const fapiFree = "Issuer Discovery RequireIssuer ClientID OlderClientSecrets RedirectURI IDTokenEncryptionAlg IDTokenEncryptionEnc UserInfoEncryptionAlg" +
	" UserInfoEncryptionEnc DecryptionKeys IntrospectionEncryptionAlg IntrospectionEncryptionEnc AuthorizationEncryptionAlg AuthorizationEncryptionEnc" +
	" IntrospectionCache AccessTokenCache KeyFetch UseMTLSAliases RequestObjectEncryptionAlg RequestObjectEncryptionEnc TrustedAudiences RequireAuthTime" +
	" Keys Replay IDTokenMaxAge LogoutTokenMaxAge Skew LoginLifetime Header MaxReply MaxRetryAfter MaxIDToken Now RefusePrivateAddresses AllowNoNonce" +
	" ReplyError MendTokenReply"

// speaks needs this version of TLS, or a later one.
func speaks(version uint16) *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{MinVersion: version}}}
}

// messageSigning adds what FAPI2MessageSigning demands.
func messageSigning(c *oidc.Config) {
	c.Profile, c.RequestObject, c.AuthorizationSigningAlg = oidc.FAPI2MessageSigning, &oauth.RequestObject{Keys: signs("p256", "")}, "PS256"
}

// certified has a client certificate that is never sent.
func certified(t *testing.T) *http.Client {
	t.Helper()
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{selfSigned(t, "app", "p256")}}}}
}

// C6: a function may return another key each time, so each is checked before it signs.
func TestC6ProfileChecksTheKeyOfEachRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		key, alg string
		want     string
	}{
		"ES256": {"p256", "", ""}, "PS256": {"rsa", "PS256", ""},
		"RS256": {"rsa", "", `the Alg of its key is "RS256"` + badAlg}, "ES384": {"p384", "", `the Alg of its key is "ES384"` + badAlg},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			p.discover(fapiMetadata(nil))
			config := fapiConfig(t)
			config.TokenAuth = oauth.PrivateKeyJWT{CurrentKey: signsNow(c.key, c.alg)}
			client := p.client(config)
			p.serve("/token", map[string]any{"access_token": "AT", "token_type": "DPoP"})
			_, err := client.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
			assert.Zero(t, p.count("/token"))
		})
	}
	gone := errors.New("the device is away")
	p := newProvider(t)
	p.discover(fapiMetadata(nil))
	object := fapiConfig(t)
	object.RequestObject = &oauth.RequestObject{CurrentKey: signsNow("rsa", "")}
	_, err := p.client(object).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorContains(t, err, `RequestObject: CurrentKey: the Alg of its key is "RS256"`+badAlg)
	assert.Zero(t, p.count("/par"))
	p = newProvider(t)
	p.discover(fapiMetadata(nil))
	config := fapiConfig(t)
	config.TokenAuth = oauth.PrivateKeyJWT{CurrentKey: func(context.Context) (oauth.SigningKey, error) { return oauth.SigningKey{}, gone }}
	_, err = p.client(config).GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.ErrorIs(t, err, gone)
}

// fapiMetadata is that of a server whose client has fapiConfig.
func fapiMetadata(more map[string]any) map[string]any {
	m := metadata()
	delete(m, "token_endpoint_auth_methods_supported")
	m["id_token_signing_alg_values_supported"] = []string{"ES256"}
	m["pushed_authorization_request_endpoint"] = issuer + "/par"
	maps.Copy(m, more)
	return m
}

// D9: an algorithm of ID tokens that is not pinned is the only one of the profile that the server offers.
func TestD9ProfilePicksTheAlgorithm(t *testing.T) {
	t.Parallel()
	const none = "the server's metadata does not list one of the ID token algorithms that Profile accepts: set IDTokenSigningAlg to the one that the client registered, of PS256, ES256, EdDSA, Ed25519"
	for name, c := range map[string]struct {
		offered any
		pinned  string
		keys    oidc.KeySet
		want    string
	}{
		"one":                     {offered: []string{"RS256", "PS256", "HS256"}},
		"two":                     {offered: []string{"RS256", "PS256", "EdDSA"}, want: "the server offers the ID token algorithms PS256, EdDSA: choose one as IDTokenSigningAlg"},
		"two, and one is pinned":  {offered: []string{"RS256", "PS256", "EdDSA"}, pinned: "EdDSA"},
		"none of them":            {offered: []string{"RS256", "ES384"}, want: none},
		"no list":                 {want: none},
		"no list, keys are given": {keys: oidc.StaticKeys{}, want: none},
		"no list, one is pinned":  {pinned: "PS256"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			p.discover(fapiMetadata(map[string]any{"id_token_signing_alg_values_supported": c.offered}))
			config := fapiConfig(t)
			config.IDTokenSigningAlg, config.Keys = c.pinned, c.keys
			_, err := p.client(config).VerifyIDToken(t.Context(), newTrial().token(t), oidc.Expect{Nonce: sentNonce})
			var refused *oauth.DiscoveryError
			if c.want == "" {
				require.ErrorIs(t, err, oidc.CheckAlgorithm) // the token is of RS256
				return
			}
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, oauth.DiscoveryAlgorithm, refused.Check)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// A request that the profile forbids is the caller's mistake, and nothing is sent.
func TestProfileRefusesRequests(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	client := p.client(fapiConfig(t))
	_, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeIDToken})
	require.EqualError(t, err, "oidc: ResponseType must be code with this Profile (FAPI 2.0 Security Profile §5.3.3.2)")
	for name, o := range map[string]oidc.AuthorizeOptions{"no challenge": {}, "plain": {CodeChallenge: "verifier-verifier-verifier-verifier-verifier", CodeChallengeMethod: "plain"}} {
		_, err = client.BuildAuthorizeUrl(t.Context(), o)
		require.EqualError(t, err, "oidc: CodeChallenge must be set, by S256, with this Profile (FAPI 2.0 Security Profile §5.3.3.2)", name)
	}
	for _, where := range []oauth.TokenPlacement{oauth.InBody, oauth.InsecureTokenInQuery} {
		_, err = client.GetUserInfoByAccessToken(t.Context(), "AT", oauth.UserInfoOptions{Placement: where})
		require.EqualError(t, err, "oidc: Placement must be InHeader with this Profile (FAPI 2.0 Security Profile §5.3.3.1)")
		require.True(t, option.IsMistake(err))
	}
	config := fapiConfig(t)
	messageSigning(&config)
	client = p.client(config)
	for _, mode := range []oauth.ResponseMode{oauth.ResponseModeFormPostJWT, oauth.ResponseModeQueryJWT} {
		_, err = client.BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseMode: mode})
		require.EqualError(t, err, "oidc: ResponseMode must be jwt or empty with this Profile (FAPI 2.0 Message Signing §5.4.2)")
	}
	_, err = client.IntrospectToken(t.Context(), "AT")
	require.EqualError(t, err, "oidc: IntrospectionSigningAlg must be set with this Profile (FAPI 2.0 Message Signing §5.5.2)")
	require.True(t, option.IsMistake(err))
	assert.Zero(t, p.count(wellKnown))
}

// The response mode is jwt itself: a server that lists only its longer names is refused.
func TestProfileSendsTheResponseModeJWT(t *testing.T) {
	t.Parallel()
	for modes, want := range map[string]string{"jwt": "", "query.jwt": "oauth: the server's response_modes_supported does not have jwt: it is query.jwt"} {
		p := newProvider(t)
		p.discover(fapiMetadata(map[string]any{"response_modes_supported": []string{modes}, "authorization_signing_alg_values_supported": []string{"PS256"}, "request_parameter_supported": true}))
		p.on("/par", httpmock.NewStringResponder(http.StatusCreated, `{"request_uri":"urn:example:1","expires_in":60}`))
		config := fapiConfig(t)
		messageSigning(&config)
		login, err := p.client(config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if want != "" {
			require.EqualError(t, err, want)
			assert.Zero(t, p.count("/par"))
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, oauth.ResponseModeJWT, login.ResponseMode)
		assert.Contains(t, string(payloadOf(t, p.form("/par").Get("request"))), `"response_mode":"jwt"`)
	}
}

// A call whose authentication is not set says which field it needs, and sends nothing.
func TestProfileNamesTheMissingAuthentication(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.discover(fapiMetadata(map[string]any{"revocation_endpoint": issuer + "/revoke", "introspection_endpoint": issuer + "/introspect"}))
	client := p.client(fapiConfig(t))
	_, err := client.IntrospectToken(t.Context(), "AT")
	require.ErrorContains(t, err, "IntrospectionAuth must be set: want oauth.PrivateKeyJWT")
	require.ErrorContains(t, client.RevokeToken(t.Context(), "AT"), "RevocationAuth must be set: want oauth.PrivateKeyJWT")
	config := fapiConfig(t)
	config.IntrospectionAuth, config.TokenAuth, config.DPoP = config.TokenAuth, nil, nil
	_, err = p.client(config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorContains(t, err, "TokenAuth must be set: want oauth.PrivateKeyJWT")
	for _, path := range []string{"/introspect", "/revoke", "/par"} {
		assert.Zero(t, p.count(path))
	}
}

// X4: a resource server with the profile refuses a token that is bound to no key.
func TestX4ProfileRefusesUnboundTokens(t *testing.T) {
	t.Parallel()
	bound := map[string]any{"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}
	verify := func(t *testing.T, cnf any, change func(*oidc.Config, *oidc.AccessTokenExpect)) (*oidc.AccessToken, error) {
		config := oidc.Config{Profile: oidc.FAPI2, Issuer: issuer, AccessTokenSigningAlg: "PS256", Keys: oidc.StaticKeys{{ID: "rsa", Public: publicRSA()}}, Now: now}
		expect := oidc.AccessTokenExpect{Audience: resource, AllowBoundToken: true}
		change(&config, &expect)
		client, err := oidc.NewClient(config)
		require.NoError(t, err)
		assert.Equal(t, config.Profile != "", client.RequiresBoundTokens())
		tr := newTrial()
		tr.alg, tr.header["typ"] = "PS256", "at+jwt"
		maps.Copy(tr.claims, map[string]any{"aud": resource, "client_id": clientID, "jti": "1", "scope": "read"})
		delete(tr.claims, "nonce")
		if cnf != nil {
			tr.claims["cnf"] = cnf
		}
		return client.VerifyAccessToken(t.Context(), tr.token(t), expect)
	}
	as := func(*oidc.Config, *oidc.AccessTokenExpect) {}
	token, err := verify(t, bound, as)
	require.NoError(t, err)
	assert.Equal(t, bound["jkt"], token.Binding.JKT)
	_, err = verify(t, nil, as)
	require.ErrorIs(t, err, oidc.CheckBinding)
	_, err = verify(t, nil, func(c *oidc.Config, _ *oidc.AccessTokenExpect) { c.Profile = "" })
	require.NoError(t, err)

	_, err = verify(t, bound, func(_ *oidc.Config, e *oidc.AccessTokenExpect) { e.AllowBoundToken = false })
	require.ErrorContains(t, err, "oidc: AccessTokenExpect.AllowBoundToken must be set with this Profile")
	require.True(t, option.IsMistake(err))
	_, err = verify(t, bound, func(c *oidc.Config, _ *oidc.AccessTokenExpect) { c.AccessTokenSigningAlg = "" })
	require.ErrorContains(t, err, "oidc: AccessTokenSigningAlg must be set with this Profile, to one of PS256, ES256, EdDSA, Ed25519")
	require.True(t, option.IsMistake(err))
}

// P1: the profile pushes each request, also where the metadata does not require it, and takes no long reference. A7: it
// needs iss, also where the metadata does not announce it.
func TestP1ProfilePushesAndNeedsIssuer(t *testing.T) {
	t.Parallel()
	for lifetime, want := range map[int]string{599: "", 600: "expires_in is 600 seconds, and MaxPushedLifetime is 9m59s"} {
		p := newProvider(t)
		p.discover(fapiMetadata(nil))
		p.on("/par", httpmock.NewStringResponder(http.StatusCreated, fmt.Sprintf(`{"request_uri":"urn:example:1","expires_in":%d}`, lifetime)))
		client := p.client(fapiConfig(t))
		login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.Equal(t, 1, p.count("/par"))
		if want != "" {
			require.ErrorContains(t, err, want)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, issuer+"/authorize?client_id="+clientID+"&request_uri=urn%3Aexample%3A1", login.URL)
		for iss, check := range map[string]error{"": oauth.CheckIssuer, "&iss=" + url.QueryEscape(issuer): oauth.AccessDenied} {
			_, err = client.CompleteLogin(t.Context(), login, callback(login, "error=access_denied&state="+login.State+iss))
			require.ErrorIs(t, err, check)
		}
	}
}

// A login that a client without the profile began, for example before a deployment, is not completed.
func TestProfileRefusesALoginOfAnotherType(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.discover(fapiMetadata(nil))
	plain, strict := fapiConfig(t), fapiConfig(t)
	plain.Profile, plain.DPoP = "", nil
	begin := func(o oidc.AuthorizeOptions) error {
		login, err := p.client(plain).BeginLogin(t.Context(), o)
		require.NoError(t, err)
		_, err = p.client(strict).CompleteLogin(t.Context(), login, callback(login, url.Values{"state": {login.State}, "error": {"access_denied"}, "iss": {issuer}}.Encode()))
		return err
	}
	require.ErrorIs(t, begin(oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeIDToken}), oauth.CheckLogin)
	require.ErrorIs(t, begin(oidc.AuthorizeOptions{}), oauth.AccessDenied)
}
