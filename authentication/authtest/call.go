package authtest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// callTimeout bounds one call that the server makes itself.
const callTimeout = 5 * time.Second

// call makes a call of the server's own, to a proxy callback or to a service that
// is to log out, and returns the status. It follows no redirect. An empty form is none.
func (s *Server) call(ctx context.Context, method, address, form string) (int, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return 0, errors.New("authtest: not an address to call")
	}
	client := http.Client{}
	if s.HTTPClient != nil {
		client = *s.HTTPClient
	} else if u.Fragment = ""; !loopback(u.String()) {
		return 0, errors.New("authtest: without HTTPClient only loopback hosts are called")
	}
	client.Jar = nil
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form))
	if err != nil {
		return 0, err
	}
	if form != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16))
	return response.StatusCode, nil
}
