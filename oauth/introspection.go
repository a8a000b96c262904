package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// TokenOptions complete an introspection or revocation.
type TokenOptions struct {
	// TokenTypeHint is access_token or refresh_token; empty sends none (RFC 7009 §2.1).
	TokenTypeHint string
	// Extra adds parameters. A parameter that the call sets itself is an error.
	Extra url.Values
}

// Introspection is the state of a token (RFC 7662 §2.2). When Active is false nothing else is set.
type Introspection struct {
	// Active says whether the token is valid now. When false, all else is empty.
	Active bool
	// Subject is sub, the user that the token is about. It is empty when the server did not say, as are all fields
	// below.
	Subject string
	// ClientID is the client that the token was issued to.
	ClientID string
	// Username is a human-readable name of the user.
	Username string
	// Scope is a space-separated list.
	Scope string
	// AuthorizationDetails are what the token allows, a JSON array of objects with a type (RFC 9396 §9.2).
	// AuthorizationDetailsOf reads them.
	AuthorizationDetails json.RawMessage
	// Binding is cnf, the key that the token is bound to: who admits a request with the token must check the proof of that key
	// (RFC 9449 §6.2, RFC 8705 §3.2). It is empty too when cnf has another kind of key, which Claims shows.
	Binding Binding
	// TokenType is the type of the token, such as Bearer.
	TokenType string
	// Issuer is iss, the server that issued the token.
	Issuer string
	// JWTID is jti, the token's identifier.
	JWTID string
	// Audience is aud, the servers that the token is for.
	Audience []string
	// Expiry is exp, when the token expires; zero when the server did not say.
	Expiry time.Time
	// IssuedAt is iat; zero when the server did not say.
	IssuedAt time.Time
	// NotBefore is nbf; zero when the server did not say.
	NotBefore time.Time
	// Actor is act, the party that acts for the subject (RFC 8693 §4.1); nil when the token was not delegated, or the server
	// did not say.
	Actor *Actor

	reply string
}

// HasScope reports whether scope is in the list i.Scope.
func (i *Introspection) HasScope(scope string) bool { return i.Active && hasWord(i.Scope, scope) }

// Claims decodes the whole reply into v, a pointer, by exact names. For an inactive token it returns an error.
func (i *Introspection) Claims(v any) error {
	if !i.Active {
		return errors.New("oauth: an inactive token has no claims")
	}
	return claims(i.reply, v)
}

// IntrospectToken asks the server whether an access or refresh token is active (RFC 7662 §2.1). An inactive token is
// a result with Active false and no error. With Config.ReadIntrospection the reply is a JWT (RFC 9701 §5).
// IntrospectionCache remembers replies.
func (c *Client) IntrospectToken(ctx context.Context, token string, opts ...TokenOptions) (*Introspection, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Introspection, error) { return c.IntrospectToken(ctx, token, opts...) })
	}
	o, err := tokenOptions(token, opts)
	if err != nil {
		return nil, err
	}
	if err := c.needAuth(c.cfg.IntrospectionAuth); err != nil {
		return nil, err
	}
	if err := c.needEndpoint("Introspection", c.cfg.Endpoints.Introspection); err != nil {
		return nil, err
	}
	if cache := c.cfg.IntrospectionCache; cache != nil && cache.state != nil {
		return cache.state.introspect(ctx, c, token, o)
	}
	return c.askIntrospection(ctx, o.form(token))
}

const introspectionJWT = "application/token-introspection+jwt"

func (c *Client) askIntrospection(ctx context.Context, form url.Values) (*Introspection, error) {
	request := httpcore.Request{URL: c.cfg.Endpoints.Introspection, Form: form}
	if c.cfg.ReadIntrospection != nil {
		request.Accept = introspectionJWT
	}
	reply, err := c.send(ctx, &request, c.cfg.IntrospectionAuth)
	if err != nil {
		return nil, err
	}
	var space [manyMembers]strictjson.Member
	a, members, err := c.read(reply, space[:0])
	if err != nil {
		return nil, explain(err, c.cfg.IntrospectionAuth)
	}
	if c.cfg.ReadIntrospection != nil {
		if members, err = c.readIntrospection(ctx, &a); err != nil {
			return nil, err
		}
	} else if a.media() == introspectionJWT {
		return nil, fmt.Errorf("oauth: introspection reply: %w", a.noObject(errJWT))
	}
	return parseIntrospection(&a, members)
}

