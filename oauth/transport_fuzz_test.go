package oauth_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// For any address, the token goes to one origin, whose spellings are listed here.
func FuzzTransport(f *testing.F) {
	for _, target := range []string{
		"https://api.example/", "https://API.EXAMPLE:443/a?b#c", "https://api.example:0443/", "https://api.example.:443", "http://api.example:443",
		"https://api.example@evil.example/", "https://evil.example\\@api.example/", "//api.example", "https:api.example", "https://[::1]:443/",
		"https://api.example:/", "https://api%2eexample/", "https://ap\u0131.example/",
	} {
		f.Add(target, "")
		f.Add(target, "api.example")
		f.Add("https://api.example/", target)
	}
	f.Fuzz(func(t *testing.T, target, host string) {
		u, err := url.Parse(target)
		if err != nil {
			return
		}
		sent := false
		transport := &oauth.Transport{Source: fixed("AT", 0), Origin: "https://api.example", Base: roundTrip(func(r *http.Request) (*http.Response, error) {
			sent = true
			return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
		})}
		_, err = transport.RoundTrip(&http.Request{Method: http.MethodGet, URL: u, Host: host})
		require.Equal(t, err == nil, sent)
		if !sent {
			return
		}
		spelt := func(host string) bool {
			small := []byte(host)
			for i, c := range small {
				if 'A' <= c && c <= 'Z' {
					small[i] = c | 0x20
				}
			}
			return slices.Contains([]string{"api.example", "api.example:", "api.example:443"}, string(small))
		}
		require.Equal(t, "https", u.Scheme)
		require.True(t, spelt(u.Host), u.Host)
		require.True(t, host == "" || spelt(host), host)
	})
}
