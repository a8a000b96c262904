package authtest

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// The application and the programming access account of a zero Server.
const (
	// AppID is the ID of the application (client_id) when Server.AppID is empty.
	AppID = "6110c7a2f04e5b13d9a8e642"
	// Secret is the application's secret (client_secret) when Server.Secret is empty.
	Secret = "9b1f4c7e02d85a63be90417fd3c6a258"
	// AccessKey is the AK of the programming access account when Server.AccessKey is empty.
	AccessKey = "6110c8f3b97d20416e5ca085"
	// SecretKey is the SK of the programming access account when Server.SecretKey is empty.
	SecretKey = "47e0d9a6c1b35f8820fb6d14ae7795c3"
)

// Server is a fake Authing, an http.Handler. The zero value works; fields are set before the first request and not
// changed afterwards. It is safe for concurrent use.
type Server struct {
	// AppID is the application's name; empty means the constant of the same name.
	AppID string
	// Secret is the application's password; empty means the constant of the same name.
	Secret string
	// AppName is shown on the login page; empty means "Demo application".
	AppName string
	// RedirectURIs are the callback addresses registered for the application,
	// compared byte for byte; for a CAS service the query is left out of the
	// comparison. Empty means any http or https address on a loopback host.
	RedirectURIs []string
	// LogoutURIs are the addresses a logout may return to, by the same rule.
	LogoutURIs []string
	// AccessKey is the name of the programming access account, for
	// client_credentials; empty means the constant of the same name.
	AccessKey string
	// SecretKey is that account's password; empty means the constant of the same name.
	SecretKey string
	// MachineScopes are the scopes that the programming access account holds;
	// others come back in rejected_scope. Empty means openid, profile, email,
	// phone, address, user, orders:read and orders:write.
	MachineScopes []string
	// Users are the people who can log in; empty means one user (idptest.Username).
	Users []idptest.User
	// IDTokenSigningAlg signs the ID tokens: HS256, HS384 or HS512 under the
	// secret, or RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512
	// or EdDSA under a key of the JWKS. Empty means HS256. Anything else makes
	// the server answer 500 and say so.
	IDTokenSigningAlg string
	// IDTokenEncryptionAlg encrypts them after that, to a key of JWKS: RSA-OAEP or
	// ECDH-ES. Empty means none. See oidctest.Server for others.
	IDTokenEncryptionAlg string
	// IDTokenEncryptionEnc encrypts the content; empty means A128CBC-HS256.
	IDTokenEncryptionEnc string
	// JWKS are the application's public keys for the encryption, a JWK Set in JSON.
	JWKS json.RawMessage
	// TokenAuth is the one method by which the application authenticates at the
	// token endpoint: client_secret_post, client_secret_basic or none. Empty means
	// post or basic, as the caller likes, and none too when AllowPublic is set.
	TokenAuth string
	// IntrospectionAuth is that of the introspection endpoint, by the same rules.
	IntrospectionAuth string
	// RevocationAuth is that of the revocation endpoint, by the same rules.
	RevocationAuth string
	// AllowPublic lets the application call without its secret (RFC 6749 §2.1).
	AllowPublic bool
	// SendIssuer adds iss to the replies of the authorization endpoints (RFC 9207).
	SendIssuer bool
	// CASAttributes is how attributes are written in CAS's XML replies; empty means castest.Elements.
	CASAttributes castest.Attributes
	// ProxyCallbacks are the addresses registered for pgtUrl, compared as
	// RedirectURIs are for CAS. Empty means any on a loopback host; other hosts
	// need https.
	ProxyCallbacks []string
	// SingleLogout is how CAS services learn that a session has ended; empty means castest.BackChannel.
	SingleLogout castest.LogoutChannel
	// SAMLApps are the SAML service providers; empty means one with the zero value. An empty ID is AppID, and empty
	// ACSURLs are RedirectURIs.
	SAMLApps []samltest.App
	// SigningKey signs JWTs of RS256 to PS512 until RotateKeys: the access tokens, and ID tokens of such an algorithm;
	// nil means keys that are made when they are first needed. It spares tests the time that making one takes, and
	// it outlives the server.
	SigningKey *rsa.PrivateKey
	// SAMLKey signs the messages of the SAML identity provider, until RotateKeys;
	// nil means a key that is made when it is first needed. SigningKey has the reason.
	SAMLKey *rsa.PrivateKey
	// NoSAMLLogout leaves out SAML's single logout, which Authing does not have.
	NoSAMLLogout bool
	// SignSAMLMetadata signs the metadata of the SAML identity provider.
	SignSAMLMetadata bool
	// HTTPClient makes the server's own calls, to pgtUrl and to the services that
	// are to log out; its cookie jar is not used and no redirect is followed. Nil
	// means that loopback hosts alone are called.
	HTTPClient *http.Client
	// BaseURL is the address the server is reached under, such as
	// "https://sample.authing.cn"; a path in it is stripped from requests. Empty
	// means the scheme and host of each request.
	BaseURL string
	// Now is the clock; nil means time.Now. It is called from many goroutines.
	Now func() time.Time

	ready sync.Once
	realm *idptest.Realm
	oidc  *oidctest.Server
	oauth *oidctest.Server
	cas   *castest.Server
	saml  *samltest.Server

	mounted sync.Once
	handler http.Handler
}

// Requests says how many requests arrived for a path, such as "/oidc/token", those of Login included. The path is
// written without BaseURL's.
func (s *Server) Requests(path string) int {
	s.prepare()
	return s.realm.Requests(path)
}

// Break makes the server misbehave in these ways and no others; without arguments it behaves again. A fault that is
// in none of idptest, oidctest, castest and samltest makes it answer 500 and say so.
func (s *Server) Break(these ...idptest.Fault) {
	s.prepare()
	s.realm.Break(these...)
}

// EndSessions ends every session of a person, named as for Login, as an administrator would. The CAS services that were
// given tickets, and the SAML applications with a SOAPLogoutURL, are told by the back channel, for there is no browser. It
// says how many sessions ended.
func (s *Server) EndSessions(ctx context.Context, user string) (int, error) {
	s.prepare()
	return s.realm.EndSessions(ctx, user)
}

// RotateKeys makes new signing keys. The last two keys of each algorithm stay in the JWKS, and those of SAML in its
// metadata, so that what was signed with the one before still verifies. HS256 tokens are keyed by the application's
// secret and do not change. It returns an error only when a key cannot be made.
func (s *Server) RotateKeys() error {
	s.prepare()
	if err := s.oidc.RotateKeys(); err != nil {
		return err
	}
	return s.saml.RotateKeys()
}

func (s *Server) appID() string { return either(s.AppID, AppID) }

// either is value, or otherwise when value is empty.
func either(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}
