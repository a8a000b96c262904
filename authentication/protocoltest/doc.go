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
// The server of the walk must refuse what a real one refuses, most of all a code that was used.
//
// # What is tested
//
//   - The name is one word and stays the same. NewFlow sends nothing.
//   - Every option is refused with its name or used in the link; an option that is added to this module later is
//     refused too. Flow methods call Only for this; its error is ErrMisconfigured.
//   - Links are absolute, and contain no secret.
//   - Keys are unguessable and come back with the browser. LoginKey does not change the request.
//   - A Login can be stored as JSON, without URL and Form, and any instance of the application can complete it.
//   - CompleteLogin refuses, with ErrRefused, a callback of another Login, and completes no Login twice.
//   - A callback with a repeated parameter is refused: a program that reads the first value and one that reads the last
//     would log in different users.
//   - When the server gives no answer, the error is not ErrRefused, ErrDenied or ErrMisconfigured. A fault that only
//     the operator of the application can correct, such as a wrong secret, may be ErrMisconfigured.
//   - A redirect is an error and is not followed; a reply over the limit is an error. Options.HTTPClient does
//     both.
//   - No error and no printed value contains a secret, also when the server repeats it.
//   - Logins that run at the same time do not disturb each other.
package protocoltest
