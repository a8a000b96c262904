package oidc_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// newUserInfoTrial is a trial whose token is signed user info.
func newUserInfoTrial() *trial {
	tr := newTrial()
	tr.config.UserInfoSigningAlg = "RS256"
	tr.claims = map[string]any{"iss": issuer, "aud": clientID, "sub": "248289761001", "name": "Jane Doe", "roles": []string{"a"}}
	return tr
}

// ask fetches user info from a server that answers with the trial's token, or with body when there is one.
func (tr *trial) ask200(t testing.TB, contentType, body string) (*oauth.UserInfo, error) {
	t.Helper()
	p := newProvider(t)
	p.publish(tr.jwks...)
	if body == "" {
		body = tr.token(t)
	}
	p.text("/me", http.StatusOK, contentType, body)
	u, err := p.client(tr.config).GetUserInfoByAccessToken(t.Context(), accessToken, oauth.UserInfoOptions{Subject: "248289761001"})
	assert.Equal(t, "application/jwt", p.request("/me").Header.Get("Accept"))
	return u, err
}

// refusesUserInfo is refuses for user info.
func refusesUserInfo(t *testing.T, check oidc.TokenCheck, base change, spoil map[string]change) {
	t.Helper()
	for name, s := range spoil {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			twin, tr := newUserInfoTrial(), newUserInfoTrial()
			for _, c := range []change{base, s} {
				if c != nil {
					c(tr)
				}
			}
			if base != nil {
				base(twin)
			}
			_, err := twin.ask200(t, "application/jwt", "")
			require.NoError(t, err, "the accepted twin")
			u, err := tr.ask200(t, "application/jwt", "")
			require.ErrorIs(t, err, check)
			assert.Nil(t, u)
			var refused *oidc.TokenError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, check, refused.Check)
			assert.NotContains(t, err.Error(), accessToken)
		})
	}
}

// sealedUserInfo encrypts the user info of a trial; with plain, the claims are not signed.
func sealedUserInfo(t testing.TB, alg, enc, key string, header map[string]any, plain bool) change {
	return func(tr *trial) {
		tr.config.UserInfoEncryptionAlg, tr.config.UserInfoEncryptionEnc = alg, enc
		if key != "" {
			tr.config.DecryptionKeys = ownKey(key)
		}
		if plain {
			tr.config.UserInfoSigningAlg = ""
		}
		tr.rework = func(raw string) string {
			if plain {
				raw = mustJSON(tr.claims)
			}
			return seal(t, alg, enc, encryptionKey(key), header, raw)
		}
	}
}

func TestU2SignedAndEncryptedUserInfo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change      change
		contentType string
	}{
		"RS256":            {nil, "application/jwt"},
		"with a parameter": {nil, "Application/JWT; charset=utf-8"},
		"ES256":            {func(tr *trial) { signedBy("ES256")(tr); tr.config.UserInfoSigningAlg = "ES256" }, "application/jwt"},
		"HS256":            {func(tr *trial) { hmac("HS256")(tr); tr.config.UserInfoSigningAlg = "HS256" }, "application/jwt"},
		"HS256, older secret": {func(tr *trial) {
			hmac("HS256")(tr)
			tr.config.UserInfoSigningAlg = "HS256"
			tr.key, tr.config.OlderClientSecrets = []byte(olderSecret), []string{olderSecret}
		}, "application/jwt"},
		"another alg than the ID": {func(tr *trial) { tr.config.IDTokenSigningAlg = "ES256" }, "application/jwt"},
		"with times": {func(tr *trial) {
			maps.Copy(tr.claims, map[string]any{"iat": now().Unix(), "exp": now().Add(time.Minute).Unix(), "nbf": now().Unix()})
		}, "application/jwt"},
		"two audiences":          {set("aud", []string{"https://api.example", clientID}), "application/jwt"},
		"encrypted":              {sealedUserInfo(t, "RSA-OAEP-256", "A128CBC-HS256", "other", jwtContent, false), "application/jwt"},
		"encrypted by dir":       {sealedUserInfo(t, "dir", "A256GCM", "", jwtContent, false), "application/jwt"},
		"encrypted only":         {sealedUserInfo(t, "ECDH-ES", "A128CBC-HS256", "p256", nil, true), "application/jwt"},
		"encrypted only, header": {sealedUserInfo(t, "dir", "A256GCM", "", map[string]any{"typ": "JWT", "iss": issuer, "sub": "248289761001"}, true), "application/jwt"},
		"encrypted only, cty":    {sealedUserInfo(t, "ECDH-ES+A128KW", "A128GCM", "p256", map[string]any{"cty": "json"}, true), "application/jwt"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newUserInfoTrial()
			if c.change != nil {
				c.change(tr)
			}
			u, err := tr.ask200(t, c.contentType, "")
			require.NoError(t, err)
			assert.Equal(t, []string{"248289761001", "Jane Doe"}, []string{u.Subject, u.Name})
			var rest struct {
				Roles []string `json:"roles"`
			}
			require.NoError(t, u.Claims(&rest))
			assert.Equal(t, []string{"a"}, rest.Roles)
		})
	}
}

