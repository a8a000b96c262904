package authentication_test

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// expectation is the result of this library for a captured call of the SDK. The rows are those of the table of wire
// decisions:
//
//	 1 AppHost is required, all trailing slashes go      12 user info by header; body by POST; query by name
//	 2 what a call needs is an error, never undefined    15 ValidateToken takes exactly one token
//	 3 auth methods: unknown ones, Basic form-encoded    16 17 CAS login and logout as on the page, encoded
//	 5 a prompt that is given is sent                    21 22 logout links are percent-encoded, options are checked
//	 6 no tokens in a query                              23 the user pool's header carries the user pool
//	 7 response types are a closed set                   24 an unusable reply is an error
//	 8 PKCE is checked                                   28 calls that are not on the page are left out
//	10 client credentials take both keys of the account   19 CAS 1.0 lines end in LF or CRLF
type expectation struct {
	row int
	// sent is the request line, credentials and body, byte by byte, when they differ from the capture; empty is the
	// captured request.
	sent string
	// problem is text of the error, when nothing is sent or the reply is unusable.
	problem string
	// nothing is sent.
	refused bool
	// valid is the verdict on a ticket.
	valid bool
	// the error wraps errors.ErrUnsupported.
	unsupported bool
}

const (
	grantCode    = "&grant_type=authorization_code&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb%3Fx%3D1%26y%3D2"
	basicOfOurs  = "Basic QVBQSUQxMjM6UzNjcjN0JTJGJTJCJTNEJTI2JTNBJUMzJUE5"
	bearerOfOurs = "Bearer AT/+=1"
	oneToken     = "authentication: ValidateTokenOptions needs exactly one of IDToken and AccessToken"
	// The SDK's other methods and placements do not exist in Go.
	unknownPlace = "oauth: unknown TokenPlacement -1"
)

// expected finds the decision that covers the capture. The zero expectation is: as captured.
func (c *capture) expected() expectation {
	switch protocol := c.protocol(); {
	case c.Method == "getAccessTokenByIdToken", c.Method == "trackSession":
		return expectation{row: 28, refused: true, problem: "no call for " + c.Method}
	case c.Config.AppHost == "":
		return expectation{row: 1, refused: true, problem: "authentication: AppHost is not set"}
	case c.authMethod() == "bogus_method":
		return expectation{row: 3, refused: true, problem: `EndPointAuthMethod: unknown auth method "bogus_method"`}
	case (protocol == "saml" || protocol == "cas") && c.isTokenCall():
		return expectation{refused: true, unsupported: true, problem: "is not a call of protocol " + protocol}
	case c.Config.Secret == "" && c.Config.AppID != "" && c.needsSecret():
		return expectation{row: 3, refused: true, problem: c.secretField() + " needs Secret, which is not set"}
	}
	switch {
	case c.Config.UserPoolID != "":
		return expectation{row: 23} // sent as captured but for one header: see checkHeader
	case strings.HasSuffix(c.Config.AppHost, "//"):
		return expectation{row: 1, sent: "POST /oidc/token/introspection client_id=APPID123&client_secret=S3cr3t%2F%2B%3D%26%3A%C3%A9&token=T"}
	}
	if e, ok := callRows[c.name()]; ok {
		return e
	}
	return urlRows[c.Label]
}

func (c *capture) isTokenCall() bool {
	return strings.HasPrefix(c.Method, "getAccessToken") || strings.HasPrefix(c.Method, "getNew") ||
		c.Method == "getUserInfoByAccessToken" || c.Method == "introspectToken" || c.Method == "revokeToken"
}

func (c *capture) needsSecret() bool {
	return c.isTokenCall() && c.authMethod() != "none"
}

// secretField is the option whose method needs the secret.
func (c *capture) secretField() string {
	field := "TokenEndPointAuthMethod "
	switch c.Method {
	case "revokeToken":
		field = "RevocationEndPointAuthMethod "
	case "introspectToken":
		field = "IntrospectionEndPointAuthMethod "
	}
	if c.authMethod() == "" {
		return field + string(oauth.ClientSecretPost)
	}
	return field + c.authMethod()
}

