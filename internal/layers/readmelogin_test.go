package layers

import (
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// The program that opens README.md, copied into an empty module, logs a user in.
func TestReadmeLogsIn(t *testing.T) {
	t.Parallel()
	idp := &authtest.Server{}
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	address := freeAddress(t)
	startReadme(t, address, server.URL)

	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar, Transport: server.Client().Transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if "http://"+r.URL.Host == server.URL {
			return http.ErrUseLastResponse // the page that idp.Login fills in
		}
		return nil
	}}
	res := get(t, browser, "http://"+address+"/orders?page=2")
	to, err := res.Location()
	require.NoError(t, err, res.Status)
	callback, err := idp.Login(t.Context(), to.String(), idptest.Username)
	require.NoError(t, err)
	res, err = browser.Do(callback)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	assert.Equal(t, "hello "+idptest.Subject+"\n", string(body))
	assert.Equal(t, "http://"+address+"/orders?page=2", res.Request.URL.String())
}

// freeAddress is an address of localhost where nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return "localhost:" + port
}

// startReadme builds and starts the program in a module of its own, and waits until it listens.
func startReadme(t *testing.T, address, authing string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	dir := t.TempDir()
	program := strings.ReplaceAll(codeBlocks(t, "README.md")[0], "localhost:3000", address)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600))
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o600))
	name := filepath.Join(dir, "app")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	library := strings.TrimSuffix(module, "/")
	for _, args := range [][]string{
		{"mod", "init", "example.com/app"},
		{"mod", "edit", "-require", library + "@v0.0.0", "-replace", library + "=" + root},
		{"build", "-o", name},
	} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOPROXY=off", "GOFLAGS="+os.Getenv("GOFLAGS")+" -mod=mod")
		said, err := cmd.CombinedOutput()
		require.NoError(t, err, "go %s: %s", strings.Join(args, " "), said)
	}
	app := exec.CommandContext(t.Context(), name)
	app.Env = append(os.Environ(), "AUTHING_APP_ID="+authtest.AppID, "AUTHING_APP_SECRET="+authtest.Secret, "AUTHING_APP_HOST="+authing)
	app.Stderr = t.Output()
	require.NoError(t, app.Start())
	ended := make(chan error, 1)
	go func() { ended <- app.Wait() }()
	t.Cleanup(func() {
		_ = app.Process.Kill()
		<-ended
	})
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	}, 20*time.Second, 20*time.Millisecond, "the program does not listen")
}

func get(t *testing.T, browser *http.Client, address string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	r.Header.Set("Accept", "text/html")
	res, err := browser.Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res
}
