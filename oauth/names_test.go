package oauth_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// I34: member names are compared byte by byte. encoding/json would fill a field from each of these.
func TestI34NamesOfTheTokenReply(t *testing.T) {
	t.Parallel()
	_, err := exchange(t, `{"Access_Token":"AT","token_type":"Bearer"}`)
	assert.EqualError(t, err, "oauth: token reply: access_token is missing or empty")
	_, err = exchange(t, `{"access_token":"AT","TOKEN_TYPE":"Bearer"}`)
	assert.EqualError(t, err, "oauth: token reply: token_type is missing or empty")
	token, err := exchange(t, `{"access_token":"AT","ACCESS_TOKEN":"x","acce\u017f\u017f_token":"x","token_type":"Bearer","Token_Type":"mac",
		"Refresh_Token":"x","refresh_to\u212aen":"x","ID_token":"x","Scope":"x","Expires_In":-1,"ERROR":"invalid_grant"}`)
	require.NoError(t, err)
	assert.Equal(t, "AT", token.AccessToken)
	assert.Equal(t, "Bearer", token.TokenType)
	assert.Empty(t, token.RefreshToken+token.IDToken+token.Scope)
	assert.Zero(t, token.ExpiresIn)
}

func TestI34NamesOfUserInfoAndIntrospection(t *testing.T) {
	t.Parallel()
	user, err := userInfo(t, `{"SUB":"x","\u017fub":"x","Email":"x","email_Verified":true,"Address":{"country":"x"},"address":{"Country":"x"}}`)
	require.NoError(t, err)
	assert.Empty(t, user.Subject)
	assert.Equal(t, oauth.Profile{}, user.Profile)

	i, err := introspect(t, `{"active":true,"ACTIVE":false,"Sub":"x","\u017fcope":"x","Client_ID":"x","Exp":1,"AUD":"x"}`)
	require.NoError(t, err)
	assert.True(t, i.Active)
	assert.Empty(t, i.Subject+i.Scope+i.ClientID)
	assert.True(t, i.Expiry.IsZero())
	assert.Empty(t, i.Audience)
	i, err = introspect(t, `{"active":false,"Active":true}`)
	require.NoError(t, err)
	assert.False(t, i.Active)
}

// Every unknown member is kept, numbers as they were written.
func TestClaimsAreTheWholeReply(t *testing.T) {
	t.Parallel()
	token, err := exchange(t, `{"access_token":"AT","token_type":"Bearer","big":12345678901234567890,"list":[1,null],"ACCESS_TOKEN":"x"}`)
	require.NoError(t, err)
	var all map[string]any
	require.NoError(t, token.Claims(&all))
	assert.Equal(t, map[string]any{
		"access_token": "AT", "token_type": "Bearer", "big": json.Number("12345678901234567890"), "list": []any{json.Number("1"), nil}, "ACCESS_TOKEN": "x",
	}, all)
	var typed struct {
		Upper string `json:"ACCESS_TOKEN"`
		Exact string `json:"access_token"`
		None  string `json:"Access_token"`
	}
	require.NoError(t, token.Claims(&typed))
	assert.Equal(t, []string{"x", "AT", ""}, []string{typed.Upper, typed.Exact, typed.None})
	var misfit struct {
		List string `json:"list"`
	}
	err = token.Claims(&misfit)
	assert.ErrorContains(t, err, "oauth: claims: json: value does not fit its Go type")
}

func TestClaimsOfAStoredToken(t *testing.T) {
	t.Parallel()
	token, err := exchange(t, `{"access_token":"AT","token_type":"Bearer","refresh_token":"RT","id_token":"IT","scope":"a b","expires_in":60,"more":1}`)
	require.NoError(t, err)
	stored, err := json.Marshal(token)
	require.NoError(t, err)
	assert.JSONEq(t, `{"access_token":"AT","token_type":"Bearer","refresh_token":"RT","id_token":"IT","scope":"a b","expires_in":60,"expiry":"2026-03-04T05:07:07Z"}`, string(stored))
	var back oauth.Token
	require.NoError(t, json.Unmarshal(stored, &back))
	assert.Equal(t, []string{token.AccessToken, token.RefreshToken, token.IDToken}, []string{back.AccessToken, back.RefreshToken, back.IDToken})
	assert.True(t, token.Expiry.Equal(back.Expiry))
	assert.EqualError(t, back.Claims(&map[string]any{}), "oauth: no reply is kept in this value")
}
