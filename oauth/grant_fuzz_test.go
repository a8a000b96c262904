package oauth_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// FuzzDeviceReply: whatever the server sends, there is an error, or a login that can be shown and polled.
func FuzzDeviceReply(f *testing.F) {
	recorded, err := os.ReadFile("testdata/device_authorization.http")
	require.NoError(f, err)
	f.Add(string(recorded[strings.Index(string(recorded), "{"):]))
	f.Add(begun("verification_uri", "", "verification_url", `"https://www.google.com/device"`, "interval", `"7"`))
	f.Add(`{"auth_req_id":"R1","expires_in":60,"interval":1e0}`)
	f.Fuzz(func(t *testing.T, body string) {
		device, err := beginDevice(t, body)
		require.NotEqual(t, err == nil, device == nil, "result or error")
		if err == nil {
			require.NotEmpty(t, device.DeviceCode)
			require.NotContains(t, strings.Map(func(r rune) rune {
				if unicode.IsPrint(r) {
					return 'x'
				}
				return '!'
			}, device.UserCode), "!")
			link, err := url.Parse(device.Link())
			require.NoError(t, err)
			require.True(t, link.Scheme == "https" || link.Scheme == "http" && link.Host != "", device.Link())
			require.Positive(t, device.Interval)
			require.True(t, device.NextPoll.Before(device.Expiry), "at least one poll")
		}
		ciba, _, err := beginCIBA(t, oauth.CIBAOptions{LoginHint: "alice"}, body)
		require.NotEqual(t, err == nil, ciba == nil, "result or error")
		if err == nil {
			require.NotEmpty(t, ciba.AuthReqID)
			require.True(t, ciba.Interval > 0 && ciba.NextPoll.Before(ciba.Expiry))
		}
	})
}

// FuzzPushedReply: whatever the server sends, there is an error, or an address with client_id and request_uri alone.
func FuzzPushedReply(f *testing.F) {
	f.Add(http.StatusCreated, pushed)
	f.Add(http.StatusOK, pushed)
	f.Add(http.StatusCreated, `{"request_uri":"https://as.example/r?a=b#c","expires_in":1e2,"error":null}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			return
		}
		link, err := push(t, status, body)
		require.NotEqual(t, err == nil, link == "", "result or error")
		if err == nil {
			require.Equal(t, http.StatusCreated, status)
			q := query(t, link)
			require.Len(t, q, 2)
			u, err := url.Parse(q.Get("request_uri"))
			require.True(t, err == nil && u.IsAbs() && len(q.Get("request_uri")) <= 8192)
		}
	})
}

// FuzzCIBAPing: without the login's own token nothing becomes ready, whatever the notification.
func FuzzCIBAPing(f *testing.F) {
	f.Add("Bearer N0TIFY", `{"auth_req_id":"R1"}`)
	f.Add("bearer N0TIFY ", `{"auth_req_id":"R1","auth_req_id":"R2"}`)
	f.Add("", `["R1"]`)
	f.Fuzz(func(t *testing.T, authorization, body string) {
		login := &oauth.CIBALogin{AuthReqID: "R1", NotificationToken: "N0TIFY"}
		r := httptest.NewRequest(http.MethodPost, "https://client.example.com/cb", strings.NewReader(body))
		r.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {authorization}}
		res, ready := notify(login, r)
		require.Equal(t, res.StatusCode == http.StatusNoContent, ready)
		scheme, token, _ := strings.Cut(authorization, " ")
		if ready {
			require.True(t, strings.EqualFold(scheme, "Bearer") && token == "N0TIFY" && strings.Contains(body, "auth_req_id"))
		}
	})
}
