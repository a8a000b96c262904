package authentication_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// renewing is a custom protocol: its refresh takes a second, and its tokens rotate.
type renewing struct {
	mu    sync.Mutex
	calls int
	keeps bool
	fail  error
	next  func(authentication.Identity) *authentication.Identity
}

func (*renewing) Name() string { return "renewing" }

func (p *renewing) NewFlow(o authentication.Options) (authentication.Flow, error) {
	flow, err := links{}.NewFlow(o)
	return struct {
		authentication.Flow
		*renewing
	}{flow, p}, err
}

func (p *renewing) Refresh(ctx context.Context, id *authentication.Identity) (*authentication.Identity, error) {
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	next := *id
	next.Token = &oauth.Token{AccessToken: fmt.Sprint("AT", p.calls), RefreshToken: fmt.Sprint("RT", p.calls)}
	if p.keeps {
		next.Token.RefreshToken = id.Token.RefreshToken
	}
	next.Expiry = time.Now().Add(time.Hour)
	if p.next != nil {
		return p.next(next), p.fail
	}
	return &next, p.fail
}

// renewable is an identity of this protocol.
func renewable() *authentication.Identity {
	return &authentication.Identity{
		Protocol: "renewing", Issuer: "https://i.example", Subject: "u-1", Data: json.RawMessage(`{"d":1}`),
		Claims: map[string]any{"roles": []any{map[string]any{"name": "reader"}}},
		Token:  &oauth.Token{AccessToken: "AT0", RefreshToken: "RT0"}, Expiry: time.Now(),
	}
}

func (p *renewing) client(t testing.TB) *authentication.Client {
	return newTestClient(t, nil, func(o *authentication.Options) { o.Protocol, o.Now = p, time.Now })
}

// 20 callers share one request in custom flows too, and no caller sees the changes of another.
func TestCaseOauthRefreshAtOnceInAnyFlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &renewing{}
		client := p.client(t)
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			_, err := client.RefreshIfExpired(ctx, renewable(), 0)
			assert.ErrorIs(t, err, context.Canceled, "K7")
		})
		synctest.Wait()
		results := make(chan *authentication.Identity, 20)
		for range 10 {
			all.Go(func() {
				next, err := client.RefreshIfExpired(t.Context(), renewable(), time.Minute)
				assert.NoError(t, err)
				results <- next
			})
			all.Go(func() {
				next, err := client.Refresh(t.Context(), renewable())
				assert.NoError(t, err)
				results <- next
			})
		}
		synctest.Wait()
		cancel()
		all.Wait()
		for range 20 {
			next := <-results
			assert.Equal(t, "RT1", next.Token.RefreshToken)
			roles := next.Claims["roles"].([]any)
			assert.Equal(t, map[string]any{"name": "reader"}, roles[0])
			roles[0].(map[string]any)["name"] = "admin"
			next.Token.RefreshToken, next.Data[0] = "changed", 'X'
		}
		assert.Equal(t, 1, p.calls)

		time.Sleep(30 * time.Second)
		next, err := client.Refresh(t.Context(), renewable())
		require.NoError(t, err)
		assert.Equal(t, "RT1", next.Token.RefreshToken, "a late caller gets the same")
		another := renewable()
		another.Subject = "u-2"
		next, err = client.Refresh(t.Context(), another)
		require.NoError(t, err)
		assert.Equal(t, "u-2", next.Subject, "and another user does not")
		assert.Equal(t, 2, p.calls)
		next, err = client.Refresh(t.Context(), renewable())
		require.NoError(t, err)
		assert.Equal(t, "RT3", next.Token.RefreshToken, "after 30 s")
	})
}

// The package checks that a custom flow keeps the promises of Refresh.
func TestRefreshOfAStrangersFlow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flow *renewing
		want string
	}{
		"good":           {&renewing{}, "none"},
		"nothing":        {&renewing{next: func(authentication.Identity) *authentication.Identity { return nil }}, "no answer"},
		"beside":         {&renewing{fail: errors.New("failed")}, "no answer"},
		"another user":   {&renewing{next: func(i authentication.Identity) *authentication.Identity { i.Subject = "u-2"; return &i }}, "refused"},
		"another issuer": {&renewing{next: func(i authentication.Identity) *authentication.Identity { i.Issuer = "x"; return &i }}, "refused"},
	} {
		synctest.Test(t, func(t *testing.T) {
			next, err := c.flow.client(t).Refresh(t.Context(), renewable())
			assert.Equal(t, c.want, kind(err), "%s: %v", name, err)
			assert.Equal(t, c.want == "none", next != nil, name)
		})
	}
	synctest.Test(t, func(t *testing.T) { // each caller gets its own copy of tokens that a flow keeps
		id := renewable()
		p := &renewing{fail: &authentication.RefreshError{Identity: id, Err: authentication.ErrRefused}}
		_, err := p.client(t).Refresh(t.Context(), renewable())
		var kept *authentication.RefreshError
		require.ErrorAs(t, err, &kept)
		assert.Equal(t, id, kept.Identity)
		assert.NotSame(t, id, kept.Identity)
		assert.Equal(t, "refused", kind(err))
	})
}

