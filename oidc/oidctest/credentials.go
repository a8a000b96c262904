package oidctest

import (
	"net/http"
	"net/url"
)

// The methods by which an application authenticates (OpenID Connect Core §9).
const (
	authPost  = "client_secret_post"
	authBasic = "client_secret_basic"
	authNone  = "none"
)

func authMethods() []string { return []string{authPost, authBasic, authNone} }

// credentials are what a request says of its client.
type credentials struct {
	method     string
	id, secret string
}

// readCredentials reads Basic, form-decoded (RFC 6749 §2.3.1), or the body.
func readCredentials(r *http.Request) (credentials, *failure) {
	var c credentials
	form := r.PostForm
	c.id, c.secret = form.Get("client_id"), form.Get("client_secret")
	switch {
	case r.Header.Get("Authorization") != "":
		id, secret, ok := r.BasicAuth()
		if !ok {
			return c, invalidClient("the Authorization header is not Basic")
		}
		id, errID := url.QueryUnescape(id)
		secret, errSecret := url.QueryUnescape(secret)
		if errID != nil || errSecret != nil {
			return c, invalidClient("the Basic credentials are not form-encoded")
		}
		// A second credential is a second method (RFC 6749 §2.3); the ID alone is not.
		if form.Has("client_secret") || form.Has("client_id") && c.id != id {
			return c, invalidRequest("client authentication must only be provided using one mechanism")
		}
		return credentials{authBasic, id, secret}, nil
	case form.Has("client_secret"):
		c.method = authPost
	default:
		c.method = authNone
	}
	if c.id == "" {
		return c, invalidRequest("no client authentication mechanism provided")
	}
	return c, nil
}
