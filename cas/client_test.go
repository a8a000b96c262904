package cas

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*Config)
		message string
		twin    func(*Config)
	}{
		"relative server": {
			func(c *Config) { c.ServerURL = "/cas" }, "cas: ServerURL must be an absolute URL such as https://example.com",
			func(c *Config) { c.ServerURL = "https://cas.example" },
		},
		"query": {
			func(c *Config) { c.ServerURL = "https://cas.example/?a=b" }, "cas: ServerURL must not have a query",
			func(c *Config) { c.ServerURL = "https://cas.example/" },
		},
		"http endpoint": {
			func(c *Config) { c.Endpoints.Login = "http://cas.example/login" }, "cas: Endpoints.Login must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)",
			func(c *Config) { c.Endpoints.Login, c.InsecureAllowHTTP = "http://cas.example/login", true },
		},
		"relative service": {
			func(c *Config) { c.Service = "app.example" }, "cas: Service must be an absolute URL such as https://app.example/callback",
			func(c *Config) { c.Service = "https://app.example" },
		},
		"http service": {
			func(c *Config) { c.Service = "http://app.example/" }, "cas: Service must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)",
			func(c *Config) { c.Service, c.InsecureAllowHTTP = "http://app.example/", true },
		},
		"http service elsewhere": {
			func(c *Config) { c.Service = "http://localhost.example/" }, "cas: Service must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)",
			func(c *Config) { c.Service = "http://localhost/" },
		},
		"script as logout service": {
			func(c *Config) { c.LogoutServices = []string{"javascript://x/%0aalert(1)"} }, "cas: LogoutServices must be an http or https URL",
			func(c *Config) { c.LogoutServices = []string{"https://x/%0aalert(1)"} },
		},
		"unknown logout parameter": {
			func(c *Config) { c.LogoutParam = "next" }, `cas: LogoutParam must be "service" or "url"`,
			func(c *Config) { c.LogoutParam = LogoutURL },
		},
		"unknown format": {
			func(c *Config) { c.ReplyFormat = "json" }, "cas: ReplyFormat must be XML or JSON",
			func(c *Config) { c.ReplyFormat = "JSON" },
		},
		"empty prefix": {
			func(c *Config) { c.TicketPrefixes = []string{"ST-", ""} }, "cas: TicketPrefixes has an empty prefix",
			func(c *Config) { c.TicketPrefixes = []string{"ST-", "T"} },
		},
		"negative lifetime": {
			func(c *Config) { c.LoginLifetime = -1 }, "cas: LoginLifetime is negative",
			func(c *Config) { c.LoginLifetime = 1 },
		},
		"negative lifetime of proxy-granting tickets": {
			func(c *Config) { c.PGTLifetime = -1 }, "cas: PGTLifetime is negative",
			func(c *Config) { c.PGTLifetime = 1 },
		},
		"negative wait": {
			func(c *Config) { c.MaxRetryAfter = -1 }, "cas: MaxRetryAfter is negative: -1ns",
			func(c *Config) { c.MaxRetryAfter = 1 },
		},
		"unknown version": {
			func(c *Config) { c.Version = "3" }, "cas: Version must be 2.0 or 3.0",
			func(c *Config) { c.Version = "3.0" },
		},
		"store without its callback": {
			func(c *Config) { c.PGTs = refusing{} }, "cas: PGTs needs PgtURL",
			func(c *Config) { c.PGTs, c.PgtURL = refusing{}, testPgtURL },
		},
		"empty chain": {
			func(c *Config) { c.ProxyChains = [][]string{{}} }, "cas: ProxyChains has an empty chain or an empty proxy",
			func(c *Config) { c.ProxyChains = [][]string{{"a"}} },
		},
		"empty proxy": {
			func(c *Config) { c.ProxyChains = [][]string{{"a", ""}} }, "cas: ProxyChains has an empty chain or an empty proxy",
			func(c *Config) { c.ProxyChains = [][]string{{"a", "b"}} },
		},
		"negative limit": {
			func(c *Config) { c.MaxNodes = -1 }, "cas: MaxNodes is negative",
			func(c *Config) { c.MaxNodes = 1 },
		},
		"negative reply": {
			func(c *Config) { c.MaxReply = -1 }, "cas: MaxReply is negative: -1",
			func(c *Config) { c.MaxReply = 1 },
		},
		"header of its own": {
			func(c *Config) { c.Header = http.Header{"Cookie": {"a=b"}} }, "cas: Cookie in Header is not allowed: each call sets its own",
			func(c *Config) { c.Header = http.Header{"X-Cookie": {"a=b"}} },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := Config{ServerURL: "https://cas.example/cas"}
			c.change(&cfg)
			_, err := NewClient(cfg)
			require.EqualError(t, err, c.message)
			cfg = Config{ServerURL: "https://cas.example/cas"}
			c.twin(&cfg)
			_, err = NewClient(cfg)
			require.NoError(t, err)
		})
	}
}

