package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// answers is a token endpoint that gives one answer after the other, the last one for ever, and notes when it was asked.
type answers struct {
	start time.Time
	asked []int // seconds since the start
	each  []httpmock.Responder
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	i := min(len(a.asked), len(a.each)-1)
	a.asked = append(a.asked, int(time.Since(a.start)/time.Second))
	return a.each[i](r)
}

func no(code string) httpmock.Responder {
	return jsonReply(http.StatusBadRequest, `{"error":"`+code+`"}`)
}

func busy(status, retryAfter int) httpmock.Responder {
	header := http.Header{"Content-Type": {"application/json"}}
	if retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(retryAfter))
	}
	return httpmock.NewStringResponder(status, `{}`).HeaderSet(header)
}

// polled completes a device login, and then a CIBA login, which obey the same rules: interval 5 s, expiry after a minute and
// a half.
func polled(t *testing.T, each []httpmock.Responder, check func(*testing.T, []int, time.Duration, *oauth.Token, error)) {
	t.Helper()
	for _, kind := range []string{"device", "ciba"} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &answers{start: time.Now(), each: each}
				c := with(t, a, func(c *oauth.Config) { c.Now = time.Now })
				var token *oauth.Token
				var err error
				var interval time.Duration
				if kind == "device" {
					l := &oauth.DeviceLogin{
						DeviceCode: "DC0DE", ClientID: clientID, Issuer: server + "/token", Interval: 5 * time.Second,
						NextPoll: time.Now().Add(5 * time.Second), Expiry: time.Now().Add(90 * time.Second),
					}
					token, err = c.CompleteDeviceLogin(t.Context(), l)
					interval = l.Interval
				} else {
					l := &oauth.CIBALogin{
						AuthReqID: "R1", ClientID: clientID, Issuer: server + "/token", Interval: 5 * time.Second,
						NextPoll: time.Now().Add(5 * time.Second), Expiry: time.Now().Add(90 * time.Second),
					}
					token, err = c.CompleteCIBALogin(t.Context(), l)
					interval = l.Interval
				}
				if err != nil {
					assert.Nil(t, token, "result or error, not both")
					assert.NotContains(t, err.Error(), "DC0DE")
				}
				check(t, a.asked, interval, token, err)
			})
		})
	}
}

func TestPollWaitsAndSlowsDown(t *testing.T) {
	t.Parallel()
	reset := httpmock.NewErrorResponder(errors.New("connection reset"))
	page := httpmock.NewStringResponder(502, "<html>").HeaderSet(http.Header{"Content-Type": {"text/html"}})
	done := jsonReply(200, good)
	for name, c := range map[string]struct {
		each     []httpmock.Responder
		asked    []int
		interval time.Duration
	}{
		"at once":                     {[]httpmock.Responder{done}, []int{5}, 5 * time.Second},
		"pending":                     {[]httpmock.Responder{no("authorization_pending"), no("authorization_pending"), done}, []int{5, 10, 15}, 5 * time.Second},
		"slow_down stays":             {[]httpmock.Responder{no("slow_down"), no("authorization_pending"), no("slow_down"), done}, []int{5, 15, 25, 40}, 15 * time.Second},
		"Retry-After of 503":          {[]httpmock.Responder{busy(503, 20), no("authorization_pending"), done}, []int{5, 25, 30}, 5 * time.Second},
		"Retry-After of 429":          {[]httpmock.Responder{busy(429, 30), done}, []int{5, 35}, 5 * time.Second},
		"a Retry-After that is short": {[]httpmock.Responder{busy(503, 1), done}, []int{5, 10}, 5 * time.Second},
		"503 without Retry-After":     {[]httpmock.Responder{busy(503, 0), done}, []int{5, 15}, 10 * time.Second},
		"no answer doubles":           {[]httpmock.Responder{reset, page, no("authorization_pending"), done}, []int{5, 15, 35, 55}, 20 * time.Second},
		"pending with 200, as GitHub": {[]httpmock.Responder{jsonReply(200, `{"error":"authorization_pending"}`), done}, []int{5, 10}, 5 * time.Second},
		"server_error":                {[]httpmock.Responder{no("server_error"), done}, []int{5, 15}, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			polled(t, c.each, func(t *testing.T, asked []int, interval time.Duration, token *oauth.Token, err error) {
				require.NoError(t, err)
				assert.Equal(t, "AT", token.AccessToken)
				assert.Equal(t, c.asked, asked)
				assert.Equal(t, c.interval, interval)
			})
		})
	}
}

