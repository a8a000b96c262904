package protocoltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

func toyRefused(text string) error { return fmt.Errorf("%w: %s", authentication.ErrRefused, text) }

// CompleteLogin keeps the contract, except for the bug.
func (f *toyFlow) CompleteLogin(ctx context.Context, l *authentication.Login, r *http.Request) (*authentication.Identity, error) {
	query := r.URL.Query()
	code, state := query.Get("code"), query.Get("state")
	switch {
	case f.Bug == "takes the first", f.Bug == "takes any code" && len(query["state"]) < 2:
	case len(query["code"]) > 1 || len(query["state"]) > 1:
		return nil, toyRefused("a parameter appears twice")
	}
	switch {
	case f.Bug == "remembers in memory" && f.latest != l.Key:
		return nil, toyRefused("not the last login")
	case f.Bug == "needs the URL" && l.URL == "":
		return nil, toyRefused("no URL")
	case f.Bug == "state unchecked":
	case state != l.Key && f.Bug == "refuses with its own error":
		return nil, errors.New("toy: wrong state")
	case state != l.Key && f.Bug == "echoes the code":
		return nil, toyRefused("code " + code)
	case state != l.Key:
		return nil, toyRefused("wrong state")
	}
	if code == "" && f.Bug != "code unchecked" {
		return nil, toyRefused("no code")
	}
	if f.Bug == "ignores the context" {
		ctx = context.WithoutCancel(ctx)
	}
	user, err := f.ask(ctx, code)
	if err != nil {
		return nil, err
	}
	id := &authentication.Identity{Protocol: "toy", Issuer: f.o.AppHost, Subject: user}
	switch f.Bug {
	case "no subject":
		id.Subject = ""
	case "no issuer":
		id.Issuer = ""
	case "another name":
		id.Protocol = "other"
	case "numbers":
		id.Claims = map[string]any{"n": 1}
	case "no JSON":
		id.Claims = map[string]any{"f": func() {}}
	case "another subject each time":
		id.Subject += code
	case "nil identity":
		return nil, nil
	}
	return id, nil
}

func (f *toyFlow) ask(ctx context.Context, code string) (string, error) {
	target := f.o.AppHost + "/token?" + url.Values{"code": {code}, "secret": {f.o.Secret}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, nil)
	if err != nil {
		return "", errors.New("toy: the address is not a URL")
	}
	client, limit := f.o.HTTPClient, int64(1<<20)
	switch f.Bug {
	case "uses its own client":
		client = &http.Client{Transport: f.own}
	case "accepts an incomplete reply":
		client = &http.Client{Transport: f.own}
	case "reads it all":
		client, limit = &http.Client{Transport: f.own}, 1<<40
	case "accepts a redirect":
		client = &http.Client{Transport: f.own, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	answer, err := client.Do(r)
	if err != nil {
		var sent *url.Error
		if errors.As(err, &sent) && f.Bug != "prints the URL" {
			err = sent.Err
		}
		switch f.Bug {
		case "a dead network is a refusal":
			return "", toyRefused(err.Error())
		case "a dead network is a mistake":
			return "", fmt.Errorf("%w: %w", authentication.ErrMisconfigured, err)
		case "a dead network is a login":
			return "somebody", nil
		case "forgets why":
			return "", errors.New("toy: no answer")
		}
		return "", fmt.Errorf("toy: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, limit))
	if err != nil {
		return "", err
	}
	if f.Bug == "accepts a redirect" && answer.StatusCode/100 == 3 {
		return "", toyRefused("moved")
	}
	if f.Bug == "accepts an incomplete reply" && len(body) == 1<<20 {
		return "somebody", nil
	}
	var reply struct{ User, Error string }
	if json.Unmarshal(body, &reply) != nil || reply.User == "" {
		switch {
		case f.Bug == "repeats the server":
			return "", fmt.Errorf("toy: %s", body)
		case reply.Error == "used" && f.Bug == "a used code is no answer":
			return "", errors.New("toy: used")
		case reply.Error == "used" && f.Bug == "a used code is accepted":
			return "alice", nil
		case reply.Error == "used":
			return "", fmt.Errorf("%w: the code was used", authentication.ErrDenied)
		}
		return "", fmt.Errorf("toy: status %d and no user", answer.StatusCode)
	}
	return reply.User, nil
}

// Refresh checks only the protocol and the refresh token.
func (f *toyFlow) Refresh(_ context.Context, id *authentication.Identity) (*authentication.Identity, error) {
	if f.Bug == "refreshes anything" {
		return id, nil
	}
	if id == nil || id.Protocol != "toy" {
		return nil, errors.New("toy: the identity is of another protocol")
	}
	return nil, errors.New("toy: no refresh token")
}
