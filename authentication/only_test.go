package authentication_test

import (
	"crypto"
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// flows is every built-in flow, with the options that it knows.
func flows(t *testing.T) map[string]struct {
	flow              authentication.Flow
	authorize, logout string
} {
	t.Helper()
	oc, err := oauth.NewClient(oauth.Config{
		ClientID: "c", RedirectURI: testBack, Endpoints: oauth.Endpoints{Authorization: "https://as.example/auth", Token: "https://as.example/token"},
	})
	require.NoError(t, err)
	ic, err := oidc.NewClient(oidc.Config{ClientID: "c", RedirectURI: testBack, Metadata: &oidc.Metadata{
		Issuer: "https://op.example", AuthorizationEndpoint: "https://op.example/auth", TokenEndpoint: "https://op.example/token",
		EndSessionEndpoint: "https://op.example/end",
	}})
	require.NoError(t, err)
	cc, err := cas.NewClient(cas.Config{ServerURL: "https://cas.example/cas", Service: testBack})
	require.NoError(t, err)
	sc, err := saml.NewClient(saml.Config{EntityID: "https://app.example/saml", ACSURL: testBack, IDP: metadata.NewList(&metadata.IDP{
		EntityID: "https://idp.example", SSO: []metadata.Endpoint{{Binding: saml.BindingRedirect, Location: "https://idp.example/sso"}},
		Keys: []crypto.PublicKey{samlKey(t).Signer.Public()},
	})})
	require.NoError(t, err)
	standard := "RedirectURI Scope State Nonce ResponseType ResponseMode CodeChallenge CodeChallengeMethod Prompt Display MaxAge" +
		" LoginHint UILocales ACRValues IDTokenHint Claims Resource AuthorizationDetails Extra"
	plain := "RedirectURI Scope State ResponseType CodeChallenge CodeChallengeMethod Resource AuthorizationDetails Extra"
	client := func(p authentication.Protocol) authentication.Flow { return newTestClient(t, nil, with(p)) }
	return map[string]struct {
		flow              authentication.Flow
		authorize, logout string
	}{
		"oidc":      {client(authentication.OIDC{}), standard + " TenantID", "RedirectURI SendAppID Expert"},
		"oauth":     {client(authentication.OAuth{}), plain, "RedirectURI SendAppID"},
		"saml":      {client(authentication.SAML{}), "", "RedirectURI SendAppID"},
		"cas":       {client(authentication.CAS{}), "RedirectURI Renew Gateway", "RedirectURI"},
		"FromSAML":  {authentication.FromSAML(sc), "IDP RedirectURI State Prompt MaxAge ACRValues", ""},
		"FromOIDC":  {authentication.FromOIDC(ic), standard, "RedirectURI IDToken State LogoutHint UILocales"},
		"FromOAuth": {authentication.FromOAuth(oc), plain, ""},
		"FromCAS":   {authentication.FromCAS(cc), "RedirectURI Renew Gateway", "RedirectURI"},
	}
}

// valueFor is a value that every flow with this field accepts.
func valueFor(field reflect.StructField) reflect.Value {
	switch field.Name {
	case "RedirectURI":
		return reflect.ValueOf(testBack)
	case "ResponseType":
		return reflect.ValueOf(oauth.ResponseTypeCode)
	case "CodeChallenge":
		return reflect.ValueOf("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
	case "IDP":
		return reflect.ValueOf("https://idp.example")
	case "Prompt":
		return reflect.ValueOf("login")
	case "MaxAge":
		return reflect.ValueOf(time.Minute)
	case "Claims":
		return reflect.ValueOf(json.RawMessage(`{}`))
	case "AuthorizationDetails":
		return reflect.ValueOf(json.RawMessage(`[{"type":"x"}]`))
	case "Resource":
		return reflect.ValueOf([]string{"https://api.example"})
	case "Extra":
		return reflect.ValueOf(url.Values{"domain_hint": {"x"}})
	}
	if field.Type.Kind() == reflect.Bool {
		return reflect.ValueOf(true)
	}
	return reflect.ValueOf("x").Convert(field.Type)
}

// Each field is either known to the flow, or an error that names it. This includes fields that are added later.
func TestFlowsRefuseUnknownOptions(t *testing.T) {
	t.Parallel()
	for name, f := range flows(t) {
		authorize := reflect.TypeFor[authentication.AuthorizeOptions]()
		for i := range authorize.NumField() {
			var o authentication.AuthorizeOptions
			field := authorize.Field(i)
			reflect.ValueOf(&o).Elem().Field(i).Set(valueFor(field))
			_, err := f.flow.BuildAuthorizeUrl(t.Context(), o)
			known := slices.Contains(strings.Fields(f.authorize), field.Name)
			if flow, ok := f.flow.(authentication.LoginFlow); ok && !known && f.authorize != "" && field.Name != "CodeChallengeMethod" {
				_, err := flow.BeginLogin(t.Context(), o)
				checkOption(t, err, name, "AuthorizeOptions."+field.Name, false)
			}
			checkOption(t, err, name, "AuthorizeOptions."+field.Name, known || field.Name == "CodeChallengeMethod" && f.authorize != "" && !strings.HasSuffix(strings.ToLower(name), "cas") && name != "FromSAML")
		}
		logout := reflect.TypeFor[authentication.LogoutOptions]()
		for i := range logout.NumField() {
			var o authentication.LogoutOptions
			field := logout.Field(i)
			reflect.ValueOf(&o).Elem().Field(i).Set(valueFor(field))
			_, err := f.flow.BuildLogoutUrl(t.Context(), o)
			if name == "FromOAuth" {
				require.ErrorContains(t, err, "BuildLogoutUrl is not a call of protocol oauth")
				continue
			}
			checkOption(t, err, name, "LogoutOptions."+field.Name, slices.Contains(strings.Fields(f.logout), field.Name))
		}
	}
}

func checkOption(t *testing.T, err error, flow, field string, known bool) {
	t.Helper()
	if err == nil {
		assert.True(t, known, "%s takes %s", flow, field)
		return
	}
	unknown := "authentication: " + field + " is not an option of this protocol"
	switch {
	case known:
		// Known, but not allowed alone.
		assert.NotContains(t, err.Error(), "is not an option", "%s: %v", flow, err)
		_, name, _ := strings.Cut(field, ".")
		assert.Contains(t, err.Error(), name)
	case flow == "oidc" && (field == "LogoutOptions.IDToken" || field == "LogoutOptions.State"):
		assert.EqualError(t, err, "authentication: "+field+" needs Expert")
	default:
		assert.EqualError(t, err, unknown, flow)
	}
}

// An empty map or slice counts as not set.
func TestOnlyLooksAtContent(t *testing.T) {
	t.Parallel()
	require.NoError(t, authentication.AuthorizeOptions{Extra: url.Values{}, Claims: json.RawMessage{}}.Only())
	require.NoError(t, authentication.AuthorizeOptions{State: "s"}.Only("State"))
	require.EqualError(t, authentication.AuthorizeOptions{State: "s", Nonce: "n"}.Only("State"),
		"authentication: AuthorizeOptions.Nonce is not an option of this protocol")
	require.EqualError(t, authentication.AuthorizeOptions{Extra: url.Values{"a": nil}}.Only(),
		"authentication: AuthorizeOptions.Extra is not an option of this protocol")
	require.NoError(t, authentication.LogoutOptions{}.Only())
	require.EqualError(t, authentication.LogoutOptions{SendAppID: true}.Only("Expert"),
		"authentication: LogoutOptions.SendAppID is not an option of this protocol")
}

func TestParseProtocol(t *testing.T) {
	t.Parallel()
	for _, want := range protocols() {
		got, err := authentication.ParseProtocol(want.Name())
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for _, name := range []string{"", "OIDC", "oidc ", "oauth2", "wechat"} {
		p, err := authentication.ParseProtocol(name)
		require.EqualError(t, err, `authentication: unknown protocol "`+name+`", want oidc, oauth, saml or cas`)
		assert.Nil(t, p)
	}
}