func TestPollEnds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		last httpmock.Responder
		want error
	}{
		"access_denied":   {no("access_denied"), oauth.AccessDenied},
		"expired_token":   {no("expired_token"), oauth.ExpiredToken},
		"invalid_grant":   {no("invalid_grant"), oauth.InvalidGrant},
		"invalid_client":  {no("invalid_client"), oauth.InvalidClient},
		"an unknown code": {no("transaction_failed"), oauth.ErrorCode("transaction_failed")},
	} {
		t.Run(name, func(t *testing.T) {
			polled(t, []httpmock.Responder{no("authorization_pending"), c.last}, func(t *testing.T, asked []int, _ time.Duration, _ *oauth.Token, err error) {
				require.ErrorIs(t, err, c.want)
				assert.Equal(t, []int{5, 10}, asked)
			})
		})
	}
	t.Run("a reply that is refused", func(t *testing.T) {
		polled(t, []httpmock.Responder{jsonReply(200, `{"access_token":"AT","token_type":"N_A"}`)}, func(t *testing.T, asked []int, _ time.Duration, _ *oauth.Token, err error) {
			require.EqualError(t, err, `oauth: token reply: token_type is "N_A", want Bearer`)
			assert.Equal(t, []int{5}, asked, "the code is used up")
		})
	})
	t.Run("nobody decides", func(t *testing.T) {
		polled(t, []httpmock.Responder{no("authorization_pending")}, func(t *testing.T, asked []int, _ time.Duration, _ *oauth.Token, err error) {
			require.ErrorIs(t, err, oauth.ExpiredToken)
			require.NotErrorIs(t, err, oauth.AuthorizationPending)
			assert.Len(t, asked, 17, "none at the expiry or later")
		})
	})
	t.Run("a server that is away", func(t *testing.T) {
		gone := errors.New("no route to host")
		polled(t, []httpmock.Responder{httpmock.NewErrorResponder(gone)}, func(t *testing.T, asked []int, interval time.Duration, _ *oauth.Token, err error) {
			require.ErrorIs(t, err, oauth.ExpiredToken)
			require.ErrorIs(t, err, gone)
			assert.Equal(t, []int{5, 15, 35, 75}, asked)
			assert.Equal(t, time.Minute, interval, "at most")
		})
	})
}

// A login whose time is over is not asked for, also where a poll was due before.
func TestPollAfterTheExpiry(t *testing.T) {
	t.Parallel()
	due := now.Add(-time.Minute)
	for _, expiry := range []time.Time{now, now.Add(-time.Second), due} {
		c := with(t, silent(t), deviceEndpoint)
		_, err := c.CompleteDeviceLogin(t.Context(), &oauth.DeviceLogin{DeviceCode: "DC0DE", ClientID: clientID, Issuer: c.Issuer(), NextPoll: due, Expiry: expiry})
		require.ErrorIs(t, err, oauth.ExpiredToken)
		require.EqualError(t, err, "oauth: expired_token: the user did not decide until "+expiry.Format(time.RFC3339))
	}
}

