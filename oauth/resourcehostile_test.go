package oauth_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// An API that demands a scope and names none keeps nobody busy: the second login would ask for what the first one did.
func TestResourceDemandsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	delete(w.metadata, "scopes_supported")
	w.need = nil
	c := w.client()
	w.works(c)
	require.Len(t, w.logins, 1)
	w.mock.RegisterResponder(http.MethodPost, mcp, func(*http.Request) (*http.Response, error) {
		return challengedBy(http.StatusForbidden, `Bearer error="insufficient_scope"`), nil
	})
	for range 3 {
		require.ErrorIs(t, w.fails(c), oauth.InsufficientScope)
	}
	require.Len(t, w.logins, 1)

	// Without any login before, one is what may help.
	c = w.client()
	res, err := w.call(c, mcp)
	require.NoError(t, err)
	assert.Equal(t, http.StatusForbidden, res.StatusCode)
	require.Len(t, w.logins, 2)
	require.ErrorIs(t, w.fails(c), oauth.InsufficientScope)
	require.Len(t, w.logins, 2)
}

func challengedBy(status int, challenge string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Www-Authenticate": {challenge}}, Body: http.NoBody}
}

// The scopes of the metadata are words, as those of a challenge are: applications show them to users.
func TestResourceScopesAreWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.metadata["scopes_supported"] = []string{"files:read", "a\x1b[2J", "b\"c", "d\\e", "é", "files:list files:more", ""}
	w.works(w.client())
	assert.Equal(t, "files:read files:list files:more", w.logins[0].Get("scope"))

	w = newWorld(t)
	w.bearer += `, scope="files:read é a\"b"`
	w.works(w.client())
	assert.Equal(t, "files:read", w.logins[0].Get("scope"))
}

// A document full of scopes costs no more than its size.
func TestResourceManyScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	scopes := make([]string, 100_000)
	for i := range scopes {
		scopes[i] = strconv.Itoa(i)
	}
	w.metadata["scopes_supported"] = append(scopes, scopes[:3]...)
	asked := 0
	w.cfg.AllowScope = func(string) bool { asked++; return true }
	c := w.client()
	login, err := c.BeginLogin(t.Context(), &http.Response{StatusCode: http.StatusUnauthorized, Request: httptest.NewRequest(http.MethodPost, mcp, nil)})
	require.NoError(t, err)
	assert.Equal(t, strings.Join(scopes, " "), login.Scope)
}

// A stored token is of one API, also in a store that mixes its keys up, such as files on a disk that ignores case.
func TestResourceStoredTokenOfAnotherAPI(t *testing.T) {
	t.Parallel()
	for resource, own := range map[string]bool{mcp: true, "https://mcp.example.com": true, "https://mcp.example.com/MCP": false, "https://attacker.example": false, "": false} {
		w := newWorld(t)
		store := &kept{}
		w.cfg.Store = store
		w.works(w.client())
		var stored map[string]any
		require.NoError(t, json.Unmarshal(store.text["token "+mcp], &stored))
		stored["resource"] = []string{resource}
		text, err := json.Marshal(stored)
		require.NoError(t, err)
		store.text["token "+mcp] = text
		_, err = w.client().Token(t.Context())
		if own {
			require.NoError(t, err, resource)
		} else {
			require.ErrorIs(t, err, oauth.ErrLoginAgain, resource)
		}
	}
}

// A caller that gives up during a refresh does not lose the token: the server may have replaced the refresh token, and
// ends the session when it sees the old one again (RFC 9700 §4.14.2).
func TestResourceRefreshOfACallerThatGaveUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		store := &kept{}
		w.cfg.Store = store
		c := w.client()
		w.works(c)
		w.mock.RegisterResponder(http.MethodPost, server+"/token", func(r *http.Request) (*http.Response, error) {
			res, err := w.token(r)
			time.Sleep(time.Second)
			return res, err
		})
		time.Sleep(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := c.Token(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		time.Sleep(10 * time.Minute)
		token, err := c.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "AT2", token.AccessToken)
		token, err = w.client().Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "AT2", token.AccessToken, "the store has it, too")
		require.Len(t, w.grants, 2)
		require.Len(t, w.logins, 1)
	})
}

