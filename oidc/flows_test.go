package oidc_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// frontTrial is a trial of this response type.
func frontTrial(t oauth.ResponseType, changes ...change) *trial {
	tr := newTrial()
	tr.ask.ResponseType, tr.config.AllowFrontChannelAccessToken = t, true
	for _, c := range changes {
		c(tr)
	}
	return tr
}

// frontIDTokens are the response types whose ID token comes through the browser.
func frontIDTokens() []oauth.ResponseType {
	return slices.DeleteFunc(responseTypes(), func(t oauth.ResponseType) bool { return !returns(t, "id_token") })
}

func with(changes ...change) change {
	return func(tr *trial) {
		for _, c := range changes {
			c(tr)
		}
	}
}

// front changes the ID token of the callback alone, and back that of the token endpoint alone.
func front(c change) change { return func(tr *trial) { tr.front = c } }

func back(name string, value any) change {
	return func(tr *trial) {
		old := tr.claims[name]
		set(name, value)(tr)
		tr.front = set(name, old)
	}
}

// Each response type, in each mode that it may have: what is asked for, what is sent to the token endpoint, and the
// result.
func TestFlows(t *testing.T) {
	t.Parallel()
	for _, responseType := range responseTypes() {
		for _, mode := range []oauth.ResponseMode{"", "query", "fragment", "form_post"} {
			if mode == "query" && responseType != oauth.ResponseTypeCode {
				continue
			}
			t.Run(string(responseType)+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				tr, p := frontTrial(responseType), newProvider(t)
				tr.ask.ResponseMode = mode
				c := p.client(tr.config)
				login, err := c.BeginLogin(t.Context(), tr.ask)
				require.NoError(t, err)
				u, err := url.Parse(login.URL)
				require.NoError(t, err)
				hasCode := returns(responseType, "code")
				assert.Equal(t, []string{string(responseType), string(mode), login.Nonce},
					[]string{u.Query().Get("response_type"), u.Query().Get("response_mode"), u.Query().Get("nonce")})
				assert.Equal(t, hasCode, u.Query().Has("code_challenge"))
				assert.Equal(t, hasCode, login.CodeVerifier != "")
				wantMode := mode
				if mode == "" && responseType != oauth.ResponseTypeCode {
					wantMode = oauth.ResponseModeFragment
				}
				assert.Equal(t, wantMode, login.ResponseMode)

				p.answerCode(tr, login)
				answer := tr.answer(t, login)
				result, err := c.CompleteLogin(t.Context(), login, callback(login, answer.Encode()))
				require.NoError(t, err)
				assert.Equal(t, "248289761001", result.IDToken.Subject)
				switch {
				case hasCode:
					assert.Equal(t, accessToken, result.Token.AccessToken)
					assert.Equal(t, result.Token.IDToken, result.IDToken.Raw(), "the ID token is the token endpoint's")
					assert.Equal(t, []string{"C1", login.CodeVerifier}, []string{p.form("/token").Get("code"), p.form("/token").Get("code_verifier")})
				case returns(responseType, "token"):
					assert.Equal(t, &oauth.Token{
						AccessToken: frontAccessToken, TokenType: "bearer", Scope: "openid", ExpiresIn: 60, Expiry: now().Add(time.Minute),
					}, result.Token)
					assert.Equal(t, sha256Half(frontAccessToken), result.IDToken.AccessTokenHash)
				default:
					assert.Nil(t, result.Token)
				}
				if !hasCode {
					assert.Equal(t, answer.Get("id_token"), result.IDToken.Raw())
					assert.Zero(t, p.count("/token"))
				}
			})
		}
	}
}

