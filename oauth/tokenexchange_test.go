package oauth_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestTokenExchangeOnTheWire(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Transport(t, "testdata/token_exchange.http"))
	result, err := c.ExchangeToken(t.Context(), oauth.TokenExchangeOptions{
		SubjectToken: "accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC", ActorToken: "eyJ.actor.token", ActorTokenType: oauth.TokenTypeJWT,
		RequestedTokenType: oauth.TokenTypeAccessToken, Resource: []string{"https://backend.example.com/api"}, Audience: []string{"backend", "ledger"}, Scope: "read",
	})
	require.NoError(t, err)
	assert.Equal(t, oauth.TokenTypeAccessToken, result.IssuedTokenType)
	assert.Equal(t, []string{"exchanged", "Bearer", "read"}, []string{result.Token.AccessToken, result.Token.TokenType, result.Token.Scope})
	assert.Nil(t, result.Actor, "the token is opaque")
}

// traded exchanges a token at a server that answers with body.
func traded(t testing.TB, requested oauth.TokenTypeID, body string) (*oauth.ExchangedToken, error) {
	t.Helper()
	result, err := newClient(t, tokenReply(200, body)).ExchangeToken(t.Context(), oauth.TokenExchangeOptions{SubjectToken: "SUBJ3CT", RequestedTokenType: requested})
	if err != nil {
		assert.Nil(t, result, "result or error, not both")
	}
	return result, err
}

func issued(tokenType string, typ oauth.TokenTypeID) string {
	return `{"access_token":"NEW","token_type":"` + tokenType + `","issued_token_type":"` + string(typ) + `"}`
}

func TestIssuedTokenType(t *testing.T) {
	t.Parallel()
	const other oauth.TokenTypeID = "urn:example:token"
	for _, c := range []struct {
		tokenType         string
		requested, issued oauth.TokenTypeID
	}{
		{"Bearer", "", oauth.TokenTypeAccessToken}, {"bearer", oauth.TokenTypeAccessToken, oauth.TokenTypeAccessToken},
		{"Bearer", "", oauth.TokenTypeJWT}, {"Bearer", oauth.TokenTypeJWT, oauth.TokenTypeJWT}, // one that is usable as an access token
		{"N_A", "", oauth.TokenTypeSAML2}, {"N_A", oauth.TokenTypeIDToken, oauth.TokenTypeIDToken}, {"N_A", other, other}, {"N_A", "", other},
	} {
		result, err := traded(t, c.requested, issued(c.tokenType, c.issued))
		require.NoError(t, err, c)
		assert.Equal(t, c.issued, result.IssuedTokenType)
		assert.Equal(t, c.tokenType, result.Token.TokenType)
	}
	for body, want := range map[string]string{
		`{"access_token":"NEW","token_type":"Bearer"}`:                       "issued_token_type is missing or empty",
		`{"access_token":"NEW","token_type":"N_A","issued_token_type":null}`: "issued_token_type is missing or empty",
		issued("N_A", oauth.TokenTypeAccessToken):                            "token_type is N_A, and issued_token_type is an access token",
	} {
		_, err := traded(t, "", body)
		require.EqualError(t, err, "oauth: token exchange reply: "+want)
	}
	_, err := traded(t, oauth.TokenTypeJWT, issued("Bearer", oauth.TokenTypeAccessToken))
	require.EqualError(t, err, `oauth: token exchange reply: issued_token_type is urn:ietf:params:oauth:token-type:access_token, want "urn:ietf:params:oauth:token-type:jwt"`)
	_, err = traded(t, oauth.TokenTypeJWT, issued("Bearer", "SUBJ3CT"))
	require.EqualError(t, err, `oauth: token exchange reply: issued_token_type is none of RFC 8693, want "urn:ietf:params:oauth:token-type:jwt"`)
	_, err = traded(t, "", `{"access_token":"NEW","token_type":"Bearer","issued_token_type":7}`)
	require.EqualError(t, err, "oauth: token reply: issued_token_type is not a string")
	_, err = traded(t, "", issued("DPoP", oauth.TokenTypeAccessToken))
	require.EqualError(t, err, `oauth: token reply: token_type is "DPoP", want Bearer`)
	_, err = traded(t, "", issued("n_a", oauth.TokenTypeJWT))
	require.EqualError(t, err, `oauth: token reply: token_type is "n_a", want Bearer`)
}

