package oidc_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// sealedResponse encrypts the trial's response to a key of keys, or to the client's secret.
func sealedResponse(t testing.TB, alg, enc, key string, header map[string]any) change {
	return func(tr *trial) {
		tr.config.AuthorizationEncryptionAlg, tr.config.AuthorizationEncryptionEnc = alg, enc
		tr.seal(t, alg, enc, key, header)
	}
}

// JARM §2.2: a response that is signed and then encrypted.
func TestEncryptedResponse(t *testing.T) {
	t.Parallel()
	base := sealedResponse(t, "RSA-OAEP-256", "A256GCM", "other", map[string]any{"cty": "JWT", "kid": "other"})
	once := func(raw string) string { return seal(t, "RSA-OAEP-256", "A256GCM", encryptionKey("other"), nil, raw) }
	refusesResponse(t, oidc.CheckEncrypted, base, map[string]change{
		"only signed": resealed(func(raw string) string { return raw }), "twice": resealed(func(raw string) string { return once(once(raw)) }),
	})
	refusesResponse(t, oidc.CheckEncrypted, nil, map[string]change{"not configured": resealed(once)})
	other := func(alg, enc, key string, header map[string]any) change {
		return resealed(func(raw string) string { return seal(t, alg, enc, encryptionKey(key), header, raw) })
	}
	refusesResponse(t, oidc.CheckAlgorithm, base, map[string]change{"alg": other("RSA-OAEP", "A256GCM", "other", nil), "enc": other("RSA-OAEP-256", "A128GCM", "other", nil)})
	refusesResponse(t, oidc.CheckDecryption, base, map[string]change{"key": other("RSA-OAEP-256", "A256GCM", "rsa", nil)})
	refusesResponse(t, oidc.CheckKey, base, map[string]change{"kid": other("RSA-OAEP-256", "A256GCM", "other", map[string]any{"kid": "unknown"})})
	refusesResponse(t, oidc.CheckType, base, map[string]change{"cty": other("RSA-OAEP-256", "A256GCM", "other", map[string]any{"cty": "json"}), "typ of the JWE": other("RSA-OAEP-256", "A256GCM", "other", map[string]any{"typ": "at+jwt"})})
	long := func(kib int) change { return set("more", strings.Repeat("x", kib<<10)) }
	refusesResponse(t, oidc.CheckFormat, with(base, long(30)), map[string]change{"over 64 KiB": long(36)}) // 49 KiB are signed
	refusesResponse(t, oidc.CheckSignature, base, map[string]change{"signature within": func(tr *trial) { tr.key = keys()["other"] }})
	refusesResponse(t, oidc.CheckAlgorithm, base, map[string]change{"none within": func(tr *trial) { tr.alg = "none" }})
	// RFC 7519 §5.3: what the header repeats is equal.
	repeated := func(iss, aud string) change {
		return other("RSA-OAEP-256", "A256GCM", "other", map[string]any{"iss": iss, "aud": aud})
	}
	same := with(base, repeated(issuer, clientID))
	refusesResponse(t, oidc.CheckIssuer, same, map[string]change{"iss of the JWE": repeated("https://attacker.example", clientID)})
	refusesResponse(t, oidc.CheckAudience, same, map[string]change{"aud of the JWE": repeated(issuer, "another")})
	refusesResponse(t, oidc.CheckFormat, sealedResponse(t, "dir", "A128CBC-HS256", "", nil), map[string]change{
		"JSON within": resealed(func(string) string { return seal(t, "dir", "A128CBC-HS256", encryptionKey(""), nil, `{"code":"C1"}`) }),
	})
	refusesResponse(t, oidc.CheckExpired, sealedResponse(t, "ECDH-ES", "A128CBC-HS256", "p256", nil), eachOf("exp", nil))
}

