package oauth_test

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

type payment struct {
	Type   string `json:"type"`
	Amount string `json:"amount"`
	Payee  string `json:"creditorName,omitempty"`
}

const (
	details        = `[{"type":"payment_initiation","amount":"123.50"},{"type":"account_information","actions":["list_accounts"]}]`
	grantedDetails = `[{"type":"payment_initiation","amount":"100.00","creditorName":"Merchant A"},{"type":"account_information","AMOUNT":"7"}, {"type":"payment_initiation","amount":"1"}]`
)

func TestNewAuthorizationDetails(t *testing.T) {
	t.Parallel()
	made, err := oauth.NewAuthorizationDetails(
		payment{Type: "payment_initiation", Amount: "123.50"}, map[string]any{"type": "account_information", "actions": []string{"list_accounts"}},
	)
	require.NoError(t, err)
	assert.JSONEq(t, details, string(made))
	raw, err := oauth.NewAuthorizationDetails(json.RawMessage(`{"type":"a"}`))
	require.NoError(t, err)
	assert.Equal(t, `[{"type":"a"}]`, string(raw))
	for want, bad := range map[string][]any{
		"AuthorizationDetails has an element that is not an object with a type (RFC 9396 §2)": {payment{Type: "a"}, payment{}},
		"AuthorizationDetails: json: unsupported value: NaN":                                  {math.NaN()},
		"AuthorizationDetails: json: member name occurs twice at offset 13":                   {json.RawMessage(`{"type":"a","type":"b"}`)},
		"AuthorizationDetails is an empty array":                                              nil,
	} {
		_, err := oauth.NewAuthorizationDetails(bad...)
		assert.EqualError(t, err, "oauth: "+want)
	}
	for _, bad := range []any{nil, "payment", 1, []any{}, map[string]any{"type": 1}, map[string]any{"Type": "a"}, map[string]any{"type": ""}, json.RawMessage(`{"type":"\ud800"}`)} {
		_, err := oauth.NewAuthorizationDetails(bad)
		assert.ErrorContains(t, err, "has an element that is not an object with a type")
	}
}

func TestAuthorizationDetailsOf(t *testing.T) {
	t.Parallel()
	found, err := oauth.AuthorizationDetailsOf[payment](json.RawMessage(grantedDetails), "payment_initiation")
	require.NoError(t, err)
	assert.Equal(t, []payment{{"payment_initiation", "100.00", "Merchant A"}, {"payment_initiation", "1", ""}}, found)
	found, err = oauth.AuthorizationDetailsOf[payment](json.RawMessage(grantedDetails), "account_information")
	require.NoError(t, err)
	assert.Equal(t, []payment{{Type: "account_information"}}, found, "names are exact")
	for _, none := range []json.RawMessage{nil, json.RawMessage(`[]`), json.RawMessage(grantedDetails)} {
		found, err = oauth.AuthorizationDetailsOf[payment](none, "payment")
		require.NoError(t, err)
		assert.Empty(t, found)
	}
	for _, bad := range []string{`[`, `null`, `{"type":"a"}`, `[1]`, `[{"amount":"1"}]`, `[{"type":"a","amount":1}]`, `[{"type":"a"},{"type":2}]`} {
		_, err = oauth.AuthorizationDetailsOf[payment](json.RawMessage(bad), "a")
		assert.ErrorContains(t, err, "oauth: authorization_details", bad)
	}
}

// detailed are the calls that can ask for details, as RFC 9396 §3 and §6 have them.
var detailed = map[string]func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error{
	"code": func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error {
		_, err := c.GetAccessTokenByCode(t.Context(), code, oauth.CodeOptions{AuthorizationDetails: d, Extra: extra})
		return err
	},
	"refresh": func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error {
		_, err := c.GetNewAccessTokenByRefreshToken(t.Context(), refreshToken, oauth.RefreshOptions{AuthorizationDetails: d, Extra: extra})
		return err
	},
	"client credentials": func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error {
		_, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{AuthorizationDetails: d, Extra: extra})
		return err
	},
	"token source": func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error {
		own := append(json.RawMessage(nil), d...)
		source := c.TokenSource(oauth.ClientCredentialsOptions{AuthorizationDetails: own, Extra: extra})
		clear(own)
		_, err := source.Token(t.Context())
		return err
	},
	"JWT bearer": func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error {
		_, err := c.GetAccessTokenByJWTBearer(t.Context(), oauth.JWTBearerOptions{Assertion: "a.b.c", AuthorizationDetails: d, Extra: extra})
		return err
	},
	"token exchange": func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error {
		_, err := c.ExchangeToken(t.Context(), oauth.TokenExchangeOptions{SubjectToken: "s", AuthorizationDetails: d, Extra: extra})
		return err
	},
	"device": func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error {
		_, err := c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{AuthorizationDetails: d, Extra: extra})
		return err
	},
	"CIBA": func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error {
		_, err := c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "kim", AuthorizationDetails: d, Extra: extra})
		return err
	},
	"authorization": func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error {
		_, err := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{AuthorizationDetails: d, Extra: extra})
		return err
	},
	"login": func(t *testing.T, c *oauth.Client, d json.RawMessage, extra url.Values) error {
		_, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{AuthorizationDetails: d, Extra: extra})
		return err
	},
}

