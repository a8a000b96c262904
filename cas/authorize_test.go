package cas

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBuildAuthorizeUrl(t *testing.T) {
	t.Parallel()
	const login = "https://cas.example/cas/login"
	for name, c := range map[string]struct {
		configured string
		options    AuthorizeOptions
		want       string
	}{
		"no service":         {"", AuthorizeOptions{}, login},
		"configured service": {testService, AuthorizeOptions{}, login + "?service=https%3A%2F%2Fapp.example%2Fcallback%3Fa%3Db%26c%3Dd"},
		"the call's service": {testService, AuthorizeOptions{Service: "https://other.example/"}, login + "?service=https%3A%2F%2Fother.example%2F"},
		"not ASCII":          {"", AuthorizeOptions{Service: "https://例子.测试/回 调#e"}, login + "?service=https%3A%2F%2F%E4%BE%8B%E5%AD%90.%E6%B5%8B%E8%AF%95%2F%E5%9B%9E+%E8%B0%83%23e"},
		"renew":              {testService, AuthorizeOptions{Service: "https://a.example", Renew: true}, login + "?renew=true&service=https%3A%2F%2Fa.example"},
		"gateway":            {testService, AuthorizeOptions{Service: "https://a.example", Gateway: true}, login + "?gateway=true&service=https%3A%2F%2Fa.example"},
		"method":             {testService, AuthorizeOptions{Service: "https://a.example", Method: MethodPost}, login + "?method=POST&service=https%3A%2F%2Fa.example"},
		"extra":              {testService, AuthorizeOptions{Service: "https://a.example", Extra: url.Values{"locale": {"zh"}}}, login + "?locale=zh&service=https%3A%2F%2Fa.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := newClient(t, func(cfg *Config) { cfg.Service = c.configured })
			got, err := client.BuildAuthorizeUrl(t.Context(), c.options)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestBuildAuthorizeUrlRefuses(t *testing.T) {
	t.Parallel()
	client, _ := newClient(t)
	for message, o := range map[string]AuthorizeOptions{
		"cas: Renew and Gateway exclude each other (CAS §2.1.1)":                    {Service: testService, Renew: true, Gateway: true},
		"cas: Gateway needs a Service to return to (CAS §2.1.1)":                    {Gateway: true},
		"cas: Method must be GET, POST or HEADER":                                   {Method: "PUT"},
		"cas: Service must be an absolute URL such as https://app.example/callback": {Service: "/callback"},
		"cas: Extra must not set service: use its field instead":                    {Extra: url.Values{"service": {"https://evil.example"}}},
	} {
		_, err := client.BuildAuthorizeUrl(t.Context(), o)
		assert.EqualError(t, err, message)
	}
}

func TestExtraIsNotChanged(t *testing.T) {
	t.Parallel()
	client, _ := newClient(t)
	extra := url.Values{"locale": {"zh"}}
	_, err := client.BuildAuthorizeUrl(t.Context(), AuthorizeOptions{Service: testService, Extra: extra})
	require.NoError(t, err)
	assert.Equal(t, url.Values{"locale": {"zh"}}, extra)
}
