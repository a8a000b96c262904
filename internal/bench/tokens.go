package main

import (
	"context"
	"crypto"
	"errors"
	"net/http"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/golang-jwt/jwt/v5"
	"github.com/lestrrat-go/jwx/v3/jwa"
	jwx "github.com/lestrrat-go/jwx/v3/jwt"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// verifyCases check an ID token; the limit is the hash and the signature alone.
func verifyCases() []benchCase {
	var all []benchCase
	for _, k := range keyPairs() {
		raw := k.sign("JWT", claims())
		c := benchCase{
			name: "verify " + string(k.alg), limit: k.bare(raw),
			works: []work{our("oidc", k.ours(raw)), peer("golang-jwt", k.golangJWT(raw)), peer("jwx", k.jwx(raw))},
		}
		if k.public != nil { // go-oidc does not support HMAC, zitadel/oidc has one secret for all
			c.works = append(c.works, peer("go-oidc", k.goOIDC(raw)), peer("zitadel/oidc", k.zitadel(raw)))
		}
		if all = append(all, c); k.alg == "RS256" {
			c.name, c.parallel = c.name+", on all processors", true
			all = append(all, c)
		}
	}
	return all
}

func (k keyPair) ours(raw string) func() error {
	cfg := oidc.Config{Issuer: issuer, ClientID: clientID, IDTokenSigningAlg: string(k.alg)}
	if k.public == nil {
		cfg.ClientSecret = secret
	} else {
		cfg.Keys = oidc.StaticKeys{{ID: kid, Public: k.public}}
	}
	client, err := oidc.NewClient(cfg)
	must(err)
	return func() error {
		token, err := client.VerifyIDToken(context.Background(), raw, oidc.Expect{Nonce: nonce})
		if err == nil && token.Subject == "" {
			return errors.New("no subject")
		}
		return err
	}
}

func (k keyPair) goOIDC(raw string) func() error {
	keys := &gooidc.StaticKeySet{PublicKeys: []crypto.PublicKey{k.public}}
	verifier := gooidc.NewVerifier(issuer, keys, &gooidc.Config{ClientID: clientID, SupportedSigningAlgs: []string{string(k.alg)}})
	return func() error {
		token, err := verifier.Verify(context.Background(), raw)
		if err == nil && token.Nonce != nonce {
			return errors.New("nonce")
		}
		return err
	}
}

func (k keyPair) golangJWT(raw string) func() error {
	parser := jwt.NewParser(jwt.WithValidMethods([]string{string(k.alg)}), jwt.WithIssuer(issuer), jwt.WithAudience(clientID),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt())
	key := k.public
	if key == nil {
		key = k.private
	}
	return func() error {
		claims := jwt.MapClaims{}
		_, err := parser.ParseWithClaims(raw, claims, func(*jwt.Token) (any, error) { return key, nil })
		if err == nil && claims["nonce"] != nonce {
			return errors.New("nonce")
		}
		return err
	}
}

func (k keyPair) zitadel(raw string) func() error {
	keys := rp.NewRemoteKeySet(&http.Client{Transport: wire{body: k.jwks()}}, issuer+"/jwks")
	verifier := rp.NewIDTokenVerifier(issuer, clientID, keys, rp.WithSupportedSigningAlgorithms(string(k.alg)),
		rp.WithNonce(func(context.Context) string { return nonce }))
	return func() error {
		_, err := rp.VerifyIDToken[*zitadel.IDTokenClaims](context.Background(), raw, verifier)
		return err
	}
}

func (k keyPair) jwx(raw string) func() error {
	alg, _ := jwa.LookupSignatureAlgorithm(string(k.alg))
	key := k.public
	if key == nil {
		key = k.private
	}
	return func() error {
		_, err := jwx.Parse([]byte(raw), jwx.WithKey(alg, key), jwx.WithIssuer(issuer), jwx.WithAudience(clientID),
			jwx.WithRequiredClaim("exp"), jwx.WithClaimValue("nonce", nonce))
		return err
	}
}
