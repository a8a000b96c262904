package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// askedServer is a server that counts what it is asked, and its client with a cache.
type askedServer struct {
	*testing.T
	client *oauth.Client

	mu    sync.Mutex
	calls int
	body  string
	code  int
	while time.Duration
	clock time.Time
}

func newAsked(t *testing.T, o oauth.IntrospectionCacheOptions, more ...func(*oauth.Config)) *askedServer {
	t.Helper()
	s := &askedServer{T: t, body: `{"active":true,"sub":"kim","aud":["a","b"]}`, code: 200, clock: now}
	cache, err := oauth.NewIntrospectionCache(o)
	require.NoError(t, err)
	s.client = with(t, s, func(c *oauth.Config) {
		c.IntrospectionCache, c.Now = cache, s.time
		for _, change := range more {
			change(c)
		}
	})
	return s
}

func (s *askedServer) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

func (s *askedServer) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/revoke" {
		return jsonReply(200, ``)(r)
	}
	s.mu.Lock()
	s.calls++
	code, body, while := s.code, s.body, s.while
	s.mu.Unlock()
	if while > 0 {
		select {
		case <-time.After(while):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return jsonReply(code, body)(r)
}

func (s *askedServer) set(code int, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.code, s.body = code, body
}

func (s *askedServer) after(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

func (s *askedServer) active(token string, opts ...oauth.TokenOptions) bool {
	s.Helper()
	i, err := s.client.IntrospectToken(s.Context(), token, opts...)
	require.NoError(s, err)
	return i.Active
}

func (s *askedServer) twice(token string) []bool {
	s.Helper()
	first := s.active(token)
	return []bool{first, s.active(token)}
}

// count is the number of requests since the last call of count.
func (s *askedServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.calls
	s.calls = 0
	return n
}

func TestN4ActiveIsRemembered(t *testing.T) {
	t.Parallel()
	s := newAsked(t, oauth.IntrospectionCacheOptions{MaxAge: 10 * time.Second})
	first, err := s.client.IntrospectToken(t.Context(), "AT")
	require.NoError(t, err)
	first.Active, first.Scope, first.Audience[0] = false, "admin", "another"
	s.after(10*time.Second - 1)
	again, err := s.client.IntrospectToken(t.Context(), "AT")
	require.NoError(t, err)
	assert.Equal(t, []any{true, "", []string{"a", "b"}}, []any{again.Active, again.Scope, again.Audience}, "each caller has its own copy")
	var all struct {
		Sub string `json:"sub"`
	}
	require.NoError(t, again.Claims(&all))
	assert.Equal(t, "kim", all.Sub)
	assert.Equal(t, 1, s.count())
	s.after(1)
	assert.True(t, s.active("AT"))
	assert.Equal(t, 1, s.count(), "MaxAge is over")
	s.after(-time.Hour)
	assert.True(t, s.active("AT"))
	assert.Equal(t, 1, s.count(), "the clock was set back")

	assert.True(t, s.active("AT", oauth.TokenOptions{TokenTypeHint: "access_token"}))
	assert.True(t, s.active("AU"))
	assert.Equal(t, 2, s.count(), "another question, another token")
	for _, resource := range []string{"one", "two", "two"} {
		assert.True(t, s.active("AT", oauth.TokenOptions{Extra: url.Values{"resource": {resource}}}))
	}
	assert.Equal(t, 2, s.count(), "an extra parameter makes another question")
	_, err = s.client.IntrospectToken(t.Context(), "AT", oauth.TokenOptions{Extra: url.Values{"token": {"AU"}}})
	require.EqualError(t, err, "oauth: Extra must not set token: use its field instead")
	assert.Zero(t, s.count(), "a mistake is not answered from memory")

	s = newAsked(t, oauth.IntrospectionCacheOptions{}, func(c *oauth.Config) { c.IntrospectionCache = nil })
	assert.Equal(t, []bool{true, true}, s.twice("AT"))
	assert.Equal(t, 2, s.count(), "without a cache")
}

func TestN4NeverBeyondExp(t *testing.T) {
	t.Parallel()
	s := newAsked(t, oauth.IntrospectionCacheOptions{MaxAge: time.Hour})
	s.set(200, fmt.Sprintf(`{"active":true,"exp":%d}`, now.Add(time.Minute).Unix()))
	require.True(t, s.active("AT"))
	s.set(200, `{"active":false}`)
	s.after(time.Minute - time.Nanosecond)
	assert.True(t, s.active("AT"))
	assert.Equal(t, 1, s.count())
	s.after(time.Nanosecond)
	assert.False(t, s.active("AT"), "at exp the server decides")
	assert.Equal(t, 1, s.count())
}

func TestN4ErrorsAreNotRemembered(t *testing.T) {
	t.Parallel()
	s := newAsked(t, oauth.IntrospectionCacheOptions{InactiveMaxAge: time.Hour})
	for code, body := range map[int]string{500: `oops`, 401: `{"error":"invalid_client"}`, 200: `{"sub":"kim"}`} {
		s.set(code, body)
		for range 2 {
			i, err := s.client.IntrospectToken(t.Context(), "AT")
			require.Error(t, err)
			assert.Nil(t, i)
		}
		assert.Equal(t, 2, s.count(), body)
	}
	s.set(200, `{"active":true}`)
	assert.True(t, s.active("AT"))
	s.set(500, `oops`)
	s.after(time.Minute)
	_, err := s.client.IntrospectToken(t.Context(), "AT")
	require.Error(t, err, "an old answer does not replace an outage")
}

func TestN4InactiveForAShortTime(t *testing.T) {
	t.Parallel()
	s := newAsked(t, oauth.IntrospectionCacheOptions{})
	s.set(200, `{"active":false,"exp":4102444800}`)
	assert.Equal(t, []bool{false, false}, s.twice("AT"))
	assert.Equal(t, 2, s.count(), "by default it is asked again")

	s = newAsked(t, oauth.IntrospectionCacheOptions{InactiveMaxAge: 5 * time.Second})
	s.set(200, `{"active":false,"exp":4102444800}`)
	assert.Equal(t, []bool{false, false}, s.twice("AT"))
	s.after(5*time.Second - 1)
	assert.False(t, s.active("AT"))
	assert.Equal(t, 1, s.count())
	s.set(200, `{"active":true}`)
	s.after(1)
	assert.True(t, s.active("AT"))
}

func TestN4TheCacheIsBounded(t *testing.T) {
	t.Parallel()
	s := newAsked(t, oauth.IntrospectionCacheOptions{Entries: 3})
	for i := range 4 {
		s.active(fmt.Sprint(i))
	}
	s.count()
	s.active("3")
	s.active("1")
	assert.Zero(t, s.count())
	s.active("0")
	assert.Equal(t, 1, s.count(), "the oldest left")
}

func TestN4RevocationRemovesTheToken(t *testing.T) {
	t.Parallel()
	s := newAsked(t, oauth.IntrospectionCacheOptions{})
	require.True(t, s.active("AT") && s.active("OTHER"))
	s.set(200, `{"active":false}`)
	require.NoError(t, s.client.RevokeToken(t.Context(), "AT"))
	assert.False(t, s.active("AT"))
	assert.True(t, s.active("OTHER"), "another token stays")
	require.NoError(t, s.client.RevokeToken(t.Context(), "RT"))
	assert.False(t, s.active("OTHER"), "RT may be its refresh token")
}

// A revocation may come while the server is asked.
func TestN4AnswerFromBeforeARevocation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newAsked(t, oauth.IntrospectionCacheOptions{})
		s.while = time.Second
		var all sync.WaitGroup
		all.Go(func() { assert.True(t, s.active("AT"), "asked before") })
		time.Sleep(500 * time.Millisecond)
		require.NoError(t, s.client.RevokeToken(t.Context(), "AT"))
		s.set(200, `{"active":false}`)
		assert.False(t, s.active("AT"), "asked after")
		all.Wait()
		assert.False(t, s.active("AT"), "the first answer was not remembered")
	})
}

