package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const stepUpChallenge = `Bearer error="insufficient_user_authentication", error_description="A more recent or stronger login is required."`

// A guard that demands a login of a certain age and class (RFC 9470 §3).
func TestStepUpChallenge(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) int64 { return apiNow().Add(-d).Unix() }
	for name, c := range map[string]struct {
		fresh     web.Freshness
		accepted  []claim
		refused   []claim
		challenge string
	}{
		"too old":        {web.Freshness{MaxAge: 5 * time.Minute}, []claim{{"auth_time", ago(6 * time.Minute)}}, []claim{{"auth_time", ago(361 * time.Second)}}, `, max_age="300"`},
		"no auth_time":   {web.Freshness{MaxAge: time.Second}, nil, []claim{{"auth_time", nil}}, `, max_age="1"`},
		"in the future":  {web.Freshness{MaxAge: time.Hour}, []claim{{"auth_time", ago(-time.Minute)}}, []claim{{"auth_time", ago(-61 * time.Second)}}, `, max_age="3600"`},
		"weaker":         {web.Freshness{ACRValues: "urn:gold urn:mfa"}, nil, []claim{{"acr", "urn:pwd"}}, `, acr_values="urn:gold urn:mfa"`},
		"other case":     {web.Freshness{ACRValues: "urn:mfa"}, nil, []claim{{"acr", "URN:mfa"}}, `, acr_values="urn:mfa"`},
		"the whole list": {web.Freshness{ACRValues: "urn:gold urn:mfa"}, []claim{{"acr", "urn:gold"}}, []claim{{"acr", "urn:gold urn:mfa"}}, `, acr_values="urn:gold urn:mfa"`},
		"no acr":         {web.Freshness{ACRValues: "urn:mfa"}, nil, []claim{{"acr", nil}}, `, acr_values="urn:mfa"`},
		"both, too old":  {web.Freshness{MaxAge: 5 * time.Minute, ACRValues: "urn:mfa"}, nil, []claim{{"auth_time", ago(time.Hour)}}, `, acr_values="urn:mfa", max_age="300"`},
		"both, weaker":   {web.Freshness{MaxAge: 5 * time.Minute, ACRValues: "urn:mfa"}, nil, []claim{{"acr", "urn:pwd"}}, `, acr_values="urn:mfa", max_age="300"`},
	} {
		a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI), Fresh: c.fresh, Scopes: []string{"orders:read"}})
		a.admitted(t, a.ask("Bearer "+accessToken(t, apiKey('a'), c.accepted...)), name)
		w := a.ask("Bearer " + accessToken(t, apiKey('a'), c.refused...))
		a.refused(t, w, 401, stepUpChallenge+c.challenge+`, scope="orders:read"`, "insufficient_user_authentication", oauth.InsufficientUserAuthentication, name)

		// What the guard sends is what a client reads.
		var stepUp *web.StepUpError
		require.ErrorAs(t, web.StepUp(w.Result()), &stepUp, name)
		assert.Equal(t, &web.StepUpError{MaxAge: c.fresh.MaxAge, ACRValues: c.fresh.ACRValues, Scope: "orders:read"}, stepUp)
		assert.Equal(t, authentication.AuthorizeOptions{MaxAge: c.fresh.MaxAge, ACRValues: c.fresh.ACRValues}, stepUp.AuthorizeOptions())
	}
	// A new login does not help a token that lacks a scope besides; one challenge names both.
	a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI), Fresh: web.Freshness{ACRValues: "urn:gold"}, Scopes: []string{"orders:write"}})
	a.refused(t, a.ask("Bearer "+accessToken(t, apiKey('a'))), 401, stepUpChallenge+`, acr_values="urn:gold", scope="orders:write"`,
		"insufficient_user_authentication", oauth.InsufficientUserAuthentication)
	// Other answers of the guard name no login.
	a.refused(t, a.ask("Bearer x"), 401, invalidToken+`, scope="orders:write"`, "invalid_token", authentication.ErrRefused)
}

func answerWith(status int, fields ...string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Www-Authenticate": fields}}
}

func TestStepUpIsRead(t *testing.T) {
	t.Parallel()
	const short = `Bearer error="insufficient_user_authentication"`
	for field, want := range map[string]web.StepUpError{
		short:                          {},
		short + `, acr_values="myACR"`: {ACRValues: "myACR"},
		short + `, max_age="5"`:        {MaxAge: 5 * time.Second},
		short + `, max_age=5`:          {MaxAge: 5 * time.Second},
		short + `, max_age="0"`:        {MaxAge: oidc.ReauthenticateNow},
		short + `, acr_values="a b", max_age="2147483647", scope="s t"`:            {ACRValues: "a b", MaxAge: 2147483647 * time.Second, Scope: "s t"},
		`bEARER MAX_AGE = 5 ,, Error = insufficient_user_authentication , `:        {MaxAge: 5 * time.Second},
		`DPoP algs="ES256", error="insufficient_user_authentication", max_age="5"`: {MaxAge: 5 * time.Second},
		`Basic realm="a, Bearer error=\"x\"", Negotiate, NTLM abc==, ` + short:     {},
		`Bearer realm="a", ` + short + `, acr_values="b", Basic realm="c"`:         {ACRValues: "b"},
		`Bearer error="insufficient_user_authenticatio\n"`:                         {},
		`Bearer realm="é\"\\", error="insufficient_user_authentication"`:           {},
	} {
		var got *web.StepUpError
		require.ErrorAs(t, web.StepUp(answerWith(401, field)), &got, field)
		assert.Equal(t, want, *got, field)
		require.ErrorIs(t, got, oauth.InsufficientUserAuthentication)
	}
	var got *web.StepUpError
	require.ErrorAs(t, web.StepUp(answerWith(401, `Basic realm="open`, `Bearer error="invalid_token"`, short)), &got, "the third field")
}

