package cas

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// samlLogout is how encoding/xml reads a logout request.
type samlLogout struct {
	XMLName        xml.Name
	Version        string   `xml:"Version,attr"`
	SessionIndexes []string `xml:"urn:oasis:names:tc:SAML:2.0:protocol SessionIndex"`
}

// FuzzLogoutRequest: a request is refused for a typed reason, or has the sessions that encoding/xml finds in it, in
// the front channel and in the back channel.
func FuzzLogoutRequest(f *testing.F) {
	for _, s := range []string{
		slo + sloName + sloOne + sloEnd, slo + sloOne + "\n<!-- -->" + sloOne + sloEnd, slo + sloEnd, "<a/>",
		`<LogoutRequest xmlns="urn:oasis:names:tc:SAML:2.0:protocol" Version='2.0'><SessionIndex><![CDATA[ST-1]]></SessionIndex></LogoutRequest>`,
		deflated(f, slo+sloOne+sloEnd), zlibbed(f, slo+sloOne+sloEnd), "AAAA", "eJw=",
	} {
		f.Add(s)
	}
	c, _ := newClient(f, func(c *Config) { c.AllowFrontChannelLogout = true })
	f.Fuzz(func(t *testing.T, s string) {
		target := "/?SAMLRequest=" + url.QueryEscape(s)
		_, err := c.ReceiveLogout(t.Context(), httptest.NewRequest(http.MethodGet, target, nil))
		mustBeTyped(t, err)
		got, err := ParseLogoutRequest(s)
		if err != nil {
			mustBeTyped(t, err)
			require.Nil(t, got)
			return
		}
		require.NotEmpty(t, got.SessionIndexes)
		var want samlLogout
		require.NoError(t, xml.Unmarshal([]byte(strings.TrimPrefix(s, "\ufeff")), &want), "%q", s)
		require.Equal(t, xml.Name{Space: protocolNamespace, Local: "LogoutRequest"}, want.XMLName)
		require.Equal(t, "2.0", want.Version)
		for i := range want.SessionIndexes {
			want.SessionIndexes[i] = strings.Trim(want.SessionIndexes[i], " \t\r\n")
		}
		require.Equal(t, want.SessionIndexes, got.SessionIndexes)
		for _, r := range []*http.Request{postLogout(s), getLogout("logoutRequest", zlibbed(t, s))} {
			if r.ContentLength > maxBody {
				continue // escapes made it longer
			}
			again, err := c.ReceiveLogout(t.Context(), r)
			require.NoError(t, err)
			require.Equal(t, got, again)
		}
	})
}

func mustBeTyped(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		var typed *TicketError
		require.ErrorAs(t, err, &typed)
	}
}
