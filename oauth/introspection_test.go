package oauth_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestIntrospectActive(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Transport(t, "testdata/introspect_active.http"))
	i, err := c.IntrospectToken(t.Context(), "mF_9.B5f-4.1JqM", oauth.TokenOptions{TokenTypeHint: "access_token"})
	require.NoError(t, err)
	assert.True(t, i.Active)
	assert.Equal(t, []string{"Z5O3upPC88QrAjx00dis", "l238j323ds-23ij4", "jdoe", "read write dolphin", "https://server.example.com/"},
		[]string{i.Subject, i.ClientID, i.Username, i.Scope, i.Issuer})
	assert.Equal(t, []string{"https://protected.example.net/resource"}, i.Audience)
	assert.Equal(t, time.Unix(1419356238, 0).UTC(), i.Expiry)
	assert.Equal(t, time.Unix(1419350238, 0).UTC(), i.IssuedAt)
	assert.True(t, i.NotBefore.IsZero())
	assert.True(t, i.HasScope("dolphin"))
	assert.False(t, i.HasScope("dol"))
	var more struct {
		Extension string `json:"extension_field"`
	}
	require.NoError(t, i.Claims(&more))
	assert.Equal(t, "twenty-seven", more.Extension)
	require.Error(t, i.Claims(&[]string{}), "the reply is an object")
}

func TestIntrospectInactive(t *testing.T) {
	t.Parallel()
	c := with(t, wiretest.Transport(t, "testdata/introspect_inactive.http"), func(c *oauth.Config) { c.IntrospectionAuth = oauth.ClientSecretPost })
	i, err := c.IntrospectToken(t.Context(), "mF_9.B5f-4.1JqM")
	require.NoError(t, err, "an inactive token is a result")
	assert.Equal(t, &oauth.Introspection{}, i)
}

func introspect(t *testing.T, body string) (*oauth.Introspection, error) {
	t.Helper()
	return newClient(t, replyAt("/introspect", jsonReply(200, body))).IntrospectToken(t.Context(), "AT")
}

func TestN1ActiveMissingOrNoBoolean(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `{"active":null}`, `{"active":"true"}`, `{"active":1}`, `{"active":[true]}`, `{"active":{}}`, `{"Active":true}`, `{"ACTIVE":true}`, `{"\u0061ctivE":true}`,
	} {
		i, err := introspect(t, body)
		assert.EqualError(t, err, "oauth: introspection reply: active is missing, or is neither true nor false", body)
		assert.Nil(t, i)
	}
	i, err := introspect(t, `{"active":true}`)
	require.NoError(t, err, "the accepted twin")
	assert.True(t, i.Active)
}

func TestIntrospectionThatIsNone(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`[true]`: "is not a JSON object", `active`: "json: not valid JSON at offset 0",
		`{"active":false,"active":true}`: "json: member name occurs twice at offset 16", ``: "status 200 with an empty body, want a JSON object",
	} {
		i, err := introspect(t, body)
		assert.EqualError(t, err, "oauth: introspection reply: "+want+" (from https://server.example.com/introspect)")
		assert.Nil(t, i)
	}
	_, err := introspect(t, "eyJ0eXAiOiJ0b2tlbi1pbnRyb3NwZWN0aW9uK2p3dCJ9.e30.c2ln")
	assert.EqualError(t, err, "oauth: introspection reply: is a JWT, want a JSON object (from https://server.example.com/introspect)")
}

func TestN2InactiveYieldsNothing(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"active":false,"sub":"kim","scope":"admin","exp":4102444800}`, `{"sub":"kim","active":false}`,
		`{"sub":7,"active":false,"exp":"soon"}`, // other members of an inactive token are not checked
	} {
		i, err := introspect(t, body)
		require.NoError(t, err, body)
		assert.Equal(t, &oauth.Introspection{}, i)
		assert.False(t, i.HasScope("admin"))
		assert.EqualError(t, i.Claims(&map[string]any{}), "oauth: an inactive token has no claims")
	}
}

func TestIntrospectionMembersOfAnotherType(t *testing.T) {
	t.Parallel()
	for member, want := range map[string]string{
		`"sub":7`: "sub is not a string", `"client_id":[]`: "client_id is not a string", `"username":{}`: "username is not a string",
		`"scope":["a"]`: "scope is not a string", `"token_type":true`: "token_type is not a string", `"iss":1`: "iss is not a string",
		`"jti":1`: "jti is not a string", `"aud":7`: "aud is not a string", `"aud":["a",7]`: "aud is not a list of strings",
		`"aud":["a",null]`: "aud is not a list of strings", `"exp":"soon"`: "exp is not a time in seconds", `"exp":-1`: "exp is not a time in seconds",
		`"exp":1e300`: "exp is not a time in seconds", `"iat":253402300800`: "iat is not a time in seconds", `"nbf":true`: "nbf is not a time in seconds",
	} {
		i, err := introspect(t, `{"active":true,`+member+`}`)
		assert.EqualError(t, err, "oauth: introspection reply: "+want)
		assert.Nil(t, i)
	}
}

func TestIntrospectionTimesAtTheirLimits(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"exp", "iat", "nbf"} {
		for seconds, ok := range map[string]bool{"-1": false, "0": true, "253402300799": true, "253402300800": false} {
			i, err := introspect(t, `{"active":true,"`+name+`":`+seconds+`}`)
			if !ok {
				assert.EqualError(t, err, "oauth: introspection reply: "+name+" is not a time in seconds", seconds)
				continue
			}
			require.NoError(t, err, seconds)
			assert.Equal(t, name != "exp", i.Expiry.IsZero())
		}
	}
}

func TestIntrospectionOddButValid(t *testing.T) {
	t.Parallel()
	i, err := introspect(t, `{"exp":1.7e9,"iat":1700000000.9,"nbf":null,"aud":["a","b"],"sub":null,"scope":"","token_type":"bearer","jti":"\u006a","active":true}`)
	require.NoError(t, err)
	assert.Equal(t, time.Unix(1700000000, 0).UTC(), i.Expiry)
	assert.Equal(t, time.Unix(1700000000, 0).UTC(), i.IssuedAt)
	assert.True(t, i.NotBefore.IsZero())
	assert.Equal(t, []string{"a", "b"}, i.Audience)
	assert.Equal(t, "j", i.JWTID)
	assert.Equal(t, "bearer", i.TokenType)
	for _, none := range []string{`null`, `""`, `[]`} {
		i, err := introspect(t, `{"active":true,"aud":`+none+`}`)
		require.NoError(t, err)
		assert.Empty(t, i.Audience)
	}
}

func TestTokenOptionsMisuse(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	for call, do := range map[string]func(token string, opts ...oauth.TokenOptions) error{
		"introspect": func(token string, opts ...oauth.TokenOptions) error {
			_, err := c.IntrospectToken(t.Context(), token, opts...)
			return err
		},
		"revoke": func(token string, opts ...oauth.TokenOptions) error {
			return c.RevokeToken(t.Context(), token, opts...)
		},
	} {
		assert.EqualError(t, do(""), "oauth: token is empty", call)
		assert.EqualError(t, do("AT", oauth.TokenOptions{}, oauth.TokenOptions{}), "oauth: TokenOptions were given 2 times, want at most once")
		for _, name := range []string{"token", "token_type_hint", "client_id", "client_secret", "grant_type"} {
			err := do("AT", oauth.TokenOptions{Extra: url.Values{name: {"x"}}})
			assert.EqualError(t, err, "oauth: Extra must not set "+name+": use its field instead")
		}
	}
}
