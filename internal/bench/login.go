package main

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"
	"golang.org/x/oauth2"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const code = "SplxlOBeZQQYbYS6WxSbIA"

func oidcConfig(k keyPair, transport http.RoundTripper) oidc.Config {
	config := oidc.Config{
		ClientID: clientID, ClientSecret: secret, RedirectURI: callback, IDTokenSigningAlg: string(k.alg), TokenAuth: oauth.ClientSecretPost,
		Metadata:   &oidc.Metadata{Issuer: issuer, AuthorizationEndpoint: issuer + "/auth", TokenEndpoint: issuer + "/token"},
		HTTPClient: &http.Client{Transport: transport},
	}
	if k.public != nil {
		config.Keys = oidc.StaticKeys{{ID: kid, Public: k.public}}
	}
	return config
}

// loginCases are the callback of a login: a code is exchanged, and the ID token is verified. The limit is the call and the
// signature alone.
func loginCases() []benchCase {
	keys := keyPairs()
	return []benchCase{loginCase(keys[0]), loginCase(keys[len(keys)-1])}
}

func loginCase(k keyPair) benchCase {
	raw := k.sign("JWT", claims())
	hc := &http.Client{Transport: wire{body: tokenReply(raw)}}
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback},
		"client_id": {clientID}, "client_secret": {secret}, "code_verifier": {oauth2.GenerateVerifier()},
	}.Encode()
	bare := k.bare(raw)
	c := benchCase{
		name:  "login callback " + string(k.alg),
		limit: func() error { return errors.Join(do(hc, http.MethodPost, issuer+"/token", form), bare()) },
		works: []work{
			our("oidc", k.oidcLogin()), our("authentication", k.authingLogin(false)), our("authentication + web.Pending", k.authingLogin(true)),
		},
	}
	if k.public != nil {
		c.works = append(c.works, peer("go-oidc + x/oauth2", k.goOIDCLogin(raw, hc)), peer("zitadel/oidc", k.zitadelLogin(raw)))
	}
	return c
}

func tokenReply(raw string) []byte {
	body, err := json.Marshal(map[string]any{
		"access_token": "fa9d2bdd914ea01aa4e434c12d4f919d749fc75c", "token_type": "Bearer", "expires_in": 3600,
		"scope": "openid profile", "id_token": raw,
	})
	must(err)
	return body
}

// tokenFor is the reply to a login whose nonce is given.
func (k keyPair) tokenFor(sent string) []byte {
	return tokenReply(k.sign("JWT", bytes.ReplaceAll(claims(), []byte(nonce), []byte(sent))))
}

func back(state string) *http.Request {
	return httptest.NewRequest(http.MethodGet, callback+"?code="+code+"&state="+state, nil)
}

func (k keyPair) oidcLogin() func() error {
	server := &wire{}
	client, err := oidc.NewClient(oidcConfig(k, server))
	must(err)
	login, err := client.BeginLogin(context.Background(), oidc.AuthorizeOptions{})
	must(err)
	server.body = k.tokenFor(login.Nonce)
	request := back(login.State)
	return func() error {
		result, err := client.CompleteLogin(context.Background(), login, request)
		if err == nil && result.IDToken.Subject == "" {
			return errors.New("no subject")
		}
		return err
	}
}

// authingLogin is the same at Authing; sealed opens the login's cookie and deletes it, as the README does.
func (k keyPair) authingLogin(sealed bool) func() error {
	server := &wire{}
	if k.public != nil {
		server.paths = map[string][]byte{"/oidc/.well-known/jwks.json": k.jwks()}
	}
	client, err := authentication.NewClient(authentication.Options{
		AppID: clientID, Secret: secret, AppHost: host, RedirectURI: callback, HTTPClient: &http.Client{Transport: server},
		Protocol: authentication.OIDC{IDTokenSigningAlg: string(k.alg)},
	})
	must(err)
	login, err := client.BeginLogin(context.Background(), authentication.AuthorizeOptions{})
	must(err)
	_, sent := authentication.AuthorizeParameters(login.URL)
	server.body = k.tokenFor(sent)
	request := back(login.Key)
	pending, w := web.Pending{}, httptest.NewRecorder()
	if sealed {
		must(pending.Send(w, request, login))
		for _, cookie := range w.Result().Cookies() {
			request.AddCookie(cookie)
		}
	}
	return func() error {
		pendingLogin := login
		if sealed {
			clear(w.Header())
			pendingLogin = pending.Take(w, request, client.LoginKey(request))
		}
		id, err := client.CompleteLogin(context.Background(), pendingLogin, request)
		if err == nil && id.Subject == "" {
			return errors.New("no subject")
		}
		return err
	}
}

func (k keyPair) goOIDCLogin(raw string, hc *http.Client) func() error {
	config, request, codeVerifier := xoauth2(), back("state"), oauth2.GenerateVerifier()
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, hc)
	verifier := gooidc.NewVerifier(issuer, &gooidc.StaticKeySet{PublicKeys: []crypto.PublicKey{k.public}}, &gooidc.Config{ClientID: clientID})
	return func() error {
		if request.URL.Query().Get("state") != "state" {
			return errors.New("state")
		}
		token, err := config.Exchange(ctx, request.URL.Query().Get("code"), oauth2.VerifierOption(codeVerifier))
		if err != nil {
			return err
		}
		rawID, _ := token.Extra("id_token").(string)
		id, err := verifier.Verify(ctx, rawID)
		if err == nil && id.Nonce != nonce {
			return errors.New("nonce")
		}
		return err
	}
}

func (k keyPair) zitadelLogin(raw string) func() error {
	document, err := json.Marshal(map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/auth", "token_endpoint": issuer + "/token", "jwks_uri": issuer + "/jwks",
	})
	must(err)
	hc := &http.Client{Transport: wire{body: tokenReply(raw), paths: map[string][]byte{
		"/oidc/.well-known/openid-configuration": document, "/oidc/jwks": k.jwks(),
	}}}
	ctx, request, codeVerifier := context.Background(), back("state"), oauth2.GenerateVerifier()
	party, err := rp.NewRelyingPartyOIDC(ctx, issuer, clientID, secret, callback, []string{"openid"}, rp.WithHTTPClient(hc), rp.WithAuthStyle(oauth2.AuthStyleInParams),
		rp.WithVerifierOpts(rp.WithNonce(func(context.Context) string { return nonce })))
	must(err)
	return func() error {
		if request.URL.Query().Get("state") != "state" {
			return errors.New("state")
		}
		_, err := rp.CodeExchange[*zitadel.IDTokenClaims](ctx, request.URL.Query().Get("code"), party, rp.WithCodeVerifier(codeVerifier))
		return err
	}
}