func TestRefreshIfExpired(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		left, token time.Duration // -1: not known
		leeway      time.Duration
		refreshed   bool
	}{
		"good":                       {1, 1, 0, false},
		"over":                       {0, 0, 0, true},
		"longer than leeway":         {time.Minute + 1, -1, time.Minute, false},
		"as long as leeway":          {time.Minute, -1, time.Minute, true},
		"no end":                     {-1, -1, time.Hour, false},
		"the token's alone":          {-1, time.Minute, time.Minute, true},
		"the token's is longer":      {time.Minute, time.Hour, time.Minute, true},
		"a leeway beyond all times":  {time.Hour, -1, 1<<63 - 1, true},
		"a leeway before all times":  {0, -1, -1 << 63, false},
		"negative, one nanosecond":   {0, 0, -1, false},
		"negative, and over already": {0, 0, 0, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &renewing{}
			end := func(left time.Duration) time.Time {
				if left < 0 {
					return time.Time{}
				}
				return time.Now().Add(left)
			}
			id := renewable()
			id.Expiry, id.Token.Expiry = end(c.left), end(c.token)
			next, err := p.client(t).RefreshIfExpired(t.Context(), id, c.leeway)
			require.NoError(t, err, name)
			assert.Equal(t, c.refreshed, p.calls == 1, name)
			assert.Equal(t, !c.refreshed, next == id, name)
		})
	}
	synctest.Test(t, func(t *testing.T) { // a refresh token that was not replaced is sent again only when needed
		p := &renewing{keeps: true}
		client := p.client(t)
		for range 2 {
			_, err := client.RefreshIfExpired(t.Context(), renewable(), time.Minute)
			require.NoError(t, err)
		}
		assert.Equal(t, 1, p.calls)
		_, err := client.Refresh(t.Context(), renewable())
		require.NoError(t, err)
		assert.Equal(t, 2, p.calls, "Refresh always refreshes")
	})
	cas := newTestClient(t, nil, with(authentication.CAS{}))
	id := &authentication.Identity{Protocol: "cas", Issuer: "i", Subject: "s"}
	same, err := cas.RefreshIfExpired(t.Context(), id, time.Hour)
	require.NoError(t, err)
	assert.Same(t, id, same)
	id.Expiry = time.Unix(1, 0)
	_, err = cas.RefreshIfExpired(t.Context(), id, 0)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = cas.RefreshIfExpired(t.Context(), nil, 0)
	require.EqualError(t, err, "authentication: the identity is nil")
}

// A failure after the server gave new tokens does not lose them.
func TestRefreshErrorHoldsTheTokens(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		claims   map[string]any
		userInfo string
		status   int // of user info
		kind     string
		kept     bool
	}{
		"good":                       {map[string]any{}, `{"sub":"u-1"}`, 200, "none", false},
		"another nonce":              {map[string]any{"nonce": "another"}, `{"sub":"u-1"}`, 200, "refused", true},
		"another user's ID token":    {map[string]any{"sub": "u-2"}, `{"sub":"u-1"}`, 200, "refused", false},
		"another user's user info":   {map[string]any{}, `{"sub":"u-2"}`, 200, "refused", true},
		"nobody's user info":         {map[string]any{}, `{}`, 200, "refused", true},
		"user info that is not JSON": {map[string]any{}, `[]`, 200, "none", false},
		"user info refused":          {map[string]any{}, `{"error":"invalid_token"}`, 401, "none", false},
		"user info that is missing":  {map[string]any{}, `no`, 503, "none", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSigned(t, authentication.OIDC{UserInfo: true}, `{"sub":"u-1"}`)
			id, err := s.login(t, map[string]any{"name": "n", "sid": "S"})
			require.NoError(t, err)
			before := stored(t, id)
			s.reply(t, c.claims, map[string]any{"access_token": "AT-2", "refresh_token": "RT-2"})
			w := newWire(t, func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "/me") {
					return httpmock.NewStringResponse(c.status, c.userInfo), nil
				}
				return httpmock.NewJsonResponse(http.StatusOK, s.token)
			})
			client := newTestClient(t, w, func(o *authentication.Options) {
				o.Protocol, o.Now = authentication.OIDC{UserInfo: true}, func() time.Time { return s.now }
			})
			next, err := client.Refresh(t.Context(), id)
			assert.Equal(t, c.kind, kind(err), "%v", err)
			assert.Equal(t, c.kind == "none", next != nil)
			assert.Equal(t, before, stored(t, id))
			var kept *authentication.RefreshError
			require.Equal(t, c.kept, errors.As(err, &kept))
			if !c.kept {
				return
			}
			assert.Equal(t, "AT-2", kept.Identity.Token.AccessToken)
			assert.Equal(t, "RT-2", kept.Identity.Token.RefreshToken)
			assert.Equal(t, id.Token.IDToken, kept.Identity.Token.IDToken, "the last verified one")
			want := stored(t, id)
			want.Token, want.Expiry = stored(t, kept.Identity).Token, kept.Identity.Expiry
			assert.Equal(t, want, stored(t, kept.Identity), "the user does not change")
			if name == "another nonce" {
				require.ErrorIs(t, err, oidc.CheckNonce)
			}
		})
	}
}

