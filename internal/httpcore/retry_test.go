package httpcore_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// replies is a transport that answers with one status after the other; 0 is a network failure.
func replies(header http.Header, statuses ...int) *httpmock.MockTransport {
	mock := httpmock.NewMockTransport()
	calls := 0
	mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
		status := statuses[min(calls, len(statuses)-1)]
		calls++
		if status == 0 {
			return nil, errors.New("connection reset")
		}
		res := httpmock.NewStringResponse(status, `{}`)
		res.Header = header
		return res, nil
	})
	return mock
}

func TestH6RetryOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, 429, 500, 502, 503, 504} {
		mock := replies(http.Header{}, status, 200)
		_, _ = get(t, client(t, mock, httpcore.Config{}))
		assert.Equal(t, 1, mock.GetTotalCallCount(), "status %d: a code or ticket is sent once", status)

		synctest.Test(t, func(t *testing.T) {
			mock := replies(http.Header{}, status, 200)
			reply, err := client(t, mock, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Retry: true})
			require.NoError(t, err, "the twin, with Retry")
			assert.Equal(t, 200, reply.StatusCode)
			assert.Equal(t, 2, mock.GetTotalCallCount())
		})
	}
}

func TestH6RetryIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mock := replies(http.Header{}, 500)
		began := time.Now()
		reply, err := client(t, mock, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Retry: true})
		require.NoError(t, err)
		assert.Equal(t, 500, reply.StatusCode)
		assert.Equal(t, 3, mock.GetTotalCallCount())
		assert.Equal(t, 500*time.Millisecond, time.Since(began), "100 ms, then 400 ms")
	})
}

func TestH6RetryLeavesAFinalAnswer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 301, 400, 401, 404} {
		mock := replies(http.Header{}, status)
		_, _ = client(t, mock, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Retry: true})
		assert.Equal(t, 1, mock.GetTotalCallCount(), "status %d", status)
	}
	mock := answer(http.StatusOK, "", `{"a":1}`)
	_, err := client(t, mock, httpcore.Config{MaxReply: 1}).Do(t.Context(), &httpcore.Request{URL: endpoint, Retry: true})
	assert.ErrorIs(t, err, httpcore.TooLarge)
	assert.Equal(t, 1, mock.GetTotalCallCount())
}

func TestH7RetryWaitsAsTheServerAsks(t *testing.T) {
	t.Parallel()
	for after, want := range map[string]time.Duration{"2": 2 * time.Second, "0": 100 * time.Millisecond, "86400": time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			mock := replies(http.Header{"Retry-After": {after}}, 503, 200)
			began := time.Now()
			_, err := client(t, mock, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Retry: true})
			require.NoError(t, err)
			assert.Equal(t, want, time.Since(began))
		})
	}
}

func TestRetryDoesNotOutliveTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // the deadline is before the end of the wait, so it does not wait
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		mock := replies(http.Header{"Retry-After": {"30"}}, 503)
		began := time.Now()
		reply, err := client(t, mock, httpcore.Config{}).Do(ctx, &httpcore.Request{URL: endpoint, Retry: true})
		require.NoError(t, err)
		assert.Equal(t, 30*time.Second, reply.RetryAfter)
		assert.Equal(t, 1, mock.GetTotalCallCount())
		assert.Zero(t, time.Since(began))
	})
	for status, text := range map[int]string{503: "status 503", 0: "connection reset"} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(50*time.Millisecond, cancel)
			reply, err := client(t, replies(http.Header{}, status), httpcore.Config{}).Do(ctx, &httpcore.Request{URL: endpoint, Retry: true})
			require.ErrorIs(t, err, context.Canceled)
			assert.ErrorContains(t, err, text, "the error has the failure before the wait")
			assert.Nil(t, reply)
		})
	}
}

func TestH7RetryAfterIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	date := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for after, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "1.5": 0, "0": 0, " 7 ": 7 * time.Second, "60": time.Minute, "61": time.Minute,
		"99999999999999999999": time.Minute,
		date(5 * time.Second):  5 * time.Second, date(time.Hour): time.Minute, date(-time.Hour): 0,
	} {
		header := http.Header{"Retry-After": {after}, "Date": {date(0)}}
		for status, honoured := range map[int]bool{429: true, 503: true, 500: false, 200: false, 401: false} {
			reply, err := get(t, client(t, replies(header, status), httpcore.Config{}))
			require.NoError(t, err)
			if !honoured {
				assert.Zero(t, reply.RetryAfter, strconv.Itoa(status))
				continue
			}
			assert.Equal(t, want, reply.RetryAfter, "%d %q", status, after)
		}
	}
}

func TestH7RetryAfterCanBeLonger(t *testing.T) {
	t.Parallel()
	for most, want := range map[time.Duration]time.Duration{0: time.Minute, time.Second: time.Second, time.Hour: 10 * time.Minute} {
		reply, err := get(t, client(t, replies(http.Header{"Retry-After": {"600"}}, 503), httpcore.Config{MaxRetryAfter: most}))
		require.NoError(t, err)
		assert.Equal(t, want, reply.RetryAfter)
	}
	_, err := httpcore.New(httpcore.Config{MaxRetryAfter: -1})
	require.EqualError(t, err, "MaxRetryAfter is negative: -1ns")
}

func TestH7RetryAfterDateWithoutTheServersClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		header := http.Header{"Retry-After": {time.Now().Add(9 * time.Second).UTC().Format(http.TimeFormat)}}
		reply, err := get(t, client(t, replies(header, 503), httpcore.Config{}))
		require.NoError(t, err)
		assert.Equal(t, 9*time.Second, reply.RetryAfter)
	})
}