func TestU2JSONWhenSigned(t *testing.T) {
	t.Parallel()
	plain := mustJSON(newUserInfoTrial().claims)
	for name, c := range map[string]struct{ contentType, body string }{
		"JSON": {"application/json", plain}, "JSON without a type": {"", plain}, "JSON of a kind": {"application/userinfo+json", plain},
		"a JWT that is labelled as JSON": {"application/json", newUserInfoTrial().token(t)}, "a text": {"text/plain", "x"},
	} {
		u, err := newUserInfoTrial().ask200(t, c.contentType, c.body)
		require.ErrorIs(t, err, oidc.CheckUnsigned, name)
		require.ErrorContains(t, err, "UserInfoSigningAlg is RS256", name)
		assert.Nil(t, u)
	}
	_, err := newUserInfoTrial().ask200(t, "application/jwt", plain)
	require.ErrorIs(t, err, oidc.CheckFormat, "JSON that is labelled as a JWT")
	_, err = newUserInfoTrial().ask200(t, "application/jwt", "")
	require.NoError(t, err, "the accepted twin")

	tr := newUserInfoTrial()
	sealedUserInfo(t, "dir", "A256GCM", "", nil, true)(tr)
	_, err = tr.ask200(t, "application/json", plain)
	require.ErrorIs(t, err, oidc.CheckUnsigned)
	require.ErrorContains(t, err, "UserInfoEncryptionAlg is dir")
}

// Without the options user info is JSON, and a token is refused: TestCaseOidcUserInfoIsJWT has its text.
func TestU2SignedWhenJSON(t *testing.T) {
	t.Parallel()
	tr := newUserInfoTrial()
	_, err := userInfo(t, http.StatusOK, "application/jwt", tr.token(t), "248289761001")
	require.ErrorContains(t, err, "is a JWT, want a JSON object")
	_, err = userInfo(t, http.StatusOK, "application/json", mustJSON(tr.claims), "248289761001")
	require.NoError(t, err, "the accepted twin")
}

func TestU3SignedUserInfo(t *testing.T) {
	t.Parallel()
	for check, spoil := range map[oidc.TokenCheck]map[string]change{
		oidc.CheckIssuer:    {"another": set("iss", issuer+"1"), "missing": set("iss", nil), "a slash more": set("iss", issuer+"/"), "a list": set("iss", []string{issuer})},
		oidc.CheckAudience:  {"another": set("aud", clientID+"1"), "missing": set("aud", nil), "empty": set("aud", []string{}), "a number": set("aud", 7)},
		oidc.CheckSignature: {"another key": func(tr *trial) { tr.key = keys()["other"] }, "flipped": reworked(flipLast)},
		oidc.CheckAlgorithm: {"none": func(tr *trial) { tr.alg = "none" }, "another": func(tr *trial) { tr.alg = "PS256" }, "the secret": hmacOnly, "ES256": signedByOnly("ES256")},
		oidc.CheckKey:       {"unknown kid": func(tr *trial) { tr.header["kid"] = "gone" }},
		oidc.CheckExpired:   {"past": set("exp", now().Add(-2*time.Minute).Unix()), "a text": set("exp", "tomorrow")},
		oidc.CheckIssuedAt:  {"in the future": set("iat", now().Add(2*time.Minute).Unix())},
		oidc.CheckNotBefore: {"in the future": set("nbf", now().Add(2*time.Minute).Unix())},
		oidc.CheckType: {
			"an ID token": set("nonce", sentNonce), "an ID token with a hash": set("at_hash", "x"), "a logout token": set("events", map[string]any{}),
			"typ of an access token": func(tr *trial) { tr.header["typ"] = "at+jwt" }, "typ of a logout token": func(tr *trial) { tr.header["typ"] = "logout+jwt" },
			"an introspection": set("token_introspection", map[string]any{}),
		},
		oidc.CheckScope: {"an access token": set("scope", "openid")},
		oidc.CheckCritical: {"crit": func(tr *trial) {
			tr.rework = func(string) string { return forge(t, `{"alg":"RS256","crit":["x"],"x":1}`, mustJSON(tr.claims)) }
		}},
		oidc.CheckFormat: {
			"two subs": func(tr *trial) {
				tr.payload = `{"iss":"` + issuer + `","aud":"` + clientID + `","sub":"a","sub":"248289761001"}`
			},
			"a list": func(tr *trial) { tr.payload = `[]` }, "not a token": reworked(func(string) string { return "x.y" }),
		},
		oidc.CheckEncrypted: {"encrypted": reworked(func(raw string) string { return seal(t, "dir", "A256GCM", encryptionKey(""), jwtContent, raw) })},
	} {
		t.Run(string(check), func(t *testing.T) {
			t.Parallel()
			refusesUserInfo(t, check, nil, spoil)
		})
	}
}

