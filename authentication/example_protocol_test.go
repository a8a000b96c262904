package authentication_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// WeChat is a custom protocol: two methods, and two more for its links.
type WeChat struct{ Region string }

func (WeChat) Name() string { return "wechat" }

func (p WeChat) NewFlow(o authentication.Options) (authentication.Flow, error) {
	if p.Region == "" {
		return nil, errors.New("wechat: Region is not set")
	}
	return weChatFlow{p, o}, nil
}

type weChatFlow struct {
	protocol WeChat
	options  authentication.Options
}

func (f weChatFlow) BuildAuthorizeUrl(_ context.Context, o authentication.AuthorizeOptions) (string, error) {
	if err := o.Only("State"); err != nil {
		return "", err
	}
	return "https://" + f.protocol.Region + ".example/connect?" + url.Values{"appid": {f.options.AppID}, "state": {o.State}}.Encode(), nil
}

func (weChatFlow) BuildLogoutUrl(context.Context, authentication.LogoutOptions) (string, error) {
	return "", errors.ErrUnsupported
}

func ExampleProtocol() {
	client, err := authentication.NewClient(authentication.Options{
		AppID: "APPID", AppHost: "https://sample-app.authing.cn", Protocol: WeChat{Region: "cn"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	fmt.Println(client.BuildAuthorizeUrl(ctx, authentication.AuthorizeOptions{State: "s"}))
	_, err = client.BuildAuthorizeUrl(ctx, authentication.AuthorizeOptions{Nonce: "n"})
	fmt.Println(err)
	_, err = client.BeginLogin(ctx, authentication.AuthorizeOptions{})
	fmt.Println(strings.Contains(err.Error(), "protocol wechat"), errors.Is(err, errors.ErrUnsupported))
	// Output:
	// https://cn.example/connect?appid=APPID&state=s <nil>
	// authentication: AuthorizeOptions.Nonce is not an option of this protocol
	// true true
}

// A custom client authentication: headerAuth, whose Authenticate sets client_id and a header.
func ExampleOptions_clientAuthentication() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Header.Get("X-Client-Key"), r.PostFormValue("client_secret") == "")
		fmt.Fprint(w, `{"access_token":"AT","token_type":"Bearer"}`)
	}))
	defer server.Close()
	client, err := authentication.NewClient(authentication.Options{
		AppID: "APPID", AppHost: server.URL, TokenEndPointAuthMethod: headerAuth{key: "of the gateway"},
		HTTPClient: server.Client(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := client.GetNewAccessTokenByRefreshToken(context.Background(), "RT")
	fmt.Println(token.AccessToken, token.RefreshToken, err)
	// Output:
	// of the gateway true
	// AT RT <nil>
}

// A flow begins each method with Only and the options that it knows.
func ExampleAuthorizeOptions_Only() {
	o := authentication.AuthorizeOptions{State: "s", Renew: true}
	fmt.Println(o.Only("State", "RedirectURI"))
	fmt.Println(o.Only("State", "Renew"))
	// Output:
	// authentication: AuthorizeOptions.Renew is not an option of this protocol
	// <nil>
}

func ExampleLogoutOptions_Only() {
	o := authentication.LogoutOptions{RedirectURI: "https://app.example/", Expert: true}
	fmt.Println(o.Only("RedirectURI"))
	// Output: authentication: LogoutOptions.Expert is not an option of this protocol
}
