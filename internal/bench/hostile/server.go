package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
)

// server is the trial's OpenID Provider, as a transport.
type server struct {
	*trial
	reply map[string]any // of the token endpoint

	mu      sync.Mutex
	fetched int // how often its keys were
}

const wellKnown = "/oidc/.well-known/openid-configuration"

func (s *server) client() *http.Client { return &http.Client{Transport: s} }

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	path := strings.TrimPrefix(r.URL.Path, "/elsewhere")
	if s.moved != "" && r.URL.Path == s.moved {
		return answer(r, http.StatusFound, http.Header{"Location": {"/elsewhere" + s.moved}}, ""), nil
	}
	var body any
	change := func(text string) string { return text }
	switch path {
	case wellKnown:
		if body = s.document; s.text != nil {
			change = s.text
		}
	case "/oidc/jwks":
		s.mu.Lock()
		s.fetched++
		s.mu.Unlock()
		if body = map[string]any{"keys": s.jwks}; s.keysText != nil {
			change = s.keysText
		}
	case "/oidc/token":
		body = s.reply
	default:
		return answer(r, http.StatusNotFound, nil, ""), nil
	}
	text, err := json.Marshal(body)
	kind := "application/json"
	if s.page == path {
		kind = "text/html; charset=utf-8"
	}
	return answer(r, http.StatusOK, http.Header{"Content-Type": {kind}}, change(string(text))), err
}

func answer(r *http.Request, status int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		StatusCode: status, Header: header, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader([]byte(body))), Request: r,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
}
