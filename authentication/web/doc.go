// Package web does logins with net/http: it keeps a Login in the browser that began it, and answers errors with a
// page.
//
//	var pending web.Pending
//
//	http.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
//		login, err := client.BeginLogin(r.Context(), authentication.AuthorizeOptions{})
//		if err == nil {
//			err = pending.Send(w, r, login)
//		}
//		if err != nil {
//			log.Print("login: ", err) // the page does not show the reason
//			web.Error(w, r, err)
//		}
//	})
//	http.HandleFunc("/auth/callback", func(w http.ResponseWriter, r *http.Request) {
//		login := pending.Take(w, r, client.LoginKey(r))
//		id, err := client.CompleteLogin(r.Context(), login, r) // a nil login is refused
//		if err != nil {
//			log.Print("callback: ", err)
//			web.Error(w, r, err)
//			return
//		}
//		// start a new session for id.Key() here
//	})
//
// Each pending login is an encrypted cookie of its own, so that two tabs can log in at once. The first callback
// deletes the cookie, whatever the result. After the login give the browser a new session identifier; otherwise an
// attacker who planted the old one is logged in too.
//
// Several instances need the same Keys, and a shared Replay in the client's options. Log in OnLost why a login was
// lost. A callback by POST (form_post, SAML) comes from the server's site: with an http.CrossOriginProtection its
// address needs AddInsecureBypassPattern; see the example.
//
// # Logouts
//
// For a logout that begins here call SendLogout. When the server's response comes back, call TakeLogout and
// CompleteLogout. LogoutKey is empty for a logout that the server began: then call ReceiveLogout, end every session
// for which notice.Ends is true, and call AnswerLogout.
//
// Of such a logout the server may tell without a browser (notice.BackChannel; OpenID Connect by a logout token, SAML by
// SOAP, CAS): no cookie comes with it, and with several instances it reaches one of them. So keep sessions where all instances find them, each with the
// Identity that it began with.
//
// # APIs
//
// RequireToken admits requests that carry an access token; CallerOf tells whose it is. JWT, Introspection and Authing
// verify tokens. TokenGuard has the settings: a recent login (Freshness), and the metadata by which clients find the
// authorization server (NewResource).
//
//	mux.Handle("/orders/", web.RequireToken(web.JWT(client, oidc.AccessTokenExpect{Audience: "https://api.example"}), "orders:read")(orders))
//
// # Behind a proxy
//
// Cookies are Secure and have the __Host- prefix, so that an attacker on the network or on another subdomain cannot
// plant them. The exception is http://localhost, http://127.0.0.1 or http://[::1] without a proxy. A proxy that ends
// TLS should send X-Forwarded-Proto: https, or Forwarded with proto=https (RFC 7239). The first element of a list
// counts.
package web