// JARM §2.3.1: a token comes in the query only when it is encrypted.
func TestTokenInTheQueryIsEncrypted(t *testing.T) {
	t.Parallel()
	for _, responseType := range frontIDTokens() {
		tr, p := newResponse(), newProvider(t)
		sealedResponse(t, "RSA-OAEP", "", "other", nil)(tr)
		tr.rework = func(raw string) string { return seal(t, "RSA-OAEP", "A128CBC-HS256", encryptionKey("other"), nil, raw) }
		tr.ask = oidc.AuthorizeOptions{ResponseType: responseType, ResponseMode: oauth.ResponseModeQueryJWT}
		login, result, err := tr.respond(t, p, p.client(tr.config))
		require.NoError(t, err)
		assert.Equal(t, []any{"248289761001", oauth.ResponseModeQueryJWT}, []any{result.IDToken.Subject, login.ResponseMode})

		tr.config.AuthorizationEncryptionAlg, tr.config.DecryptionKeys = "", nil
		c := newProvider(t).client(tr.config)
		want := `oidc: ResponseType "` + string(responseType) + `" brings a token, and ResponseMode query.jwt would put it into the address of the page, unless AuthorizationEncryptionAlg is set (JARM §2.3.1)`
		_, err = c.BeginLogin(t.Context(), tr.ask)
		require.EqualError(t, err, want)
		_, err = c.BuildAuthorizeUrl(t.Context(), tr.ask)
		require.EqualError(t, err, want)
		_, err = c.CompleteLogin(t.Context(), login, plainSigned(t, login))
		require.EqualError(t, err, "oauth: refused the callback (response): the JWT has a token, came in the query, and is not encrypted")
	}
}

// plainSigned is a callback of login in the query, by a JWT that is only signed.
func plainSigned(t testing.TB, login *oidc.Login) *http.Request {
	tr := newResponse()
	tr.claims["state"] = login.State
	return httptest.NewRequest(http.MethodGet, redirectURI+"?response="+tr.token(t), nil)
}

func TestAuthorizationResponseMistakes(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*oidc.Config){
		`oidc: AuthorizationSigningAlg "none" is not supported, want RS256, PS256, ES256, EdDSA, HS256 or another of their families`: func(c *oidc.Config) { c.AuthorizationSigningAlg = "none" },
		"oidc: AuthorizationSigningAlg HS512 needs a ClientSecret of at least 64 bytes, got 32 (RFC 7518 §3.2)": func(c *oidc.Config) {
			c.AuthorizationSigningAlg, c.ClientSecret = "HS512", clientSecret[:32]
		},
		"oidc: AuthorizationSigningAlg needs a ClientID: it is the audience of the responses": func(c *oidc.Config) { c.ClientID = "" },
		"oidc: AuthorizationMaxLifetime is negative":                                          func(c *oidc.Config) { c.AuthorizationMaxLifetime = -1 },
		"oidc: AuthorizationMaxLifetime needs AuthorizationSigningAlg": func(c *oidc.Config) {
			c.AuthorizationSigningAlg, c.AuthorizationMaxLifetime = "", time.Minute
		},
		"oidc: AuthorizationEncryptionEnc needs AuthorizationEncryptionAlg": func(c *oidc.Config) { c.AuthorizationEncryptionEnc = "A256GCM" },
		"oidc: AuthorizationEncryptionAlg needs AuthorizationSigningAlg: what is encrypted is signed before (JARM §2.2)": func(c *oidc.Config) {
			c.AuthorizationSigningAlg, c.AuthorizationEncryptionAlg = "", "dir"
		},
		"oidc: AuthorizationEncryptionAlg RSA-OAEP: DecryptionKeys: no key fits RSA-OAEP": func(c *oidc.Config) { c.AuthorizationEncryptionAlg = "RSA-OAEP" },
	} {
		config := newResponse().config
		_, err := oidc.NewClient(config)
		require.NoError(t, err)
		spoil(&config)
		_, err = oidc.NewClient(config)
		assert.ErrorContains(t, err, want)
	}
}

