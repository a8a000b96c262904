package authentication_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// An identity is the same after storage: numbers keep their digits, at every depth.
func TestIdentityJSON(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{UserInfo: true}, authentication.OAuth{}} {
		f := newFake(t, p, func(s *authtest.Server, _ *authentication.Options) {
			s.Users = []idptest.User{{Subject: idptest.Subject, Username: idptest.Username, Password: idptest.Password, Claims: map[string]any{
				"level": json.Number("9007199254740993"), "deep": map[string]any{"ratio": json.Number("1.10"), "list": []any{json.Number("12345678901234567890"), nil, true}},
			}}}
		})
		id, err := f.complete(t, authentication.AuthorizeOptions{})
		require.NoError(t, err)
		if p.Name() == "oidc" {
			assert.Equal(t, json.Number("9007199254740993"), id.Claims["level"])
			deep, _ := id.Claims["deep"].(map[string]any)
			assert.Equal(t, json.Number("1.10"), deep["ratio"])
		}
		back := stored(t, id)
		assert.Equal(t, id.Claims, back.Claims)
		assert.Equal(t, id.Key(), back.Key())
		assert.Equal(t, id.Token.RefreshToken, back.Token.RefreshToken)
		assert.Equal(t, id.Token.AccessToken, back.Token.AccessToken, "the stored form is complete")
		assert.True(t, id.Expiry.Equal(back.Expiry))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		first, err := json.Marshal(id)
		require.NoError(t, err)
		assert.JSONEq(t, string(first), string(again))
	}
}

func TestIdentityJSONRefuses(t *testing.T) {
	t.Parallel()
	const good = `{"protocol":"oidc","issuer":"https://i","subject":"u"}`
	var id authentication.Identity
	require.NoError(t, json.Unmarshal([]byte(good), &id))
	assert.Equal(t, "https://i u", id.Key())
	for _, bad := range []string{
		`{"protocol":"oidc","issuer":"https://i","subject":"u","subject":"v"}`,
		`{"protocol":1}`, `[]`, `{"claims":{"a":1,"a":2}}`,
	} {
		var id authentication.Identity
		require.ErrorContains(t, json.Unmarshal([]byte(bad), &id), "authentication: stored identity: ", bad)
		assert.Empty(t, id.Subject)
	}
	require.NoError(t, json.Unmarshal([]byte(`{"Subject":"folded","ISSUER":"x"}`), &id))
	assert.Equal(t, "u", "u"+id.Subject, "another case is another name")
}

// Issuer and subject identify the user; email and name do not.
func TestIdentityKey(t *testing.T) {
	t.Parallel()
	a := &authentication.Identity{Issuer: "https://one", Subject: "u", Claims: map[string]any{"email": "a@b.c"}}
	b := &authentication.Identity{Issuer: "https://two", Subject: "u", Claims: map[string]any{"email": "a@b.c"}}
	assert.NotEqual(t, a.Key(), b.Key())
	b.Issuer, b.Claims, b.Expiry = a.Issuer, nil, time.Now()
	assert.Equal(t, a.Key(), b.Key())
}

// User info adds claims to the ID token's and never replaces one (OIDC). With OAuth it is the only source.
func TestUserInfoMerge(t *testing.T) {
	t.Parallel()
	reply := `{"sub":"u-1","name":"of user info","nickname":"of user info","iss":"evil","aud":"evil","nonce":"evil"}`
	for _, userInfo := range []bool{false, true} {
		s := newSigned(t, authentication.OIDC{UserInfo: userInfo}, reply)
		id, err := s.login(t, map[string]any{"name": "of the token"})
		require.NoError(t, err)
		assert.Equal(t, "of the token", id.Claims["name"])
		assert.Equal(t, s.issuer, id.Claims["iss"])
		assert.NotEqual(t, "evil", id.Claims["nonce"])
		if userInfo {
			assert.Equal(t, "of user info", id.Claims["nickname"])
		} else {
			assert.NotContains(t, id.Claims, "nickname")
		}
	}
	s := newSigned(t, authentication.OAuth{}, reply)
	id, err := s.login(t, nil)
	require.NoError(t, err)
	assert.Equal(t, "u-1", id.Subject)
	assert.Equal(t, testHost+"/oauth", id.Issuer, "not what user info says")
	assert.Equal(t, "of user info", id.Claims["name"])
}

// An identity without a subject is refused.
func TestUserInfoWithoutSubject(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{UserInfo: true}, authentication.OAuth{}} {
		for _, reply := range []string{`{"name":"n"}`, `{"sub":""}`, `{"sub":null}`, `{"Sub":"u-1"}`} {
			id, err := newSigned(t, p, reply).login(t, nil)
			require.ErrorIs(t, err, oauth.ErrSubject, "%s %s", p.Name(), reply)
			assert.Equal(t, "refused", kind(err))
			assert.Nil(t, id)
		}
	}
}
