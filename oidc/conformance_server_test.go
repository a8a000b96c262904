package oidc_test

import (
	"cmp"
	"crypto/rsa"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// conformanceServer are the modules of logins once more, with nothing but oidctest: one server for all, where each
// module is an application with a fault of its own. Those whose fault is in metadata or keys have a server of their own.
var conformanceServer = map[string]struct {
	app    oidctest.App
	fault  idptest.Fault
	server idptest.Fault // a fault of the whole server
	ask    oidc.AuthorizeOptions
	only   func(oauth.ResponseType) bool // nil: it is for every response type
	want   error                         // of the login; nil: it is accepted
	then   func(*testing.T, *oidctest.Server, *oidc.Client, *oidc.Result)
}{
	"oidcc-client-test":                          {},
	"oidcc-client-test-invalid-iss":              {fault: oidctest.WrongIssuer, want: oidc.CheckIssuer},
	"oidcc-client-test-missing-sub":              {fault: oidctest.MissingSubject, want: oidc.CheckSubject},
	"oidcc-client-test-invalid-aud":              {fault: oidctest.WrongAudience, want: oidc.CheckAudience},
	"oidcc-client-test-missing-aud":              {fault: oidctest.MissingAudience, want: oidc.CheckAudience},
	"oidcc-client-test-missing-iat":              {fault: oidctest.MissingIssuedAt, want: oidc.CheckIssuedAt},
	"oidcc-client-test-nonce-invalid":            {fault: oidctest.WrongNonce, want: oidc.CheckNonce},
	"oidcc-client-test-idtoken-sig-rs256":        {app: oidctest.App{IDTokenSigningAlg: "RS256"}},
	"oidcc-client-test-idtoken-sig-none":         {fault: oidctest.AlgNone, want: oidc.CheckAlgorithm},
	"oidcc-client-test-invalid-sig-rs256":        {fault: oidctest.BadSignature, want: oidc.CheckSignature},
	"oidcc-client-test-invalid-sig-es256":        {app: oidctest.App{IDTokenSigningAlg: "ES256"}, fault: oidctest.BadSignature, want: oidc.CheckSignature},
	"oidcc-client-test-invalid-sig-hs256":        {app: oidctest.App{IDTokenSigningAlg: "HS256"}, fault: oidctest.BadSignature, want: oidc.CheckSignature},
	"oidcc-client-test-invalid-athash":           {fault: oidctest.WrongAtHash, only: idTokenAndToken, want: oidc.CheckAtHash},
	"oidcc-client-test-missing-athash":           {fault: oidctest.MissingAtHash, only: idTokenAndToken, want: oidc.CheckAtHash},
	"oidcc-client-test-invalid-chash":            {fault: oidctest.WrongCHash, only: codeAndIDToken, want: oidc.CheckCodeHash},
	"oidcc-client-test-missing-chash":            {fault: oidctest.MissingCHash, only: codeAndIDToken, want: oidc.CheckCodeHash},
	"oidcc-client-test-form-post-error":          {ask: oidc.AuthorizeOptions{MaxAge: oidc.ReauthenticateNow, Prompt: "none"}, want: oauth.LoginRequired},
	"oidcc-client-test-kid-absent-single-jwks":   {fault: oidctest.MissingKeyID, server: oidctest.NamelessKeys},
	"oidcc-client-test-kid-absent-multiple-jwks": {fault: oidctest.MissingKeyID, server: oidctest.NamelessKeys, then: afterRotation(nil)},
	"oidcc-client-test-ignores-unparseable-key-in-jwks": {
		server: oidctest.StrangeKeys,
	},
	"oidcc-client-test-discovery-openid-config":                  {server: oidctest.StrangeKeys, then: asked("/.well-known/openid-configuration")},
	"oidcc-client-test-discovery-jwks-uri-keys":                  {server: oidctest.StrangeKeys, then: asked("/.well-known/jwks.json")},
	"oidcc-client-test-discovery-issuer-mismatch":                {server: oidctest.WrongDiscoveryIssuer, want: errDiscovery},
	"oidcc-client-test-signing-key-rotation":                     {server: oidctest.StrangeKeys, then: afterRotation(nil)},
	"oidcc-client-test-signing-key-rotation, without the key":    {server: oidctest.StrangeKeys, then: afterRotation(oidc.CheckKey)},
	"oidcc-client-test-signing-key-rotation-just-before-signing": {server: oidctest.StrangeKeys, then: afterRotation(nil)},
	"oidcc-client-test-userinfo-bearer-header":                   {only: withAnyToken, then: userInfoIs(nil)},
	"oidcc-client-test-userinfo-bearer-body":                     {only: withAnyToken, then: userInfoIs(nil, oauth.InBody)},
	"oidcc-client-test-client-secret-basic":                      {app: oidctest.App{TokenAuth: "client_secret_basic"}, only: codeFlows},
	"oidcc-client-test-scope-userinfo-claims":                    {ask: oidc.AuthorizeOptions{Scope: "openid profile email phone address"}, only: withAnyToken, then: userInfoIs(nil)},
	"oidcc-client-test-userinfo-invalid-sub":                     {fault: oidctest.WrongSubject, only: withAnyToken, then: userInfoIs(oauth.ErrSubject)},
	"oidcc-client-test-userinfo-signed":                          {app: oidctest.App{UserInfoSigningAlg: "RS256"}, only: withAnyToken, then: userInfoIs(nil)},
	"oidcc-client-test-userinfo-signed, not signed":              {app: oidctest.App{UserInfoSigningAlg: "RS256"}, fault: oidctest.PlainUserInfo, only: withAnyToken, then: userInfoIs(oidc.CheckUnsigned)},
	"oidcc-client-test-refresh-token":                            {ask: offline, only: codeFlows, then: refreshAt("", nil)},
	"oidcc-client-test-refresh-token-invalid-issuer":             {ask: offline, only: codeFlows, then: refreshAt(oidctest.WrongIssuer, oidc.CheckIssuer)},
	"oidcc-client-test-refresh-token-invalid-sub":                {ask: offline, only: codeFlows, then: refreshAt(oidctest.OtherSubject, oidc.CheckSubject)},
	"oidcc-client-test-refresh-token-invalid-aud":                {ask: offline, only: codeFlows, then: refreshAt(oidctest.WrongAudience, oidc.CheckAudience)},
	"oidcc-client-test-refresh-token-invalid-azp":                {ask: offline, only: codeFlows, then: refreshAt(oidctest.WrongAuthorizedParty, oidc.CheckAuthorized)},
}

// errDiscovery is a login that does not begin, because of the metadata.
const errDiscovery = oidc.TokenCheck("the metadata is refused")

var offline = oidc.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"}

func userInfoIs(want error, where ...oauth.TokenPlacement) func(*testing.T, *oidctest.Server, *oidc.Client, *oidc.Result) {
	return func(t *testing.T, _ *oidctest.Server, c *oidc.Client, r *oidc.Result) {
		o := oauth.UserInfoOptions{Subject: r.IDToken.Subject, Placement: append(where, oauth.InHeader)[0]}
		u, err := c.GetUserInfoByAccessToken(t.Context(), r.Token.AccessToken, o)
		require.ErrorIs(t, err, want)
		assert.Equal(t, want == nil, u != nil && u.Subject == idptest.Subject)
	}
}

func refreshAt(fault idptest.Fault, want error) func(*testing.T, *oidctest.Server, *oidc.Client, *oidc.Result) {
	return func(t *testing.T, idp *oidctest.Server, c *oidc.Client, r *oidc.Result) {
		if fault != "" {
			idp.Break(fault)
		}
		_, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: r.Token.RefreshToken, Previous: r.IDToken})
		require.ErrorIs(t, err, want)
	}
}

