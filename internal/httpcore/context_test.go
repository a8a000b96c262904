package httpcore_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

func TestH3TimeoutWhenTheUsersClientHasNone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		user *http.Client
		want time.Duration
	}{
		"no client":        {&http.Client{Transport: roundTrip(stuck)}, 30 * time.Second},
		"negative is none": {&http.Client{Transport: roundTrip(stuck), Timeout: -1}, 30 * time.Second},
		"the user's":       {&http.Client{Transport: roundTrip(stuck), Timeout: 2 * time.Second}, 2 * time.Second},
		"longer":           {&http.Client{Transport: roundTrip(stuck), Timeout: time.Minute}, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				_, err := get(t, client(t, nil, httpcore.Config{HTTPClient: c.user}))
				require.ErrorIs(t, err, context.DeadlineExceeded)
				var ne net.Error
				require.ErrorAs(t, err, &ne)
				assert.True(t, ne.Timeout())
				assert.Equal(t, c.want, time.Since(began))
			})
		})
	}
}

func TestH5EndOfContextIsPromptAndWrapped(t *testing.T) {
	t.Parallel()
	for _, retry := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			began := time.Now()
			_, err := client(t, roundTrip(stuck), httpcore.Config{}).Do(ctx, &httpcore.Request{URL: endpoint, Retry: retry})
			assert.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, time.Second, time.Since(began))
		})
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			began := time.Now()
			_, err := client(t, roundTrip(stuck), httpcore.Config{}).Do(ctx, &httpcore.Request{URL: endpoint, Retry: retry})
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, 3*time.Second, time.Since(began))
		})
	}
}

func TestH5EndedContextSendsNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, retry := range []bool{false, true} {
		mock := answer(http.StatusOK, "application/json", `{}`)
		_, err := client(t, mock, httpcore.Config{}).Do(ctx, &httpcore.Request{URL: endpoint, Retry: retry})
		assert.ErrorIs(t, err, context.Canceled)
		assert.Zero(t, mock.GetTotalCallCount())
	}
}

func TestH5CauseAndEndAreBothThere(t *testing.T) {
	t.Parallel()
	why := errors.New("the server shuts down")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(why) })
		_, err := client(t, roundTrip(stuck), httpcore.Config{}).Do(ctx, &httpcore.Request{URL: endpoint})
		assert.ErrorIs(t, err, context.Canceled)
		assert.ErrorIs(t, err, why)
	})
}

func TestH5EndWhileTheBodyIsRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		rt := roundTrip(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: slow{r.Context()}}, nil
		})
		began := time.Now()
		_, err := client(t, rt, httpcore.Config{}).Do(ctx, &httpcore.Request{URL: endpoint})
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Second, time.Since(began))
	})
}

// slow is a body whose server stopped sending.
type slow struct{ ctx context.Context }

func (s slow) Read([]byte) (int, error) { <-s.ctx.Done(); return 0, io.ErrUnexpectedEOF }
func (slow) Close() error               { return nil }
