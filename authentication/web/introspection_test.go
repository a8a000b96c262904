package web_test

import (
	"context"
	"encoding/json"
	"errors"
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

// introspected is the reply about a token that is accepted, with changes; nil removes a member.
func introspected(changes ...claim) map[string]any {
	reply := map[string]any{
		"active": true, "iss": apiIssuer, "sub": apiUser, "client_id": apiClient, "aud": apiName, "scope": "orders:read", "token_type": "Bearer",
		"exp": apiNow().Add(time.Hour).Unix(), "auth_time": apiNow().Unix(), "acr": "urn:mfa", "tenant": 7,
	}
	for _, c := range changes {
		if reply[c.name] = c.value; c.value == nil {
			delete(reply, c.name)
		}
	}
	return reply
}

// introspector is a client of a server with one reply.
func introspector(t testing.TB, status int, reply any) (*oauth.Client, *http.Request) {
	t.Helper()
	body, err := json.Marshal(reply)
	require.NoError(t, err)
	if text, raw := reply.(string); raw {
		body = []byte(text)
	}
	asked := &http.Request{}
	server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseForm())
		*asked = *r
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write(body)
	})
	client, err := oauth.NewClient(oauth.Config{
		ClientID: "the-api", ClientSecret: "the-api's secret", Endpoints: oauth.Endpoints{Introspection: apiIssuer + "/introspect"},
		HTTPClient: &http.Client{Transport: direct{server}},
	})
	require.NoError(t, err)
	return client, asked
}

func byIntrospection(t testing.TB, e web.IntrospectionExpect, reply any) (*api, *http.Request) {
	t.Helper()
	client, asked := introspector(t, http.StatusOK, reply)
	if e.Now == nil {
		e.Now = apiNow
	}
	return newAPI(web.TokenGuard{Verifier: web.Introspection(client, e), Scopes: []string{"orders:read"}}), asked
}

func TestN6HintIsSent(t *testing.T) {
	t.Parallel()
	a, asked := byIntrospection(t, web.IntrospectionExpect{Audience: apiName}, introspected())
	a.admitted(t, a.ask("Bearer 2YotnFZFEjr1zCsicMWpAA"))
	assert.Equal(t, "access_token", asked.PostForm.Get("token_type_hint"))
	assert.Equal(t, "2YotnFZFEjr1zCsicMWpAA", asked.PostForm.Get("token"))
	assert.Equal(t, &web.Caller{
		Issuer: apiIssuer, Subject: apiUser, ClientID: apiClient, Scope: "orders:read", Audience: []string{apiName},
		Expiry: apiNow().Add(time.Hour), AuthTime: apiNow(), ACR: "urn:mfa", Claims: a.caller.Claims,
	}, a.caller)
	assert.Equal(t, json.Number("7"), a.caller.Claims["tenant"])
}

