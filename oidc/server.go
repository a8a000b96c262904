package oidc

import (
	"context"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// server is the client's view of one metadata document (OpenID Connect Discovery §3); it never changes. The document
// itself is in oauth; here is what this package needs of it.
type server struct {
	oauth *oauth.Client
	keys  KeySet
	lacks error // an algorithm that the client registered and the server does not have

	authorization, token, jwks, endSession string // the addresses that are used
	alg                                    string // of ID tokens, when the client registered none
	noAlg                                  error  // why there is no such algorithm
	formPost                               bool   // the server has response_mode form_post, or form_post.jwt when responses are JWTs
	canPush, mustPush                      bool   // requests can, and have to be pushed
	discovered                             bool   // the token endpoint is from discovered metadata
}

// newServer keeps the keys of old, which may be nil, when their address is the same. It changes m.
func (c *Client) newServer(m *Metadata, old *server) (*server, error) {
	c.cfg.Endpoints.over(m)
	client, err := c.newOAuth(oauth.Config{
		Issuer: c.issuer.name, Metadata: m, Endpoints: c.cfg.Endpoints.oauth(), RequestObject: c.cfg.RequestObject, PushedAuthorization: c.cfg.PushedAuthorization,
	})
	if err != nil {
		return nil, err
	}
	// The metadata is configured there, so nothing is sent and no caller waits.
	used, err := client.Metadata(context.Background())
	if err != nil {
		return nil, err
	}
	s := &server{
		oauth: client, keys: c.cfg.Keys, lacks: c.offers(m),
		authorization: used.AuthorizationEndpoint, token: used.TokenEndpoint,
		canPush: used.PushedAuthorizationRequestEndpoint != "", mustPush: m.RequirePushedAuthorizationRequests || c.cfg.PushedAuthorization == oauth.PushAlways,
		jwks: strings.Clone(m.JWKSURI), endSession: strings.Clone(m.EndSessionEndpoint), // not the whole document with them
		formPost: slices.Contains(m.ResponseModesSupported, string(c.inJWT(oauth.ResponseModeFormPost))),
	}
	if s.alg = c.idToken.alg; s.alg == "" {
		s.alg, s.noAlg = pickAlg(m.IDTokenSigningAlgValuesSupported, &c.cfg.rules)
	}
	if s.keys == nil && s.jwks != "" {
		s.keys = &remoteKeys{http: c.http, url: s.jwks, now: c.cfg.Now, times: &c.cfg.KeyFetch, encrypts: c.cfg.RequestObjectEncryptionAlg != ""}
		if old != nil && old.jwks == s.jwks {
			s.keys = old.keys
		}
	}
	return s, nil
}

// offline makes a client without endpoints. It finds the caller's mistakes, and sends, signs and keeps nothing. It is
// needed before discovery alone, so no client keeps one.
func (c *Client) offline() (*oauth.Client, error) {
	return c.newOAuth(oauth.Config{Issuer: c.cfg.Issuer, Endpoints: c.placeholder()})
}

// placeholder lets an authorization request be checked before its endpoint is known.
func (c *Client) placeholder() oauth.Endpoints { return oauth.Endpoints{Authorization: c.cfg.Issuer} }

// atHand is the server's client, or offline before discovery.
func (c *Client) atHand() (*oauth.Client, error) {
	if s := c.servers.Load(); s != nil {
		return s.oauth, nil
	}
	return c.offline()
}

// newOAuth adds what does not depend on the server.
func (c *Client) newOAuth(o oauth.Config) (*oauth.Client, error) {
	if c.cfg.IssuerFamily != nil {
		o.AllowIssuer = c.issuer.accepts
	}
	o.ClientID, o.ClientSecret, o.RedirectURI = c.cfg.ClientID, c.cfg.ClientSecret, c.cfg.RedirectURI
	o.TokenAuth, o.IntrospectionAuth, o.RevocationAuth = c.cfg.TokenAuth, c.cfg.IntrospectionAuth, c.cfg.RevocationAuth
	o.UseMTLSAliases, o.RequireIssuer, o.InsecureAllowCodeInjection = c.cfg.UseMTLSAliases, c.cfg.RequireIssuer, c.cfg.AllowNoPKCE
	o.DPoP, o.CertificateBoundTokens, o.MaxPushedLifetime = c.cfg.DPoP, c.cfg.CertificateBoundTokens, c.cfg.MaxPushedLifetime
	o.Replay, o.LoginLifetime, o.Now = c.cfg.Replay, c.cfg.LoginLifetime, c.cfg.Now
	o.HTTPClient = c.http.Shared()
	o.ReplyError, o.MendTokenReply = c.cfg.ReplyError, c.cfg.MendTokenReply
	o.ReadIntrospection, o.IntrospectionCache = c.introspectionReader(), c.cfg.IntrospectionCache
	o.ReadUserInfo, o.ReadAuthorizationResponse = c.userInfoReader(), c.authorizationReader()
	return oauth.NewClient(o)
}