// N_A is for token exchange alone: every other grant must give an access token.
func TestT2NotApplicableElsewhere(t *testing.T) {
	t.Parallel()
	body := issued("N_A", oauth.TokenTypeJWT)
	c := newClient(t, tokenReply(200, body))
	_, err := exchange(t, body)
	require.EqualError(t, err, `oauth: token reply: token_type is "N_A", want Bearer`)
	_, err = c.GetAccessTokenByGrant(t.Context(), "urn:ietf:params:oauth:grant-type:token-exchange", url.Values{"subject_token": {"x"}})
	require.EqualError(t, err, `oauth: token reply: token_type is "N_A", want Bearer`)
	_, err = c.GetAccessTokenByJWTBearer(t.Context(), oauth.JWTBearerOptions{Assertion: "a.b.c"})
	require.EqualError(t, err, `oauth: token reply: token_type is "N_A", want Bearer`)
}

// A token that is no access token does not reach an API.
func TestTransportRefusesNotApplicable(t *testing.T) {
	t.Parallel()
	for tokenType, want := range map[string]string{"N_A": "oauth: Transport: the token is not a Bearer token", "Bearer": ""} {
		result, err := traded(t, "", issued(tokenType, oauth.TokenTypeJWT))
		require.NoError(t, err)
		source := oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) { return result.Token, nil }, clock)
		api := http.Client{Transport: &oauth.Transport{Source: source, Origin: server, Base: replyAt("/token", jsonReply(200, `{}`))}}
		res, err := api.Post(server+"/token", "", nil)
		if want != "" {
			require.ErrorContains(t, err, want)
			continue
		}
		require.NoError(t, err, "the accepted twin")
		assert.Equal(t, 200, res.StatusCode)
	}
}

func TestTokenExchangeMisuse(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	for want, o := range map[string]oauth.TokenExchangeOptions{
		"SubjectToken is not set": {},
		"ActorToken and ActorTokenType must be set together (RFC 8693 §2.1)":  {SubjectToken: "s", ActorToken: "a"},
		"Resource and Audience must have no empty entry":                      {SubjectToken: "s", Audience: []string{""}},
		"Resource must have absolute URIs without a fragment (RFC 8693 §2.1)": {SubjectToken: "s", Resource: []string{"https://a.example/#x"}},
		"Extra must not set subject_token_type: use its field instead":        {SubjectToken: "s", Extra: url.Values{"subject_token_type": {"x"}}},
		"Extra must not set grant_type: use its field instead":                {SubjectToken: "s", Extra: url.Values{"grant_type": {"x"}}},
	} {
		_, err := c.ExchangeToken(t.Context(), o)
		require.EqualError(t, err, "oauth: "+want)
	}
	_, err := c.ExchangeToken(t.Context(), oauth.TokenExchangeOptions{SubjectToken: "s", ActorTokenType: oauth.TokenTypeJWT})
	require.EqualError(t, err, "oauth: ActorToken and ActorTokenType must be set together (RFC 8693 §2.1)")
	for _, resource := range []string{"backend", "https://[a"} {
		_, err := c.ExchangeToken(t.Context(), oauth.TokenExchangeOptions{SubjectToken: "s", Resource: []string{resource}})
		require.EqualError(t, err, "oauth: Resource must have absolute URIs without a fragment (RFC 8693 §2.1)")
	}
	refusing := newClient(t, tokenReply(400, `{"error":"invalid_target","error_description":"SUBJ3CT"}`))
	_, err = refusing.ExchangeToken(t.Context(), oauth.TokenExchangeOptions{SubjectToken: "SUBJ3CT"})
	require.ErrorIs(t, err, oauth.InvalidTarget)
	assert.NotContains(t, err.Error(), "SUBJ3CT")
}

