package oidc_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// odd are ID tokens that look unusual and are valid. Each is accepted in a complete login; see checks what is read
// from it.
var odd = []struct {
	name   string
	change change
	see    func(t *testing.T, id *oidc.IDToken)
}{
	{"aud is an array", set("aud", []string{clientID}), nil},
	{"aud names us twice", set("aud", []string{clientID, clientID}), nil},
	{"aud has a trusted party, azp is us", twoAudiences, func(t *testing.T, id *oidc.IDToken) {
		assert.Equal(t, []string{clientID, trusted}, id.Audience)
		assert.Equal(t, clientID, id.AuthorizedParty)
	}},
	{"azp is us, aud is one", set("azp", clientID), nil},
	{"typ absent", func(tr *trial) { delete(tr.header, "typ") }, nil},
	{"typ in small letters", func(tr *trial) { tr.header["typ"] = "jwt" }, nil},
	{"typ with application/", func(tr *trial) { tr.header["typ"] = "application/JWT" }, nil},
	{"kid absent with one key", func(tr *trial) { delete(tr.header, "kid") }, nil},
	{"kid absent with several keys", func(tr *trial) {
		delete(tr.header, "kid")
		tr.jwks = []any{jwk("ed"), jwk("other"), jwk("p256"), jwk("rsa")}
	}, nil},
	{"header has x5t and jku", func(tr *trial) {
		tr.header["x5t"], tr.header["jku"], tr.header["unknown"] = "dGh1bWI", "https://op.example/other", []int{1}
	}, nil},
	{"exp with a fraction", set("exp", 1782910800.75), func(t *testing.T, id *oidc.IDToken) {
		assert.Equal(t, int64(1782910800), id.Expiry.Unix())
	}},
	{"exp with an exponent", payload(`"exp":1.7829108E+9,"iat":17829072e2`), func(t *testing.T, id *oidc.IDToken) {
		assert.Equal(t, int64(1782910800), id.Expiry.Unix())
	}},
	{"exp far away", set("exp", 253402300799), nil},
	{"expired, but within the skew", set("exp", now().Add(-59*time.Second).Unix()), nil},
	{"issued in the future, but within the skew", set("iat", now().Add(59*time.Second).Unix()), nil},
	{"nbf in the future, but within the skew", set("nbf", now().Add(59*time.Second).Unix()), nil},
	{"escapes in a value", payload(`"name":"Ad\u00e9la\uD83D\ude00\/\"\t"`), func(t *testing.T, id *oidc.IDToken) {
		assert.Equal(t, "Adéla😀/\"\t", id.Name)
	}},
	{"escapes in a name", payload(`"\u006e\u0061\u006d\u0065":"Ada"`), func(t *testing.T, id *oidc.IDToken) {
		assert.Equal(t, "Ada", id.Name)
	}},
	{"escapes in sub itself", func(tr *trial) {
		payload("")(tr)
		tr.payload = strings.Replace(tr.payload, `"sub":"2`, `"\u0073ub":"\u0032`, 1)
	}, nil},
	{"white space in the claims", func(tr *trial) {
		text, _ := json.MarshalIndent(tr.claims, "\r\n\t", "  ")
		tr.payload = " " + string(text) + "\n"
	}, nil},
	{"null claims", payload(`"name":null,"azp":null,"nbf":null,"at_hash":null,"auth_time":null,"acr":null,"address":null,"scope":null,"cnf":null`),
		func(t *testing.T, id *oidc.IDToken) { assert.Empty(t, id.Name) }},
	{"updated_at is an ISO time", set("updated_at", "2021-03-15T05:54:54.685Z"), func(t *testing.T, id *oidc.IDToken) {
		assert.Equal(t, "2021-03-15T05:54:54.685Z", id.UpdatedAt)
	}},
	{"updated_at is a number", set("updated_at", 1615787694), func(t *testing.T, id *oidc.IDToken) {
		assert.Equal(t, "1615787694", id.UpdatedAt)
	}},
	{"email_verified is a string", set("email_verified", "true"), func(t *testing.T, id *oidc.IDToken) {
		assert.True(t, id.EmailVerified)
	}},
	{"name is a number", set("name", 7), func(t *testing.T, id *oidc.IDToken) { assert.Empty(t, id.Name) }},
	{"amr is a string", set("amr", "pwd"), nil},
	{"sub of 255 characters", set("sub", strings.Repeat("s", 255)), nil},
	{"sub in Chinese", set("sub", "用户-248289761001"), func(t *testing.T, id *oidc.IDToken) {
		assert.Equal(t, "用户-248289761001", id.Subject)
	}},
	{"nested claims", set("https://claims.example/roles", map[string]any{"a": []any{map[string]any{"b": 1.5}, nil, true}}),
		func(t *testing.T, id *oidc.IDToken) {
			var all map[string]any
			require.NoError(t, id.Claims(&all))
			assert.Equal(t, map[string]any{"a": []any{map[string]any{"b": json.Number("1.5")}, nil, true}}, all["https://claims.example/roles"])
		}},
	{"a token of 40 KiB", set("groups", strings.Repeat("g", 30<<10)), nil},
	{"at_hash absent", set("at_hash", nil), func(t *testing.T, id *oidc.IDToken) { assert.Empty(t, id.AccessTokenHash) }},
	{"at_hash present", set("at_hash", sha256Half(accessToken)), nil},
	{"c_hash that is not required", set("c_hash", sha256Half("C1")), nil},
	{"auth_time that was not requested", set("auth_time", now().AddDate(-1, 0, 0).Unix()), nil},
	{"a scope beside the nonce", set("scope", "openid profile"), nil},
	{"client_id beside the nonce", set("client_id", clientID), nil},
	{"sid and jti", func(tr *trial) { tr.claims["sid"], tr.claims["jti"] = "08a5019c", "1" }, func(t *testing.T, id *oidc.IDToken) {
		assert.Equal(t, "08a5019c", id.SessionID)
	}},
	{"a claim whose name differs in case", func(tr *trial) { tr.claims["ISS"], tr.claims["Sub"] = "https://attacker.example", "mallory" },
		func(t *testing.T, id *oidc.IDToken) { assert.Equal(t, "248289761001", id.Subject) }},
	{"keys of every other kind in the set", func(tr *trial) {
		tr.jwks = []any{
			map[string]any{"kty": "oct", "k": "c2VjcmV0", "kid": "rsa"}, map[string]any{"kty": "AKP", "alg": "ML-DSA-44", "pub": "x"},
			map[string]any{"kty": "EC", "crv": "secp256k1", "x": "eA", "y": "eQ"}, map[string]any{"kty": "OKP", "crv": "X25519", "x": "eA"},
			map[string]any{}, nil, "key", jwk("other", map[string]any{"use": "enc", "kid": "rsa"}), jwk("rsa"),
		}
	}, nil},
	{"a key with alg, key_ops and a certificate", func(tr *trial) {
		tr.jwks = []any{jwk("rsa", map[string]any{"alg": "RS256", "key_ops": []string{"verify"}, "x5c": []string{"MII"}, "x5t": "t", "use": nil})}
	}, nil},
	{"two keys under one kid", func(tr *trial) { tr.jwks = []any{jwk("other", map[string]any{"kid": "rsa"}), jwk("rsa")} }, nil},
}

// payload adds members to the claims as they are written here; a name that is already there is replaced.
func payload(members string) change {
	return func(tr *trial) {
		claims := maps.Clone(tr.claims)
		for name := range tr.claims {
			if strings.Contains(members, `"`+name+`":`) {
				delete(claims, name)
			}
		}
		tr.payload = strings.TrimSuffix(mustJSON(claims), "}")
		if members != "" {
			tr.payload += "," + members
		}
		tr.payload += "}"
	}
}

func TestOddIDTokensAreAccepted(t *testing.T) {
	t.Parallel()
	for _, o := range odd {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			tr := newTrial()
			o.change(tr)
			result, err := tr.login(t)
			require.NoError(t, err)
			require.NotEmpty(t, result.IDToken.Subject)
			assert.Equal(t, issuer, result.IDToken.Issuer)
			if o.see != nil {
				o.see(t, result.IDToken)
			}
		})
	}
}
