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
	media := ""
	if form != "" {
		media = "application/x-www-form-urlencoded"
	}
	status, _, err := r.call(ctx, method, address, media, "", form)
	return status, err
}

// Post is Call for a body of another type than a form, such as text/xml. It returns the body of the answer too, at most 64
// KiB of it.
func (r *Realm) Post(ctx context.Context, address, contentType, body string) (status int, answer []byte, err error) {
	return r.call(ctx, http.MethodPost, address, contentType, "", body)
}

// PostBearer is Post for a receiver that wants a bearer token (RFC 6750 §2.1), without the body of the answer.
func (r *Realm) PostBearer(ctx context.Context, address, token, contentType, body string) (int, error) {
	status, _, err := r.call(ctx, http.MethodPost, address, contentType, "Bearer "+token, body)
	return status, err
}

// Get is Call for a document, such as the keys that an application publishes. It returns the body of the answer too, at
// most 64 KiB of it.
func (r *Realm) Get(ctx context.Context, address string) (status int, answer []byte, err error) {
	return r.call(ctx, http.MethodGet, address, "", "", "")
}

func (r *Realm) call(ctx context.Context, method, address, media, authorization, body string) (int, []byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return 0, nil, errors.New("idptest: not an address to call")
	}
	client := http.Client{}
	if r.HTTPClient != nil {
		client = *r.HTTPClient
	} else if u.Fragment = ""; !Loopback(u.String()) {
		return 0, nil, errors.New("idptest: without HTTPClient only loopback hosts are called")
	}
	client.Jar = nil
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if media != "" {
		request.Header.Set("Content-Type", media)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16)) // what came is what counts
	return response.StatusCode, answer, nil
}
