package oidc

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// Profile is a set of requirements for a client, which Config.Profile turns on as a whole. Its text can be read from
// configuration. The zero value demands nothing more than the specifications themselves.
type Profile string

const (
	// FAPI2 is the FAPI 2.0 Security Profile, for banks and others whose tokens are worth a theft. NewClient refuses a Config
	// that contradicts it, and sets what the Config leaves open:
	//   - The response type is code, with PKCE S256, PushAlways and iss in the callback (§5.3.3.2). MaxPushedLifetime is under
	//     600 seconds (§5.3.2.2).
	//   - TokenAuth is oauth.PrivateKeyJWT with the issuer as its audience, or mutual TLS; so are IntrospectionAuth and
	//     RevocationAuth, without which these calls fail. ClientSecret must be empty (§5.3.3.1).
	//   - DPoP or CertificateBoundTokens binds access tokens to a key, and user info is asked for with the token in the header
	//     (§5.3.3.1).
	//   - All addresses are from the server's metadata, and the server has one issuer: Endpoints, IssuerFamily and a Metadata
	//     that the application wrote or changed are errors (§5.3.3.1).
	//   - The certificates of servers are checked, by TLS 1.2 or later, and InsecureAllowHTTP is an error (§5.2.1).
	//   - Signatures are by PS256, ES256 or EdDSA, in both directions (§5.4.1). An empty IDTokenSigningAlg is the only one of
	//     them that the server offers. AccessTokenSigningAlg must be set for VerifyAccessToken.
	//   - VerifyAccessToken, and Introspection of package web, refuse tokens that are bound to no key (§5.3.4).
	//
	// A resource server sets no TokenAuth: it has no ClientID, or IntrospectionAuth too.
	FAPI2 Profile = "fapi2"
	// FAPI2MessageSigning is FAPI2 with signed messages (FAPI 2.0 Message Signing §5): RequestObject and AuthorizationSigningAlg
	// must be set, and IntrospectionSigningAlg for IntrospectToken. The response mode is jwt, and the server must offer it.
	FAPI2MessageSigning Profile = "fapi2_message_signing"
)

// fapiAlgs are the algorithms of signatures; Ed25519 is the newer name of EdDSA on that curve (FAPI 2.0 Security Profile
// §5.4.1, RFC 9864 §2.2).
var fapiAlgs = []string{"PS256", "ES256", "EdDSA", "Ed25519"}

// fapiPushed is the longest that a pushed request may be used: less than 600 seconds (FAPI 2.0 Security Profile §5.3.2.2).
const fapiPushed = 599 * time.Second

// rules are what a Profile demands of single calls.
type rules struct {
	algs     []string // of signatures; nil is each that is known
	fapi     bool
	signed   bool // requests and responses
	unsigned bool // introspections are not signed, and must be
}

func (c *Client) demands() *rules {
	if c.made() != nil {
		return &rules{}
	}
	return &c.cfg.rules
}

// takeProfile is the one place that reads Profile: it refuses what contradicts it, and sets the rest.
func (c *Config) takeProfile(hc *httpcore.Client) error {
	switch c.Profile {
	case "":
		return nil
	case FAPI2, FAPI2MessageSigning:
		signed := c.Profile == FAPI2MessageSigning
		c.rules = rules{algs: fapiAlgs, fapi: true, signed: signed, unsigned: signed && c.IntrospectionSigningAlg == ""}
	default:
		return fmt.Errorf("oidc: unknown Profile %s, want %s or %s", httpcore.Quote(string(c.Profile)), FAPI2, FAPI2MessageSigning)
	}
	refuseTLS := func(*Config) error { return refuseWeakTLS(hc) }
	for _, step := range [...]func(*Config) error{
		refuseTLS, (*Config).refuseWeak, (*Config).refuseMetadata, (*Config).needParts, (*Config).takeAuths, (*Config).takeSigners, (*Config).checkAlgs,
	} {
		if err := step(c); err != nil {
			return fmt.Errorf("oidc: Profile %s: %w", c.Profile, err)
		}
	}
	c.RequireIssuer, c.PushedAuthorization, c.MaxPushedLifetime = true, oauth.PushAlways, cmp.Or(c.MaxPushedLifetime, fapiPushed)
	return nil
}

// accepts reports whether signatures by alg may be used.
func (r *rules) accepts(alg string) bool { return r.algs == nil || slices.Contains(r.algs, alg) }

func (r *rules) checkAlg(what, alg string) error {
	if r.accepts(alg) {
		return nil
	}
	return fmt.Errorf("%s is %.32q, want %s (FAPI 2.0 Security Profile §5.4.1)", what, alg, strings.Join(r.algs, ", "))
}

// authorize checks a request, and sets its response mode (FAPI 2.0 Security Profile §5.3.3.2, FAPI 2.0 Message Signing §5.4.2).
func (r *rules) authorize(o *AuthorizeOptions) error {
	switch {
	case !r.fapi:
		return nil
	case o.ResponseType != "" && o.ResponseType != oauth.ResponseTypeCode:
		return errors.New("oidc: ResponseType must be code with this Profile (FAPI 2.0 Security Profile §5.3.3.2)")
	case o.CodeChallenge == "" || o.CodeChallengeMethod != "" && o.CodeChallengeMethod != pkce.S256:
		return errors.New("oidc: CodeChallenge must be set, by S256, with this Profile (FAPI 2.0 Security Profile §5.3.3.2)")
	case r.signed && o.ResponseMode != "" && o.ResponseMode != oauth.ResponseModeJWT:
		return errors.New("oidc: ResponseMode must be jwt or empty with this Profile (FAPI 2.0 Message Signing §5.4.2)")
	case r.signed:
		o.ResponseMode = oauth.ResponseModeJWT
	}
	return nil
}

// userInfo checks where the access token is put (FAPI 2.0 Security Profile §5.3.3.1).
func (r *rules) userInfo(opts []oauth.UserInfoOptions) error {
	if r.fapi && slices.ContainsFunc(opts, func(o oauth.UserInfoOptions) bool { return o.Placement != oauth.InHeader }) {
		return option.Mistake(errors.New("oidc: Placement must be InHeader with this Profile (FAPI 2.0 Security Profile §5.3.3.1)"))
	}
	return nil
}

// introspect checks that replies are signed (FAPI 2.0 Message Signing §5.5.2).
func (r *rules) introspect() error {
	if r.unsigned {
		return option.Mistake(errors.New("oidc: IntrospectionSigningAlg must be set with this Profile (FAPI 2.0 Message Signing §5.5.2)"))
	}
	return nil
}

// accessToken checks what a resource server expects (FAPI 2.0 Security Profile §5.3.4, §5.4.1).
func (r *rules) accessToken(alg string, e *AccessTokenExpect) error {
	switch {
	case !r.fapi:
		return nil
	case alg == "":
		return fmt.Errorf("oidc: AccessTokenSigningAlg must be set with this Profile, to one of %s (FAPI 2.0 Security Profile §5.4.1)", strings.Join(r.algs, ", "))
	case !e.AllowBoundToken:
		return errors.New("oidc: AccessTokenExpect.AllowBoundToken must be set with this Profile, and the proof of the key be checked, as package web does: a token that is bound to no key is refused (FAPI 2.0 Security Profile §5.3.4)")
	}
	return nil
}

// RequiresBoundTokens reports whether the Profile refuses access tokens that are bound to no key (FAPI 2.0 Security Profile
// §5.3.4). Introspection of package web then refuses them.
func (c *Client) RequiresBoundTokens() bool { return c.demands().fapi }
