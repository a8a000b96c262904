package oidc

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Metadata is what a server says about itself (OpenID Connect Discovery §3). Given in Config, it
// replaces discovery.
type Metadata struct {
	Issuer                                                   string
	AuthorizationEndpoint, TokenEndpoint, UserInfoEndpoint   string
	JWKSURI, EndSessionEndpoint                              string
	IntrospectionEndpoint, RevocationEndpoint                string
	ScopesSupported, ResponseTypesSupported, ClaimsSupported []string
	ResponseModesSupported, GrantTypesSupported              []string
	TokenEndpointAuthMethodsSupported                        []string
	IDTokenSigningAlgValuesSupported                         []string
	CodeChallengeMethodsSupported                            []string
	// AuthorizationResponseIssParameterSupported makes iss obligatory in callbacks (RFC 9207 §3).
	AuthorizationResponseIssParameterSupported bool

	doc []byte
}

// Claims decodes the whole document into v. Metadata that was not discovered has none: an error.
func (m *Metadata) Claims(v any) error {
	if len(m.doc) == 0 {
		return errors.New("oidc: this metadata was given, not discovered")
	}
	if err := strictjson.Decode(m.doc, v); err != nil {
		return fmt.Errorf("oidc: metadata: %w", err)
	}
	return nil
}

func (m *Metadata) endpoints() []struct{ name, url string } {
	return []struct{ name, url string }{
		{"authorization_endpoint", m.AuthorizationEndpoint}, {"token_endpoint", m.TokenEndpoint},
		{"userinfo_endpoint", m.UserInfoEndpoint}, {"jwks_uri", m.JWKSURI}, {"end_session_endpoint", m.EndSessionEndpoint},
		{"introspection_endpoint", m.IntrospectionEndpoint}, {"revocation_endpoint", m.RevocationEndpoint},
	}
}

func (m *Metadata) endpoint(name string) string {
	for _, e := range m.endpoints() {
		if e.name == name {
			return e.url
		}
	}
	return ""
}

// need returns an endpoint, or an error that names the missing attribute.
func need(name, endpoint string) (string, error) {
	if endpoint == "" {
		return "", fmt.Errorf("oidc: the server's metadata has no %s: %w", name, errors.ErrUnsupported)
	}
	return endpoint, nil
}

func parseMetadata(body []byte) (*Metadata, error) {
	doc, err := strictjson.Parse(string(body))
	if err != nil {
		return nil, fmt.Errorf("the document: %w", err)
	}
	if doc.Kind() != strictjson.Object {
		return nil, errors.New("the document is not a JSON object")
	}
	m := &Metadata{doc: body}
	text := map[string]*string{
		"issuer": &m.Issuer, "authorization_endpoint": &m.AuthorizationEndpoint, "token_endpoint": &m.TokenEndpoint,
		"userinfo_endpoint": &m.UserInfoEndpoint, "jwks_uri": &m.JWKSURI, "end_session_endpoint": &m.EndSessionEndpoint,
		"introspection_endpoint": &m.IntrospectionEndpoint, "revocation_endpoint": &m.RevocationEndpoint,
	}
	lists := map[string]*[]string{
		"scopes_supported": &m.ScopesSupported, "response_types_supported": &m.ResponseTypesSupported,
		"claims_supported": &m.ClaimsSupported, "response_modes_supported": &m.ResponseModesSupported,
		"grant_types_supported": &m.GrantTypesSupported, "code_challenge_methods_supported": &m.CodeChallengeMethodsSupported,
		"token_endpoint_auth_methods_supported": &m.TokenEndpointAuthMethodsSupported,
		"id_token_signing_alg_values_supported": &m.IDTokenSigningAlgValuesSupported,
	}
	for name, v := range doc.Members {
		ok := true
		switch {
		case v.Kind() == strictjson.Null:
		case text[name] != nil:
			*text[name], ok = v.ExactStr()
		case lists[name] != nil:
			*lists[name], ok = stringList(v)
		case name == "authorization_response_iss_parameter_supported":
			m.AuthorizationResponseIssParameterSupported, ok = v.Bool()
		}
		if !ok {
			return nil, fmt.Errorf("the document's %s %s", name, misfit(v))
		}
	}
	return m, nil
}

func stringList(v strictjson.Value) ([]string, bool) {
	if v.Kind() != strictjson.Array {
		return nil, false
	}
	var list []string
	for e := range v.Elements {
		s, ok := e.ExactStr()
		if !ok {
			return nil, false
		}
		list = append(list, s)
	}
	return list, true
}

// server is the client's view of one metadata document.
type server struct {
	meta  *Metadata
	oauth *oauth.Client
	keys  KeySet
}

func (c *Client) newServer(m *Metadata) (*server, error) {
	for _, e := range m.endpoints() {
		if e.url == "" {
			continue
		}
		if err := c.http.CheckURL(e.name, e.url); err != nil {
			return nil, fmt.Errorf("oidc: metadata: %w", err)
		}
	}
	oc, err := c.newOAuth(m)
	if err != nil {
		return nil, err
	}
	s := &server{meta: m, oauth: oc, keys: c.cfg.Keys}
	if s.keys == nil && m.JWKSURI != "" {
		s.keys = &remoteKeys{http: c.http, url: m.JWKSURI, now: c.cfg.Now}
	}
	return s, nil
}

func (c *Client) newOAuth(m *Metadata) (*oauth.Client, error) {
	return oauth.NewClient(oauth.Config{
		ClientID: c.cfg.ClientID, ClientSecret: c.cfg.ClientSecret, RedirectURI: c.cfg.RedirectURI,
		Issuer: m.Issuer, RequireIssuer: m.AuthorizationResponseIssParameterSupported,
		Endpoints: oauth.Endpoints{
			Authorization: m.AuthorizationEndpoint, Token: m.TokenEndpoint, UserInfo: m.UserInfoEndpoint,
			Introspection: m.IntrospectionEndpoint, Revocation: m.RevocationEndpoint,
		},
		TokenAuth: c.cfg.TokenAuth, IntrospectionAuth: c.cfg.IntrospectionAuth, RevocationAuth: c.cfg.RevocationAuth,
		Replay: c.cfg.Replay, LoginLifetime: c.cfg.LoginLifetime, HTTPClient: c.cfg.HTTPClient, Header: c.cfg.Header,
		MaxReply: c.cfg.MaxReply, Now: c.cfg.Now, InsecureAllowHTTP: c.cfg.InsecureAllowHTTP, ReplyError: c.cfg.ReplyError,
		MendTokenReply: c.cfg.MendTokenReply,
	})
}

func clone(m *Metadata) *Metadata {
	c := *m
	for _, list := range []*[]string{
		&c.ScopesSupported, &c.ResponseTypesSupported, &c.ClaimsSupported, &c.ResponseModesSupported, &c.GrantTypesSupported,
		&c.TokenEndpointAuthMethodsSupported, &c.IDTokenSigningAlgValuesSupported, &c.CodeChallengeMethodsSupported,
	} {
		*list = slices.Clone(*list)
	}
	return &c
}

// withoutMark cuts a byte order mark off a document (RFC 8259 §8.1 lets a reader ignore it).
func withoutMark(document []byte) []byte { return bytes.TrimPrefix(document, []byte("\ufeff")) }
