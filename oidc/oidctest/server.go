package oidctest

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// The application of a zero Server.
const (
	// ClientID is the application's name (client_id) when Server.ClientID is empty.
	ClientID = "demo-application"
	// ClientSecret is its password (client_secret) when Server.ClientSecret is empty.
	ClientSecret = "c5d08e1f7b2a496fb3e64d9a10f8527e"
)

// Server is a fake OpenID Provider, or a fake authorization server of OAuth 2.0 alone. The zero value works; fields are
// set before the first request and not changed afterwards. It is safe for concurrent use.
type Server struct {
	// Realm has the people, the browsers, the pages, the faults and the clock; nil means a Realm of its own.
	Realm *idptest.Realm
	// Path is the path below which the server answers, such as "/oidc", without a slash at its end; empty is the root.
	// The issuer is the Realm's address followed by Path.
	Path string
	// OAuth makes it a server of OAuth 2.0 (RFC 6749) alone. It has no ID tokens, no keys and no logout, and of the two
	// discovery documents that of RFC 8414 alone;
	// its tokens are opaque, each login gets a refresh token, and the user info is all standard claims.
	OAuth bool

	// ClientID is the application's name; empty means the constant of the same name.
	ClientID string
	// ClientSecret is its password; empty means the constant of the same name.
	ClientSecret string
	// RedirectURIs are the callback addresses registered for the application, compared byte for byte. Empty means any
	// http or https address on a loopback host.
	RedirectURIs []string
	// LogoutURIs are the addresses a logout may return to, by the same rule.
	LogoutURIs []string
	// BackChannelLogoutURI is where logout tokens are posted when a session ends that the application has joined
	// (OpenID Connect Back-Channel Logout §2.2). Empty means nowhere.
	BackChannelLogoutURI string
	// BackChannelLogoutSessionRequired makes logout tokens name the session (sid) as well as the person.
	BackChannelLogoutSessionRequired bool
	// FrontChannelLogoutURI is what the browser opens in a frame when it logs out (OpenID Connect Front-Channel Logout
	// §2). Empty means nothing.
	FrontChannelLogoutURI string
	// FrontChannelLogoutSessionRequired adds iss and sid to that address.
	FrontChannelLogoutSessionRequired bool
	// Scopes are those that the application can be granted; others are left out. Empty means openid, the scopes of the
	// Realm's claims and offline_access; of those, OAuth has the scopes of the claims alone.
	Scopes []string
	// Machine is the client of the client_credentials grant; nil means the application itself.
	Machine *Machine

	// TokenAuth is the one method by which the application authenticates at the token endpoint: client_secret_post,
	// client_secret_basic, client_secret_jwt, private_key_jwt, tls_client_auth, self_signed_tls_client_auth or none. Empty
	// means a secret or an assertion, as the caller likes, and none too when AllowPublic is set.
	TokenAuth string
	// IntrospectionAuth is that of the introspection endpoint, by the same rules.
	IntrospectionAuth string
	// RevocationAuth is that of the revocation endpoint, by the same rules.
	RevocationAuth string
	// PasswordAuth is a second method that the password grant admits when TokenAuth names one; empty means none.
	PasswordAuth string
	// AllowPublic lets the application call without its secret (RFC 6749 §2.1).
	AllowPublic bool
	// PasswordNames are the parameters of which the password grant takes one as the account's name: username, email or
	// phone. Empty means username (RFC 6749 §4.3.2).
	PasswordNames []string

	// IDTokenSigningAlg signs the ID tokens: HS256, HS384 or HS512 under the secret, or RS256, RS384, RS512, PS256,
	// PS384, PS512, ES256, ES384, ES512 or EdDSA under a key of the JWKS. Empty means RS256.
	IDTokenSigningAlg string
	// IDTokenEncryptionAlg encrypts them after that (id_token_encrypted_response_alg): RSA-OAEP, RSA-OAEP-256, ECDH-ES,
	// ECDH-ES+A128KW, ECDH-ES+A192KW or ECDH-ES+A256KW to a key of the field JWKS, or dir under the secret. Empty means none. Logout
	// tokens are encrypted in the same way.
	IDTokenEncryptionAlg string
	// IDTokenEncryptionEnc encrypts the content (id_token_encrypted_response_enc); empty means A128CBC-HS256.
	IDTokenEncryptionEnc string
	// UserInfoSigningAlg signs user info (userinfo_signed_response_alg), by the rules of IDTokenSigningAlg; empty means
	// that it is not signed.
	UserInfoSigningAlg string
	// UserInfoEncryptionAlg encrypts user info (userinfo_encrypted_response_alg), by the rules of IDTokenEncryptionAlg.
	UserInfoEncryptionAlg string
	// UserInfoEncryptionEnc encrypts its content (userinfo_encrypted_response_enc); empty means A128CBC-HS256.
	UserInfoEncryptionEnc string
	// AuthorizationSigningAlg signs the responses of the authorization endpoint (authorization_signed_response_alg, JARM §3),
	// by the rules of IDTokenSigningAlg, and makes the response modes of JWTs obligatory. Empty means RS256 where a
	// request asks for such a mode.
	AuthorizationSigningAlg string
	// AuthorizationEncryptionAlg encrypts them after that (authorization_encrypted_response_alg), by the rules of
	// IDTokenEncryptionAlg, and makes those modes obligatory, too.
	AuthorizationEncryptionAlg string
	// AuthorizationEncryptionEnc encrypts their content (authorization_encrypted_response_enc); empty means A128CBC-HS256.
	AuthorizationEncryptionEnc string
	// PlainAccessTokens makes JWT access tokens as at many servers: typ is JWT, and client_id and auth_time are missing.
	// Clients of package oidc verify them with AllowPlainJWT. False makes those of RFC 9068.
	PlainAccessTokens bool
	// AccessTokenAudience is the API that JWT access tokens are for (aud); empty means the application itself.
	AccessTokenAudience string
	// Resources are the APIs that tokens can be for: a request names them in resource, and the JWT access token has those in
	// aud; one that is not here is refused (RFC 8707 §2). Such a request needs no openid. Empty reads no resource.
	Resources []string
	// AuthorizationDetailsTypes are the types of authorization_details that can be granted (RFC 9396 §2): tokens have what
	// was asked for, and another type is refused. Such a request needs no openid. Empty reads no authorization_details.
	AuthorizationDetailsTypes []string
	// ClientIDMetadataDocuments accepts the address of a client ID metadata document as a client_id
	// (draft-ietf-oauth-client-id-metadata-document-03). It is fetched with Realm.HTTPClient, and kept for a minute.
	ClientIDMetadataDocuments bool
	// SigningKey signs JWTs of RS256 to PS512 until RotateKeys: the access tokens, and ID tokens of such an algorithm;
	// nil means keys that are made when they are first needed. It spares tests the time that making one takes, and
	// it outlives the server.
	SigningKey *rsa.PrivateKey
	// ExpiresIn is what replies say in expires_in, in whole seconds; zero means an hour, which is how long an access
	// token is good in any case.
	ExpiresIn time.Duration
	// AggregatedClaims are claims that user info has from another party, as its JWT (OpenID Connect Core §5.6.2). That
	// party is at /claims below Path: its issuer is this address, and its keys are at /claims/jwks.json.
	AggregatedClaims map[string]any
	// DistributedClaims are claims of that party which user info does not have: it names the endpoint, /claims/endpoint,
	// and a token for it.
	DistributedClaims map[string]any
	// MTLSBase is the address under which the same server is called with mutual TLS, such as https://mtls.example, for
	// mtls_endpoint_aliases (RFC 8705 §5). Empty publishes no aliases.
	MTLSBase string
	// DPoPBoundAccessTokens refuses token requests without a DPoP proof; see App.
	DPoPBoundAccessTokens bool
	// CertificateBoundAccessTokens binds access tokens to the certificate of the TLS connection; see App.
	CertificateBoundAccessTokens bool
	// DPoPNonce is how often the nonce changes that proofs must have (RFC 9449 §8, §9): the newest and the one before are
	// accepted. Zero demands none.
	DPoPNonce time.Duration
	// RequirePushedAuthorizationRequests refuses authorization requests that were not pushed to /par, of each application
	// (RFC 9126 §5). That endpoint works in any case.
	RequirePushedAuthorizationRequests bool
	// PushedLifetime is how long a pushed request can be used, in whole seconds; zero means a minute (RFC 9126 §2.2).
	PushedLifetime time.Duration
	// FAPI2 demands what FAPI 2.0 Security Profile §5.3.2 does, of each application: pushed requests with PKCE of S256 and the
	// response type code; private_key_jwt or a client certificate; tokens that are bound to a key (DPoP, mutual TLS); JWTs of
	// PS256, ES256 or EdDSA. Codes are good for a minute, refresh tokens do not rotate, and iss is sent. The first
	// application authenticates by private_key_jwt, with a key of JWKS, when TokenAuth is empty.
	FAPI2 bool
	// FAPI2MessageSigning demands FAPI 2.0 Message Signing, too: request objects, responses as JWTs (by PS256 when
	// AuthorizationSigningAlg is empty), and introspections that are asked for as JWTs. It includes FAPI2.
	FAPI2MessageSigning bool
	// SendIssuer adds iss to the replies of the authorization endpoint (RFC 9207).
	SendIssuer bool

	// JWKS are the application's public keys, a JWK Set in JSON: for private_key_jwt, self_signed_tls_client_auth and
	// request objects.
	JWKS json.RawMessage
	// RequestObjectAlg is the one algorithm of the application's request objects (request_object_signing_alg), and makes them
	// obligatory; empty means any that fits.
	RequestObjectAlg string
	// RequestObjectEncryptionAlg is the one algorithm by which the application encrypts them (request_object_encryption_alg): RSA-OAEP,
	// RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW or ECDH-ES+A256KW to a key of the server's JWKS, or dir under
	// the secret. It makes the encryption obligatory; empty means any for which the server has a key, and none.
	RequestObjectEncryptionAlg string
	// RequestObjectEncryptionEnc encrypts their content (request_object_encryption_enc); empty means A128CBC-HS256.
	RequestObjectEncryptionEnc string
	// CertificateSubject is the subject of its certificate for tls_client_auth, such as "CN=app". The TLS connection must
	// have checked who issued it.
	CertificateSubject string
	// Apps are further applications.
	Apps []App
	// Device lets devices without a browser begin logins (RFC 8628); nil means that none can.
	Device *Device
	// CIBA lets applications ask people on their own devices (OpenID Connect CIBA Core); nil means that none can. A server
	// of OAuth has none.
	CIBA *CIBA
	// TokenExchange lets applications exchange tokens (RFC 8693); nil means that none can.
	TokenExchange *TokenExchange
	// JWTBearer lets applications get tokens by assertions (RFC 7523 §2.1); nil means that none can.
	JWTBearer *JWTBearer
	// Registration lets applications register themselves; nil means that none can.
	Registration *Registration

	ready     sync.Once
	realm     *idptest.Realm
	client    *client
	apps      []*client
	signer    *signer
	decrypter decrypter
	party     *signer // of the claims of another party
	memory    memory

	mounted sync.Once
	handler http.Handler
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.prepare()
	s.mounted.Do(func() { s.handler = s.realm.Handler(s) })
	s.handler.ServeHTTP(w, r)
}