func signedLike(claims string) string {
	return "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
}

func TestActor(t *testing.T) {
	t.Parallel()
	trade := func(token string) (*oauth.ExchangedToken, error) {
		return traded(t, "", `{"access_token":"`+token+`","token_type":"Bearer","issued_token_type":"`+string(oauth.TokenTypeJWT)+`"}`)
	}
	// RFC 8693 §4.1.
	result, err := trade(signedLike(`{"sub":"user@example.com","act":{"sub":"https://service16.example.com","act":{"sub":"https://service77.example.com"}}}`))
	require.NoError(t, err)
	assert.Equal(t, &oauth.Actor{Subject: "https://service16.example.com", Actor: &oauth.Actor{Subject: "https://service77.example.com"}}, result.Actor)
	for _, token := range []string{signedLike(`{"sub":"user","Act":{"sub":"x"}}`), signedLike(`{"act":null}`), "a.b.c", "opaque", signedLike(`[]`), signedLike(`{"act":1,"act":2}`)} {
		result, err := trade(token)
		require.NoError(t, err)
		assert.Nil(t, result.Actor)
	}
	for claims, want := range map[string]string{
		`{"act":"service"}`:               "is not an object",
		`{"act":{"sub":7}}`:               "has a member sub that is not a string",
		`{"act":{"sub":"a","act":["b"]}}`: "has a member act that is not an object",
		`{"act":{"client_id":true}}`:      "has a member client_id that is not a string",
	} {
		_, err := trade(signedLike(claims))
		require.EqualError(t, err, "oauth: token exchange reply: the claim act "+want)
	}
}

func TestActorOfAnIntrospection(t *testing.T) {
	t.Parallel()
	i, err := introspect(t, `{"active":true,"sub":"user","act":{"sub":"s","iss":"https://as.example","client_id":"c"}}`)
	require.NoError(t, err)
	want := &oauth.Actor{Subject: "s", Issuer: "https://as.example", ClientID: "c"}
	assert.Equal(t, want, i.Actor)
	_, err = introspect(t, `{"active":true,"sub":"user","act":"s"}`)
	require.EqualError(t, err, "oauth: introspection reply: act is not an object")
	i, err = introspect(t, `{"active":true,"sub":"user"}`)
	require.NoError(t, err)
	assert.Nil(t, i.Actor)

	text, err := json.Marshal(want)
	require.NoError(t, err)
	assert.JSONEq(t, `{"sub":"s","iss":"https://as.example","client_id":"c"}`, string(text))
	var back oauth.Actor
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, *want, back)
	require.ErrorContains(t, json.Unmarshal([]byte(`{"sub":1}`), &back), "oauth: act has a member sub that is not a string")
	require.ErrorContains(t, json.Unmarshal([]byte(`{"sub":"a","sub":"b"}`), &back), "oauth: act: ")

	// The answer that a cache keeps is not the caller's.
	cache, err := oauth.NewIntrospectionCache(oauth.IntrospectionCacheOptions{})
	require.NoError(t, err)
	c := with(t, replyAt("/introspect", jsonReply(200, `{"active":true,"act":{"sub":"s","act":{"sub":"t"}}}`)), func(c *oauth.Config) { c.IntrospectionCache = cache })
	for range 2 {
		i, err := c.IntrospectToken(t.Context(), "AT")
		require.NoError(t, err)
		require.Equal(t, []string{"s", "t"}, []string{i.Actor.Subject, i.Actor.Actor.Subject})
		i.Actor.Subject, i.Actor.Actor.Subject = "changed", "changed"
	}
}

func TestJWTBearerOnTheWire(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Transport(t, "testdata/jwt_bearer.http"))
	token, err := c.GetAccessTokenByJWTBearer(t.Context(), oauth.JWTBearerOptions{Assertion: "eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJpc3MiOiJ4In0.J9l-ZhwP", Scope: "read"})
	require.NoError(t, err)
	assert.Equal(t, []string{"granted", "read"}, []string{token.AccessToken, token.Scope})
	assert.Equal(t, now.Add(time.Minute), token.Expiry)
}
