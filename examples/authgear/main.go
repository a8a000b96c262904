// Command authgear is the application of Authgear's guide for Express: log in at an OpenID Provider that is found by
// discovery, show the user info, keep the token fresh, call an API, sign out. Alone it brings its own server and API;
// usage.txt, which -h prints, has the variables with which it runs against real ones:
//
//	go run ./examples/authgear
package main

import (
	"context"
	"embed"
	"errors"
	"log"
	"net/http"

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

// app is the application. Its Site keeps the tokens: the browser has a cookie that names the session.
type app struct {
	*demo.Pages
	site   *web.Site
	server *oidc.Client
	api    *api
}

func newApp(d *demo.Demo) (http.Handler, error) {
	config := web.Config{BaseURL: d.BaseURL, Options: options, LogoutOptions: logoutOptions}
	idp := &oidctest.Server{}
	at, err := d.OIDC(config, idp, "AUTHGEAR_ENDPOINT", "AUTHGEAR_CLIENT_ID", "AUTHGEAR_CLIENT_SECRET")
	if err != nil {
		return nil, err
	}
	idp.AccessTokenAudience = at[0] // Authgear's tokens are for itself
	server, err := oidc.NewClient(oidc.Config{Issuer: at[0], ClientID: at[1], ClientSecret: at[2]})
	if err != nil {
		return nil, err
	}
	config.Flow = authentication.FromOIDC(server)
	site, err := web.New(config)
	if err != nil {
		return nil, err
	}
	api, err := newAPI(d, server, at[0])
	if err != nil {
		return nil, err
	}
	a := &app{demo.NewPages(files), site, server, api}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", a.page("home", a.home))
	mux.Handle("GET /call", site.RequireLogin(a.page("answer", a.api.call)))
	mux.Handle("/", a.Pages)
	return site.LoadLogin(mux), nil
}

// options ask for a refresh token, which many servers give only with the user's consent.
func options(*http.Request, string) (authentication.AuthorizeOptions, error) {
	return authentication.AuthorizeOptions{Scope: "openid profile email offline_access", Prompt: "consent"}, nil
}

// logoutOptions leave the ID token, which says who the user is, out of the address of the server's logout. There the server
// asks the user.
func logoutOptions(string, *authentication.Identity) authentication.LogoutOptions {
	return authentication.LogoutOptions{OmitIDToken: true}
}

// page shows what load finds for the user of a request. No page has the text of an error: the log has it.
func (a *app) page(name string, load func(context.Context) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := load(r.Context())
		switch {
		case errors.Is(err, oauth.ErrLoginAgain): // the refresh token has ended
			a.site.Login(w, r, "", authentication.AuthorizeOptions{})
		case err != nil:
			log.Print(name, ": ", err)
			web.Error(w, r, err)
		default:
			a.Show(w, r, http.StatusOK, name, data)
		}
	})
}

// account is what the server says about the user now. The page does not show the token itself.
type account struct {
	Claims map[string]any
	Token  *oauth.Token
}

// home asks for the user info, if there is a user. A token that the server ended before its time is replaced.
func (a *app) home(ctx context.Context) (any, error) {
	if web.Identity(ctx) == nil {
		return nil, nil
	}
	token, err := web.Token(ctx) // fresh
	shown, err := a.account(ctx, token, err)
	if errors.Is(err, oauth.InvalidToken) {
		token, err = web.Refresh(ctx)
		shown, err = a.account(ctx, token, err)
	}
	return shown, err
}

func (a *app) account(ctx context.Context, token *oauth.Token, err error) (*account, error) {
	if err != nil {
		return nil, err
	}
	shown := &account{Token: token}
	info, err := a.server.GetUserInfoByAccessToken(ctx, token.AccessToken, oauth.UserInfoOptions{Subject: web.Identity(ctx).Subject})
	if err == nil {
		err = info.Claims(&shown.Claims)
	}
	return shown, err
}
