// Command fapi is an application of a bank's customer: its client meets a profile of FAPI 2.0 as a whole. Alone it brings
// its own server, which demands the profile; usage.txt, which -h prints, has the variable that turns on signed messages:
//
//	go run ./examples/fapi
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

//go:embed pages usage.txt
var files embed.FS

func main() { demo.Main(files, newApp) }

func newApp(d *demo.Demo) (http.Handler, error) {
	own, errOwn := newKey() // authenticates the client, and signs its requests
	proof, errProof := newKey()
	public, errPublic := own.JWK()
	set, errSet := json.Marshal(oauth.JWKSet{public})
	dpop, errDPoP := oauth.NewDPoP(oauth.DPoPOptions{Signer: proof.Signer})
	if err := errors.Join(errOwn, errProof, errPublic, errSet, errDPoP); err != nil {
		return nil, err
	}
	profile := oidc.Profile(d.Choice("FAPI_PROFILE", string(oidc.FAPI2), string(oidc.FAPI2MessageSigning)))
	signed := profile == oidc.FAPI2MessageSigning
	config := web.Config{BaseURL: d.BaseURL}
	at, err := d.OIDC(config, &oidctest.Server{FAPI2: true, FAPI2MessageSigning: signed, DPoPNonce: time.Minute, JWKS: set})
	if err != nil {
		return nil, err
	}
	auth := oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{own}}
	settings := oidc.Config{Profile: profile, Issuer: at[0], ClientID: at[1], TokenAuth: auth, RevocationAuth: auth, DPoP: dpop}
	if signed {
		settings.RequestObject, settings.AuthorizationSigningAlg = &oauth.RequestObject{Keys: auth.Keys}, "PS256"
	}
	server, err := oidc.NewClient(settings)
	if err != nil {
		return nil, err
	}
	config.Flow = authentication.FromOIDC(server)
	site, err := web.New(config)
	if err != nil {
		return nil, err
	}
	pages := demo.NewPages(files)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		token, err := web.Token(r.Context()) // fresh
		if err != nil && !errors.Is(err, web.ErrNoSession) {
			web.Error(w, r, err)
			return
		}
		pages.Show(w, r, http.StatusOK, "home", map[string]any{"Profile": profile, "Token": token})
	})
	mux.Handle("/", pages)
	return site.LoadLogin(mux), nil
}

// newKey makes a key for this run. Yours comes from a file, or stays in a device that signs.
func newKey() (oauth.SigningKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return oauth.SigningKey{Signer: key}, err
}
