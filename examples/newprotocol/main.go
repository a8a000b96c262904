// Command newprotocol is a custom protocol in one file, in the style of WeChat. Its test logs in.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

type WeChat struct{}

func (WeChat) Name() string                                                  { return "wechat" }
func (WeChat) NewFlow(o authentication.Options) (authentication.Flow, error) { return flow{o}, nil }

type flow struct{ o authentication.Options }

func (f flow) BuildAuthorizeUrl(_ context.Context, o authentication.AuthorizeOptions) (string, error) {
	if err := o.Only("RedirectURI", "State"); err != nil {
		return "", err
	}
	q := url.Values{"appid": {f.o.AppID}, "redirect_uri": {cmp.Or(o.RedirectURI, f.o.RedirectURI)},
		"response_type": {"code"}, "scope": {"snsapi_login"}, "state": {cmp.Or(o.State, rand.Text())}}
	return f.o.AppHost + "/connect/qrconnect?" + q.Encode() + "#wechat_redirect", nil
}

func (f flow) BuildLogoutUrl(context.Context, authentication.LogoutOptions) (string, error) {
	return "", fmt.Errorf("wechat has no logout: %w", errors.ErrUnsupported)
}

func (f flow) BeginLogin(ctx context.Context, o authentication.AuthorizeOptions) (*authentication.Login, error) {
	if err := o.Only("RedirectURI"); err != nil {
		return nil, err
	}
	o.State = rand.Text()
	link, err := f.BuildAuthorizeUrl(ctx, o)
	return &authentication.Login{Protocol: "wechat", Key: o.State, URL: link, CreatedAt: f.o.Now()}, err
}

func (f flow) LoginKey(r *http.Request) string { return r.URL.Query().Get("state") }

func (f flow) CompleteLogin(ctx context.Context, l *authentication.Login, r *http.Request) (*authentication.Identity, error) {
	back := r.URL.Query()
	switch {
	case len(back["state"]) != 1 || len(back["code"]) != 1 || back.Get("code") == "":
		return nil, fmt.Errorf("%w: want one state and one code", authentication.ErrRefused)
	case back.Get("state") != l.Key:
		return nil, fmt.Errorf("%w: the state is of another login", authentication.ErrRefused)
	}
	q := url.Values{"appid": {f.o.AppID}, "secret": {f.o.Secret}, "code": back["code"], "grant_type": {"authorization_code"}}
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, f.o.AppHost+"/sns/oauth2/access_token?"+q.Encode(), nil)
	if err != nil {
		return nil, errors.New("wechat: AppHost is not an address")
	}
	answer, err := f.o.HTTPClient.Do(ask) // which follows no redirect and limits the reply
	if err != nil {
		return nil, fmt.Errorf("wechat: %w", errors.Unwrap(err)) // the error contains the URL, with the secret and the code
	}
	defer answer.Body.Close()
	var user map[string]any // not a struct, because encoding/json ignores the case of its names
	if err := json.NewDecoder(answer.Body).Decode(&user); err != nil {
		return nil, fmt.Errorf("wechat: status %d: %w", answer.StatusCode, err)
	}
	openID, _ := user["openid"].(string)
	switch code, _ := user["errcode"].(float64); {
	case code == 40029 || code == 40163: // the code is unknown, or was used
		return nil, fmt.Errorf("%w: errcode %v", authentication.ErrDenied, code)
	case code != 0 || openID == "":
		return nil, fmt.Errorf("wechat: status %d, errcode %v and no user", answer.StatusCode, code)
	case strings.ContainsRune(openID, '\ufffd'): // encoding/json writes it for half of a surrogate pair: two users could become one
		return nil, fmt.Errorf("%w: openid is not a text", authentication.ErrRefused)
	}
	return &authentication.Identity{Protocol: "wechat", Issuer: f.o.AppHost, Subject: openID}, nil
}

func main() {
	flag.Usage = func() {
		fmt.Println("Usage: go run ./examples/newprotocol\n\nIt prints a login link of WeChat. It has no settings.")
	}
	flag.Parse()
	client, err := authentication.NewClient(authentication.Options{Protocol: WeChat{}, AppID: "wxbdc5610cc59c1631",
		AppHost: "https://open.weixin.qq.com", RedirectURI: "https://app.example/auth/callback"})
	if err != nil {
		log.Fatal(err)
	}
	link, err := client.BuildAuthorizeUrl(context.Background(), authentication.AuthorizeOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(link)
}
