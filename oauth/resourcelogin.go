package oauth

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/challenge"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

// Authorize gets the token that an answer of the API demands: by the refresh token after status 401, else by a login
// through ResourceConfig.Login. Simultaneous callers share one login. After nil send the request again, with Token. The
// body of the answer is not read.
//
// A login that would change nothing is not begun, so that an API cannot keep its user busy: the answer is then the
// error, an *Error, for example when the API demands a scope that was already asked for, or refuses a token that was
// issued just now.
func (c *ResourceClient) Authorize(ctx context.Context, res *http.Response) error {
	if err := c.made(); err != nil {
		return err
	}
	d, err := c.demandOf(res)
	if err != nil {
		return err
	}
	if c.cfg.Login == nil {
		return errors.New("oauth: ResourceConfig.Login is not set")
	}
	done, err := c.state.login.take(ctx)
	if err != nil {
		return err
	}
	defer done()
	g, err := c.load(ctx)
	switch {
	case err != nil:
		return err
	case g != nil && g.Token.AccessToken != d.token && !g.Token.Expired(c.cfg.Client.Now(), 0): // another caller got it since
		return nil
	case g != nil && d.code != InsufficientScope && !g.mended:
		if within(g.got, c.cfg.Client.Now()) {
			return d.refusal(res)
		}
		if _, err := c.refresh(ctx, g, true); !errors.Is(err, ErrLoginAgain) {
			return err
		}
	}
	login, err := c.BeginLogin(ctx, res)
	if err != nil {
		return err
	}
	r, err := c.cfg.Login(ctx, login)
	if err != nil {
		return err
	}
	_, err = c.CompleteLogin(ctx, login, r)
	return err
}

// BeginLogin starts the login that an answer of the API demands, for an application whose user comes back later. It finds
// the API's metadata (RFC 9728 §5), an authorization server that AllowIssuer allows, and its metadata; the server knows
// the client by ResourceConfig.Clients, a client ID metadata document, or a registration, in this order. The login asks
// for the scopes of the answer or else those of the API's metadata, together with all that were asked for before, and
// names the API as the token's resource (RFC 8707 §2). Refused metadata is a *DiscoveryError.
func (c *ResourceClient) BeginLogin(ctx context.Context, res *http.Response) (*Login, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	d, err := c.demandOf(res)
	if err != nil {
		return nil, err
	}
	if d.unbound != nil {
		return nil, option.Mistake(d.unbound)
	}
	m, err := c.discover(ctx, d.metadata)
	if err != nil {
		return nil, err
	}
	if err := c.cfg.Client.DPoP.suitsMetadata(m); err != nil {
		return nil, option.Mistake(err)
	}
	var before resourceGrant
	switch g, err := c.load(ctx); {
	case err != nil:
		return nil, err
	case g != nil:
		before = *g
	}
	issuer, err := c.choose(m, before.Issuer)
	if err != nil {
		return nil, err
	}
	asked := d.scope
	if asked == "" && d.status == http.StatusUnauthorized {
		asked = strings.Join(m.ScopesSupported, " ")
	}
	known, again := "", before.Issuer == issuer
	if again {
		known = before.Scope
	}
	scope := c.union(known, c.cfg.Scope, asked)
	if d.code == InsufficientScope && again && scope == known {
		return nil, d.refusal(res)
	}
	s, err := c.serverOf(ctx, issuer)
	if err != nil {
		return nil, err
	}
	return s.client.BeginLogin(ctx, AuthorizeOptions{Scope: scope, Resource: []string{m.Resource}, AuthorizationDetails: c.cfg.AuthorizationDetails, Extra: c.cfg.Extra})
}

// union joins lists of scopes. The last one is the API's, of which AllowScope decides.
func (c *ResourceClient) union(lists ...string) string {
	var all []string
	has := map[string]bool{}
	for i, list := range lists {
		for _, scope := range strings.Fields(list) {
			allowed := i < len(lists)-1 || challenge.IsWord(scope) && (c.cfg.AllowScope == nil || c.cfg.AllowScope(scope))
			if allowed && !has[scope] {
				all, has[scope] = append(all, scope), true
			}
		}
	}
	return strings.Join(all, " ")
}

// CompleteLogin checks the callback r against login, exchanges the code as Client.CompleteLogin does, and keeps the token
// for Token. The result is a copy.
func (c *ResourceClient) CompleteLogin(ctx context.Context, login *Login, r *http.Request) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if login == nil || !c.cfg.AllowIssuer(login.Issuer) || !slices.ContainsFunc(login.Resource, c.isOwn) {
		return nil, refuse(CheckLogin, "this client began no such login")
	}
	s, err := c.serverOf(ctx, login.Issuer)
	if err != nil {
		return nil, err
	}
	token, err := s.client.CompleteLogin(ctx, login, r)
	if err != nil {
		return nil, err
	}
	g := &resourceGrant{
		Issuer: login.Issuer, ClientID: login.ClientID, Scope: login.Scope, Resource: slices.Clone(login.Resource), Token: token, got: c.cfg.Client.Now(),
	}
	for old, _ := c.state.current(); !c.state.replace(old, g); {
		old, _ = c.state.current()
	}
	if err := c.save(ctx, tokenKey(c.cfg.Resource), g); err != nil {
		return nil, err
	}
	own := *token
	return &own, nil
}

// isOwn reports whether a resource is this API's, or its host's.
func (c *ResourceClient) isOwn(resource string) bool {
	host := c.url.Scheme + "://" + c.url.Host
	return resource == c.cfg.Resource || resource == host || resource == host+"/"
}
