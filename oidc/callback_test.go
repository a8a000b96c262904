package oidc_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// arrival changes a correct callback.
type arrival struct {
	before  func(c *oidc.Config, o *oidc.AuthorizeOptions, document map[string]any)
	login   func(l *oidc.Login)
	params  func(q url.Values)
	request func(r *http.Request)
}

// arrive does a login with these changes; sent says whether the code was sent to the server.
func arrive(t *testing.T, changes ...arrival) (result *oidc.Result, sent bool, err error) {
	t.Helper()
	tr, p, document := newTrial(), newProvider(t), metadata()
	for _, c := range changes {
		if c.before != nil {
			c.before(&tr.config, &tr.ask, document)
		}
	}
	p.discover(document)
	tr.config.AllowFrontChannelAccessToken = true
	client := p.client(tr.config)
	login, err := client.BeginLogin(t.Context(), tr.ask)
	require.NoError(t, err)
	p.answerCode(tr, login)
	params := tr.answer(t, login)
	for _, c := range changes {
		if c.params != nil {
			c.params(params)
		}
	}
	r := callback(login, params.Encode())
	for _, c := range changes {
		if c.request != nil {
			c.request(r)
		}
		if c.login != nil {
			c.login(login)
		}
	}
	result, err = client.CompleteLogin(t.Context(), login, r)
	return result, p.count("/token") > 0, err
}

func param(name, value string) arrival {
	return arrival{params: func(q url.Values) { q.Set(name, value) }}
}

func without(name string) arrival { return arrival{params: func(q url.Values) { q.Del(name) }} }

func began(f func(l *oidc.Login)) arrival { return arrival{login: f} }

var (
	formPost = arrival{before: func(_ *oidc.Config, o *oidc.AuthorizeOptions, _ map[string]any) {
		o.ResponseMode = oauth.ResponseModeFormPost
	}}
	sendsIss = arrival{before: func(_ *oidc.Config, _ *oidc.AuthorizeOptions, d map[string]any) {
		d["authorization_response_iss_parameter_supported"] = true
	}, params: func(q url.Values) { q.Set("iss", issuer) }}
	ownToken = arrival{before: func(c *oidc.Config, _ *oidc.AuthorizeOptions, _ map[string]any) {
		c.Endpoints.Token = issuer + "/token"
	}}
)

// asks makes a login of another response type.
func asks(t oauth.ResponseType) arrival {
	return arrival{before: func(_ *oidc.Config, o *oidc.AuthorizeOptions, _ map[string]any) { o.ResponseType = t }}
}

// responseTypes are those that end in a login.
func responseTypes() []oauth.ResponseType {
	return []oauth.ResponseType{
		oauth.ResponseTypeCode, oidc.ResponseTypeIDToken, oidc.ResponseTypeIDTokenToken, oidc.ResponseTypeCodeIDToken,
		oidc.ResponseTypeCodeToken, oidc.ResponseTypeCodeIDTokenToken,
	}
}

// returns reports whether a response type has this word.
func returns(t oauth.ResponseType, word string) bool {
	return slices.Contains(strings.Fields(string(t)), word)
}

