package oidc

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/discovery"
	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
	"github.com/seed6e7d3bb2/authing-go/internal/tokencache"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// NoSkew as Config.Skew allows no clock skew.
const NoSkew time.Duration = -1

// Config describes the client and its server. It is copied by NewClient.
type Config struct {
	// Issuer is the server's identifier. Its metadata is discovered at the first call that needs it, and refreshed
	// once a day.
	Issuer string
	// Discovery chooses the document that is discovered.
	Discovery oauth.Discovery
	// IssuerFamily is for a server whose tokens come from many issuers; Issuer is then only the address of its
	// metadata, such as https://login.microsoftonline.com/common/v2.0. nil: every token is from Issuer.
	IssuerFamily *IssuerFamily
	// Metadata replaces discovery.
	Metadata *Metadata
	// Endpoints replaces single addresses of the metadata, whether discovered or configured.
	Endpoints Endpoints
	// Profile turns on a set of requirements as a whole, such as FAPI2. Empty demands none.
	Profile Profile
	// RequireIssuer refuses callbacks without iss, also when the server's metadata does not announce iss
	// (RFC 9207 §2.4). A callback with an ID token may lack it: the token's own iss is compared.
	RequireIssuer bool
	// ClientID is the client's identifier at the server. A resource server needs none.
	ClientID string
	// ClientSecret is the client's password there, and the key of ID tokens signed by HS256. Empty means a public
	// client, whose TokenAuth is oauth.None, or a resource server.
	ClientSecret string
	// OlderClientSecrets are up to four secrets before ClientSecret. During a rotation the server may still use one of
	// them for tokens of HS256 and for dir encryption, and they are tried after ClientSecret. They are never sent.
	OlderClientSecrets []string
	// RedirectURI is where the browser returns. http is for loopback hosts, unless InsecureAllowHTTP is set. An
	// application with several servers uses one redirect URI for each server, and passes each callback to the client
	// of that server. Otherwise one server could collect the codes of another that sends no iss (RFC 9700 §4.4).
	RedirectURI string
	// IDTokenSigningAlg pins the algorithm of ID tokens (OpenID Connect Registration §2
	// id_token_signed_response_alg). Empty is RS256, or the only asymmetric one that the server offers. BeginLogin refuses
	// an asymmetric one that is not in the server's list.
	IDTokenSigningAlg string
	// IDTokenEncryptionAlg pins how the key of encrypted ID tokens is given (OpenID Connect Registration §2
	// id_token_encrypted_response_alg): RSA-OAEP, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW,
	// ECDH-ES+A256KW, or dir with a key from ClientSecret. When set, an ID token that is not encrypted is refused; when
	// empty, an encrypted one is.
	IDTokenEncryptionAlg string
	// IDTokenEncryptionEnc pins how their content is encrypted (id_token_encrypted_response_enc): A128CBC-HS256,
	// A192CBC-HS384, A256CBC-HS512, A128GCM, A192GCM or A256GCM. Empty is A128CBC-HS256.
	IDTokenEncryptionEnc string
	// UserInfoSigningAlg pins the algorithm of signed user info (userinfo_signed_response_alg). When set, user info
	// without that signature is refused; when empty, a signed one is.
	UserInfoSigningAlg string
	// UserInfoEncryptionAlg pins how the key of encrypted user info is given (userinfo_encrypted_response_alg), as
	// IDTokenEncryptionAlg does. Without UserInfoSigningAlg the content is JSON.
	UserInfoEncryptionAlg string
	// UserInfoEncryptionEnc pins how its content is encrypted (userinfo_encrypted_response_enc); empty is
	// A128CBC-HS256.
	UserInfoEncryptionEnc string
	// DecryptionKeys are the private keys to which the server encrypts, up to eight for one algorithm. During a
	// rotation the old one stays here.
	DecryptionKeys []DecryptionKey
	// AccessTokenSigningAlg pins the algorithm of JWT access tokens; empty is RS256 (RFC 9068 §2.1).
	AccessTokenSigningAlg string
	// IntrospectionSigningAlg makes IntrospectToken ask for a signed reply, and pins its algorithm (RFC 9701 §6
	// introspection_signed_response_alg). Empty asks for JSON, which only TLS protects.
	IntrospectionSigningAlg string
	// IntrospectionEncryptionAlg pins how the key of encrypted replies is given (introspection_encrypted_response_alg), as
	// IDTokenEncryptionAlg does. It needs IntrospectionSigningAlg. When set, a reply that is only signed is refused.
	IntrospectionEncryptionAlg string
	// IntrospectionEncryptionEnc pins how their content is encrypted (introspection_encrypted_response_enc); empty is
	// A128CBC-HS256.
	IntrospectionEncryptionEnc string
	// AuthorizationSigningAlg makes every authorization response a signed JWT, and pins its algorithm (JARM §3
	// authorization_signed_response_alg). Then a plain response is refused, and AuthorizeOptions.ResponseMode is a mode of
	// JARM; a *TokenError of CompleteLogin says why a JWT was refused, whose code is not sent. Empty refuses a JWT. Keycloak
	// 26.4 writes iss twice, which is refused: set "Exclude Issuer From Authentication Response" of the client there.
	AuthorizationSigningAlg string
	// AuthorizationEncryptionAlg pins how the key of encrypted responses is given (authorization_encrypted_response_alg), as
	// IDTokenEncryptionAlg does. It needs AuthorizationSigningAlg. When set, a response that is only signed is refused.
	AuthorizationEncryptionAlg string
	// AuthorizationEncryptionEnc pins how their content is encrypted (authorization_encrypted_response_enc); empty is
	// A128CBC-HS256.
	AuthorizationEncryptionEnc string
	// AuthorizationMaxLifetime is the longest lifetime of such a response; 0 means 10 minutes (JARM §2.1). A negative value
	// is an error.
	AuthorizationMaxLifetime time.Duration
	// IntrospectionCache makes IntrospectToken remember replies; nil remembers none.
	IntrospectionCache *oauth.IntrospectionCache
	// AccessTokenCache makes VerifyAccessToken remember verified tokens; the zero value remembers none.
	AccessTokenCache AccessTokenCache
	// Keys replaces the server's JWKS. A RenewableKeySet is asked again when a signature fails, an EncryptionKeySet for
	// RequestObjectEncryptionAlg.
	Keys KeySet
	// KeyFetch says how the server's JWKS is fetched and kept.
	KeyFetch KeyFetch
	// UseMTLSAliases uses the server's mtls_endpoint_aliases, where it publishes them, whatever TokenAuth is: for access
	// tokens that are bound to the client's certificate (RFC 8705 §3, §5). An oauth.MutualTLSAuth always uses them.
	UseMTLSAliases bool
	// CertificateBoundTokens says that the server binds this client's access tokens to its certificate (RFC 8705 §3.4); see
	// oauth.Config.
	CertificateBoundTokens bool
	// DPoP, when set, binds access tokens to its key, and the refresh tokens of a public client (RFC 9449 §5); see
	// oauth.Config. It excludes AllowFrontChannelAccessToken: no token of the browser is bound.
	DPoP *oauth.DPoP
	// TokenAuth authenticates the client at the token endpoint, and where requests are pushed and device and CIBA logins
	// begin. nil is oauth.ClientSecretBasic when the server's metadata lists it for the token endpoint or lists nothing, else
	// oauth.ClientSecretPost. A method that the metadata does not list is an error before anything is sent, in BeginLogin
	// too. oauth.None, and a ClientAuth that is no oauth.NamedAuth, are used without this check.
	TokenAuth oauth.ClientAuth
	// IntrospectionAuth authenticates the client at the introspection endpoint, by the same rules.
	IntrospectionAuth oauth.ClientAuth
	// RevocationAuth authenticates the client at the revocation endpoint, by the same rules.
	RevocationAuth oauth.ClientAuth
	// RequestObject, when set, signs authentication requests (OpenID Connect Core §6, RFC 9101). BeginLogin refuses a
	// server whose metadata does not announce what is used: request_parameter_supported or
	// request_uri_parameter_supported, and the algorithm.
	RequestObject *oauth.RequestObject
	// PushedAuthorization says when authentication requests are pushed (RFC 9126); see oauth.Config. The zero value does it
	// where the server's metadata requires it.
	PushedAuthorization oauth.PushedAuthorization
	// MaxPushedLifetime is the longest lifetime of a pushed request that is accepted, in whole seconds; 0 accepts any
	// (RFC 9126 §2.2).
	MaxPushedLifetime time.Duration
	// RequestObjectEncryptionAlg encrypts the request objects, and is how their key is given (OpenID Connect Registration §2
	// request_object_encryption_alg): RSA-OAEP, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW or ECDH-ES+A256KW to a key of
	// the server's JWKS, or dir with a key from ClientSecret. It needs RequestObject. BeginLogin refuses a server whose metadata
	// lists other algorithms. Empty signs them alone.
	RequestObjectEncryptionAlg string
	// RequestObjectEncryptionEnc is how their content is encrypted (request_object_encryption_enc), as IDTokenEncryptionEnc says;
	// empty is A128CBC-HS256.
	RequestObjectEncryptionEnc string
	// ClaimsProviders are the parties whose aggregated and distributed claims GetSourcedClaims accepts.
	ClaimsProviders []ClaimsProvider
	// TrustedAudiences may be in an ID token's aud besides ClientID; any other audience is refused (OpenID Connect
	// Core §3.1.3.7).
	TrustedAudiences []string
	// RequireAuthTime refuses ID tokens without auth_time.
	RequireAuthTime bool
	// Replay, when set, makes each state usable once, also when two callbacks come at the same time.
	// oauth.NewReplay makes one for an application that runs as one instance. Logout tokens go through it too; when it
	// is nil, the client remembers up to 100,000 of them in its own memory, which no other instance shares.
	Replay oauth.Replay
	// IDTokenMaxAge is how old an ID token may be by its iat (OpenID Connect Core §3.1.3.7); 0 means any age, and exp
	// alone decides. A negative value is an error.
	IDTokenMaxAge time.Duration
	// LogoutTokenMaxAge is how old a logout token may be by its iat; 0 means 10 minutes. A negative value is an error.
	LogoutTokenMaxAge time.Duration
	// Skew is the allowed clock skew; 0 means 60 seconds, NoSkew none, any other negative value is an error.
	Skew time.Duration
	// LoginLifetime is how long a Login may be completed; 0 means one hour.
	LoginLifetime time.Duration
	// HTTPClient gives the transport and the timeout; it is copied. Its cookie jar and redirects are not used.
	HTTPClient *http.Client
	// Header is sent with every request. Authorization, Content-Type, Accept, Host and Cookie are errors.
	Header http.Header
	// MaxReply is the largest reply in bytes; 0 means 1 MiB.
	MaxReply int64
	// MaxRetryAfter is the longest RetryAfter of an error; 0 means a minute. A server that names a longer time is asked
	// again after this one.
	MaxRetryAfter time.Duration
	// MaxIDToken is the longest ID token in bytes, and the longest signed or encrypted user info; 0 means 64 KiB.
	// MaxReply limits the replies too, and a response that is posted has at most 64 KiB.
	MaxIDToken int
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// RefusePrivateAddresses connects to public addresses only: a private, loopback, link-local or other special-purpose
	// address is an error (RFC 6890). Names are checked after their lookup, at each connection. A proxy makes its own
	// lookups and must check them itself. HTTPClient must have an *http.Transport, or none.
	RefusePrivateAddresses bool
	// InsecureAllowHTTP permits an issuer, endpoints and redirect URIs with http on hosts other than loopback. Anyone
	// on the way can then replace keys and tokens.
	InsecureAllowHTTP bool
	// AllowNoPKCE begins logins without PKCE, for a server that refuses its parameters, and for confidential clients
	// only. Then only the nonce binds a code to the browser (RFC 9700 §2.1.1), and a stolen code is noticed only
	// after it was exchanged.
	AllowNoPKCE bool
	// AllowNoNonce begins logins without a nonce, for a server that does not return it; an ID token with a nonce is
	// refused. Then only PKCE binds a code to the browser (RFC 9700 §2.1.1).
	AllowNoNonce bool
	// InsecureAllowCodeInjection permits AllowNoPKCE and AllowNoNonce together, for confidential clients only. Then
	// nothing binds a code to the browser: an attacker who steals a user's code can use it in their own login, and is
	// logged in as that user (RFC 9700 §2.1.1, §4.5). state, iss and the redirect URI are still checked.
	InsecureAllowCodeInjection bool
	// AllowFrontChannelAccessToken permits the response types with token, which bring an access token through the
	// browser. There it can leak to scripts, extensions and logs, and it is bound to no client (RFC 9700 §2.1.2). Only
	// the at_hash of an ID token beside it shows that it is of this login; "code token" has none, so there the token is
	// dropped.
	AllowFrontChannelAccessToken bool
	// ReplyError reads an error that the server writes in its own format; see oauth.Config.
	ReplyError func(statusCode int, body []byte) *oauth.Error
	// MendTokenReply may complete or change a token reply before it is checked; see oauth.Config. nil changes
	// nothing.
	MendTokenReply func(reply map[string]any) error

	rules rules // of Profile
}

