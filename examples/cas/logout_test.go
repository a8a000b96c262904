package main

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// The user's sessions at the server end, and all sessions here that came from them.
func TestBackChannelLogout(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*settings){"Authing": func(*settings) {}, "any server": anyServer} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, change)
			one, two := s.person(), s.person()
			one.login()
			two.login()
			ended, err := s.idp.EndSessions(t.Context(), idptest.Username)
			require.NoError(t, err)
			assert.Equal(t, 2, ended)
			assert.False(t, one.loggedIn())
			assert.False(t, two.loggedIn())
			one.login()
			assert.True(t, one.loggedIn())
		})
	}
}

// say posts to the callback as a server does.
func (s *stage) say(field, message string, header ...string) (status int, body string) {
	s.t.Helper()
	form := strings.NewReader(url.Values{field: {message}}.Encode())
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.origin+callbackPath+"?login=x", form)
	require.NoError(s.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	require.NoError(s.t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(s.t, err)
	return answer.StatusCode, string(text)
}

func naming(tickets ...string) string {
	var b strings.Builder
	b.WriteString(`<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="x" Version="2.0" IssueInstant="2026-01-01T00:00:00Z">` +
		`<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">alice</saml:NameID>`)
	for _, ticket := range tickets {
		b.WriteString("<samlp:SessionIndex>" + html.EscapeString(ticket) + "</samlp:SessionIndex>")
	}
	b.WriteString("</samlp:LogoutRequest>")
	return b.String()
}

func TestCAS16LogoutRequests(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	one, two, three := s.person(), s.person(), s.person()
	first, second := one.login(), two.login()
	three.login()
	for _, refused := range []struct{ field, message string }{
		{"logoutRequest", "<x/>"},
		{"logoutRequest", naming()}, // a name is no session
		{"logoutRequest", "<!DOCTYPE x>" + naming(first)},
		{"logoutRequest", naming(first) + strings.Repeat(" ", 1<<16)},
		{"other", naming(first)},
	} {
		status, body := s.say(refused.field, refused.message)
		assert.Equal(t, http.StatusBadRequest, status)
		assert.Empty(t, body)
	}
	status, body := s.say("logoutRequest", naming("ST-nobody"))
	assert.Equal(t, http.StatusOK, status, "it ended before")
	assert.Empty(t, body)
	status, _ = s.say("logoutRequest", naming(first), "Sec-Fetch-Site", "cross-site")
	assert.Equal(t, http.StatusForbidden, status, "a page of another site")
	assert.True(t, one.loggedIn())
	assert.True(t, two.loggedIn())

	status, body = s.say("logoutRequest", naming(first, second))
	assert.Equal(t, http.StatusOK, status)
	assert.Empty(t, body)
	assert.False(t, one.loggedIn())
	assert.False(t, two.loggedIn())
	assert.True(t, three.loggedIn())
	status, _ = s.say("logoutRequest", naming(first, second))
	assert.Equal(t, http.StatusOK, status, "a repetition does no harm")
}
