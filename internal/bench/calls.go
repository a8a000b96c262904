package main

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const callback = "https://app.example/auth/callback"

func cases() []benchCase {
	return slices.Concat(verifyCases(), []benchCase{authorizeCase(), loginCase(), introspectCase(), userInfoCase()}, sessionCases(), casCases(), samlCases())
}

// wire is a transport that answers every request with one body, from memory.
type wire struct{ body []byte }

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return &http.Response{
		StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(w.body)),
		Body: io.NopCloser(bytes.NewReader(w.body)), Request: r,
	}, nil
}

func endpoints() oauth.Endpoints {
	return oauth.Endpoints{
		Authorization: issuer + "/auth", Token: issuer + "/token", UserInfo: issuer + "/me",
		Introspection: issuer + "/token/introspection", Revocation: issuer + "/token/revocation",
	}
}

func authorizeCase() benchCase {
	client, err := oauth.NewClient(oauth.Config{ClientID: clientID, RedirectURI: callback, Endpoints: endpoints()})
	must(err)
	options := oauth.AuthorizeOptions{Scope: "openid profile email phone address", State: "7400704296715694"}
	peer := oauth2.Config{
		ClientID: clientID, RedirectURL: callback, Scopes: []string{"openid", "profile", "email", "phone", "address"},
		Endpoint: oauth2.Endpoint{AuthURL: issuer + "/auth"},
	}
	done, err := client.BuildAuthorizeUrl(context.Background(), options)
	must(err)
	text := []byte(done)
	var sink string
	return benchCase{
		name:  "authorize URL",
		limit: work{"limit: copy", func() error { sink = string(text); return nil }},
		ours: work{"ours", func() error {
			var err error
			sink, err = client.BuildAuthorizeUrl(context.Background(), options)
			return err
		}},
		peers: []work{
			{"x/oauth2", func() error { sink = peer.AuthCodeURL("7400704296715694"); return nil }},
			{"url.Values", func() error {
				sink = issuer + "/auth?" + url.Values{
					"client_id": {clientID}, "redirect_uri": {callback}, "response_type": {"code"},
					"scope": {options.Scope}, "state": {options.State},
				}.Encode()
				if len(sink) < 50 {
					return errors.New("short")
				}
				return nil
			}},
		},
	}
}

func do(c *http.Client, method, target, body string) error {
	r, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.Do(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return errors.Join(err, res.Body.Close())
}

// loginCase is the callback: one code exchange and one ID token.
func loginCase() benchCase {
	k := keyPairs()[0]
	cfg := oidc.Config{
		ClientID: clientID, ClientSecret: secret, RedirectURI: callback, Keys: oidc.StaticKeys{{ID: kid, Public: k.public}},
		IDTokenSigningAlg: "RS256", TokenAuth: oauth.ClientSecretPost,
		Metadata: &oidc.Metadata{Issuer: issuer, AuthorizationEndpoint: issuer + "/auth", TokenEndpoint: issuer + "/token"},
	}
	scout, err := oidc.NewClient(cfg)
	must(err)
	login, err := scout.BeginLogin(context.Background(), oidc.AuthorizeOptions{})
	must(err)
	raw := k.sign(bytes.ReplaceAll(claims(), []byte(nonce), []byte(login.Nonce)))
	body, err := json.Marshal(map[string]any{
		"access_token": "fa9d2bdd914ea01aa4e434c12d4f919d749fc75c", "token_type": "Bearer", "expires_in": 3600,
		"scope": "openid profile", "id_token": raw,
	})
	must(err)
	hc := &http.Client{Transport: wire{body}}
	cfg.HTTPClient = hc
	client, err := oidc.NewClient(cfg)
	must(err)
	request, err := http.NewRequest(http.MethodGet, callback+"?code=SplxlOBeZQQYbYS6WxSbIA&state="+login.State, nil)
	must(err)
	peer := oauth2.Config{
		ClientID: clientID, ClientSecret: secret, RedirectURL: callback,
		Endpoint: oauth2.Endpoint{TokenURL: issuer + "/token", AuthStyle: oauth2.AuthStyleInParams},
	}
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, hc)
	verifier := gooidc.NewVerifier(issuer, &gooidc.StaticKeySet{PublicKeys: []crypto.PublicKey{k.public}}, &gooidc.Config{ClientID: clientID})
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {"SplxlOBeZQQYbYS6WxSbIA"}, "redirect_uri": {callback},
		"client_id": {clientID}, "client_secret": {secret}, "code_verifier": {login.CodeVerifier},
	}.Encode()
	bare := k.bare(raw)
	return benchCase{
		name: "login callback",
		limit: work{"limit: Do + RSA", func() error {
			return errors.Join(do(hc, http.MethodPost, issuer+"/token", form), bare())
		}},
		ours: work{"ours", func() error {
			result, err := client.CompleteLogin(context.Background(), login, request)
			if err == nil && result.IDToken.Subject == "" {
				return errors.New("no subject")
			}
			return err
		}},
		peers: []work{{"go-oidc + x/oauth2", func() error {
			if request.URL.Query().Get("state") != login.State {
				return errors.New("state")
			}
			token, err := peer.Exchange(ctx, request.URL.Query().Get("code"), oauth2.VerifierOption(login.CodeVerifier))
			if err != nil {
				return err
			}
			rawID, _ := token.Extra("id_token").(string)
			id, err := verifier.Verify(ctx, rawID)
			if err == nil && id.Nonce != login.Nonce {
				return errors.New("nonce")
			}
			return err
		}}},
	}
}