func TestEndpointsReplaceTheServersPaths(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t, func(c *Config) {
		c.ServerURL = "https://cas.example/cas//"
		c.Endpoints.Login = "https://login.example/?tenant=1"
	})
	got, err := c.BuildAuthorizeUrl(t.Context(), AuthorizeOptions{Service: "https://app.example/"})
	require.NoError(t, err)
	assert.Equal(t, "https://login.example/?tenant=1&service=https%3A%2F%2Fapp.example%2F", got)
	got, err = c.BuildLogoutUrl(t.Context(), LogoutOptions{})
	require.NoError(t, err)
	assert.Equal(t, "https://cas.example/cas/logout", got)
}

func TestMissingEndpointsAreNamed(t *testing.T) {
	t.Parallel()
	c, err := NewClient(Config{Service: testService})
	require.NoError(t, err)
	_, err = c.BuildAuthorizeUrl(t.Context(), AuthorizeOptions{})
	assert.EqualError(t, err, "cas: neither ServerURL nor Endpoints.Login is set: unsupported operation")
	_, err = c.BuildLogoutUrl(t.Context(), LogoutOptions{})
	assert.EqualError(t, err, "cas: neither ServerURL nor Endpoints.Logout is set: unsupported operation")
	_, err = c.ValidateTicketV1(t.Context(), testTicket, "")
	assert.EqualError(t, err, "cas: neither ServerURL nor Endpoints.Validate is set: unsupported operation")
	_, err = c.ValidateTicketV2(t.Context(), testTicket, "")
	assert.EqualError(t, err, "cas: neither ServerURL nor Endpoints.ServiceValidate is set: unsupported operation")
	_, err = c.ValidateTicketV3(t.Context(), testTicket, "")
	assert.EqualError(t, err, "cas: neither ServerURL nor Endpoints.P3ServiceValidate is set: unsupported operation")
	assert.ErrorIs(t, err, errors.ErrUnsupported)
}

func TestConfigIsCopied(t *testing.T) {
	t.Parallel()
	chains := [][]string{{"https://a.example/pgt"}}
	c, _ := replying(t, proxied("https://b.example/pgt"), func(c *Config) { c.ProxyChains = chains })
	chains[0][0] = "https://b.example/pgt"
	_, err := c.ValidateProxyTicket(t.Context(), "PT-1", testService)
	require.ErrorIs(t, err, CheckProxies)
}

func TestHeaderIsSentWithEveryRequest(t *testing.T) {
	t.Parallel()
	seen := ""
	c, mock := newClient(t, func(c *Config) { c.Header = http.Header{"X-App": {"1"}} })
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		seen = r.Header.Get("X-App")
		return nil, errors.New("gone")
	})
	_, err := c.ValidateTicketV1(t.Context(), testTicket, testService)
	require.Error(t, err)
	assert.Equal(t, "1", seen)
}

// The server in an identity is its address or, without one, the address where it validates.
func TestServerURL(t *testing.T) {
	t.Parallel()
	for _, known := range []struct {
		want      string
		configure func(*Config)
	}{
		{"https://cas.example/cas", func(*Config) {}},
		{"https://cas.example/cas", func(c *Config) { c.Endpoints.P3ServiceValidate = "https://cas.example/v3" }},
		{"https://cas.example/v3", func(c *Config) { c.ServerURL, c.Endpoints.P3ServiceValidate = "", "https://cas.example/v3" }},
		{"https://cas.example/v2", func(c *Config) {
			c.ServerURL, c.Version, c.Endpoints.ServiceValidate = "", V2, "https://cas.example/v2"
		}},
	} {
		c, _ := newClient(t, known.configure)
		assert.Equal(t, known.want, c.ServerURL())
	}
	shared, _ := newClient(t, func(c *Config) { c.AllowSharedService = true })
	own, _ := newClient(t)
	assert.True(t, shared.SharedService())
	assert.False(t, own.SharedService())
}

// The same rule holds for the service of one call.
func TestServiceOfOneCall(t *testing.T) {
	t.Parallel()
	strict, _ := newClient(t)
	lax, _ := newClient(t, func(c *Config) { c.InsecureAllowHTTP = true })
	ask := AuthorizeOptions{Service: "http://app.example/"}
	const want = "cas: Service must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)"
	_, err := strict.BeginLogin(t.Context(), ask)
	require.EqualError(t, err, want)
	_, err = strict.BuildAuthorizeUrl(t.Context(), ask)
	require.EqualError(t, err, want)
	_, err = lax.BeginLogin(t.Context(), ask)
	require.NoError(t, err, "the accepted twins")
	_, err = strict.BeginLogin(t.Context(), AuthorizeOptions{Service: "http://127.0.0.1:8080/"})
	require.NoError(t, err)
}
