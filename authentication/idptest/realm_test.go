package idptest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// clubServer makes each login a member of the kinds that a test gives it.
type clubServer struct {
	realm   *idptest.Realm
	members []idptest.Member
	logins  []*idptest.Login
}

func (s *clubServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.realm.Handler(s).ServeHTTP(w, r)
}

func (s *clubServer) Mount(mux *http.ServeMux) {
	mux.HandleFunc("GET /club", func(w http.ResponseWriter, r *http.Request) {
		done := func(w http.ResponseWriter, r *http.Request, who *idptest.Login) {
			s.logins = append(s.logins, who)
			for _, m := range s.members {
				who.Join(m)
			}
			idptest.SendTo(w, r, "http://localhost:3000/in?fresh="+strconv.FormatBool(who.Fresh))
		}
		if who := s.realm.Session(r); who != nil && !r.URL.Query().Has("again") {
			done(w, r, who)
			return
		}
		s.realm.Begin(w, r, idptest.Interaction{Done: done})
	})
	mux.HandleFunc("GET /club/leave", func(w http.ResponseWriter, r *http.Request) { s.realm.Leave(w, r, r.URL.Query().Get("to")) })
}

// told notes who was told, and how.
type told struct {
	name string
	said *[]string
}

// saying guards what members say: they are told all at once.
var saying sync.Mutex

func (m told) Tell(context.Context) {
	saying.Lock()
	defer saying.Unlock()
	*m.said = append(*m.said, "told "+m.name)
}

type framed struct{ told }

func (m framed) Frame() string { return "http://localhost:3000/" + m.name }

type journeying struct{ told }

func (m journeying) Journey(w http.ResponseWriter, r *http.Request, members []idptest.Member, to string) bool {
	if to == "" {
		return false
	}
	*m.said = append(*m.said, "journey of "+strconv.Itoa(len(members)))
	idptest.SendTo(w, r, to+"?journey")
	return true
}