// Client is one client of one OpenID Provider. It is safe for concurrent use.
type Client struct {
	cfg       *Config // package fmt prints a pointer as an address where it cannot call Format
	http      *httpcore.Client
	issuer    *issuerRule
	servers   discovery.Cache[server]
	refreshes *flight.Keyed[*oauth.Token]
	idToken   verifier
	access    verifier
	userInfo  *verifier // nil: user info is JSON
	// introspection is nil when replies are not signed
	introspection *verifier
	authorization *verifier // nil: responses are plain
	providers     *claimsProviders
	known         *tokencache.Cache[*knownAccess]
	logouts       struct { // used logout tokens, when Config.Replay is nil
		sync.Once
		replay oauth.Replay
	}
}

// NewClient checks c and returns a client. It sends nothing. A missing or differing Issuer,
// addresses that are not https (or http to loopback), an unknown algorithm or AuthMethod, and a secret that
// is too short for its algorithm (RFC 7518 §3.2) are errors; so is what contradicts the Profile.
func NewClient(c Config) (*Client, error) {
	hc, err := httpcore.New(httpcore.Config{
		HTTPClient: c.HTTPClient, Header: c.Header, MaxReply: c.MaxReply, MaxRetryAfter: c.MaxRetryAfter, InsecureAllowHTTP: c.InsecureAllowHTTP,
		RefusePrivateAddresses: c.RefusePrivateAddresses,
	})
	if err != nil {
		return nil, fmt.Errorf("oidc: %w", err)
	}
	c.HTTPClient, c.Header = nil, nil // hc has them
	for _, step := range [...]func(*Config, *httpcore.Client) error{
		(*Config).takeProfile, (*Config).complete, (*Config).checkBinding, (*Config).takeServer,
	} {
		if err := step(&c, hc); err != nil {
			return nil, err
		}
	}
	client := &Client{cfg: &c, http: hc, refreshes: flight.NewKeyed[*oauth.Token]("oidc: refresh", c.Now)}
	client.known = tokencache.New[*knownAccess](c.AccessTokenCache.Entries)
	client.servers.Make, client.servers.Now = client.meet, c.Now
	if client.issuer, err = newIssuerRule(hc, &c); err != nil {
		return nil, err
	}
	if err := client.initVerifiers(); err != nil {
		return nil, err
	}
	if err := client.initClaimsProviders(); err != nil {
		return nil, err
	}
	if err := client.initRequestEncryption(); err != nil {
		return nil, err
	}
	if _, err := client.newOAuth(oauth.Config{
		Issuer: c.Issuer, RequestObject: c.RequestObject, PushedAuthorization: c.PushedAuthorization, Endpoints: client.placeholder(),
	}); err != nil {
		return nil, err // of the options; of the metadata it comes later
	}
	if c.Metadata != nil {
		s, err := client.newServer(c.Metadata, nil)
		if err != nil {
			return nil, err
		}
		client.servers.Set(s)
		c.Metadata = nil // the server has it
	}
	return client, nil
}

func (c *Client) made() error {
	if c == nil || c.cfg == nil {
		return option.Mistake(errors.New("oidc: the client was not made by NewClient"))
	}
	return nil
}
