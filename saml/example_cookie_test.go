package saml_test

import (
	"context"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// loginCookie seals a login into a cookie of its own, so that two tabs can log in at once.
func loginCookie(aead cipher.AEAD, login saml.Login) (*http.Cookie, error) {
	login.URL, login.Form = "", nil // the browser has them; with Form it would pass 4096 bytes, which browsers drop
	data, err := json.Marshal(login)
	if err != nil {
		return nil, err
	}
	name := "__Host-saml-" + login.Key
	return &http.Cookie{
		Name: name, Value: base64.RawURLEncoding.EncodeToString(aead.Seal(nil, nil, data, []byte(name))),
		Path: "/", MaxAge: 3600, Secure: true, HttpOnly: true,
		SameSite: http.SameSiteNoneMode, // the response is a POST from another site
	}, nil
}

// takeLogin returns the login that r answers, and nil when this browser has none; CompleteLogin refuses that.
func takeLogin(aead cipher.AEAD, w http.ResponseWriter, r *http.Request) *saml.Login {
	cookie, err := r.Cookie("__Host-saml-" + saml.LoginKey(r))
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: cookie.Name, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode})
	sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return nil
	}
	data, err := aead.Open(nil, nil, sealed, []byte(cookie.Name))
	if err != nil {
		return nil
	}
	login := &saml.Login{}
	if json.Unmarshal(data, login) != nil {
		return nil
	}
	return login
}

// A Login kept in the browser by package net/http alone. Package authentication/web does the same for
// authentication.FromSAML.
func ExampleLogin() {
	ctx, aead := context.Background(), exampleAEAD() // cipher.NewGCMWithRandomNonce, with 32 random bytes that all instances share
	c, err := newSP()
	if err != nil {
		fmt.Println(err)
		return
	}

	// http.HandleFunc("GET /login", ...)
	login, err := c.BeginLogin(ctx, saml.AuthorizeOptions{Binding: saml.BindingPOST})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	cookie, err := loginCookie(aead, *login)
	if err != nil {
		fmt.Println(err)
		return
	}
	http.SetCookie(w, cookie)
	if err := saml.Send(w, login.URL, login.Form); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Code, len(cookie.String()) < 1000)

	// http.HandleFunc("POST /saml/acs", ...)
	r := answerTo(login).request()
	r.AddCookie(cookie)
	w = httptest.NewRecorder()
	user, err := c.CompleteLogin(ctx, takeLogin(aead, w, r), r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(user.NameID.Value)
	// Output:
	// 200 true
	// ada@example.com
}