// ask answers a request as the server does, with the cookies of earlier answers.
func ask(t *testing.T, handler http.Handler, method, path string, form url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, cookie := range cookies {
		request.AddCookie(cookie)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

// signIn logs a browser in by hand and returns its session cookie.
func signIn(t *testing.T, s *clubServer, user, password string, cookies ...*http.Cookie) *http.Cookie {
	t.Helper()
	begun := ask(t, s, http.MethodGet, "/club?again", nil, cookies...)
	require.Equal(t, http.StatusFound, begun.Code)
	page := begun.Header().Get("Location")
	done := ask(t, s, http.MethodPost, page, url.Values{"username": {user}, "password": {password}, "action": {"login"}}, append(begun.Result().Cookies(), cookies...)...)
	require.Equal(t, http.StatusSeeOther, done.Code, done.Body)
	return done.Result().Cookies()[0]
}

func TestLeaveTellsEachMemberInItsWay(t *testing.T) {
	t.Parallel()
	var said []string
	s := &clubServer{realm: &idptest.Realm{}}
	s.members = []idptest.Member{told{"back", &said}, framed{told{"front", &said}}, journeying{told{"far", &said}}}
	leave := func(to string) *httptest.ResponseRecorder {
		session := signIn(t, s, idptest.Username, idptest.Password)
		said = nil
		return ask(t, s, http.MethodGet, "/club/leave?to="+to, nil, session)
	}
	answer := leave("http://localhost:3000/bye")
	assert.Equal(t, "http://localhost:3000/bye?journey", answer.Header().Get("Location"))
	assert.Equal(t, []string{"journey of 3"}, said)
	answer = leave("")
	assert.ElementsMatch(t, []string{"told back", "told far"}, said, "a member with a frame is not told twice")
	assert.Contains(t, answer.Body.String(), `src="http://localhost:3000/front"`)
	assert.Contains(t, answer.Header().Get("Content-Security-Policy"), "frame-src")
	assert.True(t, s.logins[0].Ended())
}

func TestAnotherPersonEndsTheSession(t *testing.T) {
	t.Parallel()
	var said []string
	s := &clubServer{realm: &idptest.Realm{Users: []idptest.User{{Username: "ada", Password: "1"}, {Username: "bob", Password: "2"}}}}
	s.members = []idptest.Member{told{"app", &said}}
	ada := signIn(t, s, "ada", "1")
	again := signIn(t, s, "ada", "1", ada)
	assert.Empty(t, said, "the same person stays")
	assert.NotEqual(t, ada.Value, again.Value)
	assert.Nil(t, s.realm.Session(withCookie(ada)), "the old session ID is worth nothing")
	signIn(t, s, "bob", "2", again)
	assert.Equal(t, []string{"told app", "told app"}, said)
}

func withCookie(cookie *http.Cookie) *http.Request {
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.AddCookie(cookie)
	return request
}

func TestSessionEndsInADay(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := &clubServer{realm: &idptest.Realm{Now: func() time.Time { return now }}}
	session := signIn(t, s, idptest.Email, idptest.Password)
	now = now.Add(24*time.Hour - 1)
	require.NotNil(t, s.realm.Session(withCookie(session)))
	now = now.Add(1)
	assert.Nil(t, s.realm.Session(withCookie(session)))
}

// Two servers of one realm are single sign-on, whatever their addresses; a second realm is not.
func TestOneRealmIsSingleSignOn(t *testing.T) {
	t.Parallel()
	realm := &idptest.Realm{}
	club, badges := &clubServer{realm: realm}, &BadgeServer{Realm: realm}
	browser, err := realm.Browser("", club, badges)
	require.NoError(t, err)
	for _, want := range []string{"true", "false"} {
		callback, err := browser.Open(t.Context(), "http://localhost:1/club", nil)
		require.NoError(t, err)
		assert.Equal(t, want, callback.URL.Query().Get("fresh"))
	}
	callback, err := browser.Open(t.Context(), "http://localhost:2/login?return=http://localhost:3000/", nil)
	require.NoError(t, err)
	assert.True(t, callback.URL.Query().Has("badge"))
	_, err = browser.Open(t.Context(), "http://localhost:2/elsewhere", nil)
	assert.EqualError(t, err, "idptest: /elsewhere is not a page of this server")
	other := &clubServer{realm: &idptest.Realm{}}
	stranger, err := other.realm.Browser("", other)
	require.NoError(t, err)
	callback, err = stranger.Open(t.Context(), "http://localhost:1/club", nil)
	require.NoError(t, err)
	assert.Equal(t, "true", callback.URL.Query().Get("fresh"))
}

func TestLoginPageBelongsToItsBrowser(t *testing.T) {
	t.Parallel()
	s := &clubServer{realm: &idptest.Realm{}}
	begun := ask(t, s, http.MethodGet, "/club", nil)
	page := begun.Header().Get("Location")
	assert.Equal(t, http.StatusOK, ask(t, s, http.MethodGet, page, nil, begun.Result().Cookies()...).Code)
	assert.Equal(t, http.StatusBadRequest, ask(t, s, http.MethodGet, page, nil).Code)
	wrong := url.Values{"username": {"alice"}, "password": {"guess"}, "action": {"login"}}
	answer := ask(t, s, http.MethodPost, page, wrong, begun.Result().Cookies()...)
	assert.Equal(t, http.StatusBadRequest, answer.Code)
	assert.Contains(t, answer.Body.String(), "The account name or the password is wrong.")
	assert.Empty(t, s.logins)
}

func TestSessionForgetsTheOldestMember(t *testing.T) {
	t.Parallel()
	var said []string
	s := &clubServer{realm: &idptest.Realm{}}
	for i := range 101 {
		s.members = append(s.members, told{strconv.Itoa(i), &said})
	}
	signIn(t, s, idptest.Username, idptest.Password)
	members := s.logins[0].Members()
	assert.Len(t, members, 100)
	assert.Equal(t, told{"1", &said}, members[0])
}

func TestLogoutIsConfirmedByItsOwnPageAlone(t *testing.T) {
	t.Parallel()
	realm := &idptest.Realm{}
	club, leaving := &clubServer{realm: realm}, &memberServer{realm: realm}
	session := signIn(t, club, idptest.Username, idptest.Password)
	page := ask(t, leaving, http.MethodGet, "/leave", nil, session).Body.String()
	_, rest, _ := strings.Cut(page, `name="confirm" value="`)
	confirm, _, _ := strings.Cut(rest, `"`)
	require.NotEmpty(t, confirm)
	assert.NotContains(t, page, session.Value)
	ask(t, leaving, http.MethodPost, "/leave", url.Values{"logout": {"yes"}, "confirm": {confirm + "x"}}, session)
	assert.False(t, club.logins[0].Ended())
	ask(t, leaving, http.MethodPost, "/leave", url.Values{"logout": {"yes"}, "confirm": {confirm}}, session)
	assert.True(t, club.logins[0].Ended())
}
