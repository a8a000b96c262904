package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
	hashicap "github.com/hashicorp/cap/oidc"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	zitadeloidc "github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// library verifies a token; nil is that it accepts it.
type library struct {
	name, module string
	fetches      bool // it reads keys from a server
	verify       func(*trial) error
	client       func(*server) (func(raw string) error, error)
}

func libraries() []library {
	all := []library{
		{name: "this library", fetches: true, client: ours},
		{name: "go-oidc", module: "github.com/coreos/go-oidc/v3", fetches: true, client: goOIDC},
		{name: "zitadel/oidc", module: "github.com/zitadel/oidc/v3", fetches: true, client: zitadel},
		{name: "cap", module: "github.com/hashicorp/cap", fetches: true, client: hashicorp},
		{name: "golang-jwt", module: "github.com/golang-jwt/jwt/v5", client: golangJWT},
	}
	for i := range all {
		client := all[i].client
		all[i].verify = func(tr *trial) error {
			verify, err := client(&server{trial: tr})
			if err != nil {
				return err
			}
			return verify(tr.token())
		}
	}
	return all
}

// title is the name with the version.
func (l library) title() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || l.module == "" {
		return l.name
	}
	for _, module := range info.Deps {
		if module.Path == l.module {
			return l.name + " " + strings.TrimPrefix(module.Version, "v")
		}
	}
	return l.name
}

// fetches counts how often the keys are asked for by tokens that name keys which do not exist.
func fetches(l library) (string, error) {
	if !l.fetches {
		return "", nil
	}
	s := &server{trial: newTrial()}
	verify, err := l.client(s)
	if err != nil {
		return "", err
	}
	if err := verify(s.token()); err != nil {
		return "", err
	}
	before := s.fetched
	for i := range 50 {
		s.header["kid"] = "unknown-" + strconv.Itoa(i)
		if verify(s.token()) == nil {
			return "", errors.New("a token under an unknown key was accepted")
		}
	}
	// go-oidc may answer two tokens with one request, when the first has only just ended.
	if n := s.fetched - before; n <= 25 {
		return strconv.Itoa(n), nil
	}
	return "≈ 50", nil
}

func ours(s *server) (func(string) error, error) {
	tr := s.trial
	config := oidc.Config{
		Issuer: issuer, ClientID: clientID, ClientSecret: tr.secret, RedirectURI: callback, HTTPClient: s.client(),
		IDTokenSigningAlg: tr.pinned, TrustedAudiences: tr.audiences, Now: func() time.Time { return tr.now },
	}
	if tr.encrypted {
		config.IDTokenEncryptionAlg, config.IDTokenEncryptionEnc = "RSA-OAEP-256", "A256GCM"
		config.DecryptionKeys = []oidc.DecryptionKey{{ID: "client", Private: rsaKeys()["client"]}}
	}
	client, err := oidc.NewClient(config)
	if err != nil {
		return nil, err
	}
	if tr.pair {
		return func(raw string) error { return ourLogin(client, s, raw) }, nil
	}
	return func(raw string) error {
		_, err := client.VerifyIDToken(context.Background(), raw, oidc.Expect{
			Nonce: tr.nonce, MaxAge: tr.maxAge, ACRValues: tr.acr, AccessToken: tr.accessToken, Code: tr.code, State: tr.state, FrontChannel: tr.browser,
		})
		return err
	}, nil
}

// ourLogin is a login of the hybrid flow: this library compares the two ID tokens in it.
func ourLogin(client *oidc.Client, s *server, _ string) error {
	ctx := context.Background()
	login, err := client.BeginLogin(ctx, oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeCodeIDToken, ResponseMode: oauth.ResponseModeFormPost})
	if err != nil {
		return err
	}
	s.claims["nonce"] = login.Nonce
	s.reply = map[string]any{"access_token": accessToken, "token_type": "Bearer", "id_token": s.token()}
	first := *s.trial
	first.claims = map[string]any{}
	for name, value := range s.claims {
		first.claims[name] = value
	}
	first.claims["c_hash"] = half(code)
	if s.front != nil {
		s.front(&first)
	}
	form := url.Values{"code": {code}, "state": {login.State}, "id_token": {first.token()}}
	r := httptest.NewRequest(http.MethodPost, callback, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, err = client.CompleteLogin(ctx, login, r)
	return err
}

// both are the tokens that a peer verifies: it does not compare the two of the hybrid flow.
func both(tr *trial, raw string) []string {
	if !tr.pair {
		return []string{raw}
	}
	first := *tr
	first.claims = map[string]any{}
	for name, value := range tr.claims {
		first.claims[name] = value
	}
	if tr.front != nil {
		tr.front(&first)
	}
	return []string{first.token(), raw}
}

