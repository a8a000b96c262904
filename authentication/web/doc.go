// Package web logs users of a net/http application in and out, keeps their sessions, and guards handlers, by any flow of
// package authentication:
//
//	site, err := web.New(web.Config{BaseURL: "https://app.example.com", Flow: client})
//	http.ListenAndServe(":3000", site.RequireLogin(mux)) // Identity(r.Context()) is the user
//
// Guards are RequireLogin, LoadLogin for pages that everybody sees, RequireFresh for a recent or strong login, and Admit
// for routers whose middleware is no http.Handler. The Site serves its own addresses below /auth: login, callback,
// logout, those of the server's logouts, and session, the user as JSON. Token is the user's access token, refreshed in
// time, and Transport sends it to one API.
//
// Sessions are in memory. Several instances share a Store (each store of github.com/alexedwards/scs/v2 is one), Keys, and
// a Replay in the client's options. InCookies needs no store. Package webtest signs a user in, for tests.
//
// # Errors
//
// Users see a page (ErrorPage) or problem details (Problem): 401 for what was refused, 403 for what the server or OnLogin
// denied, 500 for a mistake of the application (authentication.ErrMisconfigured), and 503 when a server or the store gave
// no answer. OnEvent gets the cause, without secrets.
//
// # Where a Site stands
//
// BaseURL alone decides addresses and cookies: a proxy such as nginx needs no X-Forwarded headers. It may have a path,
// which a proxy, StripPrefix or a router may take away or leave. An address that is not exactly one of the Site's is 404,
// and reaches no handler. Requests of other sites that could change something are refused (CrossOrigin). Cookies are
// Secure and have the prefix __Host-, except on plain http.
//
// # APIs
//
// RequireToken admits requests that carry an access token; CallerOf tells whose it is. JWT, Introspection and Authing
// verify tokens. TokenGuard has the settings: a recent login (Freshness), proofs of the key that a token is bound to (NewDPoP,
// and client certificates), and the metadata by which clients find the authorization server (NewResource).
//
// # Your own sessions
//
// Pending is the low level, for applications that have sessions already. Send begins a login in a sealed cookie of its own,
// Take finds it at the callback, Error answers; see the Examples of Pending. Afterwards give the browser a new session
// identifier: otherwise an attacker who planted the old one is logged in too. SendLogout, TakeLogout and AnswerLogout are
// for logouts; a server's logout may come without a browser (notice.BackChannel), so keep sessions where all instances
// find them, each with its Identity.
//
// A Pending goes by the request: without TLS, and except on loopback, a proxy must send X-Forwarded-Proto: https, or
// Forwarded with proto=https (RFC 7239); the first element of a list counts.
package web