// Each call sends the details as given, and nothing without them.
func TestAuthorizationDetailsAreSent(t *testing.T) {
	t.Parallel()
	refused := errors.New("enough")
	for name, call := range detailed {
		if name == "authorization" || name == "login" {
			continue
		}
		var sent url.Values
		c := with(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			_ = r.ParseForm()
			sent = r.PostForm
			return nil, refused
		}), deviceEndpoint)
		require.ErrorIs(t, call(t, c, json.RawMessage(details), nil), refused, name)
		assert.Equal(t, []string{details}, sent["authorization_details"], name)
		require.ErrorIs(t, call(t, c, nil, nil), refused, name)
		assert.False(t, sent.Has("authorization_details"), name)
	}
	c := newClient(t, silent(t))
	login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{AuthorizationDetails: json.RawMessage(details)})
	require.NoError(t, err)
	assert.Equal(t, []string{details}, query(t, login.URL)["authorization_details"])
	login, err = c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.NoError(t, err)
	assert.False(t, query(t, login.URL).Has("authorization_details"))
}

// A mistake is told before anything is sent, and without the details: they may have numbers of accounts.
func TestAuthorizationDetailsMistakes(t *testing.T) {
	t.Parallel()
	lists := func(types ...string) *oauth.Client {
		return with(t, silent(t), func(c *oauth.Config) {
			deviceEndpoint(c)
			c.Metadata = &oauth.Metadata{AuthorizationDetailsTypesSupported: types}
		})
	}
	for name, call := range detailed {
		for _, c := range []*oauth.Client{lists(), with(t, silent(t), deviceEndpoint)} {
			for _, bad := range []string{`DE0212`, `[{"type":"a","iban":"DE0212"}`, `{"type":"DE0212"}`, `["DE0212"]`, `[{"iban":"DE0212"}]`, `[{"type":1,"iban":"DE0212"}]`, `[]`, `null`} {
				err := call(t, c, json.RawMessage(bad), nil)
				require.ErrorContains(t, err, "oauth: AuthorizationDetails", "%s %s", name, bad)
				assert.NotContains(t, err.Error(), "DE0212")
			}
			err := call(t, c, nil, url.Values{"authorization_details": {details}})
			require.EqualError(t, err, "oauth: Extra must not set authorization_details: use its field instead", name)
		}
		err := call(t, lists("payment_initiation", "other"), json.RawMessage(details), nil)
		var refused *oauth.DiscoveryError
		require.ErrorAs(t, err, &refused, name)
		assert.Equal(t, oauth.DiscoveryMissing, refused.Check)
		require.ErrorContains(t, err, "the server's authorization_details_types_supported has not the type of AuthorizationDetails[1]")
	}
	for _, c := range []*oauth.Client{lists(), lists("payment_initiation", "account_information")} {
		_, err := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{AuthorizationDetails: json.RawMessage(details)})
		require.NoError(t, err)
	}
}

// What was granted is in the Token as it was received, and in its stored form. Anything else than details is refused.
func TestAuthorizationDetailsOfATokenReply(t *testing.T) {
	t.Parallel()
	reply := func(details string) string {
		return `{"access_token":"AT","token_type":"Bearer","authorization_details":` + details + `}`
	}
	for _, good := range []string{grantedDetails, `[]`, `[{"type":"a","type2":{}}]`} {
		token, err := exchange(t, reply(good))
		require.NoError(t, err)
		assert.Equal(t, good, string(token.AuthorizationDetails))
		stored, err := json.Marshal(token)
		require.NoError(t, err)
		var back oauth.Token
		require.NoError(t, json.Unmarshal(stored, &back))
		assert.JSONEq(t, good, string(back.AuthorizationDetails))
	}
	token, err := exchange(t, reply(`null`))
	require.NoError(t, err)
	assert.Nil(t, token.AuthorizationDetails)
	stored, err := json.Marshal(token)
	require.NoError(t, err)
	assert.NotContains(t, string(stored), "authorization_details")
	for bad, want := range map[string]string{
		`"` + `[]` + `"`: "is not an array", `{"type":"DE0212"}`: "is not an array", `true`: "is not an array",
		`["DE0212"]`: "has an element that is not an object with a type", `[{"type":"a"},{"iban":"DE0212"}]`: "has an element that is not an object with a type",
		`[{"type":null}]`: "has an element that is not an object with a type", `[{"type":""}]`: "has an element that is not an object with a type",
		`[{"type":"\udc00"}]`: "has an element that is not an object with a type", `[[]]`: "has an element that is not an object with a type",
	} {
		_, err := exchange(t, reply(bad))
		assert.EqualError(t, err, "oauth: token reply: authorization_details "+want, bad)
	}
}