func TestN4OneRequestForManyCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newAsked(t, oauth.IntrospectionCacheOptions{})
		s.while = time.Second
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := s.client.IntrospectToken(ctx, "AT")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { assert.True(t, s.active("AT")) })
		}
		all.Wait()
		assert.Equal(t, 1, s.count(), "a caller that gives up stops nobody")

		s.set(400, `{"error":"invalid_request"}`)
		errs := make([]*oauth.Error, 20)
		for i := range errs {
			all.Go(func() {
				_, err := s.client.IntrospectToken(t.Context(), "AU")
				assert.ErrorAs(t, err, &errs[i])
			})
		}
		all.Wait()
		assert.NotSame(t, errs[0], errs[1])
		assert.Equal(t, 1, s.count())
	})
}

// Tokens of two servers, or of two clients, are not the same token.
func TestN4OneCacheForManyClients(t *testing.T) {
	t.Parallel()
	cache, err := oauth.NewIntrospectionCache(oauth.IntrospectionCacheOptions{InactiveMaxAge: time.Minute})
	require.NoError(t, err)
	one := newAsked(t, oauth.IntrospectionCacheOptions{}, func(c *oauth.Config) { c.IntrospectionCache = cache })
	require.True(t, one.active("AT"))
	for name, change := range map[string]func(*oauth.Config){
		"server": func(c *oauth.Config) { c.Endpoints.Introspection = server + "/introspect2" },
		"client": func(c *oauth.Config) { c.ClientID = "another" },
		"issuer": func(c *oauth.Config) { c.Issuer = server + "/another" },
	} {
		two := newAsked(t, oauth.IntrospectionCacheOptions{}, func(c *oauth.Config) { c.IntrospectionCache = cache }, change)
		two.set(200, `{"active":false}`)
		assert.False(t, two.active("AT"), name)
	}
	same := newAsked(t, oauth.IntrospectionCacheOptions{}, func(c *oauth.Config) { c.IntrospectionCache = cache })
	same.set(200, `{"active":false}`)
	assert.True(t, same.active("AT"))
}

