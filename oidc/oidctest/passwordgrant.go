package oidctest

import (
	"net/http"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// accountNames are the parameters that can name an account.
func accountNames() []string { return []string{"username", "email", "phone"} }

// exchangePassword is the password grant (RFC 6749 §4.3).
func (s *Server) exchangePassword(r *http.Request) (map[string]any, *failure) {
	allowed := s.TokenAuth
	if c, _ := readCredentials(r); s.PasswordAuth != "" && c.method == s.PasswordAuth && allowed != "" {
		allowed = s.PasswordAuth
	}
	c, failed := s.authenticate(r, allowed)
	if failed != nil {
		return nil, failed
	}
	user, failed := s.account(r)
	if failed != nil {
		return nil, failed
	}
	if !user.Check(r.PostForm.Get("password")) {
		description := "invalid credentials provided"
		if s.OAuth {
			description = "Invalid grant: user credentials are invalid"
		}
		return nil, &failure{http.StatusBadRequest, "invalid_grant", description}
	}
	scopes, _ := split(words(either(r.PostForm.Get("scope"), "openid profile")), s.scopes())
	if s.OAuth && len(scopes) == 0 { // RFC 6749 §3.3: the server may have a default
		scopes = s.scopes()
	}
	g := &grant{issuer: s.issuer(r), client: c.id, app: c.client, user: user, scopes: scopes, login: s.realm.Time(),
		offline: s.OAuth || slices.Contains(scopes, "offline_access")}
	var refresh *token
	if g.offline {
		refresh = s.issueRefresh(g)
	}
	return s.tokens(r, g, scopes, "", refresh)
}

// account is the account that the request names, once; nil is one that does not exist.
func (s *Server) account(r *http.Request) (*idptest.User, *failure) {
	var user *idptest.User
	given, names := 0, s.PasswordNames
	if len(names) == 0 {
		names = accountNames()[:1]
	}
	for _, name := range names {
		if value := r.PostForm.Get(name); value != "" {
			given++
			user = s.realm.Find(func(u *idptest.User) bool {
				return value == map[string]string{"username": u.Username, "email": u.Email, "phone": u.Phone}[name]
			})
		}
	}
	if given != 1 {
		return nil, invalidRequest("exactly one account name must be provided")
	}
	return user, nil
}