// Each refused reply differs from an accepted one in one fact.
func TestN6AdmitsOnlyOurTokens(t *testing.T) {
	t.Parallel()
	forUs := web.IntrospectionExpect{Audience: apiName}
	ofClient := web.IntrospectionExpect{ClientIDs: []string{"another", apiClient}}
	both := web.IntrospectionExpect{Audience: apiName, OtherAudiences: []string{"https://old.example"}, ClientIDs: []string{apiClient}}
	user := web.IntrospectionExpect{Audience: apiName, RequireUser: true}
	fromIssuer := web.IntrospectionExpect{Audience: apiName, Issuer: apiIssuer}
	unix := func(d time.Duration) int64 { return apiNow().Add(d).Unix() }
	for name, c := range map[string]struct {
		expect   web.IntrospectionExpect
		accepted []claim
		refused  []claim
	}{
		"not active":            {forUs, nil, []claim{{"active", false}}},
		"token_type":            {forUs, nil, []claim{{"token_type", "N_A"}}},
		"a refresh token":       {forUs, []claim{{"token_type", "bearer"}}, []claim{{"token_type", "Refresh"}}},
		"no token_type":         {forUs, []claim{{"token_type", nil}}, []claim{{"token_type", "urn:ietf:params:oauth:token-type:refresh_token"}}},
		"DPoP without a proof":  {forUs, nil, []claim{{"token_type", "DPoP"}}},
		"bound to a key":        {forUs, nil, []claim{{"cnf", map[string]any{"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}}}},
		"token_use":             {forUs, []claim{{"token_use", "access_token"}}, []claim{{"token_use", "refresh_token"}}},
		"exp past":              {forUs, []claim{{"exp", unix(-59 * time.Second)}}, []claim{{"exp", unix(-60 * time.Second)}}},
		"nbf ahead":             {forUs, []claim{{"nbf", unix(60 * time.Second)}}, []claim{{"nbf", unix(61 * time.Second)}}},
		"another API":           {forUs, []claim{{"aud", []string{"https://other.example", apiName}}}, []claim{{"aud", []string{"https://other.example"}}}},
		"no aud":                {forUs, nil, []claim{{"aud", nil}}},
		"aud in other case":     {forUs, nil, []claim{{"aud", "https://API.example"}}},
		"another client":        {ofClient, []claim{{"aud", nil}}, []claim{{"aud", nil}, {"client_id", "third"}}},
		"no client":             {ofClient, []claim{{"aud", nil}}, []claim{{"aud", nil}, {"client_id", nil}}},
		"both: another client":  {both, nil, []claim{{"client_id", "another"}}},
		"both: another API":     {both, []claim{{"aud", "https://old.example"}}, []claim{{"aud", "https://other.example"}}},
		"no user":               {user, nil, []claim{{"sub", nil}}},
		"the client itself":     {user, nil, []claim{{"sub", apiClient}}},
		"another issuer":        {fromIssuer, []claim{{"iss", nil}}, []claim{{"iss", apiIssuer + "/"}}},
		"auth_time of no time":  {forUs, []claim{{"auth_time", 1.5}}, []claim{{"auth_time", "1"}}},
		"auth_time before 1970": {forUs, []claim{{"auth_time", 0}}, []claim{{"auth_time", -1}}},
		"acr of no text":        {forUs, []claim{{"acr", "0"}}, []claim{{"acr", 0}}},
	} {
		a, _ := byIntrospection(t, c.expect, introspected(c.accepted...))
		a.admitted(t, a.ask("Bearer x"), name)
		a, _ = byIntrospection(t, c.expect, introspected(c.refused...))
		a.refused(t, a.ask("Bearer x"), 401, invalidToken+`, scope="orders:read"`, "invalid_token", authentication.ErrRefused, name)
	}
	a, _ := byIntrospection(t, forUs, introspected(claim{"sub", nil}))
	a.admitted(t, a.ask("Bearer x"), "a program, where no user is required")
	a, _ = byIntrospection(t, fromIssuer, introspected(claim{"iss", nil}))
	a.admitted(t, a.ask("Bearer x"))
	assert.Equal(t, apiIssuer, a.caller.Issuer)
}

func TestX6ScopeMissingFromIntrospection(t *testing.T) {
	t.Parallel()
	a, _ := byIntrospection(t, web.IntrospectionExpect{Audience: apiName}, introspected(claim{"scope", "orders:write"}))
	a.refused(t, a.ask("Bearer x"), 403, `Bearer error="insufficient_scope", error_description="The access token does not have the required scope.", scope="orders:read"`,
		"insufficient_scope", oauth.InsufficientScope)
}

func TestN6MistakesOfIntrospection(t *testing.T) {
	t.Parallel()
	client, asked := introspector(t, http.StatusOK, introspected())
	noSecret, err := oauth.NewClient(oauth.Config{ClientID: "the-api", Endpoints: oauth.Endpoints{Introspection: apiIssuer + "/introspect"}})
	require.NoError(t, err)
	noEndpoint, err := oauth.NewClient(oauth.Config{ClientID: "the-api", ClientSecret: "secret"})
	require.NoError(t, err)
	ok := web.IntrospectionExpect{Audience: apiName}
	for want, v := range map[string]web.Verifier{
		"web: IntrospectionExpect needs Audience or ClientIDs: else tokens for every other API would be accepted": web.Introspection(client, web.IntrospectionExpect{}),
		"web: IntrospectionExpect.OtherAudiences is set, and Audience is not":                                     web.Introspection(client, web.IntrospectionExpect{ClientIDs: []string{"a"}, OtherAudiences: []string{"b"}}),
		"web: IntrospectionExpect.OtherAudiences has an empty entry":                                              web.Introspection(client, web.IntrospectionExpect{Audience: apiName, OtherAudiences: []string{""}}),
		"web: IntrospectionExpect.ClientIDs has an empty entry":                                                   web.Introspection(client, web.IntrospectionExpect{ClientIDs: []string{""}}),
		"web: Introspection has no client":                                                                        web.Introspection(nil, ok),
		"web: no introspection: oauth: the client was not made by NewClient":                                      web.Introspection((*oauth.Client)(nil), ok),
		"web: no introspection: oauth: Endpoints.Introspection is not set: unsupported operation":                 web.Introspection(noEndpoint, ok),
		"web: the client of Introspection returned neither a reply nor an error":                                  web.Introspection(answers{nil, nil}, ok),
	} {
		a := newAPI(web.TokenGuard{Verifier: v})
		a.refused(t, a.ask("Bearer x"), 500, "", "misconfigured", authentication.ErrMisconfigured, want)
		require.EqualError(t, a.err, want)
		assert.Nil(t, asked.PostForm, "nothing was sent")
	}
	a := newAPI(web.TokenGuard{Verifier: web.Introspection(noSecret, ok)})
	a.refused(t, a.ask("Bearer x"), 500, "", "misconfigured", authentication.ErrMisconfigured)
}

// answers is an Introspector of an application.
type answers struct {
	reply *oauth.Introspection
	err   error
}

func (a answers) IntrospectToken(context.Context, string, ...oauth.TokenOptions) (*oauth.Introspection, error) {
	return a.reply, a.err
}

// What goes wrong between this API and the server is never the refusal of the caller's token.
func TestIntrospectionWithoutAReply(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		reply  any
		want   int
	}{
		"busy":                 {503, "", 503},
		"too many":             {429, `{"error":"slow_down"}`, 503},
		"broken":               {500, `{"error":"server_error"}`, 503},
		"cut short":            {200, `{"active":tr`, 503},
		"our credentials":      {401, `{"error":"invalid_client"}`, 500},
		"not ours":             {400, `{"error":"invalid_grant"}`, 500},
		"access denied":        {403, `{"error":"access_denied"}`, 500},
		"no such page":         {404, `{}`, 500},
		"active is no boolean": {200, `{"active":"true"}`, 503},
	} {
		client, _ := introspector(t, c.status, c.reply)
		a := newAPI(web.TokenGuard{Verifier: web.Introspection(client, web.IntrospectionExpect{Audience: apiName, Now: apiNow})})
		w := a.ask("Bearer x")
		require.Equal(t, c.want, w.Code, "%s: %v", name, a.err)
		assert.Zero(t, a.calls)
		assert.Equal(t, c.want == 500, errors.Is(a.err, authentication.ErrMisconfigured), name)
		assert.Equal(t, c.want == 503, w.Header().Get("Retry-After") == "10", name)
	}
	// A client that classified the error already, for a login.
	for _, verdict := range []error{authentication.ErrRefused, authentication.ErrDenied, &oidc.TokenError{Check: oidc.CheckSignature}} {
		a := newAPI(web.TokenGuard{Verifier: web.Introspection(answers{nil, verdict}, web.IntrospectionExpect{Audience: apiName})})
		assert.Equal(t, 503, a.ask("Bearer x").Code)
		require.NotErrorIs(t, a.err, authentication.ErrRefused)
		assert.NotErrorIs(t, a.err, authentication.ErrDenied)
	}
	a := newAPI(web.TokenGuard{Verifier: web.Introspection(answers{nil, context.DeadlineExceeded}, web.IntrospectionExpect{Audience: apiName})})
	assert.Equal(t, 503, a.ask("Bearer x").Code)
	require.ErrorIs(t, a.err, context.DeadlineExceeded)
}

// The verifier keeps what it was given.
func TestIntrospectionKeepsItsOwnLists(t *testing.T) {
	t.Parallel()
	client, _ := introspector(t, http.StatusOK, introspected())
	ids := []string{apiClient}
	a := newAPI(web.TokenGuard{Verifier: web.Introspection(client, web.IntrospectionExpect{ClientIDs: ids, Now: apiNow})})
	ids[0] = "another"
	a.admitted(t, a.ask("Bearer x"))
}

// profiled is an Introspector whose profile demands bound tokens, or not.
type profiled struct {
	*oauth.Client
	demands bool
}

func (p profiled) RequiresBoundTokens() bool { return p.demands }

// X4: where the client's profile demands it, a token that is bound to no key is refused.
func TestX4IntrospectedTokenMustBeBound(t *testing.T) {
	t.Parallel()
	cnf := claim{"cnf", map[string]any{"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}
	for name, c := range map[string]struct {
		demands bool
		reply   map[string]any
		want    error
	}{
		"no profile": {false, introspected(), nil}, "a profile": {true, introspected(), oauth.ErrBinding}, "a profile, bound": {true, introspected(cnf), nil},
	} {
		client, _ := introspector(t, http.StatusOK, c.reply)
		v := web.Introspection(profiled{client, c.demands}, web.IntrospectionExpect{Audience: apiName, Now: apiNow})
		_, err := v.(web.BoundVerifier).VerifyBoundToken(t.Context(), "AT")
		require.ErrorIs(t, err, c.want, name)
		if c.want != nil {
			require.ErrorIs(t, err, authentication.ErrRefused, name)
		}
	}
}