// The configuration is copied.
func TestResourceConfigIsCopied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cfg.Clients = map[string]oauth.Registration{server: {ClientID: "mine"}}
	c := w.client()
	delete(w.cfg.Clients, server)
	w.works(c)
	assert.Equal(t, "mine", w.logins[0].Get("client_id"))
}

// A Login that has no request ends in an error.
func TestResourceLoginWithoutARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cfg.Login = func(context.Context, *oauth.Login) (*http.Request, error) { return nil, nil }
	require.ErrorContains(t, w.fails(w.client()), "oauth: ")
	assert.Empty(t, w.grants)
}

// Servers remove clients that registered themselves. The user logs in again, as a new client; with any other client the
// refusal stays, because a login would not mend it.
func TestResourceServerForgotTheClient(t *testing.T) {
	t.Parallel()
	for _, own := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			delete(w.server, "client_id_metadata_document_supported")
			store := &kept{}
			w.cfg.Store = store
			if own {
				w.cfg.Register = &oauth.ClientMetadata{}
			} else {
				w.cfg.Clients = map[string]oauth.Registration{server: {ClientID: "C1"}}
			}
			w.mock.RegisterResponder(http.MethodPost, server+"/token", func(r *http.Request) (*http.Response, error) {
				if r.FormValue("client_id") == "C1" && r.FormValue("refresh_token") != "" {
					return jsonReply(http.StatusUnauthorized, `{"error":"invalid_client"}`)(r)
				}
				return w.token(r)
			})
			w.works(w.client())
			time.Sleep(2 * time.Hour)
			for range 2 {
				if c := w.client(); own {
					w.works(c)
				} else {
					require.ErrorIs(t, w.fails(c), oauth.InvalidClient)
				}
			}
			if !own {
				require.Len(t, w.logins, 1)
				return
			}
			require.Len(t, w.logins, 2)
			require.Len(t, w.clients, 2)
			assert.Contains(t, string(store.text["client "+server]), `"C2"`)
		})
	}
}

// The refresh token of a public client is bound to its key, and is not sent without it.
func TestResourceStoredTokenOfAnotherKey(t *testing.T) {
	t.Parallel()
	for _, bound := range []bool{true, false} {
		w := newWorld(t)
		store := &kept{}
		w.cfg.Store, w.expires = store, 1
		w.works(w.client())
		var stored map[string]any
		require.NoError(t, json.Unmarshal(store.text["token "+mcp], &stored))
		token := stored["token"].(map[string]any)
		token["expiry"] = "2020-01-01T00:00:00Z"
		if bound {
			token["cnf"] = map[string]string{"jkt": strings.Repeat("A", 43)}
		}
		text, err := json.Marshal(stored)
		require.NoError(t, err)
		store.text["token "+mcp] = text
		_, err = w.client().Token(t.Context())
		if bound {
			require.ErrorIs(t, err, oauth.ErrBinding)
			require.ErrorIs(t, err, oauth.ErrLoginAgain)
			assert.Len(t, w.grants, 1)
		} else {
			require.NoError(t, err)
			assert.Len(t, w.grants, 2)
		}
	}
}

// The metadata of a path is about that path, also when no challenge names it; TestResourceWellKnown is the twin.
func TestResourceMetadataOfAPathAboutItsHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bearer = `realm="mcp"`
	w.metadata["resource"] = "https://mcp.example.com"
	require.ErrorIs(t, w.fails(w.client()), oauth.DiscoveryResource)
	assert.Empty(t, w.logins)
}

// S14: an API that repeats the token as its error code does not bring it into an error.
func TestS14ResourceTokenAsErrorCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client()
	w.works(c)
	for _, code := range []string{"AT1", "other"} {
		w.mock.RegisterResponder(http.MethodPost, mcp, func(*http.Request) (*http.Response, error) {
			return challengedBy(http.StatusUnauthorized, `Bearer error="`+code+`"`), nil
		})
		res, err := w.call(c, mcp)
		require.NoError(t, err)
		var refused *oauth.Error
		require.ErrorAs(t, c.Authorize(t.Context(), res), &refused)
		assert.Equal(t, code == "other", string(refused.Code) == code)
		assert.NotContains(t, refused.Error(), "AT1")
	}
}