// hmacOnly signs with the client's secret, and leaves the pinned algorithm.
func hmacOnly(tr *trial) { tr.alg, tr.key = "HS256", []byte(clientSecret) }

func signedByOnly(alg string) change {
	return func(tr *trial) {
		pinned := tr.config.IDTokenSigningAlg
		signedBy(alg)(tr)
		tr.config.IDTokenSigningAlg = pinned
	}
}

func TestU3EncryptedUserInfo(t *testing.T) {
	t.Parallel()
	base := sealedUserInfo(t, "RSA-OAEP", "A256GCM", "other", jwtContent, false)
	again := func(alg, enc string, key any, header map[string]any) change {
		return reworked(func(raw string) string { return seal(t, alg, enc, key, header, raw) })
	}
	other := encryptionKey("other")
	for check, spoil := range map[oidc.TokenCheck]map[string]change{
		oidc.CheckEncrypted: {
			"signed only": reworked(nil),
			"twice": reworked(func(raw string) string {
				return seal(t, "RSA-OAEP", "A256GCM", other, jwtContent, seal(t, "RSA-OAEP", "A256GCM", other, jwtContent, raw))
			}),
		},
		oidc.CheckAlgorithm:  {"alg": again("RSA-OAEP-256", "A256GCM", other, nil), "enc": again("RSA-OAEP", "A128GCM", other, nil), "RSA1_5": again("RSA1_5", "A256GCM", other, nil)},
		oidc.CheckDecryption: {"key": again("RSA-OAEP", "A256GCM", encryptionKey("fake"), nil)},
		oidc.CheckType:       {"cty": again("RSA-OAEP", "A256GCM", other, map[string]any{"cty": "json"}), "typ": again("RSA-OAEP", "A256GCM", other, map[string]any{"typ": "logout+jwt"})},
		oidc.CheckIssuer:     {"inside": set("iss", issuer+"1"), "in the header": again("RSA-OAEP", "A256GCM", other, map[string]any{"iss": issuer + "1"})},
		oidc.CheckSignature:  {"inside": func(tr *trial) { tr.key = keys()["other"] }},
		oidc.CheckFormat: {"JSON inside": func(tr *trial) {
			tr.rework = func(string) string { return seal(t, "RSA-OAEP", "A256GCM", other, nil, mustJSON(tr.claims)) }
		}},
	} {
		t.Run(string(check), func(t *testing.T) {
			t.Parallel()
			refusesUserInfo(t, check, base, spoil)
		})
	}
	refusesUserInfo(t, oidc.CheckFormat, sealedUserInfo(t, "dir", "A256GCM", "", nil, true), map[string]change{
		"signed inside, and that is not configured": again("dir", "A256GCM", encryptionKey(""), nil),
		"cty says so": func(tr *trial) {
			tr.rework = func(string) string {
				return seal(t, "dir", "A256GCM", encryptionKey(""), jwtContent, mustJSON(tr.claims))
			}
		},
		"a list inside": reworked(func(string) string { return seal(t, "dir", "A256GCM", encryptionKey(""), nil, "[]") }),
	})
	content := func(header map[string]any, text string) change {
		return reworked(func(string) string { return seal(t, "dir", "A256GCM", encryptionKey(""), header, text) })
	}
	refusesUserInfo(t, oidc.CheckDecryption, sealedUserInfo(t, "RSA-OAEP", "A256GCM", "other", nil, true), map[string]change{
		"for another key": reworked(func(string) string {
			return seal(t, "RSA-OAEP", "A256GCM", encryptionKey("fake"), nil, mustJSON(newUserInfoTrial().claims))
		}),
	})
	refusesUserInfo(t, oidc.CheckEncrypted, sealedUserInfo(t, "RSA-OAEP", "A256GCM", "other", nil, true), map[string]change{
		"signed, and not encrypted": reworked(nil),
	})
	claims := mustJSON(newUserInfoTrial().claims)
	repeats := map[string]any{"typ": "JWT", "iss": issuer, "sub": "248289761001", "aud": []string{clientID}}
	only := sealedUserInfo(t, "dir", "A256GCM", "", repeats, true)
	bare := newUserInfoTrial()
	only(bare)
	content(repeats, `{"sub":"248289761001"}`)(bare)
	_, err := bare.ask200(t, "application/jwt", "")
	require.NoError(t, err, "iss and aud stand in the header alone")
	for check, spoil := range map[oidc.TokenCheck]map[string]change{
		oidc.CheckFormat:   {"two subs": content(repeats, `{"sub":"a","sub":"248289761001"}`), "cut": content(repeats, claims[:len(claims)-1])},
		oidc.CheckType:     {"typ of an access token": content(map[string]any{"typ": "at+jwt"}, claims), "typ of a logout token": content(map[string]any{"typ": "logout+jwt"}, claims)},
		oidc.CheckIssuer:   {"another in the header": content(map[string]any{"iss": issuer + "1"}, claims)},
		oidc.CheckSubject:  {"another in the header": content(map[string]any{"sub": "248289761002"}, claims), "a number inside": content(nil, `{"sub":7}`)},
		oidc.CheckAudience: {"another in the header": content(map[string]any{"aud": "x"}, claims)},
	} {
		refusesUserInfo(t, check, only, spoil)
	}
}