func introspectCase() benchCase {
	body := []byte(`{"active":true,"sub":"60097f4d5bc08f75da104d18","client_id":"60097391b1358c17c5fb0f4e","exp":1612445888,` +
		`"iat":1611236288,"iss":"https://core.littleimp.cn/oidc","jti":"TV4J0gAbe4KR4-8CtYcOa",` +
		`"scope":"openid profile email phone offline_access","token_type":"Bearer"}`)
	hc := &http.Client{Transport: wire{body}}
	client, err := oauth.NewClient(oauth.Config{
		ClientID: clientID, ClientSecret: secret, Endpoints: endpoints(), HTTPClient: hc, IntrospectionAuth: oauth.ClientSecretPost,
	})
	must(err)
	form := url.Values{"client_id": {clientID}, "client_secret": {secret}, "token": {"fa9d2bdd914ea01aa4e434c12d4f919d749fc75c"}}.Encode()
	return benchCase{
		name:  "introspection",
		limit: work{"limit: Do", func() error { return do(hc, http.MethodPost, issuer+"/token/introspection", form) }},
		ours: work{"ours", func() error {
			i, err := client.IntrospectToken(context.Background(), "fa9d2bdd914ea01aa4e434c12d4f919d749fc75c")
			if err == nil && !i.Active {
				return errors.New("inactive")
			}
			return err
		}},
		peers: []work{{"net/http + encoding/json", func() error {
			res, err := hc.PostForm(issuer+"/token/introspection", url.Values{
				"client_id": {clientID}, "client_secret": {secret}, "token": {"fa9d2bdd914ea01aa4e434c12d4f919d749fc75c"},
			})
			if err != nil {
				return err
			}
			defer res.Body.Close()
			var reply struct {
				Active                                    bool
				Sub, ClientID, Iss, Jti, Scope, TokenType string
				Exp, Iat                                  int64
			}
			return json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&reply)
		}}},
	}
}

func userInfoCase() benchCase {
	body := []byte(`{"address":{"country":null,"postal_code":null,"region":null,"formatted":null},"birthdate":null,"family_name":null,` +
		`"gender":"U","given_name":null,"locale":null,"middle_name":null,"name":null,"nickname":null,` +
		`"picture":"https://files.authing.co/authing-console/default-user-avatar.png","preferred_username":null,"profile":null,` +
		`"updated_at":"2021-03-03T06:17:14.485Z","website":null,"zoneinfo":null,"email":"test1@authing.cn","email_verified":false,` +
		`"sub":"603f184cec4505e2868431fc","phone_number":null,"phone_number_verified":false}`)
	hc := &http.Client{Transport: wire{body}}
	client, err := oauth.NewClient(oauth.Config{ClientID: clientID, Endpoints: endpoints(), HTTPClient: hc})
	must(err)
	provider := (&gooidc.ProviderConfig{IssuerURL: issuer, UserInfoURL: issuer + "/me"}).NewProvider(gooidc.ClientContext(context.Background(), hc))
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "at", TokenType: "Bearer"})
	return benchCase{
		name:  "user info",
		limit: work{"limit: Do", func() error { return do(hc, http.MethodGet, issuer+"/me", "") }},
		ours: work{"ours", func() error {
			u, err := client.GetUserInfoByAccessToken(context.Background(), "at")
			if err == nil && u.Email == "" {
				return errors.New("no email")
			}
			return err
		}},
		peers: []work{{"go-oidc", func() error {
			u, err := provider.UserInfo(gooidc.ClientContext(context.Background(), hc), source)
			if err == nil && u.Email == "" {
				return errors.New("no email")
			}
			return err
		}}},
	}
}
