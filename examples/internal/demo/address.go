package demo

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

const (
	addrName    = "AUTHING_EXAMPLE_ADDR"
	urlName     = "AUTHING_EXAMPLE_URL"
	defaultAddr = "localhost:3000"
)

// addressInUse is the error of Windows for an address in use (WSAEADDRINUSE), for which package syscall has no name.
const addressInUse = syscall.Errno(10048)

// listen returns an error of one line when the address is wrong.
func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	var wrong *net.OpError
	switch {
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, addressInUse):
		return nil, fmt.Errorf("%s is used by another program: stop it, or set %s to another address", addr, addrName)
	case errors.As(err, &wrong):
		return nil, fmt.Errorf("cannot listen on %q (%w): set %s to a host and a port of this machine, such as %s", addr, wrong.Err, addrName, defaultAddr)
	}
	return listener, err
}

// baseURL is where a browser on this machine reaches addr, whose port may be 0.
func baseURL(addr string, at net.Addr) string {
	host, _, _ := net.SplitHostPort(addr) // net.Listen has parsed it
	_, port, _ := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost" // listens on all addresses, opened at this one
	}
	return "http://" + net.JoinHostPort(host, port)
}
