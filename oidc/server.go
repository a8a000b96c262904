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
	lacks error // an algorithm that the client registered and the server does not have
}

// newServer keeps the keys of old, which may be nil, when their address is the same. It changes m.
func (c *Client) newServer(m *Metadata, old *server) (*server, error) {
	c.cfg.Endpoints.over(m)
	s := &server{keys: c.cfg.Keys}
	var err error
	s.oauth, err = c.newOAuth(oauth.Config{Metadata: m, Endpoints: c.cfg.Endpoints.oauth(), RequestObject: c.cfg.RequestObject})
	if err != nil {
		return nil, err
	}
	if s.meta, err = s.oauth.Metadata(context.Background()); err != nil {
		return nil, err
	}
	s.lacks = c.offers(s.meta)
	if s.keys == nil && m.JWKSURI != "" {
		s.keys = &remoteKeys{http: c.http, url: m.JWKSURI, now: c.cfg.Now}
		if old != nil && old.meta.JWKSURI == m.JWKSURI {
			s.keys = old.keys
		}
	}
	return s, nil
}

// newOAuth adds what does not depend on the server.
func (c *Client) newOAuth(o oauth.Config) (*oauth.Client, error) {
	if c.cfg.IssuerFamily != nil {
		o.AllowIssuer = c.issuer.accepts
	}
	o.ClientID, o.ClientSecret, o.RedirectURI = c.cfg.ClientID, c.cfg.ClientSecret, c.cfg.RedirectURI
	o.TokenAuth, o.IntrospectionAuth, o.RevocationAuth = c.cfg.TokenAuth, c.cfg.IntrospectionAuth, c.cfg.RevocationAuth
	o.UseMTLSAliases, o.RequireIssuer, o.InsecureAllowCodeInjection = c.cfg.UseMTLSAliases, c.cfg.RequireIssuer, c.cfg.AllowNoPKCE
	o.Replay, o.LoginLifetime, o.Now = c.cfg.Replay, c.cfg.LoginLifetime, c.cfg.Now
	o.HTTPClient, o.Header, o.MaxReply = c.cfg.HTTPClient, c.cfg.Header, c.cfg.MaxReply
	o.RefusePrivateAddresses, o.InsecureAllowHTTP = c.cfg.RefusePrivateAddresses, c.cfg.InsecureAllowHTTP
	o.ReplyError, o.MendTokenReply = c.cfg.ReplyError, c.cfg.MendTokenReply
	o.ReadIntrospection, o.IntrospectionCache = c.introspectionReader(), c.cfg.IntrospectionCache
	o.ReadUserInfo = c.userInfoReader()
	return oauth.NewClient(o)
}
