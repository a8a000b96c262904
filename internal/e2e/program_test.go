package e2e

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// startup is how long an example may take until it answers or ends.
const startup = 30 * time.Second

// program is a running example.
type program struct {
	addr   string
	cmd    *exec.Cmd
	output *output
	ended  chan struct{}
	err    error // of the end
}

// output keeps what a program prints.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// build compiles the example in dir, in the module that it belongs to.
func build(t *testing.T, dir string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), filepath.Base(dir))
	out, err := exec.CommandContext(t.Context(), "go", "build", "-C", dir, "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	return binary
}

// freeAddr returns a loopback address that nothing listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return "localhost:" + port
}

// start runs the program, listening on addr if it is a server. It gets only the given variables of the examples.
func start(t *testing.T, binary, addr string, env ...string) *program {
	t.Helper()
	p := &program{addr: addr, output: &output{}, ended: make(chan struct{})}
	p.cmd = exec.Command(binary)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "AUTHING_") && !strings.HasPrefix(v, "OIDC_") && !strings.HasPrefix(v, "CAS_") && !strings.HasPrefix(v, "SAML_") {
			p.cmd.Env = append(p.cmd.Env, v)
		}
	}
	p.cmd.Env = append(append(p.cmd.Env, "AUTHING_EXAMPLE_ADDR="+addr), env...)
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	require.NoError(t, p.cmd.Start())
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() { p.stop(t) })
	return p
}

// wait returns true once the program answers GET /, and false once it has ended.
func (p *program) wait(t *testing.T) bool {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	defer client.CloseIdleConnections()
	deadline := time.After(startup)
	for {
		if r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.addr+"/", nil); err == nil {
			if res, err := client.Do(r); err == nil {
				res.Body.Close()
				require.Equal(t, http.StatusOK, res.StatusCode, "GET /\n%s", p.output)
				return true
			}
		}
		select {
		case <-p.ended:
			return false
		case <-deadline:
			require.Fail(t, "neither an answer nor an end", "%s", p.output)
		case <-time.After(50 * time.Millisecond): // the other process does not say when it listens
		}
	}
}

// stop interrupts the program, as Ctrl-C does, and waits for its end.
func (p *program) stop(t *testing.T) {
	t.Helper()
	_ = p.cmd.Process.Signal(os.Interrupt)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	select {
	case <-p.ended:
	case <-ctx.Done():
		_ = p.cmd.Process.Kill()
		<-p.ended
		t.Errorf("the program did not end on an interrupt\n%s", p.output)
	}
}