// Callers who share a reply do not share its bytes.
func TestAuthorizationDetailsAreCopied(t *testing.T) {
	t.Parallel()
	c := newClient(t, tokenReply(200, `{"access_token":"AT","token_type":"Bearer","refresh_token":"new","authorization_details":[{"type":"a"}]}`))
	source := c.TokenSource(oauth.ClientCredentialsOptions{})
	for range 2 {
		refreshed, err := c.GetNewAccessTokenByRefreshToken(t.Context(), refreshToken)
		require.NoError(t, err)
		kept, err := source.Token(t.Context())
		require.NoError(t, err)
		for _, token := range []*oauth.Token{refreshed, kept} {
			require.Equal(t, `[{"type":"a"}]`, string(token.AuthorizationDetails))
			clear(token.AuthorizationDetails)
		}
	}
	s := newAsked(t, oauth.IntrospectionCacheOptions{})
	s.body = `{"active":true,"authorization_details":[{"type":"a"}]}`
	for range 2 {
		i, err := s.client.IntrospectToken(t.Context(), "AT")
		require.NoError(t, err)
		require.Equal(t, `[{"type":"a"}]`, string(i.AuthorizationDetails))
		clear(i.AuthorizationDetails)
	}
}

// Refreshes for different details are different requests.
func TestAuthorizationDetailsOfARefreshAreNotShared(t *testing.T) {
	t.Parallel()
	calls := 0
	c := with(t, replyAt("/token", func(r *http.Request) (*http.Response, error) {
		calls++
		return jsonReply(200, `{"access_token":"AT","token_type":"Bearer","refresh_token":"new"}`)(r)
	}), func(*oauth.Config) {})
	for _, d := range []string{`[{"type":"a"}]`, `[{"type":"b"}]`, `[{"type":"b"}]`} {
		_, err := c.GetNewAccessTokenByRefreshToken(t.Context(), refreshToken, oauth.RefreshOptions{AuthorizationDetails: json.RawMessage(d)})
		require.NoError(t, err)
	}
	assert.Equal(t, 2, calls)
}

func TestAuthorizationDetailsOfAnIntrospection(t *testing.T) {
	t.Parallel()
	introspect := func(details string) (*oauth.Introspection, error) {
		return newClient(t, replyAt("/introspect", jsonReply(200, `{"active":true,"authorization_details":`+details+`}`))).IntrospectToken(t.Context(), "AT")
	}
	i, err := introspect(grantedDetails)
	require.NoError(t, err)
	assert.Equal(t, grantedDetails, string(i.AuthorizationDetails))
	i, err = introspect(`null`)
	require.NoError(t, err)
	assert.Nil(t, i.AuthorizationDetails)
	_, err = introspect(`[{"type":7}]`)
	require.EqualError(t, err, "oauth: introspection reply: authorization_details has an element that is not an object with a type")
}

// In a request object the details are JSON, not a text (RFC 9396 §3).
func TestAuthorizationDetailsInARequestObject(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{Signer: signers()["ed"]}
	c := signing(t, &oauth.RequestObject{Keys: []oauth.SigningKey{key}, Lifetime: time.Minute})
	link, err := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{AuthorizationDetails: json.RawMessage(`[{"type":"a","n":1}]`)})
	require.NoError(t, err)
	q := query(t, link)
	assert.False(t, q.Has("authorization_details"))
	assert.Equal(t, []any{map[string]any{"type": "a", "n": json.Number("1")}}, open(t, q.Get("request"), "EdDSA", key.Signer.Public()).claims["authorization_details"])
}

func TestInvalidAuthorizationDetails(t *testing.T) {
	t.Parallel()
	_, err := newClient(t, tokenReply(400, `{"error":"invalid_authorization_details"}`)).GetAccessTokenByCode(t.Context(), code, oauth.CodeOptions{AuthorizationDetails: json.RawMessage(`[{"type":"invalid"}]`)})
	require.ErrorIs(t, err, oauth.InvalidAuthorizationDetails)
}
