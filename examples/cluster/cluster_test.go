package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestMain(m *testing.M) { demotest.Main(m) }

// cluster is instances behind a proxy, each with a connection of its own to what they share, and the identity server.
type cluster struct {
	t         *testing.T
	origin    string
	idp       *oidctest.Server
	front     *proxy
	apps      []http.Handler
	instances []*httptest.Server
	ways      map[int]http.RoundTripper
	later     atomic.Int64 // what the clocks of all are ahead, in nanoseconds
	notified  atomic.Int64 // the instance that gets logout tokens
	refuses   atomic.Int64 // how many more calls the token endpoint refuses
}

// viaProxy is where a request goes that is for no instance in particular.
const viaProxy = -1

// newCluster has an instance for each room.
func newCluster(t *testing.T, users int, rooms ...room) *cluster {
	t.Helper()
	c := &cluster{t: t, front: new(proxy)}
	front := httptest.NewServer(c.front.handler())
	t.Cleanup(front.Close)
	_, port, err := net.SplitHostPort(front.Listener.Addr().String())
	require.NoError(t, err)
	c.origin = "http://localhost:" + port
	c.ways = map[int]http.RoundTripper{viaProxy: newWay(front.Listener.Addr().String())}
	site := web.Config{
		BaseURL: c.origin, Options: options, Keys: web.Keys{newKey()}, Now: c.now,
		OnEvent: func(_ context.Context, e web.Event) {
			if e.Err != nil {
				t.Log(e.Kind, e.Err)
			}
		},
	}
	at, err := site.Addresses("")
	require.NoError(t, err)
	realm := &idptest.Realm{Now: c.now, HTTPClient: &http.Client{Transport: c.way(func() int { return int(c.notified.Load()) })}}
	for i := range users {
		realm.Users = append(realm.Users, idptest.User{Username: fmt.Sprint("person", i), Password: "p"})
	}
	c.idp = &oidctest.Server{
		Realm: realm, RedirectURIs: []string{at.Callback}, LogoutURIs: []string{at.LoggedOut},
		BackChannelLogoutURI: at.BackChannel, BackChannelLogoutSessionRequired: true,
	}
	idp := httptest.NewServer(http.HandlerFunc(c.identify))
	t.Cleanup(idp.Close)
	realm.BaseURL = idp.URL
	for i, room := range rooms {
		config := site
		config.Store = room
		app, err := newInstance(i+1, "a room", config, oidc.Config{
			Issuer: idp.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Replay: room, Now: c.now,
		})
		require.NoError(t, err)
		c.apps = append(c.apps, app)
		c.instances = append(c.instances, httptest.NewServer(app))
		c.front.instances = append(c.front.instances, c.instances[i].Listener.Addr().String())
		c.ways[i] = newWay(c.front.instances[i])
		t.Cleanup(func() { c.instances[i].Close() })
	}
	return c
}

func (c *cluster) now() time.Time { return time.Now().Add(time.Duration(c.later.Load())) }

// identify is the identity server.
func (c *cluster) identify(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/token" && c.refuses.Add(-1) >= 0 {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"invalid_grant"}`)
		return
	}
	c.idp.ServeHTTP(w, r)
}

// kill ends an instance with all that it is doing, as a crash does.
func (c *cluster) kill(instance int) {
	_ = c.instances[instance].Config.Close()
}

// restart starts it again at its address. What it had in memory is that of before; its sessions were never there.
func (c *cluster) restart(instance int) {
	c.t.Helper()
	listener, err := net.Listen("tcp", c.front.instances[instance])
	require.NoError(c.t, err)
	server := httptest.NewUnstartedServer(c.apps[instance])
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	c.instances[instance] = server
}

// way sends requests to an instance itself, or to the proxy.
func (c *cluster) way(instance func() int) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) { return c.ways[instance()].RoundTrip(r) })
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// newWay is the network to one place: it has so many connections at once.
func newWay(address string) http.RoundTripper {
	return &http.Transport{DisableKeepAlives: true, MaxConnsPerHost: 64, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
}