// Login opens the login link as a new browser would, logs in as user (username, email, phone or subject; empty means
// the first one), agrees to a consent page, and returns the request that the browser would send to the application: a
// GET whose URL keeps the fragment (read it with URL.EscapedFragment), or a POST with its form. The request is not sent;
// it can be given to http.Client.Do or to a handler of the application.
//
// The server is called directly, under the host of loginURL, so that it need not listen. An error says which page
// stopped the walk and never tells a code or token.
func (s *Server) Login(ctx context.Context, loginURL, user string) (*http.Request, error) {
	s.prepare()
	return s.realm.Login(ctx, s, loginURL, nil, user)
}

// Browser returns a new browser of user, named as for Login, which keeps its cookies from one visit to the next.
func (s *Server) Browser(user string) (*idptest.Browser, error) {
	s.prepare()
	return s.realm.Browser(user, s)
}

// Break makes the servers of the realm misbehave in these ways and no others; without arguments they behave again. A
// fault that no server of the realm has makes them answer 500 and say so.
func (s *Server) Break(these ...idptest.Fault) {
	s.prepare()
	s.realm.Break(these...)
}

// Requests says how many requests arrived for a path, such as "/token", those of Login included. The path is written
// with Path, and without that of the Realm's BaseURL.
func (s *Server) Requests(path string) int {
	s.prepare()
	return s.realm.Requests(path)
}

// EndSessions ends every session of a person, named as for Login, as an administrator would. There is no browser: only
// BackChannelLogoutURI is told. It says how many sessions ended.
func (s *Server) EndSessions(ctx context.Context, user string) (int, error) {
	s.prepare()
	return s.realm.EndSessions(ctx, user)
}

// RotateKeys makes new keys, those for encryption included. The last two keys of each algorithm stay in the JWKS, so that what was signed with
// the one before still verifies. Tokens of HS256 are keyed by the application's secret and do not change. It returns an
// error only when a key cannot be made.
func (s *Server) RotateKeys() error {
	s.prepare()
	if err := s.signer.rotate(); err != nil {
		return err
	}
	return s.decrypter.rotate()
}