// An answer that anyone could have written is none for a client whose server signs them, and neither is one of another
// reader.
func TestN3RememberedAnswerWasNotSigned(t *testing.T) {
	t.Parallel()
	cache, err := oauth.NewIntrospectionCache(oauth.IntrospectionCacheOptions{})
	require.NoError(t, err)
	plain := newAsked(t, oauth.IntrospectionCacheOptions{}, func(c *oauth.Config) { c.IntrospectionCache = cache })
	require.True(t, plain.active("AT"))
	signed := newAsked(t, oauth.IntrospectionCacheOptions{}, func(c *oauth.Config) { c.IntrospectionCache = cache }, reads(`{"active":true}`))
	i, err := signed.client.IntrospectToken(t.Context(), "AT")
	require.ErrorIs(t, err, errUnsigned)
	assert.Nil(t, i)
	require.True(t, plain.active("AT"))
	assert.Equal(t, []int{1, 1}, []int{plain.count(), signed.count()}, "the accepted twin is remembered")
}

// The application revokes a token that its API asked about.
func TestN4RevocationIsOfEveryClient(t *testing.T) {
	t.Parallel()
	cache, err := oauth.NewIntrospectionCache(oauth.IntrospectionCacheOptions{})
	require.NoError(t, err)
	share := func(c *oauth.Config) { c.IntrospectionCache = cache }
	api := newAsked(t, oauth.IntrospectionCacheOptions{}, share, func(c *oauth.Config) { c.ClientID = "api" })
	app := newAsked(t, oauth.IntrospectionCacheOptions{}, share)
	for _, s := range []*askedServer{api, app} {
		require.True(t, s.active("AT"))
		require.True(t, s.active("AU"))
		s.set(200, `{"active":false}`)
	}
	require.NoError(t, app.client.RevokeToken(t.Context(), "AT"))
	assert.Equal(t, []bool{false, false}, []bool{api.active("AT"), app.active("AT")})
	assert.Equal(t, []bool{true, true}, []bool{api.active("AU"), app.active("AU")}, "the other token is remembered")
}

func TestIntrospectionCacheMistakes(t *testing.T) {
	t.Parallel()
	for _, o := range []oauth.IntrospectionCacheOptions{{Entries: -1}, {MaxAge: -1}, {InactiveMaxAge: -1}} {
		cache, err := oauth.NewIntrospectionCache(o)
		require.EqualError(t, err, "oauth: IntrospectionCacheOptions has a negative number")
		assert.Nil(t, cache)
	}
	s := newAsked(t, oauth.IntrospectionCacheOptions{}, func(c *oauth.Config) { c.IntrospectionCache = &oauth.IntrospectionCache{} })
	assert.Equal(t, []bool{true, true}, s.twice("AT"))
	assert.Equal(t, 2, s.count(), "one that was not made remembers nothing")
	assert.NotEmpty(t, fmt.Sprint(oauth.IntrospectionCache{}))
}

