package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// compare finds what the server registered otherwise (RFC 7591 §3.2.1: it may replace what was asked for). Other
// redirect URIs would send codes elsewhere, and another method of authentication would fail at each request or show a
// secret that was not to be sent.
func (r *Registration) compare(sent map[string]any, secrets []string) *RegistrationError {
	var got map[string]any
	if err := strictjson.Decode(r.reply, &got); err != nil {
		return &RegistrationError{Detail: err.Error(), Registration: r}
	}
	for name, asked := range sent {
		registered, said := got[name]
		if said && name != "client_secret" && name != "software_statement" && !sameValue(asked, registered) {
			r.Changed = append(r.Changed, name)
		}
	}
	slices.Sort(r.Changed)
	for _, name := range []string{"redirect_uris", "token_endpoint_auth_method"} {
		if slices.Contains(r.Changed, name) {
			text := httpcore.Clean(fmt.Sprint(got[name]), append(secrets, r.ClientSecret, r.RegistrationAccessToken)...)
			return &RegistrationError{Member: name, Detail: "the server registered another " + name + " than was asked for: " + text, Registration: r}
		}
	}
	return nil
}

// sameValue compares two values of JSON; the order in a list does not matter.
func sameValue(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	if errX != nil || errY != nil {
		return false
	}
	var p, q any
	if json.Unmarshal(x, &p) != nil || json.Unmarshal(y, &q) != nil {
		return false
	}
	return reflect.DeepEqual(ordered(p), ordered(q))
}

func ordered(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return list
}

// sameClient refuses a reply about another client, and keeps what the reply does not repeat (RFC 7592 §3).
func (r *Registration) sameClient(next *Registration, err error) (*Registration, error) {
	var refused *RegistrationError
	if errors.As(err, &refused) {
		next = refused.Registration
	}
	if next == nil {
		return nil, err
	}
	if next.ClientID != "" && next.ClientID != r.ClientID {
		return nil, &RegistrationError{Member: "client_id", Detail: "the reply is about another client", Registration: r}
	}
	for _, kept := range []struct {
		to   *string
		from string
	}{
		{&next.RegistrationAccessToken, r.RegistrationAccessToken}, {&next.RegistrationClientURI, r.RegistrationClientURI},
	} {
		if *kept.to == "" {
			*kept.to = kept.from
		}
	}
	// A server that has only a digest of the secret cannot repeat it (RFC 7592 §3 does not demand it).
	if next.ClientSecret == "" && AuthMethod(next.TokenEndpointAuthMethod) != None {
		next.ClientSecret, next.ClientSecretExpiresAt = r.ClientSecret, r.ClientSecretExpiresAt
	}
	if err != nil {
		return nil, err
	}
	return next, nil
}

// Registered returns c with the identifier, the secret and the client authentication of r. RedirectURI stays when it
// is set, and must then be registered, whatever its port on http to loopback (RFC 8252 §7.3); otherwise it is the registered one, if there is one. A TokenAuth that is set
// must be of the registered method and algorithm; for private_key_jwt it must be set. A client that is registered with
// require_pushed_authorization_requests gets PushAlways (RFC 9126 §6).
func (c Config) Registered(r *Registration) (Config, error) {
	if r == nil || r.ClientID == "" {
		return c, errors.New("oauth: the registration has no ClientID")
	}
	c.ClientID, c.ClientSecret = r.ClientID, r.ClientSecret
	switch {
	case c.RedirectURI == "" && len(r.RedirectURIs) == 1:
		c.RedirectURI = r.RedirectURIs[0]
	case c.RedirectURI != "" && len(r.RedirectURIs) > 0 && !slices.ContainsFunc(r.RedirectURIs, sameRedirectURI(c.RedirectURI)):
		return c, errors.New("oauth: RedirectURI is not one of the registered redirect_uris")
	}
	own, err := readAuth(c.TokenAuth)
	if err != nil {
		return c, fmt.Errorf("oauth: TokenAuth: %w", err)
	}
	auth, err := r.auth(own)
	if err != nil {
		return c, err
	}
	c.TokenAuth = auth
	if r.says("require_pushed_authorization_requests") {
		if c.PushedAuthorization == PushNever {
			return c, errors.New("oauth: the registered client has require_pushed_authorization_requests, and PushedAuthorization is PushNever")
		}
		c.PushedAuthorization = PushAlways
	}
	return c, nil
}

// says reports whether a flag of the reply is true.
func (r *Registration) says(name string) bool {
	var document map[string]any
	if r.reply == "" || r.Claims(&document) != nil {
		return false
	}
	said, _ := document[name].(bool)
	return said
}

// sameRedirectURI compares addresses byte for byte, but for the port of http to loopback, which a native application
// knows only when it listens (RFC 8252 §7.3, RFC 9700 §2.1).
func sameRedirectURI(own string) func(string) bool {
	anyPort := func(raw string) string {
		u, err := url.Parse(raw)
		if err != nil || u.Scheme != "http" || !httpcore.IsLoopback(u.Hostname()) {
			return raw
		}
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
		return u.String()
	}
	return func(registered string) bool { return registered == own || anyPort(registered) == anyPort(own) }
}

// auth is the registered method; a missing one is client_secret_basic (RFC 7591 §2), where there is a secret.
func (r *Registration) auth(own ClientAuth) (ClientAuth, error) {
	method := r.TokenEndpointAuthMethod
	if own == AuthMethod("") {
		own = nil
	}
	if method == "" {
		if own != nil || r.ClientSecret == "" {
			return own, nil
		}
		return ClientSecretBasic, nil
	}
	if own != nil {
		if named, ok := own.(NamedAuth); ok && named.MethodName() != "" && named.MethodName() != method {
			return nil, fmt.Errorf("oauth: TokenAuth is %s, and the registered token_endpoint_auth_method is %s", named.MethodName(), httpcore.Quote(method))
		}
		if signs, ok := own.(SigningAuth); ok && r.TokenEndpointAuthSigningAlg != "" && lacks([]string{r.TokenEndpointAuthSigningAlg}, signs.SigningAlg()) {
			return nil, fmt.Errorf("oauth: TokenAuth signs with %s, and the registered token_endpoint_auth_signing_alg is %s",
				httpcore.Clean(signs.SigningAlg()), httpcore.Quote(r.TokenEndpointAuthSigningAlg))
		}
		return own, nil
	}
	switch method {
	case "client_secret_jwt":
		return ClientSecretJWT{Alg: r.TokenEndpointAuthSigningAlg}, nil
	case "private_key_jwt":
		return nil, errors.New("oauth: the registered token_endpoint_auth_method is private_key_jwt: set TokenAuth to a PrivateKeyJWT, which has the key")
	}
	if err := AuthMethod(method).check(); err != nil {
		return nil, fmt.Errorf("oauth: the registered token_endpoint_auth_method: %w", err)
	}
	return AuthMethod(method), nil
}
