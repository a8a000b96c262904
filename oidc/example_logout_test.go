package oidc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// sessions are those of an application, kept on the server, where a logout finds them without a cookie.
type sessions struct {
	sync.Mutex
	all []*oidc.IDToken
}

func (s *sessions) end(q *oidc.LogoutRequest) error {
	s.Lock()
	defer s.Unlock()
	left := s.all[:0]
	for _, id := range s.all {
		if q.Ends(id) {
			fmt.Println("ended:", id.Email)
		} else {
			left = append(left, id)
		}
	}
	s.all = left
	return nil
}

// The server ends a session, and posts a logout token to the application's address for it. The same handler serves the
// front channel.
func ExampleClient_ReceiveLogout() {
	var client *oidc.Client
	kept := &sessions{}
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, err := client.ReceiveLogout(r.Context(), r)
		if err == nil {
			err = kept.end(q) // when this fails, the server may send the same token again
		}
		if err := oidc.AnswerLogout(r.Context(), w, q, err); err != nil {
			log.Print("logout: ", err)
		}
	}))
	defer app.Close()
	provider := &oidctest.Server{
		Realm: &idptest.Realm{HTTPClient: app.Client()}, BackChannelLogoutURI: app.URL + "/backchannel", BackChannelLogoutSessionRequired: true,
	}
	server := httptest.NewServer(provider)
	defer server.Close()
	client, err := oidc.NewClient(oidc.Config{
		Issuer: server.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, HTTPClient: server.Client(),
		RedirectURI: "http://localhost:3000/callback",
	})
	if err != nil {
		log.Fatal(err)
	}
	kept.all = append(kept.all, loggedIn(provider, client).IDToken)
	if _, err := provider.EndSessions(context.Background(), idptest.Username); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(kept.all))
	// Output:
	// ended: alice@example.com
	// 0
}

// A handler that gets the token in another way, such as from a queue.
func ExampleClient_VerifyLogoutToken() {
	_, client := visit()
	_, err := client.VerifyLogoutToken(context.Background(), "e30.e30.e30", func(_ context.Context, q *oidc.LogoutRequest) error {
		return new(sessions).end(q)
	})
	fmt.Println(errors.Is(err, oidc.CheckFormat))
	// Output: true
}

func ExampleLogoutRequest_Ends() {
	q := &oidc.LogoutRequest{Issuer: "https://id.example", SessionIDs: []string{"s-1"}}
	for _, session := range []string{"s-1", "s-2"} {
		fmt.Println(session, q.Ends(&oidc.IDToken{Issuer: "https://id.example", Subject: "ada", SessionID: session}))
	}
	// Output:
	// s-1 true
	// s-2 false
}

// A request of the front channel is not signed, and nothing is used up. Whoever answers without AnswerLogout calls
// Confirm after the sessions have ended.
func ExampleLogoutRequest_Confirm() {
	_, client := visit()
	r := httptest.NewRequest(http.MethodGet, "https://app.example/frontchannel?iss=https://id.example&sid=s-1", nil)
	q, err := client.ReceiveLogout(context.Background(), r)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(q.Unsigned, q.SessionIDs, q.Confirm(context.Background()))
	// Output: true [s-1] <nil>
}

// A logout that begins at the application, whose own session has ended already.
func ExampleClient_BeginLogout() {
	ctx := context.Background()
	server, client := visit()
	result := loggedIn(server, client)
	logout, err := client.BeginLogout(ctx, oidc.LogoutOptions{
		IDTokenHint: result.IDToken.Raw(), PostLogoutRedirectURI: "http://localhost:3000/bye",
	})
	if err != nil {
		log.Fatal(err)
	}
	stored, err := json.Marshal(logout) // seal it into a cookie, and redirect the browser to logout.URL
	if err != nil {
		log.Fatal(err)
	}

	browser, err := server.Browser("")
	if err != nil {
		log.Fatal(err)
	}
	r, err := browser.Open(ctx, logout.URL, nil) // the browser comes back
	if err != nil {
		log.Fatal(err)
	}

	var begun oidc.Logout
	if err := json.Unmarshal(stored, &begun); err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.URL.Path, client.CompleteLogout(ctx, &begun, r))
	// Output: /bye <nil>
}
