package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// SignIn begins a session without a login, and returns its cookie.
func (s *Site) SignIn(t testing.TB, flow string, id *authentication.Identity) *http.Cookie {
	t.Helper()
	w := httptest.NewRecorder()
	v := &visit{site: s, base: s.bases[0], w: w, r: httptest.NewRequest(http.MethodGet, s.bases[0].url+"/", nil)}
	content, err := pack(id)
	require.NoError(t, err)
	_, err = s.keeps.start(v, session.Head{
		Flow: flow, Protocol: id.Protocol, Issuer: id.Issuer, Subject: id.Subject, SessionID: id.SessionID, IssuedAt: id.IssuedAt,
		End: id.SessionExpiry,
	}, content)
	require.NoError(t, err)
	cookies := w.Result().Cookies()
	require.Len(t, cookies, 1)
	return cookies[0]
}

// NewMemory is the store of a nil Config.Store.
var NewMemory = session.NewMemory

// EndSession ends the session of a cookie.
func (s *Site) EndSession(t testing.TB, cookie *http.Cookie) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, s.bases[0].url+"/", nil)
	r.AddCookie(cookie)
	require.NoError(t, s.keeps.end(t.Context(), s.keeps.key(&visit{site: s, base: s.bases[0], r: r})))
}
