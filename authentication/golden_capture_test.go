package authentication_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// capture is one record of testdata/golden: the input of authing-js-sdk, its request, and its result for the reply.
type capture struct {
	Method, Label string
	Config        struct {
		AppID, Secret, AppHost, RedirectURI, Protocol, Lang, RequestFrom, TenantID, UserPoolID string
		Headers                                                                                map[string]string
		TokenEndPointAuthMethod, IntrospectionEndPointAuthMethod, RevocationEndPointAuthMethod string
	}
	Input    []json.RawMessage
	Request  *capturedRequest
	Requests []capturedRequest // followed redirects
	URL      string
	Result   json.RawMessage
	Error    *struct{ Message string }
	Response *struct {
		Status  int
		Headers map[string]string
		Body    string
	}
}

type capturedRequest struct {
	Method, Path string
	Query        [][2]string
	Headers      map[string]string
	Body         string
}

func loadGolden[T any](t *testing.T, file string) []T {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "golden", file))
	require.NoError(t, err)
	var all []T
	require.NoError(t, json.Unmarshal(data, &all))
	require.NotEmpty(t, all)
	return all
}

func (c *capture) protocol() string {
	if c.Config.Protocol == "" {
		return "oidc"
	}
	return c.Config.Protocol
}

// authMethod is the one that the capture is about.
func (c *capture) authMethod() string {
	switch c.Method {
	case "revokeToken":
		return c.Config.RevocationEndPointAuthMethod
	case "introspectToken":
		return c.Config.IntrospectionEndPointAuthMethod
	}
	return c.Config.TokenEndPointAuthMethod
}

// name identifies the capture: protocol, method, input, auth method, label.
func (c *capture) name() string {
	words := []string{c.protocol(), c.Method}
	for _, in := range c.Input {
		words = append(words, string(compact(in)))
	}
	if m := c.authMethod(); m != "" {
		words = append(words, m)
	}
	if c.Label != "" {
		words = append(words, "("+c.Label+")")
	}
	if c.Config.Secret == "" {
		words = append(words, "without secret")
	}
	return strings.Join(words, " ")
}

func compact(raw json.RawMessage) []byte {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return raw
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(value) != nil {
		return raw
	}
	return []byte(strings.TrimSpace(b.String()))
}

// text is the i-th argument when it is a string.
func (c *capture) text(i int) string {
	var s string
	if i >= 0 && i < len(c.Input) {
		_ = json.Unmarshal(c.Input[i], &s) // the SDK ignores another type
	}
	return s
}

// object is the i-th argument when it is an object; its null members are left out.
func (c *capture) object(i int) map[string]any {
	var o map[string]any
	if i >= 0 && i < len(c.Input) {
		_ = json.Unmarshal(c.Input[i], &o)
	}
	return o
}

func member(o map[string]any, name string) string {
	s, _ := o[name].(string)
	return s
}

// first is the request that was captured; nil when nothing was sent.
func (c *capture) first() *capturedRequest {
	if len(c.Requests) > 0 {
		return &c.Requests[0]
	}
	return c.Request
}

func (r *capturedRequest) query() url.Values {
	q := url.Values{}
	for _, pair := range r.Query {
		q.Add(pair[0], pair[1])
	}
	return q
}
