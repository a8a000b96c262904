package oidctest

import (
	"net/http"
	"net/url"
	"strings"
)

// The methods by which an application authenticates (OpenID Connect Core §9, RFC 8705 §2).
const (
	authPost       = "client_secret_post"
	authBasic      = "client_secret_basic"
	authNone       = "none"
	authSecretJWT  = "client_secret_jwt"
	authKeyJWT     = "private_key_jwt"
	authTLS        = "tls_client_auth"
	authSelfSigned = "self_signed_tls_client_auth"
)

func authMethods() []string {
	return []string{authPost, authBasic, authNone, authSecretJWT, authKeyJWT, authTLS, authSelfSigned}
}

// credentials are what a request says of its client.
type credentials struct {
	method     string
	id, secret string
	assertion  string
	client     *client // who that is
}

// readCredentials reads Basic, form-decoded (RFC 6749 §2.3.1), or the body.
func readCredentials(r *http.Request) (credentials, *failure) {
	var c credentials
	form := r.PostForm
	c.id, c.secret, c.assertion = form.Get("client_id"), form.Get("client_secret"), form.Get("client_assertion")
	given := 0
	for _, present := range []bool{r.Header.Get("Authorization") != "", form.Has("client_secret"), form.Has("client_assertion")} {
		if present {
			given++
		}
	}
	if given > 1 { // RFC 6749 §2.3
		return c, invalidRequest("client authentication must only be provided using one mechanism")
	}
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
		// The ID alone is no second credential.
		if form.Has("client_id") && c.id != id {
			return c, invalidRequest("client authentication must only be provided using one mechanism")
		}
		return credentials{method: authBasic, id: id, secret: secret}, nil
	case form.Has("client_assertion"):
		return readAssertion(c, form.Get("client_assertion_type"))
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

// readAssertion says whose assertion it is (RFC 7521 §4.2): client_id may be missing.
func readAssertion(c credentials, kind string) (credentials, *failure) {
	header, claims, ok := parseJWT(c.assertion)
	subject, _ := claims["sub"].(string)
	switch {
	case kind != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
		return c, invalidRequest("client_assertion_type is not supported")
	case !ok || subject == "":
		return c, invalidClient("the client_assertion is not a JWT with a sub")
	case c.id != "" && c.id != subject:
		return c, invalidClient("client_id is not the sub of the client_assertion")
	}
	c.id, c.method = subject, authKeyJWT
	if alg, _ := header["alg"].(string); strings.HasPrefix(alg, "HS") {
		c.method = authSecretJWT
	}
	return c, nil
}
