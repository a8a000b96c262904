package oauth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

var errFull = errors.New("the disk is full")

// fullDisk is a ResourceStore that can be read, and keeps nothing new while it is full.
type fullDisk struct {
	kept
	now bool
}

func (f *fullDisk) Save(ctx context.Context, key string, value []byte) error {
	if f.now {
		return errFull
	}
	return f.kept.Save(ctx, key, value)
}

// picky is a ResourceStore that cannot read the keys that begin in one way.
type picky struct {
	kept
	bad string
}

func (p *picky) Load(ctx context.Context, key string) ([]byte, error) {
	if strings.HasPrefix(key, p.bad) {
		return nil, errFull
	}
	return p.kept.Load(ctx, key)
}

// What cannot be read is not the same as what is not there: nobody logs in anew because of it.
func TestResourceStoreThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"token ", "client "} {
		w := newWorld(t)
		w.cfg.Store = &picky{bad: bad}
		c := w.client()
		require.ErrorIs(t, w.fails(c), errFull)
		_, err := c.Token(t.Context())
		assert.Equal(t, bad == "token ", errors.Is(err, errFull), bad)
		_, err = c.BeginLogin(t.Context(), w.unauthorized())
		require.ErrorIs(t, err, errFull)
		require.ErrorIs(t, c.Authorize(t.Context(), w.unauthorized()), errFull)
		assert.Empty(t, w.logins)
	}
}

// unauthorized is the API's answer to a request without a token.
func (w *world) unauthorized() *http.Response {
	return &http.Response{
		StatusCode: http.StatusUnauthorized, Header: http.Header{"Www-Authenticate": {"Bearer " + w.bearer}}, Body: http.NoBody,
		Request: httptest.NewRequest(http.MethodPost, mcp, nil),
	}
}

// A login whose token cannot be kept is an error, too; this process uses the token.
func TestResourceLoginThatIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cfg.Store = &fullDisk{now: true}
	c := w.client()
	require.ErrorIs(t, w.fails(c), errFull)
	w.works(c)
	assert.Len(t, w.logins, 1)
}

// An API or a server that cannot be reached is told as it is.
func TestResourceThatCannotBeReached(t *testing.T) {
	t.Parallel()
	gone := errors.New("no route to host")
	for method, address := range map[string]string{"API": mcp, "GET its metadata": mcpDocument, "GET": server + oauthDocument, "POST": server + "/token"} {
		w := newWorld(t)
		if method == "API" {
			w.mock.RegisterResponder(http.MethodPost, "=~(?i)^https://mcp.example.com(:443)?/mcp", httpmock.NewErrorResponder(gone))
		} else {
			method, _, _ = strings.Cut(method, " ")
			w.mock.RegisterResponder(method, address, httpmock.NewErrorResponder(gone))
		}
		require.ErrorIs(t, w.fails(w.client()), gone, address)
	}
	w := newWorld(t)
	c := w.client()
	login, err := c.BeginLogin(t.Context(), w.unauthorized())
	require.NoError(t, err)
	back, err := w.login(t.Context(), login)
	require.NoError(t, err)
	w.mock.RegisterResponder(http.MethodGet, server+oauthDocument, httpmock.NewErrorResponder(gone))
	_, err = w.client().CompleteLogin(t.Context(), login, back)
	require.ErrorIs(t, err, gone, "another process")
	_, err = c.BeginLogin(t.Context(), nil)
	require.EqualError(t, err, "oauth: the response is nil, or has no Request")
	//lint:ignore SA1012 what a careless caller does must not panic
	_, err = c.Token(nil)
	require.ErrorContains(t, err, "the context is nil")
}

// A body that is lost between two attempts ends the request.
func TestResourceBodyThatIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, mcp, strings.NewReader(`{"method":"ping"}`))
	require.NoError(t, err)
	r.GetBody = func() (io.ReadCloser, error) { return nil, errFull }
	_, err = w.client().RoundTrip(r)
	require.ErrorIs(t, err, errFull)
}

// A new token that cannot be kept is an error, because the next process would log in again. This process uses it.
func TestResourceRefreshThatIsNotKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, store := newWorld(t), &fullDisk{}
		w.cfg.Store = store
		c := w.client()
		w.works(c)
		time.Sleep(time.Hour - 30*time.Second) // it is still valid
		store.now = true
		require.ErrorIs(t, w.fails(c), errFull)
		w.works(c)
		assert.Len(t, w.grants, 2)
		assert.Len(t, w.logins, 1)
	})
}

// A client that cannot be kept begins no login: the server would remember it for nothing.
func TestResourceRegistrationThatIsNotKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, store := newWorld(t), &fullDisk{now: true}
		delete(w.server, "client_id_metadata_document_supported")
		w.cfg.Client.ClientID, w.cfg.Register, w.cfg.Store = "", &oauth.ClientMetadata{}, store
		c := w.client()
		require.ErrorIs(t, w.fails(c), errFull)
		require.Empty(t, w.logins)
		store.now = false
		w.works(c)

		// The same when the server has removed the client.
		before := len(w.clients)
		w.mock.RegisterResponder(http.MethodPost, server+"/token", jsonReply(http.StatusUnauthorized, `{"error":"invalid_client"}`))
		time.Sleep(2 * time.Hour)
		store.now = true
		require.ErrorIs(t, w.fails(c), errFull)
		assert.Len(t, w.clients, before)
		assert.Len(t, w.logins, 1)
	})
}

// A token without a refresh token ends with its lifetime.
func TestResourceTokenWithoutARefreshToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.refresh = false
		c := w.client()
		w.works(c)
		time.Sleep(time.Hour - 30*time.Second)
		w.works(c)
		require.Len(t, w.logins, 1)
		time.Sleep(time.Minute)
		_, err := c.Token(t.Context())
		require.ErrorIs(t, err, oauth.ErrLoginAgain)
		w.works(c)
		require.Len(t, w.logins, 2)
	})
}

// A login that ends during a refresh wins: its token is newer than the user's decision.
func TestResourceLoginDuringARefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, store := newWorld(t), &kept{}
		w.cfg.Store = store
		c := w.client()
		w.works(c)
		time.Sleep(2 * time.Hour)
		login, err := c.BeginLogin(t.Context(), w.unauthorized())
		require.NoError(t, err)
		back, err := w.login(t.Context(), login)
		require.NoError(t, err)
		var newer *oauth.Token
		w.mock.RegisterResponder(http.MethodPost, server+"/token", func(r *http.Request) (*http.Response, error) {
			w.mock.RegisterResponder(http.MethodPost, server+"/token", w.token)
			res, err := w.token(r)
			if newer == nil {
				newer, err = c.CompleteLogin(t.Context(), login, back)
			}
			return res, err
		})
		token, err := c.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, newer.AccessToken, token.AccessToken)
		again, err := w.client().Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, newer.AccessToken, again.AccessToken, "in the store, too")
	})
}

// A request without a body can be sent again.
func TestResourceRequestWithoutABody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mock.RegisterResponder(http.MethodGet, mcp, func(r *http.Request) (*http.Response, error) {
		res := httpmock.NewStringResponse(http.StatusOK, "")
		if r.Header.Get("Authorization") == "" {
			res = httpmock.NewStringResponse(http.StatusUnauthorized, "")
			res.Header.Set("WWW-Authenticate", "Bearer "+w.bearer)
		}
		res.Request = r
		return res, nil
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, mcp, nil)
	require.NoError(t, err)
	r.Body, r.GetBody = http.NoBody, nil
	res, err := w.client().RoundTrip(r)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, res.StatusCode)
	assert.Len(t, w.logins, 1)
}