const introspectionJWT = "application/token-introspection+jwt"

// errUnsigned is the refusal of reads.
var errUnsigned = errors.New("not signed by the server")

// reads takes the JWT "SIGNED" for this content.
func reads(content string) func(*oauth.Config) {
	return func(c *oauth.Config) {
		c.ReadIntrospection = func(_ context.Context, media, body string) (string, error) {
			if media != introspectionJWT || body != "SIGNED" {
				return "", errUnsigned
			}
			return content, nil
		}
	}
}

func labelled(media, body string) http.RoundTripper {
	return replyAt("/introspect", func(r *http.Request) (*http.Response, error) {
		res, err := jsonReply(200, body)(r)
		res.Header.Set("Content-Type", media)
		return res, err
	})
}

func TestN3JWTThatWasAskedFor(t *testing.T) {
	t.Parallel()
	for _, media := range []string{introspectionJWT, "Application/Token-Introspection+JWT; charset=utf-8"} {
		i, err := with(t, labelled(media, "SIGNED"), reads(`{"active":true,"sub":"kim"}`)).IntrospectToken(t.Context(), "AT")
		require.NoError(t, err)
		assert.Equal(t, "kim", i.Subject)
	}
	for _, media := range []string{"application/json", "application/jwt", "", "text/plain", "application/token-introspection+json"} {
		for _, body := range []string{"SIGNED", `{"active":true,"sub":"kim"}`} {
			i, err := with(t, labelled(media, body), reads(`{"active":true}`)).IntrospectToken(t.Context(), "AT")
			require.ErrorIs(t, err, errUnsigned, media)
			assert.Nil(t, i)
		}
	}
	_, err := with(t, labelled(introspectionJWT, "FORGED"), reads(`{"active":true}`)).IntrospectToken(t.Context(), "AT")
	require.ErrorIs(t, err, errUnsigned)
	i, err := with(t, labelled(introspectionJWT, "SIGNED"), reads(`{"active":false,"sub":"kim"}`)).IntrospectToken(t.Context(), "AT")
	require.NoError(t, err)
	assert.Equal(t, &oauth.Introspection{}, i)
	for content, want := range map[string]string{
		`{}`: "active is missing", `{"active":"true"}`: "active is missing", `[]`: "its answer: ", ``: "its answer: ", `{"active":true,"active":true}`: "its answer: ",
	} {
		_, err := with(t, labelled(introspectionJWT, "SIGNED"), reads(content)).IntrospectToken(t.Context(), "AT")
		require.ErrorContains(t, err, "oauth: introspection reply: "+want)
	}
	var refused *oauth.Error
	_, err = with(t, replyAt("/introspect", jsonReply(401, `{"error":"invalid_client"}`)), reads(`{"active":true}`)).IntrospectToken(t.Context(), "AT")
	require.ErrorAs(t, err, &refused, "a refusal is JSON (RFC 9701 §5)")
	assert.Equal(t, oauth.InvalidClient, refused.Code)
}

func TestN3JWTThatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"eyJ0eXAiOiJ0b2tlbi1pbnRyb3NwZWN0aW9uK2p3dCJ9.e30.c2ln", `{"active":true}`} {
		i, err := newClient(t, labelled(introspectionJWT, body)).IntrospectToken(t.Context(), "AT")
		require.EqualError(t, err, "oauth: introspection reply: is a JWT, want a JSON object (application/token-introspection+jwt from https://server.example.com/introspect)")
		assert.Nil(t, i)
	}
	i, err := newClient(t, labelled("application/json", `{"active":true}`)).IntrospectToken(t.Context(), "AT")
	require.NoError(t, err, "the accepted twin")
	assert.True(t, i.Active)
}

func TestN3TheJWTIsAskedForByAccept(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*oauth.Config){introspectionJWT: reads(`{"active":true}`), "application/json": func(*oauth.Config) {}} {
		got := ""
		rt := replyAt("/introspect", func(r *http.Request) (*http.Response, error) {
			got = r.Header.Get("Accept")
			res, err := jsonReply(200, map[bool]string{true: "SIGNED", false: `{"active":true}`}[got == introspectionJWT])(r)
			res.Header.Set("Content-Type", got)
			return res, err
		})
		_, err := with(t, rt, change).IntrospectToken(t.Context(), "AT")
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}
