package oidc

import (
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// server is the client's view of one metadata document (OpenID Connect Discovery §3); it never changes.
type server struct {
	meta    *Metadata
	fetched time.Time // zero for configured metadata
	oauth   *oauth.Client
	keys    KeySet
	auth    [3]endpointAuth
}

// newServer keeps the keys of old, which may be nil, when their address is the same.
func (c *Client) newServer(m *Metadata, old *server) (*server, error) {
	for _, f := range m.fields() {
		if f.text == nil || *f.text == "" || f.name == "issuer" {
			continue
		}
		if err := c.http.CheckURL(f.name, *f.text); err != nil {
			return nil, fmt.Errorf("oidc: metadata: %w", err)
		}
	}
	s := &server{meta: m, keys: c.cfg.Keys, auth: c.chooseAuth(m)}
	if s.keys == nil && m.JWKSURI != "" {
		s.keys = &remoteKeys{http: c.http, url: m.JWKSURI, now: c.cfg.Now}
		if old != nil && old.meta.JWKSURI == m.JWKSURI {
			s.keys = old.keys
		}
	}
	var err error
	s.oauth, err = c.newOAuth(s, c.cfg.RequestObject)
	return s, err
}

func (c *Client) newOAuth(s *server, object *oauth.RequestObject) (*oauth.Client, error) {
	m := s.meta
	var family func(iss string) bool
	if c.cfg.IssuerFamily != nil {
		family = c.issuer.accepts
	}
	return oauth.NewClient(oauth.Config{
		ClientID: c.cfg.ClientID, ClientSecret: c.cfg.ClientSecret, RedirectURI: c.cfg.RedirectURI,
		Issuer: m.Issuer, RequireIssuer: c.cfg.RequireIssuer || m.AuthorizationResponseIssParameterSupported,
		AllowIssuer: family,
		Endpoints: oauth.Endpoints{
			Authorization: m.AuthorizationEndpoint, Token: m.TokenEndpoint, UserInfo: m.UserInfoEndpoint,
			Introspection: m.IntrospectionEndpoint, Revocation: m.RevocationEndpoint, Registration: m.RegistrationEndpoint,
		},
		TokenAuth: s.auth[0].auth, IntrospectionAuth: s.auth[1].auth, RevocationAuth: s.auth[2].auth,
		RequestObject: object, Replay: c.cfg.Replay, LoginLifetime: c.cfg.LoginLifetime, HTTPClient: c.cfg.HTTPClient, Header: c.cfg.Header,
		MaxReply: c.cfg.MaxReply, Now: c.cfg.Now, InsecureAllowHTTP: c.cfg.InsecureAllowHTTP, ReplyError: c.cfg.ReplyError,
		MendTokenReply: c.cfg.MendTokenReply, InsecureAllowCodeInjection: c.cfg.AllowNoPKCE,
	})
}
