package idptest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// callTimeout bounds one call that a server makes itself.
const callTimeout = 5 * time.Second

// Call makes a call of a server's own, such as one that tells an application of a logout, and returns the status of the
// answer. It follows no redirect. A form that is not empty is sent as the body.
func (r *Realm) Call(ctx context.Context, method, address, form string) (int, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return 0, errors.New("idptest: not an address to call")
	}
	client := http.Client{}
	if r.HTTPClient != nil {
		client = *r.HTTPClient
	} else if u.Fragment = ""; !Loopback(u.String()) {
		return 0, errors.New("idptest: without HTTPClient only loopback hosts are called")
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