// callRows are the decisions about single calls.
var callRows = map[string]expectation{
	// Basic is form-encoded first.
	`oidc getAccessTokenByCode "CODE/+ 1&é" client_secret_basic`:              {row: 3, sent: "POST /oidc/token " + basicOfOurs + " code=CODE%2F%2B+1%26%C3%A9" + grantCode},
	`oauth getAccessTokenByCode "CODE/+ 1&é" client_secret_basic`:             {row: 3, sent: "POST /oauth/token " + basicOfOurs + " code=CODE%2F%2B+1%26%C3%A9" + grantCode},
	`oidc getNewAccessTokenByRefreshToken "REFRESH/+=1" client_secret_basic`:  {row: 3, sent: "POST /oidc/token " + basicOfOurs + " grant_type=refresh_token&refresh_token=REFRESH%2F%2B%3D1"},
	`oauth getNewAccessTokenByRefreshToken "REFRESH/+=1" client_secret_basic`: {row: 3, sent: "POST /oauth/token " + basicOfOurs + " grant_type=refresh_token&refresh_token=REFRESH%2F%2B%3D1"},
	`oidc revokeToken "TOKEN.a-b_c" client_secret_basic`:                      {row: 3, sent: "POST /oidc/token/revocation " + basicOfOurs + " token=TOKEN.a-b_c"},
	// All three methods are for OAuth revocation too, as the page says; the SDK refuses this one.
	`oauth revokeToken "TOKEN.a-b_c" client_secret_basic`: {row: 3, sent: "POST /oauth/token/revocation " + basicOfOurs + " token=TOKEN.a-b_c"},

	// A call without its main argument.
	`oidc getAccessTokenByCode "CODE1"`: {row: 2, refused: true, problem: "oauth: RedirectURI is not set"},
	`oidc getAccessTokenByCode`:         {row: 2, refused: true, problem: "oauth: code is empty"},
	`oauth getAccessTokenByCode ""`:     {row: 2, refused: true, problem: "oauth: code is empty"},
	`oidc validateTicketV1 "" ""`:       {row: 2, refused: true, problem: "cas: "}, // both are missing; either may be named
	`saml validateTicketV1 "" ""`:       {row: 2, refused: true, problem: "cas: "}, // both are missing; either may be named
	`oauth getUserInfoByAccessToken`:    {row: 12, refused: true, problem: "oauth: access token is empty"},

	// User info by header by default; POST sends the token in the body.
	`oidc getUserInfoByAccessToken "AT/+=é 1"`:                                       {row: 12, sent: "GET /oidc/me Bearer AT/+=é 1"},
	`oidc getUserInfoByAccessToken "AT/+=1" {}`:                                      {row: 12, sent: "GET /oidc/me " + bearerOfOurs},
	`oauth getUserInfoByAccessToken "AT/+=1" {"method":"GET"}`:                       {row: 12, sent: "GET /oauth/me " + bearerOfOurs},
	`oidc getUserInfoByAccessToken "AT/+=1" {"method":"POST"}`:                       {row: 12, sent: "POST /oidc/me access_token=AT%2F%2B%3D1"},
	`oidc getUserInfoByAccessToken "AT/+=1" {"method":"POST","tokenPlace":"header"}`: {row: 12, sent: "POST /oidc/me access_token=AT%2F%2B%3D1"},
	`oauth getUserInfoByAccessToken "AT/+=1" {"method":"POST","tokenPlace":"query"}`: {row: 12, sent: "POST /oauth/me access_token=AT%2F%2B%3D1"},
	`oauth getUserInfoByAccessToken "AT/+=1" {"tokenPlace":"body"}`:                  {row: 12, sent: "POST /oauth/me access_token=AT%2F%2B%3D1"},

	// The SDK sent the application's secret with the account's key, and without keys the application's ID and secret.
	`oauth getAccessTokenByClientCredentials "scope a" {"accessKey":"AK","secretKey":"DOC-NAME-SK"}`: {
		row: 10, sent: "POST /oauth/token client_id=AK&client_secret=DOC-NAME-SK&grant_type=client_credentials&scope=scope+a"},
	`oidc getAccessTokenByClientCredentials "scope a" {}`: {row: 10, refused: true, problem: "ClientCredentialsOptions.AccessKey is not set"},

	// CRLF ends a line too; the SDK refuses this valid ticket.
	`oidc validateTicketV1 "ST-1" "https://svc.example.com/"`: {row: 19, valid: true},
	`saml validateTicketV1 "ST-1" "https://svc.example.com/"`: {row: 19, valid: true},

	// An undeclared namespace makes the reply unusable.
	`oidc validateTicketV2 "ST-1" "https://svc.example.com/" "XML"`: {row: 24, problem: "cas: refused the reply (syntax)"},
	`saml validateTicketV2 "ST-1" "https://svc.example.com/" "XML"`: {row: 24, problem: "cas: refused the reply (syntax)"},

	// Calls that the SDK refuses too.
	`oidc getAccessTokenByClientCredentials ""`:                                      {refused: true, problem: "ClientCredentialsOptions.Scope is not set"},
	`oauth getAccessTokenByClientCredentials`:                                        {refused: true, problem: "ClientCredentialsOptions.Scope is not set"},
	`oauth getAccessTokenByClientCredentials "scope a"`:                              {refused: true, problem: "ClientCredentialsOptions.AccessKey is not set"},
	`oidc getUserInfoByAccessToken "AT/+=1" {"tokenPlace":"cookie"}`:                 {refused: true, problem: unknownPlace},
	`oidc getUserInfoByAccessToken "AT/+=1" {"method":"GET","tokenPlace":"body"}`:    {refused: true, problem: unknownPlace},
	`oidc getUserInfoByAccessToken "AT/+=1" {"method":"POST","tokenPlace":"cookie"}`: {refused: true, problem: unknownPlace},
	`oidc getUserInfoByAccessToken "AT/+=1" {"method":"PUT","tokenPlace":"query"}`:   {refused: true, problem: unknownPlace},
	`oidc getUserInfoByAccessToken "AT/+=1" {"method":"PUT","tokenPlace":"body"}`:    {refused: true, problem: unknownPlace},
	`oauth getUserInfoByAccessToken "AT/+=1" {"method":"GET","tokenPlace":"cookie"}`: {refused: true, problem: unknownPlace},
	`oauth getUserInfoByAccessToken "AT/+=1" {"method":"PUT"}`:                       {refused: true, problem: unknownPlace},
	`oauth getUserInfoByAccessToken "AT/+=1" {"method":"PUT","tokenPlace":"header"}`: {refused: true, problem: unknownPlace},
	`oauth getUserInfoByAccessToken "AT/+=1" {"method":"PUT","tokenPlace":"cookie"}`: {refused: true, problem: unknownPlace},
	`oidc validateTicketV2 "ST-1" "https://svc.example.com/" "json"`:                 {refused: true, problem: "cas: Format must be XML or JSON"},
	`saml validateTicketV2 "ST-1" "https://svc.example.com/" "json"`:                 {refused: true, problem: "cas: Format must be XML or JSON"},
	`oidc validateTicketV2 "ST-1" ""`:                                                {refused: true, problem: "cas: Service is not set"},
	`saml validateTicketV2 "ST-1" ""`:                                                {refused: true, problem: "cas: Service is not set"},
	`oauth validateTicketV2 "" "https://svc.example.com/"`:                           {refused: true, problem: "cas: refused the ticket (ticket): it is missing"},
	`cas validateTicketV2 "" "https://svc.example.com/"`:                             {refused: true, problem: "cas: refused the ticket (ticket): it is missing"},
	`oidc validateToken`: {refused: true, problem: oneToken},
	`saml validateToken`: {refused: true, problem: oneToken},
	`oidc validateToken {"accessToken":"a","idToken":"b"}`: {refused: true, problem: oneToken},
	`saml validateToken {"accessToken":"a","idToken":"b"}`: {refused: true, problem: oneToken},

	`oauth validateToken {}`: {row: 15, refused: true, problem: oneToken},
	`cas validateToken {}`:   {row: 15, refused: true, problem: oneToken},
}

