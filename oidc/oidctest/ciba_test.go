package oidctest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const (
	cibaGrant      = "urn:openid:params:grant-type:ciba"
	authReqIDClaim = "urn:openid:params:jwt:claim:auth_req_id"
	rtHashClaim    = "urn:openid:params:jwt:claim:rt_hash"
)

func startCIBA(t *testing.T, c oidctest.CIBA) (*journey, *clock) {
	t.Helper()
	clock := newClock()
	return start(t, &oidctest.Server{Realm: &idptest.Realm{Now: clock.now}, CIBA: &c}), clock
}

func (j *journey) ask(pairs ...string) (int, map[string]any) {
	j.t.Helper()
	return j.call("/backchannel", append([]string{"scope", "openid offline_access", "login_hint", idptest.Email}, pairs...)...)
}

func (j *journey) pollCIBA(id any) (int, map[string]any) {
	j.t.Helper()
	return j.call("/token", "grant_type", cibaGrant, "auth_req_id", id.(string))
}

func TestCIBA(t *testing.T) {
	t.Parallel()
	j, clock := startCIBA(t, oidctest.CIBA{})
	status, asked := j.ask("requested_expiry", "30", "binding_message", "W4SCT")
	granted(t, status, asked)
	assert.ElementsMatch(t, []string{"auth_req_id", "expires_in", "interval"}, names(asked))
	assert.Equal(t, []any{30.0, 5.0}, []any{asked["expires_in"], asked["interval"]})
	status, reply := j.pollCIBA(asked["auth_req_id"])
	refused(t, status, reply, http.StatusBadRequest, "slow_down")
	clock.advance(10 * time.Second)
	status, reply = j.pollCIBA(asked["auth_req_id"])
	refused(t, status, reply, http.StatusBadRequest, "authorization_pending")

	require.Error(t, j.idp.Allow(t.Context(), text(asked, "auth_req_id"), "alice"), "the request named alice")
	require.NoError(t, j.idp.Allow(t.Context(), text(asked, "auth_req_id"), ""))
	clock.advance(10 * time.Second)
	status, reply = j.pollCIBA(asked["auth_req_id"])
	granted(t, status, reply)
	claims := j.claims(text(reply, "id_token"), "RS256")
	assert.Equal(t, idptest.Subject, claims["sub"])
	assert.Equal(t, asked["auth_req_id"], claims[authReqIDClaim])
	assert.NotEmpty(t, claims[rtHashClaim])
	assert.NotEmpty(t, claims["auth_time"])

	// The ID token is a hint for the next login.
	status, asked = j.ask("login_hint", "", "id_token_hint", text(reply, "id_token"))
	granted(t, status, asked)
	require.NoError(t, j.idp.Deny(t.Context(), text(asked, "auth_req_id")))
	clock.advance(5 * time.Second)
	status, reply = j.pollCIBA(asked["auth_req_id"])
	refused(t, status, reply, http.StatusBadRequest, "access_denied")
	require.ErrorIs(t, j.idp.Allow(t.Context(), text(asked, "auth_req_id"), ""), oidctest.ErrNothingAsked)
}

func TestCIBARefuses(t *testing.T) {
	t.Parallel()
	j, _ := startCIBA(t, oidctest.CIBA{UserCode: "1234", Lifetime: time.Minute})
	for code, pairs := range map[string][]string{
		"unknown_user_id":          {"login_hint", "nobody"},
		"expired_login_hint_token": {"login_hint", "", "login_hint_token", "x"},
		"invalid_binding_message":  {"user_code", "1234", "binding_message", strings.Repeat("x", 65)},
		"missing_user_code":        {},
		"invalid_user_code":        {"user_code", "4321"},
		"invalid_scope":            {"user_code", "1234", "scope", "email"},
	} {
		status, reply := j.ask(pairs...)
		refused(t, status, reply, http.StatusBadRequest, code)
	}
	for _, pairs := range [][]string{
		{"login_hint", ""}, {"id_token_hint", "x"}, {"login_hint", "", "id_token_hint", "x"}, {"request", "x"}, {"user_code", "1234", "requested_expiry", "0"},
	} {
		status, reply := j.ask(pairs...)
		refused(t, status, reply, http.StatusBadRequest, "invalid_request")
	}
	status, reply := j.ask("client_secret", "wrong")
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")
	status, reply = j.ask("user_code", "1234", "binding_message", strings.Repeat("x", 64), "requested_expiry", "600")
	granted(t, status, reply)
	assert.EqualValues(t, 60, reply["expires_in"], "no more than the server allows")
}

