package oidctest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

func (j *journey) poll(code any, pairs ...string) (int, map[string]any) {
	j.t.Helper()
	return j.call("/token", append([]string{"grant_type", deviceGrant, "device_code", code.(string)}, pairs...)...)
}

func startDevice(t *testing.T, d oidctest.Device) (*journey, *clock) {
	t.Helper()
	clock := newClock()
	return start(t, &oidctest.Server{Realm: &idptest.Realm{Now: clock.now}, Device: &d, Apps: []oidctest.App{{ClientID: "other", ClientSecret: "s", TokenAuth: "client_secret_post"}}}), clock
}

func TestDevice(t *testing.T) {
	t.Parallel()
	j, clock := startDevice(t, oidctest.Device{})
	status, begun := j.call("/device/auth", "scope", "openid profile offline_access")
	granted(t, status, begun)
	assert.ElementsMatch(t, []string{"device_code", "user_code", "verification_uri", "verification_uri_complete", "expires_in", "interval"}, names(begun))
	assert.Equal(t, []any{600.0, 5.0}, []any{begun["expires_in"], begun["interval"]})
	assert.Regexp(t, "^[B-Z]{4}-[B-Z]{4}$", begun["user_code"])
	assert.Equal(t, j.url+"/device", begun["verification_uri"])

	clock.advance(5 * time.Second)
	status, reply := j.poll(begun["device_code"])
	refused(t, status, reply, http.StatusBadRequest, "authorization_pending")
	clock.advance(4 * time.Second)
	status, reply = j.poll(begun["device_code"])
	refused(t, status, reply, http.StatusBadRequest, "slow_down")
	clock.advance(9 * time.Second)
	status, reply = j.poll(begun["device_code"])
	refused(t, status, reply, http.StatusBadRequest, "slow_down")

	browser, err := j.idp.Browser("")
	require.NoError(t, err)
	to, err := browser.Open(t.Context(), text(begun, "verification_uri_complete"), nil)
	require.NoError(t, err)
	assert.Nil(t, to, "the walk ends at a message")
	clock.advance(15 * time.Second)
	status, reply = j.poll(begun["device_code"], "client_id", "other", "client_secret", "s")
	refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
	status, reply = j.poll(begun["device_code"])
	granted(t, status, reply)
	assert.Equal(t, idptest.Subject, j.claims(text(reply, "id_token"), "RS256")["sub"])
	assert.NotEmpty(t, reply["refresh_token"])
	status, reply = j.poll(begun["device_code"])
	refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
}

// The user may type the code, in small letters too.
func TestDeviceCodeIsTyped(t *testing.T) {
	t.Parallel()
	j, _ := startDevice(t, oidctest.Device{})
	_, begun := j.call("/device/auth", "scope", "openid")
	response, page := j.visit(text(begun, "verification_uri"))
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Contains(t, page, `name="user_code"`)
	response, page = j.do(http.MethodPost, text(begun, "verification_uri"), url.Values{"user_code": {"XXXX-XXXX"}})
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
	assert.Contains(t, page, "no device with this code")

	browser, err := j.idp.Browser("")
	require.NoError(t, err)
	_, err = browser.Open(t.Context(), text(begun, "verification_uri"), url.Values{"user_code": {strings.ToLower(text(begun, "user_code"))}})
	require.NoError(t, err)
	_, err = browser.Open(t.Context(), text(begun, "verification_uri_complete"), nil)
	require.Error(t, err, "it is decided")
}

func TestDeviceAllowAndDeny(t *testing.T) {
	t.Parallel()
	j, clock := startDevice(t, oidctest.Device{Interval: time.Second, Lifetime: time.Minute})
	begin := func() map[string]any {
		status, begun := j.call("/device/auth", "scope", "openid")
		granted(t, status, begun)
		assert.Equal(t, []any{60.0, 1.0}, []any{begun["expires_in"], begun["interval"]})
		clock.advance(time.Second)
		return begun
	}
	begun := begin()
	require.NoError(t, j.idp.Deny(t.Context(), text(begun, "user_code")))
	status, reply := j.poll(begun["device_code"])
	refused(t, status, reply, http.StatusBadRequest, "access_denied")
	require.ErrorIs(t, j.idp.Allow(t.Context(), text(begun, "user_code"), ""), oidctest.ErrNothingAsked)

	begun = begin()
	require.ErrorIs(t, j.idp.Allow(t.Context(), text(begun, "device_code"), ""), oidctest.ErrNothingAsked, "that code is the device's")
	require.Error(t, j.idp.Allow(t.Context(), text(begun, "user_code"), "nobody"))
	require.NoError(t, j.idp.Allow(t.Context(), text(begun, "user_code"), idptest.Email))
	status, reply = j.poll(begun["device_code"])
	granted(t, status, reply)

	begun = begin()
	clock.advance(time.Minute)
	require.ErrorIs(t, j.idp.Allow(t.Context(), text(begun, "user_code"), ""), oidctest.ErrNothingAsked)
	status, reply = j.poll(begun["device_code"])
	refused(t, status, reply, http.StatusBadRequest, "expired_token")
	status, reply = j.poll("unknown")
	refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
}

func TestDeviceIsSelectable(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	status, reply := j.poll("x")
	refused(t, status, reply, http.StatusBadRequest, "unsupported_grant_type")
	_, document := j.get("/.well-known/openid-configuration", nil)
	assert.NotContains(t, document, "device_authorization_endpoint")
	assert.NotContains(t, document["grant_types_supported"], deviceGrant)

	j, _ = startDevice(t, oidctest.Device{})
	_, document = j.get("/.well-known/openid-configuration", nil)
	assert.Equal(t, j.url+"/device/auth", document["device_authorization_endpoint"])
	assert.Contains(t, document["grant_types_supported"], deviceGrant)
	status, reply = j.call("/device/auth", "client_secret", "wrong")
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")
	status, reply = j.call("/device/auth", "scope", "table")
	refused(t, status, reply, http.StatusBadRequest, "invalid_scope")
}

func TestDeviceFaults(t *testing.T) {
	t.Parallel()
	j, clock := startDevice(t, oidctest.Device{})
	begin := func(these ...idptest.Fault) map[string]any {
		j.idp.Break(these...)
		_, begun := j.call("/device/auth", "scope", "openid")
		clock.advance(5 * time.Second)
		return begun
	}
	assert.Contains(t, begin(oidctest.ControlUserCode)["user_code"], "\x1b")
	assert.Equal(t, "javascript:alert(1)", begin(oidctest.ScriptVerificationURI)["verification_uri_complete"])
	assert.NotContains(t, begin(oidctest.MissingExpiry), "expires_in")
	whole := begin()
	assert.NotContains(t, whole["user_code"], "\x1b")
	assert.Contains(t, whole, "expires_in")
	require.NoError(t, j.idp.Allow(t.Context(), text(whole, "user_code"), ""))
	j.idp.Break(oidctest.AlwaysSlowDown)
	status, reply := j.poll(whole["device_code"])
	refused(t, status, reply, http.StatusBadRequest, "slow_down")
	j.idp.Break(oidctest.BusyPolls)
	status, reply = j.poll(whole["device_code"])
	refused(t, status, reply, http.StatusServiceUnavailable, "temporarily_unavailable")
	j.idp.Break(oidctest.NotApplicable)
	status, reply = j.poll(whole["device_code"])
	granted(t, status, reply)
	assert.Equal(t, "N_A", reply["token_type"])
}