func goOIDC(s *server) (func(string) error, error) {
	tr := s.trial
	ctx := gooidc.ClientContext(context.Background(), s.client())
	provider, err := gooidc.NewProvider(ctx, issuer)
	if err != nil {
		return nil, err
	}
	verifier := provider.Verifier(&gooidc.Config{ClientID: clientID, SupportedSigningAlgs: []string{tr.pinned}})
	return func(raw string) error {
		for _, one := range both(tr, raw) {
			token, err := verifier.Verify(ctx, one)
			if err != nil {
				return err
			}
			if tr.accessToken != "" && (tr.browser || token.AccessTokenHash != "") {
				if err := token.VerifyAccessToken(tr.accessToken); err != nil {
					return err
				}
			}
		}
		return nil
	}, nil
}

func hashicorp(s *server) (func(string) error, error) {
	tr := s.trial
	config, err := hashicap.NewConfig(issuer, clientID, hashicap.ClientSecret(tr.secret), []hashicap.Alg{hashicap.Alg(tr.pinned)}, []string{callback}, hashicap.WithRoundTripper(s))
	if err != nil {
		return nil, err
	}
	provider, err := hashicap.NewProvider(config)
	if err != nil {
		return nil, err
	}
	options := []hashicap.Option{hashicap.WithNonce(tr.nonce), hashicap.WithState(state), hashicap.WithAudiences(append([]string{clientID}, tr.audiences...)...)}
	if tr.maxAge > 0 {
		options = append(options, hashicap.WithMaxAge(uint(tr.maxAge/time.Second)))
	}
	if len(tr.acr) > 0 {
		options = append(options, hashicap.WithACRValues(tr.acr...))
	}
	request, err := hashicap.NewRequest(time.Hour, callback, options...)
	if err != nil || request.Nonce() != tr.nonce {
		return nil, fmt.Errorf("no request without a nonce: %w", err)
	}
	return func(raw string) error {
		for _, one := range both(tr, raw) {
			token := hashicap.IDToken(one)
			claims, err := provider.VerifyIDToken(context.Background(), token, request)
			if err != nil {
				return err
			}
			if tr.accessToken != "" && (tr.browser || claims["at_hash"] != nil) {
				if ok, err := token.VerifyAccessToken(hashicap.AccessToken(tr.accessToken)); err != nil || !ok {
					return fmt.Errorf("at_hash: %w", err)
				}
			}
			if tr.code != "" && (tr.browser || claims["c_hash"] != nil) {
				if ok, err := token.VerifyAuthorizationCode(tr.code); err != nil || !ok {
					return fmt.Errorf("c_hash: %w", err)
				}
			}
		}
		return nil
	}, nil
}

func zitadel(s *server) (func(string) error, error) {
	tr, ctx := s.trial, context.Background()
	options := []rp.VerifierOption{
		rp.WithSupportedSigningAlgorithms(tr.pinned), rp.WithNonce(func(context.Context) string { return tr.nonce }), rp.WithIssuedAtOffset(time.Minute),
	}
	if tr.maxAge > 0 {
		options = append(options, rp.WithAuthTimeMaxAge(tr.maxAge))
	}
	if len(tr.acr) > 0 {
		options = append(options, rp.WithACRVerifier(zitadeloidc.DefaultACRVerifier(tr.acr)))
	}
	party, err := rp.NewRelyingPartyOIDC(ctx, issuer, clientID, tr.secret, callback, []string{"openid"}, rp.WithHTTPClient(s.client()), rp.WithVerifierOpts(options...))
	if err != nil {
		return nil, err
	}
	return func(raw string) error {
		for _, one := range both(tr, raw) {
			if _, err := rp.VerifyTokens[*zitadeloidc.IDTokenClaims](ctx, tr.accessToken, one, party.IDTokenVerifier()); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func golangJWT(s *server) (func(string) error, error) {
	tr := s.trial
	parser := jwt.NewParser(jwt.WithValidMethods([]string{tr.pinned}), jwt.WithIssuer(issuer), jwt.WithAudience(clientID),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(time.Minute))
	key := func(t *jwt.Token) (any, error) {
		if strings.HasPrefix(tr.pinned, "HS") {
			return []byte(tr.secret), nil
		}
		for _, member := range tr.jwks {
			if m := member.(map[string]any); t.Header["kid"] == nil || m["kid"] == t.Header["kid"] {
				var k jose.JSONWebKey
				text := (&trial{}).encode("", m)
				if err := k.UnmarshalJSON([]byte(text)); err != nil {
					return nil, err
				}
				return k.Key, nil
			}
		}
		return nil, errors.New("no key")
	}
	return func(raw string) error {
		for _, one := range both(tr, raw) {
			if _, err := parser.ParseWithClaims(one, jwt.MapClaims{}, key); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
