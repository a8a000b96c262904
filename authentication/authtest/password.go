package authtest

import (
	"net/http"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// exchangePassword is the password grant (RFC 6749 §4.3): with OpenID Connect by
// username, email or phone, exactly one; with OAuth by username alone.
func (s *Server) exchangePassword(r *http.Request, p protocol) (map[string]any, *failure) {
	// Authing's page prints the application's credentials in the body, whatever method was chosen.
	allowed := s.TokenAuth
	if allowed == authBasic {
		allowed = ""
	}
	if _, failed := s.authenticate(r, allowed); failed != nil {
		return nil, failed
	}
	form := r.PostForm
	user, given := (*idptest.User)(nil), 0
	names := []string{"username", "email", "phone"}
	if p == oauth {
		names = names[:1]
	}
	for _, name := range names {
		if value := form.Get(name); value != "" {
			given++
			user = s.realm.Find(func(u *idptest.User) bool {
				return value == map[string]string{"username": u.Username, "email": u.Email, "phone": u.Phone}[name]
			})
		}
	}
	if given != 1 {
		return nil, invalidRequest("exactly one account name must be provided")
	}
	if !user.Check(form.Get("password")) {
		description := "invalid credentials provided"
		if p == oauth {
			description = "Invalid grant: user credentials are invalid"
		}
		return nil, &failure{http.StatusBadRequest, "invalid_grant", description}
	}
	scopes := []string{"user"}
	if p == oidc {
		scopes = slices.DeleteFunc(words(either(form.Get("scope"), "openid profile")), func(scope string) bool {
			return !slices.Contains(s.knownScopes(), scope)
		})
	}
	g := &grant{protocol: p, issuer: s.issuer(r, p), client: s.appID(), user: user, scopes: scopes,
		offline: p == oauth || slices.Contains(scopes, "offline_access")}
	var refresh *token
	if g.offline {
		refresh = s.issueRefresh(g)
	}
	return s.tokens(g, scopes, "", refresh)
}
