package authentication_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// What a client can do depends on its protocol. Authing sends logouts by CAS only, and does not sign them.
func ExampleClient_Flow() {
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}, authentication.CAS{}} {
		client, err := authentication.NewClient(authentication.Options{
			AppID: "APPID", Secret: "a-secret-of-at-least-32-characters", AppHost: "https://sample-app.authing.cn", Protocol: p,
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		_, receives := client.Flow().(authentication.NoticeFlow)
		fmt.Println(p.Name(), receives, client.UnsignedNotices())
	}
	// Output:
	// oidc false false
	// oauth false false
	// cas true true
}

// The document for the administrator of the identity provider.
func ExampleClient_Metadata() {
	client, err := authentication.NewClient(authentication.Options{
		AppID: "APPID", AppHost: "https://sample-app.authing.cn", RedirectURI: "https://app.example/auth/callback",
		Protocol: authentication.SAML{EntityID: "https://app.example/saml"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	document, err := client.Metadata(context.Background())
	fmt.Println(strings.Contains(string(document), `Location="`+client.SAMLAddresses().ACSURLs[0]+`"`), err)
	// Output: true <nil>
}

// Before a payment: the user must have authenticated within five minutes, by two factors.
func ExampleClient_StepUp() {
	client, err := authentication.NewClient(authentication.Options{
		AppID: "APPID", Secret: "a-secret-of-at-least-32-characters", AppHost: "https://sample-app.authing.cn",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := client.StepUp(authentication.AuthorizeOptions{Scope: "openid"}, 5*time.Minute, []string{"urn:example:mfa"})
	fmt.Println(o.Scope, o.MaxAge, o.ACRValues, err)

	sp, err := saml.NewClient(saml.Config{EntityID: "https://app.example/saml", ACSURL: "https://app.example/saml/acs", IDP: metadata.NewList()})
	if err != nil {
		fmt.Println(err)
		return
	}
	flow := authentication.FromSAML(sp).(authentication.StepUpFlow)
	o, err = flow.StepUp(authentication.AuthorizeOptions{}, 5*time.Minute, nil)
	fmt.Println(o.Prompt, o.MaxAge, err)
	// Output:
	// openid 5m0s urn:example:mfa <nil>
	// login 5m0s <nil>
}
