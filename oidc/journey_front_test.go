package oidc_test

import (
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
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

// fakeProvider is an oidctest.Server and a client of it, without a network.
func fakeProvider(t testing.TB, server *oidctest.Server) *oidc.Client {
	t.Helper()
	server.Realm, server.SigningKey = &idptest.Realm{BaseURL: "https://id.example"}, keys()["fake"].(*rsa.PrivateKey)
	alg := server.IDTokenSigningAlg
	if strings.HasPrefix(alg, "HS") {
		server.ClientSecret = clientSecret
	}
	cfg := oidc.Config{
		Issuer: "https://id.example", ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, IDTokenSigningAlg: alg,
		RedirectURI: "http://localhost:3000/callback", HTTPClient: &http.Client{Transport: handler{server}}, AllowFrontChannelAccessToken: true,
	}
	if server.ClientSecret != "" {
		cfg.ClientSecret = server.ClientSecret
	}
	client, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	return client
}

// comeBack is the request that reaches the application: a fragment is posted by the page there.
func comeBack(t testing.TB, server *oidctest.Server, login *oidc.Login) *http.Request {
	t.Helper()
	r, err := server.Login(t.Context(), login.URL, "")
	require.NoError(t, err)
	if r.URL.Fragment == "" {
		return r
	}
	post := httptest.NewRequest(http.MethodPost, login.RedirectURI, strings.NewReader(r.URL.EscapedFragment()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	post.Header.Set("Origin", "http://localhost:3000")
	return post
}

func TestJourneyOfEachFlow(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"RS256", "HS512", "ES384", "EdDSA"} {
		server := &oidctest.Server{IDTokenSigningAlg: alg, SendIssuer: alg == "RS256"}
		client := fakeProvider(t, server)
		for _, responseType := range responseTypes() {
			for _, mode := range []oauth.ResponseMode{"", oauth.ResponseModeFragment, oauth.ResponseModeFormPost} {
				login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseType: responseType, ResponseMode: mode, MaxAge: time.Hour})
				require.NoError(t, err)
				result, err := client.CompleteLogin(t.Context(), login, comeBack(t, server, login))
				require.NoError(t, err, "%s %s %s", alg, responseType, mode)
				assert.Equal(t, idptest.Subject, result.IDToken.Subject)
				assert.Equal(t, responseType == oidc.ResponseTypeIDToken, result.Token == nil)
				if result.Token != nil {
					user, err := client.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
					require.NoError(t, err)
					assert.Equal(t, idptest.Subject, user.Subject)
				}
			}
		}
	}
}

// wanted is the refusal of a fault in a flow; nil where the fault changes nothing that can be seen.
func wanted(fault idptest.Fault, f oauth.ResponseType) error {
	code, token, idToken := returns(f, "code"), returns(f, "token"), returns(f, "id_token")
	only := func(when bool, err error) error {
		if when {
			return err
		}
		return nil
	}
	switch fault {
	case oidctest.WrongAtHash:
		return only(code || token, oidc.CheckAtHash) // the token endpoint's ID token has one too
	case oidctest.MissingAtHash:
		return only(token && idToken, oidc.CheckAtHash)
	case oidctest.WrongCHash, oidctest.MissingCHash:
		return only(code && idToken, oidc.CheckCodeHash)
	case oidctest.WrongSHash:
		return only(idToken, oidc.CheckStateHash)
	case oidctest.FrontSubject:
		return only(code && idToken, oidc.CheckSubject)
	case oidctest.FrontIssuer:
		return only(idToken, oidc.CheckIssuer)
	case oidctest.MissingIDToken:
		if idToken {
			return oauth.CheckResponse
		}
		return oidc.CheckMissing
	case oidctest.MissingCode:
		return only(code, oauth.CheckResponse)
	case oidctest.WrongTokenType:
		return only(token, oauth.CheckResponse)
	case oidctest.FrontAccessToken, oidctest.ErrorBeside:
		return oauth.CheckResponse
	case oidctest.RefusedLogin:
		return oauth.ServerError
	case oidctest.WrongMode:
		return oauth.CheckMethod
	case oidctest.MissingSHash:
		return nil
	}
	return faults[fault]
}

func TestJourneyOfEachFlowWithABrokenServer(t *testing.T) {
	t.Parallel()
	all := []idptest.Fault{
		oidctest.MissingAtHash, oidctest.MissingCHash, oidctest.WrongCHash, oidctest.WrongSHash, oidctest.MissingSHash, oidctest.FrontSubject,
		oidctest.FrontIssuer, oidctest.MissingIDToken, oidctest.MissingCode, oidctest.FrontAccessToken, oidctest.WrongTokenType,
		oidctest.ErrorBeside, oidctest.RefusedLogin, oidctest.WrongMode,
	}
	for fault := range faults {
		if fault != oidctest.StaleJWKS { // its twin would wait for the cool-down
			all = append(all, fault)
		}
	}
	server := &oidctest.Server{}
	client := fakeProvider(t, server)
	for _, responseType := range responseTypes() {
		for _, mode := range []oauth.ResponseMode{oauth.ResponseModeFragment, oauth.ResponseModeFormPost} {
			run := func() (*oidc.Result, error) {
				login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseType: responseType, ResponseMode: mode, MaxAge: time.Hour})
				require.NoError(t, err)
				return client.CompleteLogin(t.Context(), login, comeBack(t, server, login))
			}
			_, err := run()
			require.NoError(t, err, "the accepted twin")
			for _, fault := range all {
				server.Break(fault)
				result, err := run()
				server.Break()
				require.ErrorIs(t, err, wanted(fault, responseType), "%s: %s by %s", fault, responseType, mode)
				assert.Equal(t, err == nil, result != nil)
			}
		}
	}
}
