package oidc

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// server is the client's view of one metadata document (OpenID Connect Discovery §3); it never changes.
type server struct {
	meta  *Metadata // with the addresses that are used
	oauth *oauth.Client
	keys  KeySet
}

// newServer keeps the keys of old, which may be nil, when their address is the same. It changes m.
func (c *Client) newServer(m *Metadata, old *server) (*server, error) {
	c.cfg.Endpoints.over(m)
	s := &server{keys: c.cfg.Keys}
	var err error
	if s.oauth, err = c.newOAuth(m, c.cfg.Endpoints.oauth(), c.cfg.RequestObject); err != nil {
		return nil, err
	}
	if s.meta, err = s.oauth.Metadata(context.Background()); err != nil {
		return nil, err
	}
	if s.keys == nil && m.JWKSURI != "" {
		s.keys = &remoteKeys{http: c.http, url: m.JWKSURI, now: c.cfg.Now}
		if old != nil && old.meta.JWKSURI == m.JWKSURI {
			s.keys = old.keys
		}
	}
	return s, nil
}

func (c *Client) newOAuth(m *Metadata, own oauth.Endpoints, object *oauth.RequestObject) (*oauth.Client, error) {
	var family func(iss string) bool
	if c.cfg.IssuerFamily != nil {
		family = c.issuer.accepts
	}
	return oauth.NewClient(oauth.Config{
		ClientID: c.cfg.ClientID, ClientSecret: c.cfg.ClientSecret, RedirectURI: c.cfg.RedirectURI,
		Metadata: m, Endpoints: own, UseMTLSAliases: c.cfg.UseMTLSAliases,
		RequireIssuer: c.cfg.RequireIssuer, AllowIssuer: family,
		TokenAuth: c.cfg.TokenAuth, IntrospectionAuth: c.cfg.IntrospectionAuth, RevocationAuth: c.cfg.RevocationAuth,
		RequestObject: object, Replay: c.cfg.Replay, LoginLifetime: c.cfg.LoginLifetime, HTTPClient: c.cfg.HTTPClient, Header: c.cfg.Header,
		ReadIntrospection: c.introspectionReader(), IntrospectionCache: c.cfg.IntrospectionCache,
		MaxReply: c.cfg.MaxReply, RefusePrivateAddresses: c.cfg.RefusePrivateAddresses, Now: c.cfg.Now, InsecureAllowHTTP: c.cfg.InsecureAllowHTTP, ReplyError: c.cfg.ReplyError,
		MendTokenReply: c.cfg.MendTokenReply, ReadUserInfo: c.userInfoReader(), InsecureAllowCodeInjection: c.cfg.AllowNoPKCE,
	})
}
