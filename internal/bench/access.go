package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const api = "https://api.example"

// accessTokenCase is an API that gets the same access token again and again, RS256. This library can remember tokens; no
// peer can.
func accessTokenCase() benchCase {
	k := keyPairs()[0]
	now := time.Now().Unix()
	raw := k.sign("at+jwt", fmt.Appendf(nil, `{"iss":%q,"sub":"5ff701d846b9203e2f6ac6f3","aud":%q,"client_id":%q,"jti":"TV4J0gAbe4KR4-8CtYcOa",`+
		`"scope":"order:read order:write","exp":%d,"iat":%d}`, issuer, api, clientID, now+36000, now))
	verify := func(cache oidc.AccessTokenCache) func() error {
		client, err := oidc.NewClient(oidc.Config{Issuer: issuer, Keys: oidc.StaticKeys{{ID: kid, Public: k.public}}, AccessTokenCache: cache})
		must(err)
		expect := oidc.AccessTokenExpect{Audience: api, Scopes: []string{"order:read"}}
		return func() error {
			token, err := client.VerifyAccessToken(context.Background(), raw, expect)
			if err == nil && token.Subject == "" {
				return errors.New("no subject")
			}
			return err
		}
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(issuer), jwt.WithAudience(api), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
	return benchCase{
		name:  "access token RS256",
		limit: k.bare(raw),
		works: []work{
			our("oidc", verify(oidc.AccessTokenCache{})),
			our("oidc, seen before", verify(oidc.AccessTokenCache{Entries: 100, MaxAge: time.Hour})),
			peer("golang-jwt", func() error {
				_, err := parser.ParseWithClaims(raw, jwt.MapClaims{}, func(*jwt.Token) (any, error) { return k.public, nil })
				return err
			}),
		},
	}
}
