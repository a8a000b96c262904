package cas_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

// proxying is a server that sends a proxy-granting ticket to the callback before it replies.
func proxying(callback func() http.Handler) http.RoundTripper {
	server := httpmock.NewMockTransport()
	server.RegisterResponder("GET", "https://cas.example/cas/p3/serviceValidate", func(*http.Request) (*http.Response, error) {
		callback().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/pgt?pgtId=PGT-1-x&pgtIou=PGTIOU-1-y", nil))
		return httpmock.NewStringResponse(200, `{"serviceResponse":{"authenticationSuccess":{"user":"alice","proxyGrantingTicket":"PGTIOU-1-y"}}}`), nil
	})
	server.RegisterResponder("GET", "https://cas.example/cas/proxy",
		httpmock.NewStringResponder(200, `{"serviceResponse":{"proxySuccess":{"proxyTicket":"PT-1-z"}}}`))
	return server
}

func ExampleClient_GetProxyTicket() {
	var c *cas.Client
	c, err := cas.NewClient(cas.Config{
		ServerURL: "https://cas.example/cas", Service: "https://app.example/callback", PgtURL: "https://app.example/pgt",
		HTTPClient: &http.Client{Transport: proxying(func() http.Handler { return c.PGTCallback() })},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// http.Handle("/pgt", c.PGTCallback())
	ctx := context.Background()
	reply, err := c.ValidateTicketV3(ctx, "ST-1-aA5Yuvrxzpv8Tau1cYQ7", "")
	if err != nil || reply.Success == nil {
		fmt.Println("not logged in:", err)
		return
	}
	fmt.Println(c.GetProxyTicket(ctx, reply.Success.ProxyGrantingTicket, "https://mail.example/"))
	// Output: PT-1-z <nil>
}

func ExampleClient_PGTCallback() {
	c, err := cas.NewClient(cas.Config{ServerURL: "https://cas.example/cas", PgtURL: "https://app.example/pgt"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, query := range []string{"", "?pgtId=PGT-1-x&pgtIou=PGTIOU-1-y", "?pgtId=PGT-1-x"} {
		w := httptest.NewRecorder()
		c.PGTCallback().ServeHTTP(w, httptest.NewRequest("GET", "/pgt"+query, nil))
		fmt.Println(w.Code)
	}
	// Output:
	// 200
	// 200
	// 400
}

func ExampleClient_ValidateProxyTicket() {
	reply := `{"serviceResponse":{"authenticationSuccess":{"user":"alice","proxies":["https://portal.example/pgt"]}}}`
	for _, chain := range []string{"https://portal.example/pgt", "https://other.example/pgt"} {
		mail, err := cas.NewClient(cas.Config{
			ServerURL: "https://cas.example/cas", Service: "https://mail.example/", ProxyChains: [][]string{{chain}},
			HTTPClient: &http.Client{Transport: answer(reply)},
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		got, err := mail.ValidateProxyTicket(context.Background(), "PT-1-z", "")
		if err != nil {
			fmt.Println(errors.Is(err, cas.CheckProxies), err)
			continue
		}
		fmt.Println(got.Success.User, got.Success.Proxies)
	}
	// Output:
	// alice [https://portal.example/pgt]
	// true cas: refused the reply (proxies): the ticket came through 1 proxies, which are not a chain of ProxyChains, ProxyChainPrefixes or ProxyChainPatterns
}
