package oidc_test

import (
	mac "crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func hs256(f *testing.F) *oidc.Client {
	f.Helper()
	cfg := newLogout().config
	cfg.IDTokenSigningAlg = "HS256"
	cfg.Metadata = &oidc.Metadata{Issuer: issuer, EndSessionEndpoint: issuer + "/logout"}
	client, err := oidc.NewClient(cfg)
	if err != nil {
		f.Fatal(err)
	}
	return client
}

// FuzzLogoutTokenClaims signs any header and claims. What is accepted, go-jose verifies and encoding/json reads as a
// logout token of this server for this client, without a nonce, which is no ID token.
func FuzzLogoutTokenClaims(f *testing.F) {
	for _, c := range []change{
		nil, set("sub", nil), set("sid", nil), set("nonce", sentNonce), set("events", nil), set("events", map[string]any{logoutEvent: nil}),
		set("jti", nil), set("exp", nil), set("iat", 0), set("aud", []string{clientID, "b"}), set("iss", issuer+"1"), set("Nonce", "x"), set("scope", "openid"),
	} {
		f.Add(`{"alg":"HS256","typ":"logout+jwt"}`, mustJSON(logoutTrial(c).claims))
	}
	f.Add(`{"typ":"jwt","alg":"HS256"}`, mustJSON(newTrial().claims))
	f.Add(`{"alg":"HS256","typ":"secevent+jwt"}`, `{"nonce":null}`)
	client := hs256(f)
	f.Fuzz(func(t *testing.T, header, claims string) {
		input := b64(header) + "." + b64(claims)
		code := mac.New(sha256.New, []byte(clientSecret))
		_, _ = io.WriteString(code, input)
		raw := input + "." + b64(string(code.Sum(nil)))
		r := posted("logout_token=" + raw)
		q, err := client.ReceiveLogout(t.Context(), r)
		if (q == nil) == (err == nil) {
			t.Fatalf("request %v and error %v", q, err)
		}
		if err != nil {
			var refused *oidc.TokenError
			if !errors.As(err, &refused) {
				t.Fatalf("no refusal: %v", err)
			}
			if strings.Contains(err.Error(), raw) {
				t.Fatal("the error prints the token")
			}
			return
		}
		signed, err := gojose.ParseSignedCompact(raw, []gojose.SignatureAlgorithm{gojose.HS256})
		if err != nil {
			t.Fatalf("go-jose cannot read what was accepted: %v", err)
		}
		if payload, err := signed.Verify([]byte(clientSecret)); err != nil || string(payload) != claims {
			t.Fatalf("go-jose does not verify what was accepted: %v", err)
		}
		var all map[string]any
		if err := json.Unmarshal([]byte(claims), &all); err != nil {
			t.Fatalf("encoding/json cannot read what was accepted: %v", err)
		}
		events, _ := all["events"].(map[string]any)
		if _, isEvent := events[logoutEvent].(map[string]any); !isEvent {
			t.Fatalf("events %v", all["events"])
		}
		if _, has := all["nonce"]; has || all["iss"] != issuer || q.Issuer != issuer || q.JWTID == "" || all["jti"] != q.JWTID {
			t.Fatalf("accepted %v", all)
		}
		sub, _ := all["sub"].(string)
		if q.Subject != sub || q.Subject == "" && len(q.SessionIDs) == 0 || len(q.SessionIDs) > 0 && all["sid"] != q.SessionIDs[0] {
			t.Fatalf("it names %q and %q, and the token %v and %v", q.Subject, q.SessionIDs, all["sub"], all["sid"])
		}
		if _, err := client.VerifyIDToken(t.Context(), raw, oidc.Expect{AllowAnyNonce: true}); err == nil {
			t.Fatal("it is an ID token too")
		}
	})
}

// FuzzReceiveLogout gives any request to the two endpoints. The answer is 200 or 400 and kept by nobody; a front-channel
// logout that is accepted has the issuer and a sid, and the one that a standard server escaped is among its readings.
func FuzzReceiveLogout(f *testing.F) {
	f.Add("GET", "iss="+issuer+"&sid=s-1", "", "")
	f.Add("GET", "iss="+issuer+"&sid=a%2Bb&sid=c", "", "")
	f.Add("GET", `iss=`+issuer+`&sid=%zz+&"=;`, "", "")
	f.Add("GET", "i%73s="+issuer+"&s%69d=%e4%bd%a0&x=%", "", "")
	f.Add("POST", "", "application/x-www-form-urlencoded", "logout_token=e30.e30.e30")
	f.Add("POST", "", "application/x-www-form-urlencoded", "logout_token=a&logout_token=b")
	f.Add("POST", "", "text/plain", "logout_token=a")
	f.Add("PUT", "logout_token=a", "", "%")
	client := hs256(f)
	f.Fuzz(func(t *testing.T, method, query, contentType, body string) {
		r := &http.Request{
			Method: method, URL: &url.URL{Path: "/", RawQuery: query}, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body)),
		}
		q, err := client.ReceiveLogout(t.Context(), r)
		if (q == nil) == (err == nil) {
			t.Fatalf("request %v and error %v", q, err)
		}
		w := httptest.NewRecorder()
		if end := oidc.AnswerLogout(t.Context(), w, q, err); (end == nil) != (w.Code == http.StatusOK) || end != nil && w.Code != http.StatusBadRequest {
			t.Fatalf("status %d and error %v", w.Code, end)
		}
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Fatal("the answer may be kept")
		}
		if err != nil || method == http.MethodPost {
			return
		}
		values, _ := url.ParseQuery(query)
		if !q.Unsigned || q.Issuer != issuer || len(q.SessionIDs) == 0 || slices.Contains(q.SessionIDs, "") {
			t.Fatalf("accepted %q as %q, %q", query, q.Issuer, q.SessionIDs)
		}
		if sid := values.Get("sid"); sid != "" && values.Encode() == query && !slices.Contains(q.SessionIDs, sid) {
			t.Fatalf("sid %q was read as %q", sid, q.SessionIDs)
		}
	})
}

// FuzzCompleteLogout gives any return to a logout that began here. What is accepted has its state, once.
func FuzzCompleteLogout(f *testing.F) {
	client := hs256(f)
	logout, err := client.BeginLogout(f.Context(), oidc.LogoutOptions{PostLogoutRedirectURI: bye})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("GET", "state=STATE")
	f.Add("GET", "state=STATE&state=STATE")
	f.Add("GET", "st%61te=STATE&a=%zz")
	f.Add("POST", "state=STATE")
	f.Add("", "State=STATE")
	f.Fuzz(func(t *testing.T, method, query string) {
		query = strings.ReplaceAll(query, "STATE", logout.State)
		err := client.CompleteLogout(t.Context(), logout, &http.Request{Method: method, URL: &url.URL{Path: "/bye", RawQuery: query}})
		values, bad := url.ParseQuery(query)
		good := bad == nil && len(values["state"]) == 1 && values.Get("state") == logout.State && (method == "GET" || method == "")
		var refused *oauth.CallbackError
		switch {
		case err == nil && !good:
			t.Fatalf("accepted %s %q", method, query)
		case err != nil && !errors.As(err, &refused):
			t.Fatalf("no refusal: %v", err)
		case err != nil && strings.Contains(err.Error(), logout.State):
			t.Fatal("the error prints the state")
		}
	})
}