// A call that ends with its context can be followed by another one, which keeps to the interval.
func TestPollGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &answers{start: time.Now(), each: []httpmock.Responder{no("slow_down"), no("authorization_pending"), jsonReply(200, good)}}
		c := with(t, a, func(c *oauth.Config) { c.Now = time.Now })
		l := &oauth.DeviceLogin{DeviceCode: "DC0DE", ClientID: clientID, Issuer: server + "/token", NextPoll: time.Now(), Expiry: time.Now().Add(time.Minute)}
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
			_, err := c.CompleteDeviceLogin(ctx, l)
			cancel()
			require.ErrorIs(t, err, context.DeadlineExceeded)
		}
		assert.Equal(t, []int{0, 10}, a.asked, "the zero interval is 5 seconds, slow_down adds 5")
		_, err := c.CompleteDeviceLogin(t.Context(), l)
		require.NoError(t, err)
		assert.Equal(t, []int{0, 10, 20}, a.asked)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = c.CompleteDeviceLogin(ctx, l)
		require.ErrorIs(t, err, context.Canceled)
		assert.Len(t, a.asked, 3, "an ended context sends nothing")
	})
}

// A context that ends during a poll: a pending answer is not the end of the login, a decision is, and the next call keeps to
// the interval, which the caller's own end does not change.
func TestPollEndedByItsContext(t *testing.T) {
	t.Parallel()
	noAnswer := httpmock.Responder(func(r *http.Request) (*http.Response, error) { return nil, r.Context().Err() })
	for name, c := range map[string]struct {
		answer httpmock.Responder
		want   error
	}{
		"pending": {no("authorization_pending"), context.Canceled}, "no answer": {noAnswer, context.Canceled},
		"denied": {no("access_denied"), oauth.AccessDenied},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				ending := func(r *http.Request) (*http.Response, error) { cancel(); return c.answer(r) }
				a := &answers{start: time.Now(), each: []httpmock.Responder{ending, jsonReply(200, good)}}
				client := with(t, a, func(c *oauth.Config) { c.Now = time.Now })
				l := &oauth.DeviceLogin{
					DeviceCode: "DC0DE", ClientID: clientID, Issuer: server + "/token", Interval: 5 * time.Second, NextPoll: time.Now(), Expiry: time.Now().Add(time.Minute),
				}
				_, err := client.CompleteDeviceLogin(ctx, l)
				require.ErrorIs(t, err, c.want)
				if !errors.Is(c.want, context.Canceled) {
					require.NotErrorIs(t, err, context.Canceled)
					return
				}
				require.NotErrorIs(t, err, oauth.AuthorizationPending)
				assert.Equal(t, 5*time.Second, l.Interval)
				_, err = client.CompleteDeviceLogin(t.Context(), l)
				require.NoError(t, err)
				assert.Equal(t, []int{0, 5}, a.asked)
			})
		})
	}
}

// A ClientAuth that adds a value to the form adds it once to each poll, and to each repetition of one for a nonce.
func TestPollHasItsCredentialsOnce(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*oauth.DPoP{"Bearer": nil, "DPoP": newDPoP(t)} {
		var sent []url.Values
		each := []httpmock.Responder{no("authorization_pending"), no("authorization_pending"), jsonReply(200, good)}
		if d != nil {
			each[1] = jsonReply(400, `{"error":"use_dpop_nonce"}`).HeaderAdd(http.Header{"Dpop-Nonce": {"n"}})
			each[2] = jsonReply(200, `{"access_token":"AT","token_type":"DPoP"}`)
		}
		c := with(t, replyAt("/token", func(r *http.Request) (*http.Response, error) {
			_ = r.ParseForm()
			sent = append(sent, r.PostForm)
			return each[len(sent)-1](r)
		}), func(c *oauth.Config) {
			c.DPoP = d
			c.TokenAuth = authFunc(func(_ context.Context, r *oauth.AuthRequest) error { r.Form.Add("tag", "x"); return nil })
			at := now
			c.Now = func() time.Time { at = at.Add(10 * time.Second); return at } // nobody waits
		})
		_, err := c.CompleteDeviceLogin(t.Context(), &oauth.DeviceLogin{DeviceCode: "DC0DE", ClientID: clientID, Issuer: server + "/token", Expiry: now.Add(time.Hour)})
		require.NoError(t, err, name)
		require.Len(t, sent, 3, name)
		for _, form := range sent {
			assert.Equal(t, []string{"x"}, form["tag"], name)
		}
	}
}
