// Package web carries logins through net/http: it keeps a Login in the browser that began it, and
// answers errors with a page.
//
//	var pending web.Pending
//
//	http.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
//		login, err := client.BeginLogin(r.Context(), authentication.AuthorizeOptions{})
//		if err == nil {
//			err = pending.Send(w, r, login)
//		}
//		web.Error(w, r, err)
//	})
//	http.HandleFunc("/auth/callback", func(w http.ResponseWriter, r *http.Request) {
//		login := pending.Take(w, r, client.LoginKey(r))
//		id, err := client.CompleteLogin(r.Context(), login, r) // a nil login is refused
//		if err != nil {
//			web.Error(w, r, err)
//			return
//		}
//		// start a new session for id.Key() here
//	})
//
// Each pending login is a cookie of its own, encrypted, so that two tabs can log in at once. A login
// leaves its cookie at the first callback, whatever comes of it. Afterwards give the browser a new session
// identifier, or whoever planted the old one is logged in too.
//
// # Logouts
//
// A logout that begins here goes with SendLogout and comes back, where the server answers, to TakeLogout. One
// that the server began is answered with AnswerLogout.
//
//	if key := client.LogoutKey(r); key != "" {
//		return client.CompleteLogout(r.Context(), pending.TakeLogout(w, r, key), r) // then send the browser home
//	}
//	notice, err := client.ReceiveLogout(r.Context(), r)
//	if err != nil {
//		return err
//	}
//	return web.AnswerLogout(w, r, notice) // after the sessions have ended of which notice.Ends is true
//
// # Behind a proxy
//
// Cookies are Secure and have the __Host- prefix, against plants of the network and of other subdomains, but
// at http://localhost, http://127.0.0.1 or http://[::1] without a proxy. A proxy that ends TLS should send
// X-Forwarded-Proto: https, or Forwarded with proto=https (RFC 7239); logins that come back by POST need it. Behind
// several proxies the first element of the list counts.
package web
