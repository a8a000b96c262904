package web_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A login whose request is pushed ends before the browser leaves, when the server does not take it: an outage is shown as
// one, and what only the operator can correct as that.
func TestSiteLoginOfPushedRequest(t *testing.T) {
	t.Parallel()
	const parOrigin = "https://par.example"
	var answer func(w http.ResponseWriter)
	says := func(status int, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "7")
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	w := newWorld(t)
	w.network[parOrigin] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w) })
	w.config.Flow = w.oidcFlow()
	w.config.FlowByName = func(_ context.Context, name string) (authentication.LoginFlow, error) {
		par := parOrigin + "/par"
		if name == "gone" {
			par = "https://nowhere.example/par"
		}
		if name == "pushed-oauth" {
			c, err := oauth.NewClient(oauth.Config{
				ClientID: "c", ClientSecret: "s", HTTPClient: w.client(), PushedAuthorization: oauth.PushAlways,
				Endpoints: oauth.Endpoints{Authorization: idOrigin + "/oauth/auth", Token: idOrigin + "/oauth/token", PushedAuthorization: par},
			})
			return authentication.FromOAuth(c), err
		}
		c, err := oidc.NewClient(oidc.Config{
			Issuer: idOrigin + "/oidc", ClientID: "c", ClientSecret: "s", HTTPClient: w.client(), Now: w.now,
			PushedAuthorization: oauth.PushAlways, Endpoints: oidc.Endpoints{PushedAuthorization: par},
		})
		return authentication.FromOIDC(c), err
	}
	w.open()
	u := w.person("")
	u.hold = toServer
	pushed := `{"request_uri":"urn:ietf:params:oauth:request_uri:R1","expires_in":60}`
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter)
		status int
		retry  string
	}{
		"unavailable":         {says(503, ``), http.StatusServiceUnavailable, "7"},
		"too many":            {says(429, ``), http.StatusServiceUnavailable, "7"},
		"server error":        {says(500, `{"error":"server_error"}`), http.StatusServiceUnavailable, ""},
		"another status":      {says(200, pushed), http.StatusServiceUnavailable, ""},
		"no request_uri":      {says(201, `{"expires_in":60}`), http.StatusServiceUnavailable, ""},
		"no JSON":             {says(201, `<`), http.StatusServiceUnavailable, ""},
		"an unknown client":   {says(401, `{"error":"invalid_client"}`), http.StatusInternalServerError, ""},
		"an unknown redirect": {says(400, `{"error":"invalid_request"}`), http.StatusInternalServerError, ""},
		"too large":           {says(413, ``), http.StatusInternalServerError, ""},
	} {
		for _, flow := range []string{"pushed", "pushed-oauth"} {
			answer = c.answer
			p := u.open(appOrigin + "/auth/login/" + flow)
			assert.Equal(t, c.status, p.StatusCode, name+" "+flow)
			assert.Equal(t, c.retry, p.Header.Get("Retry-After"), name+" "+flow)
			failed := w.happened(web.EventLoginFailed)
			assert.Equal(t, c.status == http.StatusInternalServerError, errors.Is(failed[len(failed)-1].Err, authentication.ErrMisconfigured), name+" "+flow)
		}
	}
	assert.Equal(t, http.StatusServiceUnavailable, u.open(appOrigin+"/auth/login/gone").StatusCode)

	answer = says(201, pushed)
	for _, flow := range []string{"pushed", "pushed-oauth"} {
		p := u.open(appOrigin + "/auth/login/" + flow)
		require.NotNil(t, p.held, flow)
		assert.Equal(t, "client_id=c&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3AR1", p.held.URL.RawQuery, flow)
	}
}
