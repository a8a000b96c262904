// Package protocoltest is the contract of authentication.Protocol as a test. A protocol written in any
// module runs it on itself:
//
//	func TestWeChat(t *testing.T) {
//		server := httptest.NewServer(fakeWeChat())
//		defer server.Close()
//		protocoltest.Run(t, WeChat{}, authentication.Options{
//			AppID: "app", Secret: "a long secret", AppHost: server.URL, RedirectURI: "http://localhost:3000/callback",
//		}, func(loginURL string) *http.Request {
//			return signIn(loginURL) // the request that the browser then sends to the callback
//		})
//	}
//
// The server behind the walk must refuse what a real one refuses; above all a code that was used.
//
// # What is asked
//
//   - The name is one word and stays the same. NewFlow does not touch the network.
//   - Every option is refused by its name or seen in the link; one that is added to this module later is
//     refused too. Flow methods get that from Only, whose error is ErrMisconfigured.
//   - Links are absolute, and hold no secret.
//   - Keys are unguessable and come back with the browser. LoginKey leaves the request as it was.
//   - A Login survives JSON, without URL and Form, and any instance of the application can complete it.
//   - CompleteLogin refuses, with ErrRefused, a callback that is not this Login's, and completes none twice.
//   - A callback with a parameter that stands there twice is refused: who reads the first and who reads the last
//     would log in different people.
//   - When the server gives no answer, the error is none of ErrRefused, ErrDenied and ErrMisconfigured. What only
//     who runs the application can mend, such as a wrong secret, may be ErrMisconfigured.
//   - A redirect is no answer and is not followed; a reply without end is none and is not read to it. Flows get both
//     from Options.HTTPClient.
//   - No error and no printed value holds a secret, and what the server echoes is not repeated.
//   - Logins that run at the same time do not disturb each other.
package protocoltest
