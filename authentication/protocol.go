package authentication

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Protocol makes the flow of an application. OIDC, OAuth, SAML and CAS are built in; a type of your own
// with these two methods is a protocol too.
type Protocol interface {
	// Name is the protocol's name in errors, Logins and Identities.
	Name() string
	// NewFlow makes the flow. It must send nothing. The options have their defaults set, their Endpoints are absolute
	// URLs, and all requests must use their HTTPClient, which is never nil.
	NewFlow(Options) (Flow, error)
}

// Flow builds a protocol's links. Each method begins with Only, so that an option that the protocol
// does not know is an error. Flows are safe for concurrent use.
type Flow interface {
	// BuildAuthorizeUrl returns the address where the user logs in.
	BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (string, error)
	// BuildLogoutUrl returns the address where the user logs out. A protocol without one returns an error
	// that wraps errors.ErrUnsupported.
	BuildLogoutUrl(ctx context.Context, o LogoutOptions) (string, error)
}

// LoginFlow is a Flow that completes logins.
type LoginFlow interface {
	Flow
	// BeginLogin makes a Login whose Key is unguessable and comes back with the browser.
	BeginLogin(ctx context.Context, o AuthorizeOptions) (*Login, error)
	// LoginKey returns the Key in a callback, empty when there is none. It reads the query, or the form when the
	// request is a POST, and leaves the body unread.
	LoginKey(r *http.Request) string
	// CompleteLogin checks the callback against the login. Its own refusals are wrapped in ErrRefused, and a refusal
	// of the user by the server in ErrDenied. A fault that only the operator of the application can correct may be
	// wrapped in ErrMisconfigured.
	CompleteLogin(ctx context.Context, l *Login, r *http.Request) (*Identity, error)
}

// TokenFlow is a Flow with calls for OAuth tokens. *oauth.Client and *oidc.Client have these methods.
type TokenFlow interface {
	GetAccessTokenByCode(ctx context.Context, code string, opts ...oauth.CodeOptions) (*oauth.Token, error)
	GetNewAccessTokenByRefreshToken(ctx context.Context, refreshToken string, opts ...oauth.RefreshOptions) (*oauth.Token, error)
	GetAccessTokenByGrant(ctx context.Context, grantType string, params url.Values) (*oauth.Token, error)
	GetUserInfoByAccessToken(ctx context.Context, accessToken string, opts ...oauth.UserInfoOptions) (*oauth.UserInfo, error)
	IntrospectToken(ctx context.Context, token string, opts ...oauth.TokenOptions) (*oauth.Introspection, error)
	RevokeToken(ctx context.Context, token string, opts ...oauth.TokenOptions) error
}

// RefreshFlow is a Flow that renews an Identity without the user. The result is the same user's.
type RefreshFlow interface {
	// Refresh returns an Identity with new tokens, and does not change id. Simultaneous callers share one call, whose
	// context does not end with theirs. When it fails after the server gave new tokens, it returns a *RefreshError.
	Refresh(ctx context.Context, id *Identity) (*Identity, error)
}

// ParseProtocol returns the built-in protocol with this name, for configuration: oidc, oauth, saml or cas.
func ParseProtocol(name string) (Protocol, error) {
	for _, p := range []Protocol{OIDC{}, OAuth{}, SAML{}, CAS{}} {
		if p.Name() == name {
			return p, nil
		}
	}
	return nil, fmt.Errorf("authentication: unknown protocol %s, want oidc, oauth, saml or cas", httpcore.Quote(name))
}
