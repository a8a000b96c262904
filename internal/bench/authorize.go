package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	"golang.org/x/oauth2"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const (
	host  = "https://op.example" // issuer's
	scope = "openid profile email phone address"
)

// sink keeps a link, so that the compiler does not drop the work.
var sink string

func made(link string, err error) error {
	if sink = link; err == nil && len(sink) < 50 {
		return errors.New("no link")
	}
	return err
}

func xoauth2() oauth2.Config {
	return oauth2.Config{
		ClientID: clientID, ClientSecret: secret, RedirectURL: callback, Scopes: strings.Fields(scope),
		Endpoint: oauth2.Endpoint{AuthURL: issuer + "/auth", TokenURL: issuer + "/token", AuthStyle: oauth2.AuthStyleInParams},
	}
}

// authorizeCase is the link alone; the limit copies it.
func authorizeCase() benchCase {
	client, err := oauth.NewClient(oauth.Config{ClientID: clientID, RedirectURI: callback, Endpoints: endpoints()})
	must(err)
	authing, err := authentication.NewClient(authentication.Options{AppID: clientID, Secret: secret, AppHost: host, RedirectURI: callback})
	must(err)
	options := oauth.AuthorizeOptions{Scope: scope, State: "7400704296715694"}
	other := xoauth2()
	done, err := client.BuildAuthorizeUrl(context.Background(), options)
	must(err)
	text := []byte(done)
	return benchCase{
		name:  "authorize URL",
		limit: func() error { return made(string(text), nil) },
		works: []work{
			our("oauth", func() error { return made(client.BuildAuthorizeUrl(context.Background(), options)) }),
			our("authentication", func() error {
				return made(authing.BuildAuthorizeUrl(context.Background(), authentication.AuthorizeOptions{Scope: scope, State: options.State, Nonce: nonce}))
			}),
			peer("url.Values", func() error {
				return made(issuer+"/auth?"+url.Values{
					"client_id": {clientID}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {scope}, "state": {options.State},
				}.Encode(), nil)
			}),
			peer("x/oauth2", func() error { return made(other.AuthCodeURL(options.State), nil) }),
		},
	}
}

// beginCase begins a login: state, nonce, code verifier, and the link. The limit makes 96 random bytes, one SHA-256, and
// copies the link.
func beginCase() benchCase {
	client, err := oidc.NewClient(oidcConfig(keyPairs()[0], wire{}))
	must(err)
	authing, err := authentication.NewClient(authentication.Options{AppID: clientID, Secret: secret, AppHost: host, RedirectURI: callback})
	must(err)
	login, err := client.BeginLogin(context.Background(), oidc.AuthorizeOptions{Scope: scope})
	must(err)
	text := []byte(login.URL)
	other := xoauth2()
	foreign, err := rp.NewRelyingPartyOAuth(&other)
	must(err)
	return benchCase{
		name: "begin login",
		limit: func() error {
			var bytes [96]byte
			_, _ = rand.Read(bytes[:])
			sum := sha256.Sum256(bytes[:43])
			text[0] ^= sum[0] & 1
			return made(string(text), nil)
		},
		works: []work{
			our("oidc", func() error {
				l, err := client.BeginLogin(context.Background(), oidc.AuthorizeOptions{Scope: scope})
				if err == nil && l.Nonce == "" {
					return errors.New("no nonce")
				}
				return err
			}),
			our("authentication", func() error {
				l, err := authing.BeginLogin(context.Background(), authentication.AuthorizeOptions{Scope: scope})
				if err == nil && l.Key == "" {
					return errors.New("no key")
				}
				return err
			}),
			peer("go-oidc + x/oauth2", func() error {
				state, nonce, verifier := oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
				return made(other.AuthCodeURL(state, gooidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil)
			}),
			peer("zitadel/oidc", func() error {
				state, nonce, verifier := oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
				sum := sha256.Sum256([]byte(verifier))
				return made(rp.AuthURL(state, foreign, rp.WithCodeChallenge(base64.RawURLEncoding.EncodeToString(sum[:])),
					func() []oauth2.AuthCodeOption { return []oauth2.AuthCodeOption{gooidc.Nonce(nonce)} }), nil)
			}),
		},
	}
}