// Each answer is none, by one fact.
func TestStepUpIsNotRead(t *testing.T) {
	t.Parallel()
	const short = `Bearer error="insufficient_user_authentication"`
	require.Error(t, web.StepUp(answerWith(401, short)))
	for _, res := range []*http.Response{nil, {}, answerWith(403, short), answerWith(200, short), answerWith(401), answerWith(401, "")} {
		require.NoError(t, web.StepUp(res))
	}
	for _, field := range []string{
		`Bearer error="invalid_token"`, `Bearer error="Insufficient_User_Authentication"`, `Basic error="insufficient_user_authentication"`,
		`error="insufficient_user_authentication"`, `Bearer`, `Bearer, error="insufficient_user_authentication"x`,
		short + `, error="insufficient_user_authentication"`, short + `, acr_values="a", ACR_VALUES="b"`, short + `, max_age="1", max_age="1"`,
		short + `, max_age="-1"`, short + `, max_age="+1"`, short + `, max_age="1.5"`, short + `, max_age=""`, short + `, max_age="2147483648"`, short + `, max_age="0x1"`,
		short + `, acr_values="a  b"`, short + `, acr_values=" a"`, short + `, acr_values="a\"b"`, short + `, acr_values="é"`, short + ", acr_values=\"a\tb\"",
		short + `, scope="a\\b"`, short + `, acr_values="open`, short + `, acr_values="a\`, short + "; max_age=1", short + ` max_age=1`, short + "\x00",
		"Bearer realm=\"\x01\", error=\"insufficient_user_authentication\"", `Bearer =`, `Bearer	error="insufficient_user_authentication"`, `"Bearer" ` + short,
		`Basic x y, ` + short,
	} {
		require.NoError(t, web.StepUp(answerWith(401, field)), field)
	}
	long := make([]byte, 8<<10)
	for i := range long {
		long[i] = 'a'
	}
	require.NoError(t, web.StepUp(answerWith(401, `Basic realm="`+string(long)+`", `+short)))
	require.NoError(t, web.StepUp(answerWith(401, string(long), short)))
	require.Error(t, web.StepUp(answerWith(401, string(long[:8000]), short)))
}

func TestStepUpError(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*web.StepUpError{
		"web: the API demands another login of the user":                               {},
		"web: the API demands another login of the user, now":                          {MaxAge: oidc.ReauthenticateNow},
		"web: the API demands another login of the user, of the last 5m0s, with acr a": {MaxAge: 5 * time.Minute, ACRValues: "a", Scope: "s"},
		"web: no step-up": nil,
	} {
		require.EqualError(t, e, want)
	}
	// An API that names nothing wants a new login: the same one again would be refused again.
	assert.Equal(t, authentication.AuthorizeOptions{MaxAge: oidc.ReauthenticateNow}, (&web.StepUpError{}).AuthorizeOptions())
	assert.Equal(t, authentication.AuthorizeOptions{ACRValues: "a"}, (&web.StepUpError{ACRValues: "a"}).AuthorizeOptions())
	assert.Zero(t, (*web.StepUpError)(nil).AuthorizeOptions())
}

// For any header, the result is none, or has only what a login may be asked for.
func FuzzStepUp(f *testing.F) {
	for _, field := range []string{
		stepUpChallenge + `, acr_values="a b", max_age="300", scope="s"`, `Negotiate abc==, Bearer error=insufficient_user_authentication,max_age=0`,
		`Bearer realm="\"\\", error="insufficient_user_authentication"`, `,,=,Bearer "`, `DPoP algs="ES256"`,
	} {
		f.Add(field, stepUpChallenge)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		err := web.StepUp(answerWith(401, one, two))
		if err == nil {
			return
		}
		var e *web.StepUpError
		require.ErrorAs(t, err, &e)
		assert.True(t, e.MaxAge >= oidc.ReauthenticateNow && e.MaxAge%time.Second <= 0)
		assert.LessOrEqual(t, len(err.Error()), 400)
		v := verifier(func(string) (*web.Caller, error) { return &web.Caller{}, nil })
		guard := web.TokenGuard{Verifier: v, Fresh: web.Freshness{ACRValues: e.ACRValues, MaxAge: max(e.MaxAge, 0)}}
		if e.Scope != "" {
			guard.Scopes = []string{e.Scope}
		}
		if e.ACRValues != "" || e.MaxAge > 0 {
			a := newAPI(guard) // what was read can be sent, and is the same again
			var again *web.StepUpError
			if w := a.ask("Bearer x"); w.Code == 401 {
				require.ErrorAs(t, web.StepUp(w.Result()), &again)
				assert.Equal(t, e.ACRValues, again.ACRValues)
			} else {
				assert.Contains(t, e.Scope, " ", "a list is not one scope: %d %v", w.Code, a.err)
			}
		}
	})
}