// readIntrospection replaces the reply by the answer in it.
func (c *Client) readIntrospection(ctx context.Context, a *answer) ([]strictjson.Member, error) {
	text, err := c.cfg.ReadIntrospection(ctx, a.media(), a.text)
	if err != nil {
		return nil, fmt.Errorf("oauth: introspection reply: %w", err)
	}
	members, err := strictjson.ParseObject(text, nil)
	if err != nil {
		return nil, fmt.Errorf("oauth: introspection reply: its answer: %w", err)
	}
	a.text, a.err = text, nil
	return members, nil
}

// tokenOptions finds a mistake before anything is sent or remembered.
func tokenOptions(token string, opts []TokenOptions) (TokenOptions, error) {
	o, err := option.One(opts)
	if err != nil {
		return o, fmt.Errorf("oauth: %w", err)
	}
	if token == "" {
		return o, errors.New("oauth: token is empty")
	}
	return o, checkExtra(o.Extra, "token", "token_type_hint", "client_id", "client_secret", "grant_type")
}

func (o *TokenOptions) form(token string) url.Values {
	form := newForm("token", token, "token_type_hint", o.TokenTypeHint)
	for name, values := range o.Extra {
		form[name] = slices.Clone(values) // a copy: a ClientAuth may append to it
	}
	return form
}

func parseIntrospection(a *answer, members []strictjson.Member) (*Introspection, error) {
	if a.err != nil {
		return nil, fmt.Errorf("oauth: introspection reply: %w", a.err)
	}
	i := &Introspection{reply: a.text}
	known := false
	var bad error
	for _, m := range members {
		if m.Name == "active" {
			i.Active, known = m.Value.Bool()
		} else if err := i.read(m.Name, m.Value); err != nil && bad == nil {
			bad = fmt.Errorf("oauth: introspection reply: %s %w", m.Name, err)
		}
	}
	switch {
	case !known:
		return nil, errors.New("oauth: introspection reply: active is missing, or is neither true nor false")
	case !i.Active:
		return &Introspection{}, nil // RFC 7662 §2.2: the reply should say nothing else about such a token
	case bad != nil:
		return nil, bad
	}
	return i, nil
}

func (i *Introspection) read(name string, v strictjson.Value) (err error) {
	switch name {
	case "sub":
		err = readString(v, &i.Subject)
	case "client_id":
		err = readString(v, &i.ClientID)
	case "username":
		err = readString(v, &i.Username)
	case "scope":
		err = readString(v, &i.Scope)
	case detailsParam:
		err = readDetails(v, &i.AuthorizationDetails)
	case "token_type":
		err = readString(v, &i.TokenType)
	case "iss":
		err = readString(v, &i.Issuer)
	case "jti":
		err = readString(v, &i.JWTID)
	case "cnf":
		_ = i.Binding.UnmarshalJSON([]byte(v.Raw())) // another kind of key leaves it empty
	case "aud":
		i.Audience, err = readAudience(v)
	case "exp":
		i.Expiry, err = readTime(v)
	case "iat":
		i.IssuedAt, err = readTime(v)
	case "nbf":
		i.NotBefore, err = readTime(v)
	case "act":
		i.Actor, err = readActor(v)
	}
	return err
}

func readTime(v strictjson.Value) (time.Time, error) {
	if v.Kind() == strictjson.Null {
		return time.Time{}, nil
	}
	seconds, ok := v.Int64()
	if !ok || seconds < 0 || seconds > maxUnix {
		return time.Time{}, errors.New("is not a time in seconds")
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// maxUnix is the last second of the year 9999.
const maxUnix = 253402300799

// readAudience takes a string or a list of strings (RFC 7519 §4.1.3).
func readAudience(v strictjson.Value) ([]string, error) {
	if v.Kind() != strictjson.Array {
		var one string
		if err := readString(v, &one); err != nil || one == "" {
			return nil, err
		}
		return []string{one}, nil
	}
	var list []string
	for e := range v.Elements {
		s, ok := e.ExactStr()
		if !ok {
			return nil, errors.New("is not a list of strings")
		}
		list = append(list, s)
	}
	return list, nil
}
