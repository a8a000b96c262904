package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const opaque = "fa9d2bdd914ea01aa4e434c12d4f919d749fc75c"

func cases() []benchCase {
	return slices.Concat(verifyCases(), []benchCase{accessTokenCase(), authorizeCase(), beginCase()}, loginCases(),
		[]benchCase{introspectCase(), userInfoCase()}, sessionCases(), casCases(), samlCases())
}

// introspectCase asks the server about a token. This library can remember the answer.
func introspectCase() benchCase {
	body := []byte(`{"active":true,"sub":"60097f4d5bc08f75da104d18","client_id":"60097391b1358c17c5fb0f4e","exp":4102444800,` +
		`"iat":1611236288,"iss":"https://core.littleimp.cn/oidc","jti":"TV4J0gAbe4KR4-8CtYcOa",` +
		`"scope":"openid profile email phone offline_access","token_type":"Bearer"}`)
	hc := &http.Client{Transport: wire{body: body}}
	cache, err := oauth.NewIntrospectionCache(oauth.IntrospectionCacheOptions{MaxAge: 24 * time.Hour})
	must(err)
	introspect := func(cache *oauth.IntrospectionCache) func() error {
		client, err := oauth.NewClient(oauth.Config{
			ClientID: clientID, ClientSecret: secret, Endpoints: endpoints(), HTTPClient: hc, IntrospectionAuth: oauth.ClientSecretPost, IntrospectionCache: cache,
		})
		must(err)
		return func() error {
			i, err := client.IntrospectToken(context.Background(), opaque)
			if err == nil && !i.Active {
				return errors.New("inactive")
			}
			return err
		}
	}
	values := url.Values{"client_id": {clientID}, "client_secret": {secret}, "token": {opaque}}
	form := values.Encode()
	return benchCase{
		name:  "introspection",
		limit: func() error { return do(hc, http.MethodPost, issuer+"/token/introspection", form) },
		works: []work{our("oauth", introspect(nil)), our("oauth, seen before", introspect(cache)), peer("net/http + encoding/json", func() error {
			res, err := hc.PostForm(issuer+"/token/introspection", url.Values{"client_id": {clientID}, "client_secret": {secret}, "token": {opaque}})
			if err != nil {
				return err
			}
			defer res.Body.Close()
			var reply struct {
				Active               bool
				Sub, Iss, Jti, Scope string
				ClientID             string `json:"client_id"`
				TokenType            string `json:"token_type"`
				Exp, Iat             int64
			}
			err = json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&reply)
			if err == nil && !reply.Active {
				return errors.New("inactive")
			}
			return err
		})},
	}
}

func userInfoCase() benchCase {
	body := []byte(`{"address":{"country":null,"postal_code":null,"region":null,"formatted":null},"birthdate":null,"family_name":null,` +
		`"gender":"U","given_name":null,"locale":null,"middle_name":null,"name":null,"nickname":null,` +
		`"picture":"https://files.authing.co/authing-console/default-user-avatar.png","preferred_username":null,"profile":null,` +
		`"updated_at":"2021-03-03T06:17:14.485Z","website":null,"zoneinfo":null,"email":"test1@authing.cn","email_verified":false,` +
		`"sub":"603f184cec4505e2868431fc","phone_number":null,"phone_number_verified":false}`)
	hc := &http.Client{Transport: wire{body: body}}
	client, err := oauth.NewClient(oauth.Config{ClientID: clientID, Endpoints: endpoints(), HTTPClient: hc})
	must(err)
	authing, err := authentication.NewClient(authentication.Options{AppID: clientID, Secret: secret, AppHost: host, HTTPClient: hc})
	must(err)
	provider := (&gooidc.ProviderConfig{IssuerURL: issuer, UserInfoURL: issuer + "/me"}).NewProvider(gooidc.ClientContext(context.Background(), hc))
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "at", TokenType: "Bearer"})
	found := func(email string, err error) error {
		if err == nil && email == "" {
			return errors.New("no email")
		}
		return err
	}
	return benchCase{
		name:  "user info",
		limit: func() error { return do(hc, http.MethodGet, issuer+"/me", "") },
		works: []work{
			our("oauth", func() error {
				u, err := client.GetUserInfoByAccessToken(context.Background(), "at")
				if err != nil {
					return err
				}
				return found(u.Email, nil)
			}),
			our("authentication", func() error {
				u, err := authing.GetUserInfoByAccessToken(context.Background(), "at")
				if err != nil {
					return err
				}
				return found(u.Email, nil)
			}),
			peer("net/http + encoding/json", func() error {
				r, err := http.NewRequest(http.MethodGet, issuer+"/me", nil)
				if err != nil {
					return err
				}
				r.Header.Set("Authorization", "Bearer at")
				res, err := hc.Do(r)
				if err != nil {
					return err
				}
				defer res.Body.Close()
				var reply map[string]any
				if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&reply); err != nil {
					return err
				}
				email, _ := reply["email"].(string)
				return found(email, nil)
			}),
			peer("go-oidc", func() error {
				u, err := provider.UserInfo(gooidc.ClientContext(context.Background(), hc), source)
				if err != nil {
					return err
				}
				return found(u.Email, nil)
			}),
		},
	}
}
