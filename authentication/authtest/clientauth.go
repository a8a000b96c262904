package authtest

import (
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// The methods by which an application authenticates (OpenID Connect Core §9).
const (
	authPost  = "client_secret_post"
	authBasic = "client_secret_basic"
	authNone  = "none"
)

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
			return c, &failure{http.StatusBadRequest, "invalid_request", "client authentication must only be provided using one mechanism"}
		}
		return credentials{authBasic, id, secret}, nil
	case form.Has("client_secret"):
		c.method = authPost
	default:
		c.method = authNone
	}
	if c.id == "" {
		return c, &failure{http.StatusBadRequest, "invalid_request", "no client authentication mechanism provided"}
	}
	return c, nil
}

// authenticate checks that the request comes from the application, by the one
// method allowed or, with none named, by any that fits it.
func (s *Server) authenticate(r *http.Request, allowed string) (credentials, *failure) {
	c, failed := readCredentials(r)
	switch {
	case failed != nil:
		return c, failed
	case c.id != s.appID():
		return c, invalidClient("client authentication failed")
	case allowed != "" && c.method != allowed:
		return c, invalidClient("the client is not allowed this authentication method")
	case c.method == authNone:
		if allowed == authNone || s.AllowPublic {
			return c, nil
		}
		return c, invalidClient("client authentication failed: the secret is missing")
	case !idptest.Same(c.secret, s.secret()):
		return c, invalidClient("client authentication failed")
	}
	return c, nil
}

// failure is an error answered as JSON (RFC 6749 §5.2).
type failure struct {
	status            int
	code, description string
}

func invalidClient(description string) *failure {
	return &failure{http.StatusUnauthorized, "invalid_client", description}
}

func invalidGrant(reason string) *failure {
	return &failure{http.StatusBadRequest, "invalid_grant", "grant request is invalid: " + reason}
}

func invalidRequest(description string) *failure {
	return &failure{http.StatusBadRequest, "invalid_request", description}
}

func (f *failure) write(w http.ResponseWriter, r *http.Request) {
	if f.code == "invalid_client" && r.Header.Get("Authorization") != "" {
		w.Header().Set("WWW-Authenticate", `Basic realm="`+r.Host+`"`)
	}
	writeJSON(w, f.status, map[string]any{"error": f.code, "error_description": f.description})
}
