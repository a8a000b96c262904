package demo

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// NewApp makes the application of an example.
type NewApp func(*Demo) (http.Handler, error)

// Demo is a running example.
type Demo struct {
	// BaseURL is the address of the application as browsers see it, without a slash at the end.
	BaseURL string
	// Ready, when it is set, runs beside the application from when its address was printed.
	Ready func()

	getenv   func(string) string
	mistake  error // the first one in the settings
	greeting strings.Builder
	servers  []*http.Server
	mode     oauth.ResponseMode // of logins by OpenID Connect, as is scope
	scope    string
	expert   bool // Authing's logout is that of OpenID Connect
}

// Main runs an application until it is interrupted. usage.txt in files is what -h prints.
func Main(files fs.FS, newApp NewApp) {
	Program(files, func(ctx context.Context, getenv func(string) string, out io.Writer) error {
		return Serve(ctx, getenv, out, newApp)
	})
}

// Serve runs an application until ctx ends. When it listens, it prints its address, and then what Say was told.
func Serve(ctx context.Context, getenv func(string) string, out io.Writer, newApp NewApp) error {
	addr := cmp.Or(getenv(addrName), defaultAddr)
	listener, err := listen(addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	d := &Demo{BaseURL: cmp.Or(strings.TrimRight(getenv(urlName), "/"), baseURL(addr, listener.Addr())), getenv: getenv}
	defer d.close()
	app, err := newApp(d)
	if err = cmp.Or(d.mistake, err); err != nil {
		return err
	}
	fmt.Fprintf(out, "Open %s/\n%s", d.BaseURL, d.greeting.String())
	server := newServer(app)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if d.Ready != nil {
		go d.Ready()
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return server.Shutdown(grace)
}

// Say adds to what is printed when the example runs.
func (d *Demo) Say(format string, values ...any) { fmt.Fprintf(&d.greeting, format, values...) }

func newServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
}

func (d *Demo) close() {
	for _, server := range d.servers {
		_ = server.Close()
	}
}