// callbacks are refused with this check, and accepted without bad.
var callbacks = map[string]struct {
	check     oauth.CallbackCheck
	base, bad arrival
}{
	"A1StateMissing":         {oauth.CheckState, arrival{}, without("state")},
	"A1StateEmpty":           {oauth.CheckState, arrival{}, param("state", "")},
	"A2StateDiffers":         {oauth.CheckState, arrival{}, param("state", "another")},
	"A4LoginTooOld":          {oauth.CheckExpired, began(age(time.Hour)), began(age(time.Hour + time.Second))},
	"A4LoginFromTheFuture":   {oauth.CheckExpired, began(age(-time.Minute)), began(age(-2 * time.Minute))},
	"A6IssDiffers":           {oauth.CheckIssuer, param("iss", issuer), param("iss", "https://attacker.example")},
	"A6IssEmpty":             {oauth.CheckIssuer, param("iss", issuer), param("iss", "")},
	"A7IssMissing":           {oauth.CheckIssuer, sendsIss, without("iss")},
	"A8IssDiffersOnAnError":  {oauth.CheckIssuer, param("iss", issuer), arrival{params: func(q url.Values) { onlyError(q); q.Set("iss", "https://x.example") }}},
	"A9StateTwice":           {oauth.CheckRepeated, arrival{}, arrival{params: func(q url.Values) { q.Add("state", q.Get("state")) }}},
	"A9CodeTwice":            {oauth.CheckRepeated, arrival{}, arrival{params: func(q url.Values) { q.Add("code", "C2") }}},
	"A9UnknownTwice":         {oauth.CheckRepeated, param("x", "1"), arrival{params: func(q url.Values) { q.Add("x", "2") }}},
	"A10ErrorBeforeState":    {oauth.CheckState, arrival{}, arrival{params: func(q url.Values) { onlyError(q); q.Del("state") }}},
	"A11CodeAndError":        {oauth.CheckResponse, arrival{}, param("error", "access_denied")},
	"A12CodeEmpty":           {oauth.CheckResponse, arrival{}, param("code", "")},
	"A12CodeMissing":         {oauth.CheckResponse, arrival{}, without("code")},
	"A13GetToAFormPost":      {oauth.CheckMethod, formPost, arrival{request: func(r *http.Request) { r.Method = http.MethodGet }}},
	"A13QueryToAFormPost":    {oauth.CheckMethod, formPost, arrival{request: func(r *http.Request) { r.URL.RawQuery = "code=C1" }}},
	"A13PostToAQuery":        {oauth.CheckMethod, arrival{}, arrival{request: func(r *http.Request) { r.Method = http.MethodPost }}},
	"A14WrongContentType":    {oauth.CheckMalformed, formPost, arrival{request: func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }}},
	"A14BodyTooLarge":        {oauth.CheckMalformed, formPost, arrival{request: func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("x=" + strings.Repeat("y", 64<<10))) }}},
	"A15IDTokenNotAskedFor":  {oauth.CheckResponse, arrival{}, param("id_token", "e30.e30.c2ln")},
	"A15TokenNotAskedFor":    {oauth.CheckResponse, arrival{}, param("access_token", "AT")},
	"A17ResponseNotAskedFor": {oauth.CheckResponse, arrival{}, param("response", "e30.e30.c2ln")},
	"A18AnotherIssuer":       {oauth.CheckLogin, arrival{}, began(func(l *oidc.Login) { l.Issuer = "https://other.example" })},
	"A18AnotherClient":       {oauth.CheckLogin, arrival{}, began(func(l *oidc.Login) { l.ClientID = "other" })},
	"A18AnotherEndpoint":     {oauth.CheckLogin, ownToken, began(func(l *oidc.Login) { l.TokenEndpoint = "https://other.example/token" })},
	"A18AnotherType":         {oauth.CheckLogin, arrival{}, began(func(l *oidc.Login) { l.ResponseType = oidc.ResponseTypeNone })},
	"LoginWithoutNonce":      {oauth.CheckLogin, arrival{}, began(func(l *oidc.Login) { l.Nonce = "" })},
	"LoginWithoutVerifier":   {oauth.CheckLogin, arrival{}, began(func(l *oidc.Login) { l.CodeVerifier = "" })},
	"LoginWithoutState":      {oauth.CheckLogin, arrival{}, began(func(l *oidc.Login) { l.State = "" })},
	"LoginEmpty":             {oauth.CheckLogin, arrival{}, began(func(l *oidc.Login) { *l = oidc.Login{} })},
	"QueryMalformed":         {oauth.CheckMalformed, arrival{}, arrival{request: func(r *http.Request) { r.URL.RawQuery += "&%zz" }}},
}

// onlyError makes the callback the server's refusal.
func onlyError(q url.Values) {
	for _, name := range []string{"code", "id_token", "access_token", "token_type", "expires_in"} {
		q.Del(name)
	}
	q.Set("error", "access_denied")
}

func age(d time.Duration) func(*oidc.Login) {
	return func(l *oidc.Login) { l.CreatedAt = now().Add(-d) }
}

func TestCallbackIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range callbacks {
		for _, responseType := range responseTypes() {
			if !applies(name, responseType) {
				continue
			}
			t.Run(name+" "+string(responseType), func(t *testing.T) {
				t.Parallel()
				result, sent, err := arrive(t, asks(responseType), c.base)
				require.NoError(t, err, "the accepted twin")
				assert.Equal(t, returns(responseType, "code"), sent)
				require.NotNil(t, result)
				result, sent, err = arrive(t, asks(responseType), c.base, c.bad)
				require.ErrorIs(t, err, c.check)
				assert.Nil(t, result)
				assert.False(t, sent, "the code is not sent")
				for _, secret := range []string{"C1", frontAccessToken} {
					assert.NotContains(t, err.Error(), secret)
				}
			})
		}
	}
}

// applies says for which response types a row is a fault: some rows are about one parameter.
func applies(row string, t oauth.ResponseType) bool {
	switch {
	case row == "A13PostToAQuery", row == "QueryMalformed":
		return t == oauth.ResponseTypeCode
	case strings.HasPrefix(row, "A9Code"), strings.HasPrefix(row, "A12Code"), row == "LoginWithoutVerifier":
		return returns(t, "code")
	case row == "A15IDTokenNotAskedFor", row == "A7IssMissing": // TestA7IssuerInTheIDToken
		return !returns(t, "id_token")
	case row == "A15TokenNotAskedFor":
		return !returns(t, "token")
	}
	return true
}

func TestA3StateIsUsedOnce(t *testing.T) {
	t.Parallel()
	for _, responseType := range responseTypes() {
		tr, p := frontTrial(responseType), newProvider(t)
		tr.config.Replay = &replay{seen: map[string]bool{}}
		client := p.client(tr.config)
		login, err := client.BeginLogin(t.Context(), tr.ask)
		require.NoError(t, err)
		p.answerCode(tr, login)
		answer := tr.answer(t, login).Encode()
		accepted := 0
		for _, err := range atOnce(20, func(int) error {
			_, err := client.CompleteLogin(t.Context(), login, callback(login, answer))
			return err
		}) {
			if err == nil {
				accepted++
				continue
			}
			require.ErrorIs(t, err, oauth.CheckReplay)
		}
		assert.Equal(t, 1, accepted, responseType)
		assert.Equal(t, returns(responseType, "code"), p.count("/token") == 1)
	}
}

func TestA10ErrorResponse(t *testing.T) {
	t.Parallel()
	_, sent, err := arrive(t, without("code"), param("error", "login_required"), param("error_description", "no\x00 session"))
	require.ErrorIs(t, err, oauth.LoginRequired)
	require.EqualError(t, err, `oauth: the server refused: login_required: no\x00 session`)
	assert.False(t, sent)
}

// Without a login nothing is sent, not even a request for the metadata.
func TestA3LoginNilIsRefusedOffline(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	client := p.client(newTrial().config)
	r := callback(&oidc.Login{RedirectURI: redirectURI}, "code=C1&state=S")
	for _, login := range []*oidc.Login{nil, {}, {State: "S", CodeVerifier: "v"}} {
		result, err := client.CompleteLogin(t.Context(), login, r)
		require.ErrorIs(t, err, oauth.CheckLogin)
		assert.Nil(t, result)
	}
	assert.Zero(t, p.total())
	_, err := client.CompleteLogin(t.Context(), &oidc.Login{Nonce: "n"}, nil)
	require.ErrorIs(t, err, oauth.CheckLogin)
}

func TestCaseOidcFormPostExtraField(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	tr.ask.ResponseMode = oauth.ResponseModeFormPost
	p := newProvider(t)
	c := p.client(tr.config)
	login, err := c.BeginLogin(t.Context(), tr.ask)
	require.NoError(t, err)
	p.answerCode(tr, login)
	r := callback(login, "code=C1&state="+login.State+"&user=%7B%22name%22%3A%7B%22firstName%22%3A%22A%22%7D%7D")
	_, err = c.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	assert.Equal(t, `{"name":{"firstName":"A"}}`, r.PostFormValue("user"))
	_, err = c.CompleteLogin(t.Context(), login, r)
	assert.EqualError(t, err, "oauth: callback: the body was parsed before; pass the request on unread", "the refused twin")
}
