package authentication

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// appAuth authenticates by a built-in method and speaks of AppID and Secret. Unlike oauth.None alone it
// leaves the secret be: Authing's secret also keys the ID tokens of an application that sends none.
type appAuth struct {
	field  string
	method oauth.AuthMethod
}

// Authenticate implements oauth.ClientAuth.
func (a appAuth) Authenticate(ctx context.Context, r *oauth.AuthRequest) error {
	switch {
	case r.ClientID == "":
		return misconfigured(errors.New("AppID is not set"))
	case a.method != oauth.None && r.ClientSecret == "":
		return misconfigured(fmt.Errorf("%s %s needs Secret, which is not set", a.field, a.method))
	}
	return a.method.Authenticate(ctx, r)
}

// needSecret is the error of a code that could not be exchanged: it is told before the user types a password.
func needSecret(a oauth.ClientAuth, secret string) error {
	if method, ok := a.(appAuth); !ok || method.method == oauth.None || secret != "" {
		return nil // a method of the user's own has its own secret
	}
	return misconfigured(errors.New("authentication: Secret is not set, and without it the code cannot be exchanged; " +
		"TokenEndPointAuthMethod is oauth.None for an application without one"))
}

// hasCode tells whether a response type leads to the token endpoint.
func hasCode(t oauth.ResponseType) bool {
	return t == "" || slices.Contains(strings.Fields(string(t)), string(oauth.ResponseTypeCode))
}

// AuthName names field and method in an error of package oauth about refused credentials.
func (a appAuth) AuthName() (field, method string) { return a.field, string(a.method) }

// authFor returns a method of the options; nil and the empty AuthMethod are client_secret_post.
func authFor(field string, a oauth.ClientAuth) (oauth.ClientAuth, error) {
	method, builtIn := a.(oauth.AuthMethod)
	switch {
	case a == nil || builtIn && method == "":
		return appAuth{field, oauth.ClientSecretPost}, nil
	case !builtIn:
		return a, nil
	case method == oauth.ClientSecretPost || method == oauth.ClientSecretBasic || method == oauth.None:
		return appAuth{field, method}, nil
	}
	return nil, fmt.Errorf("authentication: %s: unknown auth method %s, want client_secret_post, client_secret_basic or none", field, httpcore.Quote(string(method)))
}

// resolveAuth replaces the three methods by what the protocol packages take.
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
