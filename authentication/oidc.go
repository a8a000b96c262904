package authentication

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// OIDC is the protocol OpenID Connect at Authing, the default.
type OIDC struct {
	// IDTokenSigningAlg pins the algorithm of ID tokens. Empty is HS256 with the application's secret, or RS256 when
	// there is no secret.
	IDTokenSigningAlg string
	// IDTokenEncryptionAlg pins how the key of encrypted ID tokens is given; Authing has RSA-OAEP and ECDH-ES. When
	// set, an ID token that is not encrypted is refused; when empty, an encrypted one is. See oidc.Config.
	IDTokenEncryptionAlg string
	// IDTokenEncryptionEnc pins how their content is encrypted; empty is A128CBC-HS256.
	IDTokenEncryptionEnc string
	// DecryptionKeys are the private keys to which Authing encrypts; during a rotation the old one stays here.
	DecryptionKeys []oidc.DecryptionKey
	// UserInfo makes CompleteLogin fetch user info and add its claims to the Identity. When that fails, a login
	// fails, and a refresh keeps the old claims.
	UserInfo bool
	// TrustedAudiences may be in an ID token's aud besides the application's ID; nil is none.
	TrustedAudiences []string
	// AllowFrontChannelAccessToken permits the response types with token, which bring an access token through the
	// browser: see oidc.Config for the risk.
	AllowFrontChannelAccessToken bool
	// AccessTokenCache makes VerifyAccessToken remember verified tokens; the zero value remembers none.
	AccessTokenCache oidc.AccessTokenCache
	// MaxIDToken is the longest ID token in bytes; 0 means 64 KiB. MaxReply limits the token reply too.
	MaxIDToken int
}

// Name implements Protocol.
func (OIDC) Name() string { return oidcName }

// NewFlow implements Protocol. A secret that is too short for HS256 is an error.
func (p OIDC) NewFlow(o Options) (Flow, error) {
	alg := p.IDTokenSigningAlg
	switch {
	case alg == "" && o.Secret == "":
		alg = "RS256"
	case alg == "":
		alg = "HS256"
	case strings.HasPrefix(alg, "HS") && o.Secret == "":
		return nil, fmt.Errorf("authentication: OIDC.IDTokenSigningAlg %s needs Secret, which is not set", alg)
	}
	if size := hmacSize(alg); len(o.Secret) < size {
		if o.Secret != "" && len(o.AppID) >= size {
			return nil, fmt.Errorf("authentication: OIDC.IDTokenSigningAlg %s needs a Secret of at least %d bytes, got %d, and AppID has %d: are AppID and Secret swapped?", alg, size, len(o.Secret), len(o.AppID))
		}
		return nil, fmt.Errorf("authentication: OIDC.IDTokenSigningAlg %s needs a Secret of at least %d bytes, got %d (RFC 7518 §3.2)", alg, size, len(o.Secret))
	}
	client, err := oidc.NewClient(oidc.Config{
		ClientID: o.AppID, ClientSecret: o.Secret, OlderClientSecrets: o.OlderSecrets, RedirectURI: o.RedirectURI, IDTokenSigningAlg: alg,
		IDTokenEncryptionAlg: p.IDTokenEncryptionAlg, IDTokenEncryptionEnc: p.IDTokenEncryptionEnc, DecryptionKeys: p.DecryptionKeys,
		TrustedAudiences: p.TrustedAudiences, MaxIDToken: p.MaxIDToken, AllowFrontChannelAccessToken: p.AllowFrontChannelAccessToken, TokenAuth: o.TokenEndPointAuthMethod,
		IntrospectionAuth: o.IntrospectionEndPointAuthMethod, RevocationAuth: o.RevocationEndPointAuthMethod,
		AccessTokenCache: p.AccessTokenCache, IntrospectionCache: o.IntrospectionCache,
		Replay: o.Replay, LoginLifetime: o.LoginLifetime, HTTPClient: o.HTTPClient, Header: o.header(), MaxReply: o.MaxReply, MaxRetryAfter: o.MaxRetryAfter,
		Now: o.Now, InsecureAllowHTTP: o.InsecureAllowHTTP, ReplyError: replyError,
		Metadata: &oidc.Metadata{
			Issuer: o.Endpoints.Issuer, AuthorizationEndpoint: o.Endpoints.OIDCAuthorize, TokenEndpoint: o.Endpoints.OIDCToken,
			UserInfoEndpoint: o.Endpoints.OIDCUserInfo, JWKSURI: o.Endpoints.JWKS, EndSessionEndpoint: o.Endpoints.OIDCLogout,
			IntrospectionEndpoint: o.Endpoints.OIDCIntrospection, RevocationEndpoint: o.Endpoints.OIDCRevocation,
		},
	})
	if err != nil {
		return nil, ofOptions(err)
	}
	return &authingOIDC{
		oidcFlow:       oidcFlow{TokenFlow: client, client: client, userInfo: p.UserInfo},
		redirectURI:    o.RedirectURI,
		noSecret:       needSecret(o.TokenEndPointAuthMethod, o.Secret),
		expertEndpoint: o.Endpoints.OIDCLogout,
		frontEndLogout: frontEndLogout{o.Endpoints.FrontEndLogout, o.AppID},
		now:            o.Now,
	}, nil
}