// asked says that the client asked for a document, once.
func asked(path string) func(*testing.T, *oidctest.Server, *oidc.Client, *oidc.Result) {
	return func(t *testing.T, idp *oidctest.Server, _ *oidc.Client, _ *oidc.Result) {
		assert.Equal(t, 1, idp.Requests(path))
	}
}

// afterRotation logs in once more under a key that is made during the login.
func afterRotation(want error) func(*testing.T, *oidctest.Server, *oidc.Client, *oidc.Result) {
	return func(t *testing.T, idp *oidctest.Server, c *oidc.Client, r *oidc.Result) {
		login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		require.NoError(t, idp.RotateKeys())
		if want != nil {
			idp.Break(oidctest.StaleJWKS)
		}
		callback, err := idp.Login(t.Context(), login.URL, "")
		require.NoError(t, err)
		_, err = c.CompleteLogin(t.Context(), login, callback)
		require.ErrorIs(t, err, want)
	}
}

func TestConformanceServer(t *testing.T) {
	t.Parallel()
	newServer := func() *oidctest.Server {
		return &oidctest.Server{Realm: &idptest.Realm{BaseURL: issuer}, SigningKey: keys()["fake"].(*rsa.PrivateKey)}
	}
	shared := newServer()
	var faults []idptest.Fault
	for module, c := range conformanceServer {
		app := c.app
		app.ClientID, app.ClientSecret, app.RedirectURIs = module, clientSecret, []string{redirectURI}
		shared.Apps = append(shared.Apps, app)
		if c.fault != "" {
			faults = append(faults, c.fault.For(module))
		}
	}
	shared.Break(faults...)
	for module, c := range conformanceServer {
		for _, responseType := range responseTypes() {
			if c.only != nil && !c.only(responseType) {
				continue
			}
			t.Run(module+"/"+string(responseType), func(t *testing.T) {
				t.Parallel()
				idp := shared
				if c.server != "" || c.then != nil {
					idp = newServer()
					idp.Apps = shared.Apps
					idp.Break(slices.DeleteFunc([]idptest.Fault{c.server, c.fault}, func(f idptest.Fault) bool { return f == "" })...)
				}
				client, err := oidc.NewClient(oidc.Config{
					Issuer: issuer, ClientID: module, ClientSecret: clientSecret, RedirectURI: redirectURI, AllowFrontChannelAccessToken: true,
					IDTokenSigningAlg: cmp.Or(c.app.IDTokenSigningAlg, "RS256"), UserInfoSigningAlg: c.app.UserInfoSigningAlg,
					HTTPClient: &http.Client{Transport: handler{idp}, Timeout: time.Minute},
				})
				require.NoError(t, err)
				ask := c.ask
				ask.ResponseType = responseType
				login, err := client.BeginLogin(t.Context(), ask)
				if c.want == errDiscovery {
					var refused *oauth.DiscoveryError
					require.ErrorAs(t, err, &refused)
					return
				}
				require.NoError(t, err)
				callback, err := idp.Login(t.Context(), login.URL, "")
				require.NoError(t, err)
				result, err := client.CompleteLogin(t.Context(), login, callback)
				require.ErrorIs(t, err, c.want)
				if c.want != nil {
					assert.Nil(t, result)
					return
				}
				assert.Equal(t, idptest.Subject, result.IDToken.Subject)
				if c.then != nil {
					c.then(t, idp, client, result)
				}
			})
		}
	}
}

// Every module of the table of logins is here too.
func TestConformanceServerIsWhole(t *testing.T) {
	t.Parallel()
	for module := range conformance {
		name, _, _ := strings.Cut(module, ",")
		assert.Contains(t, conformanceServer, name)
	}
}