// BeginLogin refuses a mode that contradicts the configuration, before anything is sent, or that the server lacks.
func TestAuthorizationModeRefused(t *testing.T) {
	t.Parallel()
	for _, mode := range []oauth.ResponseMode{"query", "form_post", "fragment"} {
		p := newProvider(t)
		_, err := p.client(newResponse().config).BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseMode: mode})
		require.EqualError(t, err, `oauth: ResponseMode "`+string(mode)+`" is not one of a JWT, and the client reads no other response (ReadAuthorizationResponse, AuthorizationSigningAlg)`)
		_, err = p.client(newResponse().config).BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{ResponseMode: mode})
		require.Error(t, err)
		assert.Zero(t, p.total())
	}
	begin := func(list string, values []string, ask oidc.AuthorizeOptions) (oauth.ResponseMode, error) {
		p, document, tr := newProvider(t), metadata(), newResponse()
		document[list] = values
		p.discover(document)
		sealedResponse(t, "RSA-OAEP", "A256GCM", "other", nil)(tr)
		login, err := p.client(tr.config).BeginLogin(t.Context(), ask)
		if err != nil {
			return "", err
		}
		return login.ResponseMode, nil
	}
	const modes = "response_modes_supported"
	hybrid := oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeCodeIDToken}
	for _, c := range []struct {
		values []string
		ask    oidc.AuthorizeOptions
		want   oauth.ResponseMode
	}{
		{nil, oidc.AuthorizeOptions{}, "jwt"},
		{[]string{"query", "jwt", "query.jwt"}, oidc.AuthorizeOptions{}, "jwt"},
		{[]string{"query", "query.jwt"}, oidc.AuthorizeOptions{}, "query.jwt"},
		{nil, hybrid, "jwt"},
		{[]string{"form_post", "jwt"}, hybrid, "jwt"},
		{[]string{"form_post.jwt", "jwt"}, hybrid, "form_post.jwt"},
		{[]string{"fragment.jwt"}, hybrid, "fragment.jwt"},
		{[]string{"fragment.jwt", "form_post.jwt"}, oidc.AuthorizeOptions{ResponseMode: "form_post.jwt"}, "form_post.jwt"},
	} {
		mode, err := begin(modes, c.values, c.ask)
		require.NoError(t, err, c.values)
		assert.Equal(t, c.want, mode, c.values)
	}
	for mode, want := range map[oauth.ResponseMode]string{"": "query.jwt", "jwt": "jwt", "form_post.jwt": "form_post.jwt"} {
		_, err := begin(modes, []string{"query", "fragment.jwt"}, oidc.AuthorizeOptions{ResponseMode: mode})
		require.EqualError(t, err, "oauth: the server's response_modes_supported does not have "+want+": it is query, fragment.jwt")
	}
	for list, lacks := range map[string]string{
		"authorization_signing_alg_values_supported":    "oidc: AuthorizationSigningAlg is RS256, and the server's authorization_signing_alg_values_supported is x",
		"authorization_encryption_alg_values_supported": "oidc: AuthorizationEncryptionAlg is RSA-OAEP, and the server's authorization_encryption_alg_values_supported is x",
		"authorization_encryption_enc_values_supported": "oidc: AuthorizationEncryptionEnc is A256GCM, and the server's authorization_encryption_enc_values_supported is x",
	} {
		_, err := begin(list, []string{"RS256", "RSA-OAEP", "A256GCM"}, oidc.AuthorizeOptions{})
		require.NoError(t, err)
		_, err = begin(list, []string{"x"}, oidc.AuthorizeOptions{})
		require.EqualError(t, err, lacks)
	}
}

// A server without keys can sign ID tokens with the secret, but no response by RS256.
func TestAuthorizationWithoutKeys(t *testing.T) {
	t.Parallel()
	for alg, want := range map[string]error{"HS256": nil, "RS256": oauth.DiscoveryMissing} {
		p, document, config := newProvider(t), metadata(), newResponse().config
		delete(document, "jwks_uri")
		p.discover(document)
		config.IDTokenSigningAlg, config.AuthorizationSigningAlg = "HS256", alg
		_, err := p.client(config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if want == nil {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, want)
		require.ErrorContains(t, err, "jwks_uri")
	}
}

// A login that began without JARM is not completed with it, and the reverse.
func TestLoginOfOtherAuthorizationSettings(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	plain, signed := p.client(newTrial().config), p.client(newResponse().config)
	for _, pair := range [][2]*oidc.Client{{plain, signed}, {signed, plain}} {
		login, err := pair[0].BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		for _, query := range []string{"code=C1&state=" + login.State, "response=x.y.z"} {
			_, err = pair[1].CompleteLogin(t.Context(), login, httptest.NewRequest(http.MethodGet, redirectURI+"?"+query, nil))
			require.ErrorIs(t, err, oauth.CheckLogin)
		}
	}
}