func TestU1SignedUserInfoSubject(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sub  any
		want error
	}{"another": {"248289761002", oauth.ErrSubject}, "missing": {nil, oauth.ErrNoSubject}, "empty": {"", oauth.ErrNoSubject}, "the same": {"248289761001", nil}} {
		tr := newUserInfoTrial()
		set("sub", c.sub)(tr)
		_, err := tr.ask200(t, "application/jwt", "")
		require.ErrorIs(t, err, c.want, name)
	}
}

// U4: an error is JSON, also where user info is signed; and what the server repeats of the access token is in no error.
func TestU4SignedUserInfoRefused(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	client := p.client(newUserInfoTrial().config)
	p.text("/me", http.StatusUnauthorized, "application/json", `{"error":"invalid_token"}`)
	_, err := client.GetUserInfoByAccessToken(t.Context(), accessToken)
	require.ErrorIs(t, err, oauth.InvalidToken)
	for name, claim := range map[string]string{"iss": issuer + "/" + accessToken, "aud": accessToken} {
		tr := newUserInfoTrial()
		set(name, claim)(tr)
		p.text("/me", http.StatusOK, "application/jwt", tr.token(t))
		_, err := client.GetUserInfoByAccessToken(t.Context(), accessToken)
		require.ErrorAs(t, err, new(*oidc.TokenError))
		assert.NotContains(t, err.Error(), accessToken)
	}
	p.text("/me", http.StatusOK, "text/"+accessToken, "x")
	_, err = client.GetUserInfoByAccessToken(t.Context(), accessToken)
	require.ErrorIs(t, err, oidc.CheckUnsigned)
	assert.NotContains(t, err.Error(), accessToken)
}

// When the keys cannot be fetched, nobody is refused.
func TestSignedUserInfoWithoutKeysIsNoRefusal(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.text("/jwks", http.StatusServiceUnavailable, "text/plain", "later")
	p.text("/me", http.StatusOK, "application/jwt", newUserInfoTrial().token(t))
	_, err := p.client(newUserInfoTrial().config).GetUserInfoByAccessToken(t.Context(), accessToken)
	require.Error(t, err)
	assert.NotErrorAs(t, err, new(*oidc.TokenError))
}

func TestSignedUserInfoLimit(t *testing.T) {
	t.Parallel()
	tr := newUserInfoTrial()
	raw := tr.token(t)
	tr.config.MaxIDToken = len(raw)
	_, err := tr.ask200(t, "application/jwt", raw)
	require.NoError(t, err)
	tr.config.MaxIDToken--
	_, err = tr.ask200(t, "application/jwt", raw)
	require.ErrorIs(t, err, oidc.CheckFormat)
}