func TestRefreshErrorPrintsNoToken(t *testing.T) {
	t.Parallel()
	id := &authentication.Identity{Claims: map[string]any{"email": "SECRET"}, Token: &oauth.Token{RefreshToken: "SECRET"}}
	err := &authentication.RefreshError{Identity: id, Err: authentication.ErrRefused}
	printed := strings.Join(append(prints(err), append(prints(*err), prints([]any{err, *err})...)...), "\n")
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Error("m", "err", err, "value", *err, "in", struct{ E any }{err})
	text, jsonErr := json.Marshal([]any{err, *err})
	require.NoError(t, jsonErr)
	printed += log.String() + string(text)
	assert.NotContains(t, printed, "SECRET")
	assert.NotContains(t, printed, fmt.Sprintf("%x", "SECRET"))
	assert.Contains(t, fmt.Sprint(err), authentication.ErrRefused.Error())
	var none *authentication.RefreshError
	assert.NotEmpty(t, none.Error())
	assert.NoError(t, errors.Unwrap(none))
	assert.NotEmpty(t, (&authentication.RefreshError{}).Error())
}

// A revoked token is not given to late callers.
func TestR3RevokedTokenIsForgotten(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		s := newSigned(t, p, `{"sub":"u-1"}`)
		id, err := s.login(t, map[string]any{})
		require.NoError(t, err)
		s.reply(t, nil, map[string]any{"access_token": "AT-2", "refresh_token": "RT-2"})
		s.wire.sent = nil
		for range 2 {
			next, err := s.client.Refresh(t.Context(), id)
			require.NoError(t, err)
			assert.Equal(t, "RT-2", next.Token.RefreshToken)
		}
		assert.Len(t, s.wire.sent, 1)
		require.NoError(t, s.client.RevokeToken(t.Context(), "RT-2"))
		_, err = s.client.Refresh(t.Context(), id)
		require.NoError(t, err)
		assert.Len(t, s.wire.sent, 3)
	}
}

// Only callers with the same login share a refresh: every field that identifies the login counts.
func TestR3AnotherLoginIsItsOwnRefresh(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*authentication.Identity)
		calls  int
	}{
		"the same":        {func(*authentication.Identity) {}, 1},
		"other claims":    {func(i *authentication.Identity) { i.Claims = nil }, 1},
		"protocol":        {func(i *authentication.Identity) { i.Protocol = "another" }, 2},
		"issuer":          {func(i *authentication.Identity) { i.Issuer = "https://another.example" }, 2},
		"subject":         {func(i *authentication.Identity) { i.Subject = "u-2" }, 2},
		"session":         {func(i *authentication.Identity) { i.SessionID = "S" }, 2},
		"data":            {func(i *authentication.Identity) { i.Data = json.RawMessage(`{}`) }, 2},
		"refresh token":   {func(i *authentication.Identity) { i.Token.RefreshToken = "RT7" }, 2},
		"no tokens":       {func(i *authentication.Identity) { i.Token = nil }, 2},
		"issuer, subject": {func(i *authentication.Identity) { i.Issuer, i.Subject = i.Issuer+"u", "-1" }, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &renewing{}
			client := p.client(t)
			_, err := client.Refresh(t.Context(), renewable())
			require.NoError(t, err)
			other := renewable()
			c.change(other)
			_, err = client.Refresh(t.Context(), other)
			require.NoError(t, err)
			assert.Equal(t, c.calls, p.calls, name)
		})
	}
}
