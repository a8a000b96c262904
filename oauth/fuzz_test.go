package oauth_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// FuzzCallback: no input panics, and a callback that is accepted has the login's state once, the
// issuer if any, one code, and nothing else. Each call returns a result or an error, never both.
func FuzzCallback(f *testing.F) {
	for _, formPost := range []bool{false, true} {
		for _, text := range []string{
			"code=C&state=STATE", "code=C&state=STATE&iss=https%3A%2F%2Fserver.example.com", "code=C&state=STATE&state=STATE", "error=access_denied&state=STATE",
			"state=STATE", "code=&state=STATE", "code=C&state=STATE&id_token=x", "code=C&state=STATE&response=x", "code=C&error=e&state=STATE", "%zz", ";", "code=C&state=%53TATE",
			"code=C&state=STATE&iss=x", "code=C&state=STATE&session_state=1", "Code=C&State=STATE",
		} {
			f.Add(text, formPost)
		}
	}
	mock := httpmock.NewMockTransport()
	var sent []string
	mock.RegisterResponder(http.MethodPost, server+"/token", func(r *http.Request) (*http.Response, error) {
		_ = r.ParseForm()
		sent = append(sent, r.PostForm.Get("code"))
		return jsonReply(200, good)(r)
	})
	c := with(f, mock, withIssuer)
	f.Fuzz(func(t *testing.T, text string, formPost bool) {
		login := begin(t, c, oauth.AuthorizeOptions{})
		login.State = "STATE"
		r := httptest.NewRequest(http.MethodGet, "/cb", nil)
		r.URL.RawQuery = text
		if formPost {
			login.ResponseMode = oauth.ResponseModeFormPost
			r = posted(text, formType)
		}
		sent = nil
		token, err := c.CompleteLogin(t.Context(), login, r)
		if (token == nil) != (err != nil) {
			t.Fatalf("result and error: %v, %v", token != nil, err)
		}
		if left, err := io.ReadAll(r.Body); formPost && (err != nil || string(left) != text) {
			t.Fatalf("the application reads %q of %q afterwards: %v", left, text, err)
		}
		v, parseErr := url.ParseQuery(text)
		if err == nil {
			once := len(v["state"]) == 1 && len(v["code"]) == 1 && len(v["iss"]) <= 1
			if parseErr != nil || !once || v.Get("state") != "STATE" || v.Get("code") == "" || v.Has("iss") && v.Get("iss") != server {
				t.Fatalf("accepted %q", text)
			}
			if v.Has("error") || v.Has("id_token") || v.Has("access_token") || v.Has("response") {
				t.Fatalf("accepted %q", text)
			}
			if len(sent) != 1 || sent[0] != v.Get("code") {
				t.Fatalf("sent the code %q for %q", sent, text)
			}
			return
		}
		var refused *oauth.CallbackError
		var answered *oauth.Error
		switch {
		case len(sent) != 0:
			t.Fatalf("refused %q after sending %q", text, sent)
		case errors.As(err, &answered):
			if v.Get("state") != "STATE" || v.Get("error") == "" {
				t.Fatalf("took %q for the server's refusal", text)
			}
		case !errors.As(err, &refused):
			t.Fatalf("untyped refusal of %q: %v", text, err)
		}
		if len(err.Error()) > 1500 || strings.ContainsAny(err.Error(), "\r\n\x00\x1b") {
			t.Fatalf("error text is not clean: %q", err)
		}
	})
}

// FuzzTokenReply: no input panics; a token has its required members; a lifetime is between 0 and 100 years; a refusal
// gives no token.
func FuzzTokenReply(f *testing.F) {
	fixtures, err := filepath.Glob("testdata/*.http")
	if err != nil || len(fixtures) == 0 {
		f.Fatal("no fixtures", err)
	}
	for _, name := range fixtures {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		_, reply, _ := strings.Cut(string(text), "\n---\n")
		_, body, _ := strings.Cut(reply, "\n\n")
		f.Add(200, body)
		f.Add(400, body)
	}
	for _, body := range []string{good, `{"access_token":"AT","token_type":"bearer","expires_in":"1e3","refresh_token":""}`, `{"error":{}}`, "\ufeff{}", `{"a":{"a":{"a":[]}}}`, "{\"token_type\":0,\"refresh_token\":\"\x7f\"}"} {
		f.Add(200, body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			t.Skip()
		}
		token, err := newClient(t, tokenReply(status, body)).GetAccessTokenByCode(t.Context(), code)
		if (token == nil) != (err != nil) {
			t.Fatalf("result and error: %v, %v", token != nil, err)
		}
		again, err2 := with(t, tokenReply(status, body), func(c *oauth.Config) {
			c.MendTokenReply = func(map[string]any) error { return nil }
		}).GetAccessTokenByCode(t.Context(), code)
		// With two faults the error may name either one: the hook's map has no order.
		if (err == nil) != (err2 == nil) {
			t.Fatalf("a hook that changes nothing: %v, then %v", err, err2)
		}
		if err != nil {
			if strings.Contains(err.Error(), code) || strings.Contains(err.Error(), secret) || strings.ContainsAny(err.Error(), "\r\n\x00\x1b") {
				t.Fatalf("error text is not clean: %q", err)
			}
			return
		}
		one, _ := json.Marshal(token)
		if two, _ := json.Marshal(again); string(one) != string(two) {
			t.Fatalf("a hook that changes nothing: %s, then %s", one, two)
		}
		if status/100 != 2 || token.AccessToken == "" || !strings.EqualFold(token.TokenType, "Bearer") {
			t.Fatalf("status %d: accepted %q", status, body)
		}
		if token.ExpiresIn < 0 || token.ExpiresIn > 100*365*24*3600 || !token.Expiry.IsZero() && token.Expiry.Before(now) {
			t.Fatalf("lifetime %d, end %s", token.ExpiresIn, token.Expiry)
		}
		var all map[string]any
		if err := token.Claims(&all); err != nil || all["access_token"] != token.AccessToken || all["error"] != nil {
			t.Fatalf("claims %v of %q: %v", all, body, err)
		}
	})
}

// FuzzChallenge: no field panics, and the parsed texts are clean.
func FuzzChallenge(f *testing.F) {
	for _, field := range []string{
		`Bearer realm="a, b=c", error="invalid_token", error_description="The token, said \"kim\", expired"`, `Negotiate abc==, bearer error=invalid_token`,
		`error="invalid_token"`, `Bearer error="open \`, `,,,=,=`, `Bearer , Basic realm="x", error="no"`, "BEARER\tERROR = AT",
	} {
		f.Add(field)
	}
	f.Fuzz(func(t *testing.T, field string) {
		e := challenged(t, 401, "", field)
		for _, text := range []string{string(e.Code), e.Description, e.URI, e.Error()} {
			if len(text) > 1000 || strings.ContainsAny(text, "\r\n\x00\x1b") {
				t.Fatalf("not clean: %q of %q", text, field)
			}
		}
	})
}
