package main

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"sync/atomic"
)

// proxy sends each request to the next instance that can be reached. It knows no user and no session.
type proxy struct {
	instances []string // host and port of each
	last      atomic.Uint64
}

// handler serves the address that browsers know. The instances see it as the Host.
func (p *proxy) handler() http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", "instance"
		},
		Transport: &http.Transport{DialContext: p.dial, DisableKeepAlives: true},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil { // the browser still waits
				log.Print("proxy: ", err)
			}
			w.Header().Set("Retry-After", "1")
			http.Error(w, "The application cannot be reached. Please try again.", http.StatusBadGateway)
		},
	}
}

// dial connects to the next instance, and to the one after it when that is not there.
func (p *proxy) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	var failures []error
	var dialer net.Dialer
	for range p.instances {
		instance := p.instances[p.last.Add(1)%uint64(len(p.instances))]
		conn, err := dialer.DialContext(ctx, network, instance)
		if err == nil {
			return conn, nil
		}
		failures = append(failures, err)
	}
	return nil, errors.Join(failures...)
}
