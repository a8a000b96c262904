package web_test

import (
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

// Sessions in the browser's cookies need no store, and keys that all instances share. The server's logouts are lost by it,
// which the application has to allow.
func ExampleInCookies() {
	client, err := cas.NewClient(cas.Config{ServerURL: "https://cas.example.com", Service: "https://app.example.com/auth/callback"})
	if err != nil {
		fmt.Println(err)
		return
	}
	config := web.Config{
		BaseURL: "https://app.example.com", Flow: authentication.FromCAS(client),
		Store: web.InCookies, Keys: web.Keys{[]byte("an example of 32 bytes, no secret")[:32]},
	}
	_, err = web.New(config)
	fmt.Println(err)
	config.AllowLostLogouts = true
	_, err = web.New(config)
	fmt.Println(err)
	// Output:
	// web: the server of Config.Flow can log users out, which is lost with InCookies: set another Config.Store, or Config.AllowLostLogouts
	// <nil>
}
