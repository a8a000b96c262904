package authentication

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Endpoints are Authing's addresses. An empty field is Authing's path, which its comment shows. A path is appended to
// AppHost; an absolute URL is used unchanged. {appId} is replaced by the application's ID.
type Endpoints struct {
	Issuer             string // /oidc
	OIDCAuthorize      string // /oidc/auth
	OIDCToken          string // /oidc/token
	OIDCUserInfo       string // /oidc/me
	OIDCIntrospection  string // /oidc/token/introspection
	OIDCRevocation     string // /oidc/token/revocation
	OIDCLogout         string // /oidc/session/end
	JWKS               string // /oidc/.well-known/jwks.json
	ValidateToken      string // /api/v2/oidc/validate_token
	OAuthIssuer        string // /oauth
	OAuthAuthorize     string // /oauth/auth
	OAuthToken         string // /oauth/token
	OAuthUserInfo      string // /oauth/me
	OAuthIntrospection string // /oauth/token/introspection
	OAuthRevocation    string // /oauth/token/revocation
	SAMLLogin          string // /api/v2/saml-idp/{appId}
	SAMLMetadata       string // /api/v2/saml-idp/{appId}/metadata
	CASLogin           string // /cas-idp/{appId}/login
	CASLogout          string // /cas-idp/{appId}/logout
	CASValidate        string // /cas-idp/{appId}/validate
	CASServiceValidate string // /cas-idp/{appId}/serviceValidate
	FrontEndLogout     string // /login/profile/logout
}

func authingPaths() Endpoints {
	return Endpoints{
		Issuer:             "/oidc",
		OIDCAuthorize:      "/oidc/auth",
		OIDCToken:          "/oidc/token",
		OIDCUserInfo:       "/oidc/me",
		OIDCIntrospection:  "/oidc/token/introspection",
		OIDCRevocation:     "/oidc/token/revocation",
		OIDCLogout:         "/oidc/session/end",
		JWKS:               "/oidc/.well-known/jwks.json",
		ValidateToken:      "/api/v2/oidc/validate_token",
		OAuthIssuer:        "/oauth",
		OAuthAuthorize:     "/oauth/auth",
		OAuthToken:         "/oauth/token",
		OAuthUserInfo:      "/oauth/me",
		OAuthIntrospection: "/oauth/token/introspection",
		OAuthRevocation:    "/oauth/token/revocation",
		SAMLLogin:          "/api/v2/saml-idp/{appId}",
		SAMLMetadata:       "/api/v2/saml-idp/{appId}/metadata",
		CASLogin:           "/cas-idp/{appId}/login",
		CASLogout:          "/cas-idp/{appId}/logout",
		CASValidate:        "/cas-idp/{appId}/validate",
		CASServiceValidate: "/cas-idp/{appId}/serviceValidate",
		FrontEndLogout:     "/login/profile/logout",
	}
}

// authingPath returns the path of Authing with which an AppHost ends, "" when there is none. Only Authing's own paths
// count: others, such as /api, may be a path of the deployment.
func authingPath(appHost, appID string) string {
	u, err := url.Parse(appHost)
	if err != nil {
		return ""
	}
	end, paths, longest := u.EscapedPath(), reflect.ValueOf(authingPaths()), ""
	for i := range paths.NumField() {
		path := strings.ReplaceAll(paths.Field(i).String(), "{appId}", url.PathEscape(appID))
		for path = strings.TrimSuffix(path, "/"); !shared(path); path = path[:strings.LastIndexByte(path, '/')] {
			if strings.HasSuffix(end, path) && len(path) > len(longest) {
				longest = path
			}
		}
	}
	if discovery := "/oidc/.well-known/openid-configuration"; strings.HasSuffix(end, discovery) {
		return discovery
	}
	return longest
}

func shared(path string) bool {
	return path == "" || path == "/api" || path == "/api/v2" || path == "/login" || path == "/login/profile"
}

// resolve turns every field into an absolute URL.
func (e *Endpoints) resolve(hc *httpcore.Client, appHost, appID string) error {
	fields, defaults := reflect.ValueOf(e).Elem(), reflect.ValueOf(authingPaths())
	for i := range fields.NumField() {
		name, value := "Endpoints."+fields.Type().Field(i).Name, fields.Field(i).String()
		if value == "" {
			value = defaults.Field(i).String()
		}
		if strings.HasPrefix(value, "/") {
			value = appHost + value
		} else if u, err := url.Parse(value); err != nil || !u.IsAbs() {
			return fmt.Errorf("authentication: %s must be a path that begins with / or an absolute URL", name)
		}
		value = strings.ReplaceAll(value, "{appId}", url.PathEscape(appID))
		if err := hc.CheckURL(name, value); err != nil {
			return fmt.Errorf("authentication: %w", err)
		}
		fields.Field(i).SetString(value)
	}
	return nil
}
