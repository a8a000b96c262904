// Package web carries logins through net/http: it keeps a Login in the browser that began it, and answers errors with
// a page.
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
// Each pending login is a cookie of its own, encrypted, so that two tabs can log in at once. A login leaves its
// cookie at the first callback, whatever comes of it. Afterwards give the browser a new session identifier, or
// whoever planted the old one is logged in too.
//
// Several instances need the same Keys, and a Replay in the client's options that they share. OnLost tells the log
// why a login was lost. A callback by POST (form_post, SAML) comes from the server's site: behind an
// http.CrossOriginProtection its address needs AddInsecureBypassPattern; see the example.
//
// # Logouts
//
// A logout that begins here goes with SendLogout and comes back, where the server answers, to TakeLogout and
// CompleteLogout: LogoutKey tells such an answer from a logout that the server began. That one goes to ReceiveLogout
// and, after every session has ended of which notice.Ends is true, to AnswerLogout.
//
// # Behind a proxy
//
// Cookies are Secure and have the __Host- prefix, against plants of the network and of other subdomains, but at
// http://localhost, http://127.0.0.1 or http://[::1] without a proxy. A proxy that ends TLS should send
// X-Forwarded-Proto: https, or Forwarded with proto=https (RFC 7239); of a list the first element counts.
package web