func TestCIBAIsSelectable(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	status, reply := j.pollCIBA("x")
	refused(t, status, reply, http.StatusBadRequest, "unsupported_grant_type")
	_, document := j.get("/.well-known/openid-configuration", nil)
	assert.NotContains(t, document, "backchannel_authentication_endpoint")
	j, _ = startCIBA(t, oidctest.CIBA{UserCode: "1"})
	_, document = j.get("/.well-known/openid-configuration", nil)
	assert.Equal(t, j.url+"/backchannel", document["backchannel_authentication_endpoint"])
	assert.Equal(t, []any{"poll"}, document["backchannel_token_delivery_modes_supported"])
	assert.Equal(t, true, document["backchannel_user_code_parameter_supported"])
	assert.Contains(t, document["grant_types_supported"], cibaGrant)
}

func TestCIBAPings(t *testing.T) {
	t.Parallel()
	type ping struct{ bearer, id string }
	var pings []ping
	status := http.StatusNoContent
	application := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var m map[string]string
		_ = json.Unmarshal(body, &m)
		pings = append(pings, ping{r.Header.Get("Authorization"), m["auth_req_id"]})
		w.WriteHeader(status)
	}))
	t.Cleanup(application.Close)
	j, _ := startCIBA(t, oidctest.CIBA{NotificationURI: application.URL})
	code, reply := j.ask("client_notification_token", "short")
	refused(t, code, reply, http.StatusBadRequest, "invalid_request")
	token := strings.Repeat("n", 22)
	_, asked := j.ask("client_notification_token", token)
	require.NoError(t, j.idp.Allow(t.Context(), text(asked, "auth_req_id"), ""))
	assert.Equal(t, []ping{{"Bearer " + token, text(asked, "auth_req_id")}}, pings)
	code, reply = j.pollCIBA(asked["auth_req_id"])
	granted(t, code, reply) // at once: the notification is the end of waiting

	for fault, same := range map[idptest.Fault][2]bool{oidctest.WrongPingToken: {false, true}, oidctest.OtherPing: {true, false}} {
		j.idp.Break(fault)
		_, asked = j.ask("client_notification_token", token)
		require.NoError(t, j.idp.Allow(t.Context(), text(asked, "auth_req_id"), ""))
		last := pings[len(pings)-1]
		assert.Equal(t, same, [2]bool{last.bearer == "Bearer "+token, last.id == text(asked, "auth_req_id")}, fault)
	}
	status = http.StatusUnauthorized
	_, asked = j.ask("client_notification_token", token)
	require.EqualError(t, j.idp.Deny(t.Context(), text(asked, "auth_req_id")), "oidctest: the application answered its notification with status 401")
}

func TestCIBAFaults(t *testing.T) {
	t.Parallel()
	j, clock := startCIBA(t, oidctest.CIBA{})
	claims := func(these ...idptest.Fault) (map[string]any, string) {
		j.idp.Break(these...)
		_, asked := j.ask()
		require.NoError(t, j.idp.Allow(t.Context(), text(asked, "auth_req_id"), ""))
		clock.advance(5 * time.Second)
		status, reply := j.pollCIBA(asked["auth_req_id"])
		granted(t, status, reply)
		return j.claims(text(reply, "id_token"), "RS256"), text(asked, "auth_req_id")
	}
	of, id := claims(oidctest.OtherAuthReqID)
	assert.NotEqual(t, id, of[authReqIDClaim])
	of, id = claims(oidctest.WrongRTHash)
	assert.Equal(t, id, of[authReqIDClaim])
	assert.NotEmpty(t, of[rtHashClaim])
}

// A request may ask for less time than the server gives, not for more.
func TestCIBARequestedExpiry(t *testing.T) {
	t.Parallel()
	for asked, want := range map[string]float64{"120": 120, "3600": 600} {
		j, _ := startCIBA(t, oidctest.CIBA{})
		_, reply := j.ask("requested_expiry", asked)
		assert.Equal(t, want, reply["expires_in"], asked)
	}
}
