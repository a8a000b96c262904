package oidctest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// App is a further application of a Server, with settings of its own. The fields of Server are those of the first one.
type App struct {
	// ClientID is its name (client_id).
	ClientID string
	// ClientSecret is its password (client_secret); empty is none.
	ClientSecret string
	// RedirectURIs are its callback addresses, by the rule of Server.RedirectURIs.
	RedirectURIs []string
	// LogoutURIs are the addresses a logout may return to, by the same rule.
	LogoutURIs []string
	// BackChannelLogoutURI is where logout tokens are posted when a session ends that it has joined
	// (backchannel_logout_uri). Empty means nowhere.
	BackChannelLogoutURI string
	// BackChannelLogoutSessionRequired makes its logout tokens name the session, too (backchannel_logout_session_required).
	BackChannelLogoutSessionRequired bool
	// FrontChannelLogoutURI is what the browser opens in a frame when it logs out (frontchannel_logout_uri). Empty means
	// nothing.
	FrontChannelLogoutURI string
	// FrontChannelLogoutSessionRequired adds iss and sid to that address (frontchannel_logout_session_required).
	FrontChannelLogoutSessionRequired bool
	// TokenAuth is the one method by which it authenticates at each endpoint (token_endpoint_auth_method); see
	// Server.TokenAuth. Empty means client_secret_basic (OpenID Connect Registration §2).
	TokenAuth string
	// TokenAuthAlg is the one algorithm of its assertions (token_endpoint_auth_signing_alg); empty means any that fits.
	TokenAuthAlg string
	// JWKS are its public keys, a JWK Set in JSON: for private_key_jwt, self_signed_tls_client_auth and request objects.
	JWKS json.RawMessage
	// JWKSURI is where it publishes them, when JWKS is empty. It is called with Realm.HTTPClient.
	JWKSURI string
	// CertificateSubject is the subject of its certificate for tls_client_auth, such as "CN=app" (tls_client_auth_subject_dn).
	CertificateSubject string
	// DPoPBoundAccessTokens refuses its token requests without a DPoP proof (dpop_bound_access_tokens). With a proof, its
	// tokens are bound to the key in any case.
	DPoPBoundAccessTokens bool
	// CertificateBoundAccessTokens binds its access tokens to the certificate of the TLS connection
	// (tls_client_certificate_bound_access_tokens).
	CertificateBoundAccessTokens bool
	// IDTokenSigningAlg signs its ID tokens (id_token_signed_response_alg); empty means that of the Server.
	IDTokenSigningAlg string
	// IDTokenEncryptionAlg encrypts them after that (id_token_encrypted_response_alg): RSA-OAEP, RSA-OAEP-256, ECDH-ES,
	// ECDH-ES+A128KW, ECDH-ES+A192KW or ECDH-ES+A256KW to a key of JWKS, or dir under the secret. Empty means none. Logout
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
	// PlainAccessTokens makes its JWT access tokens plain; see Server.PlainAccessTokens.
	PlainAccessTokens bool
	// AccessTokenAudience is the API that its JWT access tokens are for (aud); empty means the application itself.
	AccessTokenAudience string
	// AuthorizationDetailsTypes are those of Server.AuthorizationDetailsTypes that it can be granted
	// (authorization_details_types); empty means all of them.
	AuthorizationDetailsTypes []string
	// RequestObjectAlg is the one algorithm of its request objects (request_object_signing_alg), and makes them
	// obligatory; empty means any that fits.
	RequestObjectAlg string
	// RequestObjectEncryptionAlg is the one algorithm by which it encrypts them (request_object_encryption_alg): RSA-OAEP,
	// RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW or ECDH-ES+A256KW to a key of the server's JWKS, or dir under
	// the secret. It makes the encryption obligatory; empty means any for which the server has a key, and none.
	RequestObjectEncryptionAlg string
	// RequestObjectEncryptionEnc encrypts their content (request_object_encryption_enc); empty means A128CBC-HS256.
	RequestObjectEncryptionEnc string
	// RequirePushedAuthorizationRequests refuses its authorization requests that were not pushed
	// (require_pushed_authorization_requests); see Server.
	RequirePushedAuthorizationRequests bool
	// RequestURIs are the addresses of its request objects (request_uris), compared byte for byte; empty means any.
	RequestURIs []string
}

// client is an application at work.
type client struct {
	realm      *idptest.Realm
	id, secret string
	public     bool // it may call without its secret
	first      bool // the Server's own, whose methods depend on the endpoint
	app        App
	idTokenAlg string
	idToken    encrypted
	response   encrypted // of the authorization endpoint
	userInfo   encrypted
	object     encrypted // request objects, by the application

	// Of a client that registered itself.
	token           string // its registration access token
	since           time.Time
	named, metadata map[string]any // what it sent, and what is registered
}

func (s *Server) newClient(a App) *client {
	if s.FAPI2MessageSigning {
		a.AuthorizationSigningAlg = either(a.AuthorizationSigningAlg, fapiAlg)
	}
	return &client{
		realm: s.realm, id: a.ClientID, secret: a.ClientSecret, public: a.TokenAuth == authNone, app: a,
		idTokenAlg: either(a.IDTokenSigningAlg, s.signer.idTokenAlg),
		idToken:    newEncrypted(a.IDTokenEncryptionAlg, a.IDTokenEncryptionEnc),
		response:   newEncrypted(a.AuthorizationEncryptionAlg, a.AuthorizationEncryptionEnc),
		object:     newEncrypted(a.RequestObjectEncryptionAlg, a.RequestObjectEncryptionEnc),
		userInfo:   newEncrypted(a.UserInfoEncryptionAlg, a.UserInfoEncryptionEnc),
	}
}

// Broken says whether a fault is on for this application.
func (c *client) Broken(fault idptest.Fault) bool {
	return c.realm.Broken(fault) || c.realm.Broken(fault.For(c.id))
}

// owner is the application of a grant or a request; the Machine and nobody have the first one's faults.
func (s *Server) owner(c *client) *client {
	if c == nil {
		return s.client
	}
	return c
}

// clientOf is the application of that name, or nil.
func (s *Server) clientOf(id string) *client {
	if id == s.client.id {
		return s.client
	}
	if i := slices.IndexFunc(s.apps, func(c *client) bool { return c.id == id }); i >= 0 {
		return s.apps[i]
	}
	return s.memory.registered(id, s.realm.Time())
}

// method is the one method that c is allowed, where own is that of the Server for the endpoint; empty means any that
// needs no key.
func (c *client) method(own string) string {
	if c.first {
		return own
	}
	return either(c.app.TokenAuth, authBasic)
}
