package oidc_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// FuzzCallback gives any text to a login of each response type; STATE, IDTOKEN and C1 in it stand for the right values.
// No input panics. What is accepted has the state once, exactly the parts that were asked for, and no error; a code is
// sent only then, unless the token endpoint's own ID token is what was refused.
func FuzzCallback(f *testing.F) {
	for _, text := range []string{
		"code=C1&state=STATE", "id_token=IDTOKEN&state=STATE", "id_token=IDTOKEN&access_token=AT&token_type=Bearer&state=STATE",
		"code=C1&id_token=IDTOKEN&state=STATE", "code=C1&access_token=AT&token_type=bearer&expires_in=60&state=STATE",
		"code=C1&id_token=IDTOKEN&access_token=AT&token_type=Bearer&state=STATE&scope=openid&session_state=x",
		"error=access_denied&state=STATE", "error=&state=STATE", "id_token=&state=STATE", "id_token=IDTOKEN&state=STATE&state=STATE", "%zz", ";",
		"id_token=e30.e30.&state=STATE", "state=STATE&iss=https%3A%2F%2Fop.example", "code=C1&state=STATE&refresh_token=x", "response=x&state=STATE",
	} {
		for i := range len(responseTypes()) {
			f.Add(text, uint8(i), i%2 == 0)
		}
	}
	sent := 0
	reply := ""
	tr := newTrial()
	tr.config.AllowFrontChannelAccessToken = true
	tr.config.Keys = oidc.StaticKeys{{ID: "rsa", Public: publicRSA()}}
	tr.config.Metadata = &oidc.Metadata{Issuer: issuer, AuthorizationEndpoint: issuer + "/authorize", TokenEndpoint: issuer + "/token"}
	tr.config.HTTPClient = &http.Client{Transport: handler{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sent++
		_, _ = w.Write([]byte(reply))
	})}}
	client, err := oidc.NewClient(tr.config)
	if err != nil {
		f.Fatal(err)
	}
	type begun struct {
		login          *oidc.Login
		idToken, reply string
	}
	var all []begun
	for _, responseType := range responseTypes() {
		login, err := client.BeginLogin(f.Context(), oidc.AuthorizeOptions{ResponseType: responseType})
		if err != nil {
			f.Fatal(err)
		}
		tr.claims["nonce"] = login.Nonce
		beside := url.Values{"code": {"C1"}, "access_token": {"AT"}}
		all = append(all, begun{login, tr.frontToken(f, login, beside), mustJSON(map[string]any{
			"access_token": accessToken, "token_type": "Bearer", "id_token": tr.token(f),
		})})
	}
	f.Fuzz(func(t *testing.T, text string, which uint8, formPost bool) {
		b := all[int(which)%len(all)]
		login := *b.login
		if formPost {
			login.ResponseMode = oauth.ResponseModeFormPost
		}
		text = strings.NewReplacer("STATE", login.State, "IDTOKEN", b.idToken).Replace(text)
		reply, sent = b.reply, 0
		r := callback(&login, "")
		if login.ResponseMode == "" {
			r.URL.RawQuery = text
		} else {
			r = callback(&login, text)
		}
		result, err := client.CompleteLogin(t.Context(), &login, r)
		if (result == nil) == (err == nil) {
			t.Fatalf("result %v and error %v", result, err)
		}
		v, parseErr := url.ParseQuery(text)
		if err == nil {
			if parseErr != nil || len(v["state"]) != 1 || v.Get("state") != login.State || v.Get("error") != "" || v.Has("response") || v.Has("iss") && v.Get("iss") != issuer {
				t.Fatalf("accepted %q", text)
			}
			for word, name := range map[string]string{"code": "code", "token": "access_token", "id_token": "id_token"} {
				if want := returns(login.ResponseType, word); want != (v.Get(name) != "") || want && len(v[name]) != 1 {
					t.Fatalf("accepted %q for %s", text, login.ResponseType)
				}
			}
			if want := returns(login.ResponseType, "code"); want != (sent == 1) {
				t.Fatalf("%d codes were sent for %s", sent, login.ResponseType)
			}
			return
		}
		var refused *oauth.CallbackError
		var answered *oauth.Error
		var token *oidc.TokenError
		if !errors.As(err, &refused) && !errors.As(err, &answered) && !errors.As(err, &token) {
			t.Fatalf("untyped refusal of %q: %v", text, err)
		}
		if sent > 0 {
			t.Fatalf("a code was sent for %q: %v", text, err)
		}
		if len(err.Error()) > 1500 || strings.ContainsAny(err.Error(), "\r\n\x00\x1b") || strings.Contains(err.Error(), login.State) {
			t.Fatalf("error text is not clean: %q", err)
		}
	})
}