const (
	page      = "https://oidc1.authing.cn"
	appOfURLs = "5f17a529f64fb009b794a2ff"
)

// urlRows are the decisions about links and PKCE, by the capture's label.
var urlRows = map[string]expectation{
	"oidc responseType bogus":             {row: 7, refused: true, problem: `unknown ResponseType "bogus"`},
	"oidc implicit + query response mode": {row: 6, refused: true, problem: "ResponseMode query would put a token"},
	"oidc pkce method only":               {row: 8, refused: true, problem: "CodeChallengeMethod is set without CodeChallenge"},
	"oidc pkce bogus method":              {row: 8, refused: true, problem: `CodeChallenge: pkce: unknown method "S512"`},
	"oidc prompt option is ignored": {row: 5, sent: page + "/oidc/auth?client_id=" + appOfURLs + "&response_type=code&redirect_uri=https%3A%2F%2Fbaidu.com" +
		"&scope=openid+profile+email+phone+address&state=STATE&nonce=NONCE&prompt=login"},
	"oidc no appId": {row: 2, refused: true, problem: "authentication: AppID is not set"},

	"cas no service":      {row: 16, sent: page + "/cas-idp/" + appOfURLs + "/login"},
	"cas service":         {row: 16, sent: page + "/cas-idp/" + appOfURLs + "/login?service=https%3A%2F%2Fexample.com"},
	"cas service unicode": {row: 16, sent: page + "/cas-idp/" + appOfURLs + "/login?service=https%3A%2F%2F%E4%BE%8B%E5%AD%90.%E6%B5%8B%E8%AF%95%2F%E5%9B%9E+%E8%B0%83"},

	"oidc expert none":          {row: 22, sent: page + "/oidc/session/end"},
	"oidc expert both, query":   {row: 22, sent: page + "/oidc/session/end?id_token_hint=ID.TOK.EN&post_logout_redirect_uri=https%3A%2F%2Fauthing.cn%2Fa%3Fb%3Dc%26d%3D%E4%B8%AD"},
	"oidc expert only redirect": {row: 22, refused: true, problem: "LogoutOptions.RedirectURI needs IDToken"},
	"oidc state ignored":        {row: 22, refused: true, problem: "LogoutOptions.State needs Expert"},
	"oauth redirect query unencoded": {row: 21,
		sent: page + "/login/profile/logout?redirect_uri=https%3A%2F%2Fauthing.cn%2Fa%3Fb%3Dc%26d%3D%E4%B8%AD+e%23f"},
	"oauth expert both":            {row: 22, refused: true, problem: "LogoutOptions.Expert is not an option"},
	"oauth expert only idToken":    {row: 22, refused: true, problem: "LogoutOptions.Expert is not an option"},
	"oauth idToken without expert": {row: 22, refused: true, problem: "LogoutOptions.IDToken is not an option"},
	"saml expert none":             {row: 22, refused: true, problem: "LogoutOptions.Expert is not an option"},
	"saml expert both, query":      {row: 22, refused: true, problem: "LogoutOptions.Expert is not an option"},
	"saml expert only redirect":    {row: 22, refused: true, problem: "LogoutOptions.Expert is not an option"},
	"saml state ignored":           {row: 22, refused: true, problem: "LogoutOptions.State is not an option"},

	"cas {}":                       {row: 17, sent: page + "/cas-idp/" + appOfURLs + "/logout"},
	"cas redirect query unencoded": {row: 17, sent: page + "/cas-idp/" + appOfURLs + "/logout?service=https%3A%2F%2Fauthing.cn%2Fa%3Fb%3Dc%26d%3D%E4%B8%AD+e%23f"},
	"cas trailing slash":           {row: 17, sent: page + "/cas-idp/" + appOfURLs + "/logout?service=https%3A%2F%2Fauthing.cn"},
	"cas expert both":              {row: 22, refused: true, problem: "LogoutOptions.Expert is not an option"},
	"cas expert only idToken":      {row: 22, refused: true, problem: "LogoutOptions.Expert is not an option"},
	"cas idToken without expert":   {row: 22, refused: true, problem: "LogoutOptions.IDToken is not an option"},

	// null is the zero Method here, and that is S256.
	"null method": {row: 8, sent: "ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA"},
	"lower s256":  {refused: true, problem: `pkce: unknown method "s256"`},
	"empty":       {refused: true, problem: "pkce: code verifier has 0 characters, want 43 to 128"},
	"no options":  {refused: true, problem: "pkce: code verifier has 0 characters, want 43 to 128"},
	"short plain": {row: 8, refused: true, problem: "pkce: code verifier has 5 characters, want 43 to 128"},
	"unicode":     {row: 8, refused: true, problem: "pkce: code verifier has 129 characters, want 43 to 128"},
}