// An id_token login needs no secret, no token endpoint and no PKCE of the server; its hybrid twin does.
func TestImplicitNeedsNoTokenEndpoint(t *testing.T) {
	t.Parallel()
	begin := func(responseType oauth.ResponseType) error {
		tr, p := frontTrial(responseType), newProvider(t)
		tr.config.ClientSecret = ""
		document := metadata()
		delete(document, "token_endpoint")
		document["code_challenge_methods_supported"] = []string{"plain"}
		document["token_endpoint_auth_methods_supported"] = []string{"private_key_jwt"}
		p.discover(document)
		c := p.client(tr.config)
		login, err := c.BeginLogin(t.Context(), tr.ask)
		if err != nil {
			return err
		}
		p.answerCode(tr, login)
		_, err = c.CompleteLogin(t.Context(), login, callback(login, tr.answer(t, login).Encode()))
		return err
	}
	require.NoError(t, begin(oidc.ResponseTypeIDToken))
	require.NoError(t, begin(oidc.ResponseTypeIDTokenToken))
	require.EqualError(t, begin(oidc.ResponseTypeCodeIDToken), "oidc: ClientSecret is not set: TokenAuth needs it, unless it is oauth.None")
}

// The mode of a response type with tokens comes from the server's metadata, and the server's list of response types
// decides whether the login begins.
func TestFlowsByMetadata(t *testing.T) {
	t.Parallel()
	begin := func(o oidc.AuthorizeOptions, document map[string]any) (*oidc.Login, error) {
		p := newProvider(t)
		all := metadata()
		for name, value := range document {
			all[name] = value
		}
		p.discover(all)
		return p.client(newTrial().config).BeginLogin(t.Context(), o)
	}
	hybrid := oidc.AuthorizeOptions{ResponseType: "id_token code"}
	login, err := begin(hybrid, map[string]any{"response_modes_supported": []string{"query", "fragment", "form_post"}})
	require.NoError(t, err)
	assert.Equal(t, oauth.ResponseModeFormPost, login.ResponseMode)
	assert.Contains(t, login.URL, "response_mode=form_post")
	login, err = begin(hybrid, map[string]any{"response_modes_supported": []string{"query", "fragment"}})
	require.NoError(t, err)
	assert.Equal(t, oauth.ResponseModeFragment, login.ResponseMode)
	assert.NotContains(t, login.URL, "response_mode")
	login, err = begin(oidc.AuthorizeOptions{}, map[string]any{"response_modes_supported": []string{"form_post"}})
	require.NoError(t, err)
	assert.Empty(t, login.ResponseMode, "code comes in the query")

	_, err = begin(hybrid, map[string]any{"response_types_supported": []string{"code", "token id_token code", "code id_token"}})
	require.NoError(t, err)
	_, err = begin(hybrid, map[string]any{"response_types_supported": []string{"code", "id_token", "code\x00"}})
	require.EqualError(t, err, `oauth: the server's response_types_supported does not have "id_token code": it is code, id_token, code\x00`)
}

func TestFrontChannelNeedsItsOption(t *testing.T) {
	t.Parallel()
	for _, responseType := range responseTypes() {
		tr, p := frontTrial(responseType), newProvider(t)
		allowed := p.client(tr.config)
		login, err := allowed.BeginLogin(t.Context(), tr.ask)
		require.NoError(t, err)
		p.answerCode(tr, login)
		tr.config.AllowFrontChannelAccessToken = false
		strict := p.client(tr.config)
		_, err = strict.BeginLogin(t.Context(), tr.ask)
		_, completed := strict.CompleteLogin(t.Context(), login, callback(login, tr.answer(t, login).Encode()))
		if !returns(responseType, "token") {
			require.NoError(t, err)
			require.NoError(t, completed)
			continue
		}
		require.ErrorContains(t, err, "AllowFrontChannelAccessToken")
		require.ErrorIs(t, completed, oauth.CheckLogin)

		tr.config.AllowFrontChannelAccessToken, tr.config.AllowNoNonce = true, true
		_, err = p.client(tr.config).BeginLogin(t.Context(), tr.ask)
		if returns(responseType, "id_token") {
			require.EqualError(t, err, `oidc: ResponseType "`+string(responseType)+`" needs a nonce, and AllowNoNonce is set (OpenID Connect Core §3.2.2.1)`)
		} else {
			require.NoError(t, err)
		}
	}
}
