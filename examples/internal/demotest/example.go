// Package demotest runs an example as it is started, and a person's browser that logs in to it over real connections.
package demotest

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
)

// Example is a running example. Its application is on localhost, and the servers are on 127.0.0.1.
type Example struct {
	t *testing.T
	// Origin is the application's address.
	Origin string
	// Greeting is what the example printed.
	Greeting string
}

// Main is the TestMain of an example.
func Main(m *testing.M) {
	log.SetOutput(io.Discard) // slog's default logger writes there too
	// A test server that closes also closes the idle connections of http.DefaultTransport, under other tests.
	http.DefaultTransport = struct{ http.RoundTripper }{http.DefaultTransport}
	os.Exit(m.Run())
}

// Start runs an example with these variables (NAME=value) until the end of the test.
func Start(t *testing.T, newApp demo.NewApp, env ...string) *Example {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	greeting, ended := make(lines, 1), make(chan error, 1)
	go func() {
		ended <- demo.Serve(ctx, Environment(append(env, "AUTHING_EXAMPLE_ADDR=localhost:0")...), greeting, newApp)
	}()
	select {
	case err := <-ended:
		stop()
		require.NoError(t, err, "the example ended")
	case text := <-greeting:
		t.Cleanup(func() {
			stop()
			assert.NoError(t, <-ended)
		})
		return newExample(t, text)
	}
	return nil
}

// Shared runs an example once for many tests, until the program ends: its servers make their keys once.
func Shared(newApp demo.NewApp, env ...string) func(*testing.T) *Example {
	start := sync.OnceValue(func() string {
		greeting := make(lines, 1)
		go func() {
			err := demo.Serve(context.Background(), Environment(append(env, "AUTHING_EXAMPLE_ADDR=localhost:0")...), greeting, newApp)
			greeting <- fmt.Sprint("the example ended: ", err)
		}()
		return <-greeting
	})
	return func(t *testing.T) *Example {
		t.Helper()
		return newExample(t, start())
	}
}

func newExample(t *testing.T, greeting string) *Example {
	t.Helper()
	origin, _, found := strings.Cut(strings.TrimPrefix(greeting, "Open "), "/\n")
	require.True(t, found, greeting)
	return &Example{t, origin, greeting}
}

// Fails returns the error with which an example ends at once with these variables.
func Fails(t *testing.T, newApp demo.NewApp, env ...string) error {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	stop() // an example that begins ends without an error
	return demo.Serve(ctx, Environment(append([]string{"AUTHING_EXAMPLE_ADDR=localhost:0"}, env...)...), io.Discard, newApp)
}

// Environment has these variables alone (NAME=value); the last of one name counts.
func Environment(pairs ...string) func(string) string {
	return func(name string) (found string) {
		for _, pair := range pairs {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				found = value
			}
		}
		return found
	}
}

// Usage checks that usage names exactly the variables that an example reads: run is called with an environment that
// has none of them, and then with each of others.
func Usage(t *testing.T, usage string, run func(getenv func(string) string), others ...[]string) {
	t.Helper()
	var mu sync.Mutex
	var read []string
	for _, pairs := range append([][]string{nil}, others...) {
		env := Environment(pairs...)
		run(func(name string) string {
			mu.Lock()
			defer mu.Unlock()
			read = append(read, name)
			return env(name)
		})
	}
	slices.Sort(read)
	named := regexp.MustCompile(`[A-Z][A-Z0-9]*(_[A-Z0-9]+)+`).FindAllString(usage, -1)
	slices.Sort(named)
	assert.Equal(t, slices.Compact(read), slices.Compact(named))
	for line := range strings.Lines(usage) {
		assert.LessOrEqual(t, len(line), 90, line)
	}
}

// AppUsage is Usage of an application.
func AppUsage(t *testing.T, usage string, newApp demo.NewApp, others ...[]string) {
	t.Helper()
	Usage(t, usage, func(getenv func(string) string) {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		_ = demo.Serve(ctx, func(name string) string {
			if value := getenv(name); name != "AUTHING_EXAMPLE_ADDR" {
				return value
			}
			return "localhost:0"
		}, io.Discard, newApp)
	}, others...)
}

type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// transport keeps no connection: httptest.Server.Close closes idle ones of http.DefaultTransport under other tests.
var transport = &http.Transport{DisableKeepAlives: true}
