package authentication

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// appAuth authenticates by a built-in method; its errors name AppID and Secret. Unlike oauth.None it allows a secret:
// Authing's secret is also the key of ID tokens, when the application does not send it.
type appAuth struct {
	field  string
	method oauth.AuthMethod
}

// Authenticate implements oauth.ClientAuth.
func (a appAuth) Authenticate(ctx context.Context, r *oauth.AuthRequest) error {
	switch {
	case r.ClientID == "":
		return misconfigured(errors.New("AppID is not set"))
	case a.sendsSecret() && r.ClientSecret == "":
		return misconfigured(fmt.Errorf("%s %s needs Secret, which is not set", a.field, a.method))
	}
	return a.method.Authenticate(ctx, r)
}

// needSecret is the error of a login whose code could not be exchanged. It comes before the user types a password.
func needSecret(a oauth.ClientAuth, secret string) error {
	needs := false // a custom method has its own secret
	switch method := a.(type) {
	case appAuth:
		needs = method.sendsSecret()
	case oauth.ClientSecretJWT, *oauth.ClientSecretJWT:
		needs = true
	}
	if !needs || secret != "" {
		return nil
	}
	return misconfigured(errors.New("authentication: Secret is not set, and the code cannot be exchanged without it; " +
		"set TokenEndPointAuthMethod to oauth.None for an application without one"))
}

// hasCode reports whether a response type needs the token endpoint.
func hasCode(t oauth.ResponseType) bool {
	return t == "" || authorize.HasWord(string(t), string(oauth.ResponseTypeCode))
}

// AuthName returns the field and the method for an error of package oauth about refused credentials.
func (a appAuth) AuthName() (field, method string) { return a.field, string(a.method) }

// MethodName implements oauth.NamedAuth.
func (a appAuth) MethodName() string { return a.method.MethodName() }

// UsesMutualTLS implements oauth.MutualTLSAuth.
func (a appAuth) UsesMutualTLS() bool { return a.method.UsesMutualTLS() }

func (a appAuth) sendsSecret() bool {
	return a.method == oauth.ClientSecretPost || a.method == oauth.ClientSecretBasic
}

// authFor returns a method of the options; nil and the empty AuthMethod are client_secret_post.
func authFor(field string, a oauth.ClientAuth) (oauth.ClientAuth, error) {
	method, builtIn := a.(oauth.AuthMethod)
	switch {
	case a == nil || builtIn && method == "":
		return appAuth{field, oauth.ClientSecretPost}, nil
	case !builtIn:
		return a, nil
	case appAuth{method: method}.sendsSecret() || method == oauth.None || method.UsesMutualTLS():
		return appAuth{field, method}, nil
	}
	return nil, fmt.Errorf("authentication: %s: unknown auth method %s, want client_secret_post, client_secret_basic, none, tls_client_auth or self_signed_tls_client_auth",
		field, httpcore.Quote(string(method)))
}

// resolveAuth replaces the three methods by those for the protocol packages.
func (o *Options) resolveAuth() error {
	for _, e := range []struct {
		field string
		auth  *oauth.ClientAuth
	}{
		{"TokenEndPointAuthMethod", &o.TokenEndPointAuthMethod},
		{"IntrospectionEndPointAuthMethod", &o.IntrospectionEndPointAuthMethod},
		{"RevocationEndPointAuthMethod", &o.RevocationEndPointAuthMethod},
	} {
		auth, err := authFor(e.field, *e.auth)
		if err != nil {
			return err
		}
		*e.auth = auth
	}
	return nil
}