// hmacSize is the minimum length of a secret for alg. Package oidc checks it too, but names the field ClientSecret.
func hmacSize(alg string) int {
	switch alg {
	case "HS256":
		return 32
	case "HS384":
		return 48
	case "HS512":
		return 64
	}
	return 0
}

// authingOIDC is oidcFlow with Authing's defaults, tenant and logout page.
type authingOIDC struct {
	oidcFlow
	frontEndLogout              // has the appID
	redirectURI, expertEndpoint string
	noSecret                    error // why a code could not be exchanged; nil when it can
	now                         func() time.Time
}

const authingScope = "openid profile email phone address"

// defaults fills in the defaults of Authing's page: the scope, and prompt=consent for offline_access, without which
// Authing issues no refresh token.
func (f *authingOIDC) defaults(o AuthorizeOptions) (AuthorizeOptions, error) {
	if err := needApp(f.appID); err != nil {
		return o, err
	}
	if o.RedirectURI == "" && f.redirectURI == "" {
		return o, errNoRedirectURI
	}
	if o.Scope == "" {
		o.Scope = authingScope
	}
	if o.Prompt == "" && authorize.HasWord(o.Scope, "offline_access") {
		o.Prompt = "consent"
	}
	if o.Extra.Has("tenant_id") {
		return o, errors.New("authentication: Extra must not set tenant_id: TenantID is its field")
	}
	if o.TenantID != "" {
		extra := url.Values{"tenant_id": {o.TenantID}}
		maps.Copy(extra, o.Extra)
		o.Extra, o.TenantID = extra, ""
	}
	return o, checkResponse(o.ResponseType, oidcResponseTypes)
}

// BuildAuthorizeUrl implements Flow.
func (f *authingOIDC) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (_ string, err error) {
	defer planned(&err)
	o, err = f.defaults(o)
	if err != nil {
		return "", err
	}
	return f.oidcFlow.BuildAuthorizeUrl(ctx, o)
}

// BeginLogin implements LoginFlow.
func (f *authingOIDC) BeginLogin(ctx context.Context, o AuthorizeOptions) (_ *Login, err error) {
	defer planned(&err)
	o, err = f.defaults(o)
	if err != nil {
		return nil, err
	}
	if hasCode(o.ResponseType) && f.noSecret != nil {
		return nil, f.noSecret
	}
	return f.oidcFlow.BeginLogin(ctx, o)
}

// BuildLogoutUrl implements Flow: Authing's logout page, or with Expert the logout of OpenID Connect.
func (f *authingOIDC) BuildLogoutUrl(_ context.Context, o LogoutOptions) (_ string, err error) {
	defer planned(&err)
	switch {
	case !o.Expert && o.IDToken != "":
		return "", errors.New("authentication: LogoutOptions.IDToken needs Expert")
	case !o.Expert && o.State != "":
		return "", errors.New("authentication: LogoutOptions.State needs Expert")
	case !o.Expert:
		if err := o.Only("RedirectURI", "SendAppID"); err != nil {
			return "", err
		}
		return f.frontEndLogout.build(o)
	}
	if err := o.Only("Expert", "RedirectURI", "IDToken", "State"); err != nil {
		return "", err
	}
	switch {
	case o.RedirectURI != "" && o.IDToken == "":
		return "", errors.New("authentication: LogoutOptions.RedirectURI needs IDToken in an expert logout")
	case o.State != "" && o.RedirectURI == "":
		return "", errors.New("authentication: LogoutOptions.State needs RedirectURI: without it the browser does not return")
	}
	return f.expertLogout(o)
}

// VerifyIDToken checks an ID token; see Client.VerifyIDToken.
func (f *authingOIDC) VerifyIDToken(ctx context.Context, raw string, e oidc.Expect) (*oidc.IDToken, error) {
	if err := needApp(f.appID); err != nil {
		return nil, err
	}
	token, err := f.client.VerifyIDToken(ctx, raw, e)
	return token, judge(err)
}
