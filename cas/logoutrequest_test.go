package cas

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	slo     = `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="LR-1" Version="2.0" IssueInstant="2026-11-20T09:30:10Z">`
	sloName = `<saml:NameID>admin</saml:NameID>`
	sloEnd  = `</samlp:LogoutRequest>`
	sloOne  = `<samlp:SessionIndex>` + testTicket + `</samlp:SessionIndex>`
)

func TestParseLogoutRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		message string
		want    []string
	}{
		"one":        {slo + sloName + sloOne + sloEnd, []string{testTicket}},
		"several":    {slo + sloOne + `<samlp:SessionIndex>ST-2</samlp:SessionIndex>` + sloName + `<samlp:SessionIndex>ST-3</samlp:SessionIndex>` + sloEnd, []string{testTicket, "ST-2", "ST-3"}},
		"indented":   {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + slo + "\n  <!-- x -->\n <samlp:SessionIndex>\n\tST-1\r\n</samlp:SessionIndex>\n" + sloEnd + "\n", []string{"ST-1"}},
		"default":    {`<LogoutRequest xmlns="urn:oasis:names:tc:SAML:2.0:protocol" Version="2.0"><SessionIndex>ST-1</SessionIndex></LogoutRequest>`, []string{"ST-1"}},
		"unknown":    {slo + `<samlp:Extensions><x/></samlp:Extensions>` + sloOne + sloEnd, []string{testTicket}},
		"not an ST-": {slo + `<samlp:SessionIndex>_1b2c</samlp:SessionIndex>` + sloEnd, []string{"_1b2c"}},
	} {
		got, err := ParseLogoutRequest(c.message)
		require.NoError(t, err, name)
		assert.Equal(t, c.want, got.SessionIndexes, name)
	}
}

func postLogout(message string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/callback?login=KEY", strings.NewReader(url.Values{"logoutRequest": {message}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func getLogout(param, message string) *http.Request {
	return httptest.NewRequest(http.MethodGet, "/callback?login=KEY&"+param+"="+url.QueryEscape(message), nil)
}

func deflated(t testing.TB, message string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	require.NoError(t, err)
	_, err = io.WriteString(w, message)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func zlibbed(t testing.TB, message string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, err := io.WriteString(w, message)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestReceiveLogout(t *testing.T) {
	t.Parallel()
	message := slo + sloName + sloOne + sloEnd
	c, _ := newClient(t, func(c *Config) { c.AllowFrontChannelLogout = true })
	for name, r := range map[string]*http.Request{
		"back channel":                postLogout(message),
		"front channel":               getLogout("logoutRequest", deflated(t, message)),
		"... as SAMLRequest":          getLogout("SAMLRequest", deflated(t, message)),
		"... with the header of zlib": getLogout("logoutRequest", zlibbed(t, message)),
	} {
		got, err := c.ReceiveLogout(t.Context(), r)
		require.NoError(t, err, name)
		assert.Equal(t, &LogoutRequest{[]string{testTicket}}, got, name)
		_, err = c.ReceiveLogout(t.Context(), getLogout("logoutRequest", deflated(t, message)))
		require.NoError(t, err, "replay is harmless")
	}
	_, err := c.ReceiveLogout(t.Context(), nil)
	require.EqualError(t, err, "cas: ReceiveLogout needs the request")
	parsed := postLogout(message)
	require.NoError(t, parsed.ParseForm())
	_, err = c.ReceiveLogout(t.Context(), parsed)
	require.EqualError(t, err, "cas: logout request: the body was parsed before; pass the request on unread")
}
