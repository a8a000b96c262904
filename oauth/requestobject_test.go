package oauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// signing is a client with request objects; it sends nothing.
func signing(t *testing.T, o *oauth.RequestObject) *oauth.Client {
	t.Helper()
	return with(t, silent(t), func(c *oauth.Config) { c.Issuer, c.RequestObject = issuer, o })
}

func query(t *testing.T, link string) url.Values {
	t.Helper()
	u, err := url.Parse(link)
	require.NoError(t, err)
	return u.Query()
}

// All parameters are inside, signed; only what OpenID Connect demands is beside the object.
func TestRequestObjectByValue(t *testing.T) {
	t.Parallel()
	for alg, name := range map[string]string{"RS256": "rsa", "PS256": "rsa", "ES256": "p256", "EdDSA": "ed"} {
		key := oauth.SigningKey{ID: "k", Alg: alg, Signer: signers()[name]}
		c := signing(t, &oauth.RequestObject{Keys: []oauth.SigningKey{key}})
		login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{
			Scope: "openid profile", ResponseMode: oauth.ResponseModeFormPost,
			Extra: url.Values{"nonce": {"N"}, "max_age": {"60"}, "claims": {`{"id_token":{}}`}, "ui_locales": {"de"}}, Resource: []string{"https://a", "https://b"},
		})
		require.NoError(t, err)
		q := query(t, login.URL)
		object := open(t, q.Get("request"), alg, key.Signer.Public())
		q.Del("request")
		assert.Equal(t, url.Values{"client_id": {clientID}, "response_type": {"code"}, "scope": {"openid profile"}}, q)
		assert.Equal(t, []string{"oauth-authz-req+jwt", "k"}, []string{object.header.Type, object.header.KeyID})
		at := func(after time.Duration) json.Number { return json.Number(jsonInt(now.Add(after).Unix())) }
		assert.GreaterOrEqual(t, len(object.claims["jti"].(string)), 22)
		assert.Len(t, object.claims["code_challenge"], 43)
		for _, random := range []string{"jti", "code_challenge"} {
			delete(object.claims, random)
		}
		assert.Equal(t, map[string]any{
			"iss": clientID, "aud": issuer, "client_id": clientID, "iat": at(0), "nbf": at(0), "exp": at(10 * time.Minute),
			"response_type": "code", "redirect_uri": "https://client.example.com/cb", "scope": "openid profile", "state": login.State,
			"response_mode": "form_post", "code_challenge_method": "S256", "nonce": "N", "max_age": json.Number("60"),
			"claims": map[string]any{"id_token": map[string]any{}}, "resource": []any{"https://a", "https://b"}, "ui_locales": "de",
		}, object.claims)
	}
}

// What should be JSON and is not stays a text: the server says what it thinks of it.
func TestRequestObjectOfOddParameters(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{Signer: signers()["ed"]}
	for value, want := range map[string]any{"60": json.Number("60"), "1 hour": "1 hour", "{": "{"} {
		link, err := signing(t, &oauth.RequestObject{Keys: []oauth.SigningKey{key}}).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{Extra: url.Values{"max_age": {value}}})
		require.NoError(t, err)
		assert.Equal(t, want, open(t, query(t, link).Get("request"), "EdDSA", key.Signer.Public()).claims["max_age"])
	}
}

func TestRequestObjectSettings(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{Signer: signers()["ed"]}
	c := signing(t, &oauth.RequestObject{CurrentKey: gives(key, nil), ClientIDOnly: true, Lifetime: time.Hour})
	seen := map[any]bool{}
	for range 3 {
		link, err := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{Scope: "a"})
		require.NoError(t, err)
		q := query(t, link)
		object := open(t, q.Get("request"), "EdDSA", key.Signer.Public())
		assert.Equal(t, json.Number(jsonInt(now.Add(time.Hour).Unix())), object.claims["exp"])
		assert.False(t, seen[object.claims["jti"]])
		seen[object.claims["jti"]] = true
		q.Del("request")
		assert.Equal(t, url.Values{"client_id": {clientID}}, q)
	}
}

// A request without a signature cannot be made, and mistakes are found by NewClient.
func TestRequestObjectMistakes(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{Signer: signers()["p256"]}
	for _, c := range []struct {
		object oauth.RequestObject
		issuer string
		want   string
	}{
		{oauth.RequestObject{}, issuer, "Keys has no SigningKey"},
		{oauth.RequestObject{Keys: []oauth.SigningKey{{Alg: "none", Signer: key.Signer}}}, issuer, `SigningKey: a key of type *ecdsa.PublicKey does not fit Alg "none" on P-256, want ES256`},
		{oauth.RequestObject{Keys: []oauth.SigningKey{{Alg: "none"}}}, issuer, "SigningKey.Signer is not set"},
		{oauth.RequestObject{Keys: []oauth.SigningKey{{Alg: "RS256", Signer: key.Signer}}}, issuer, `SigningKey: a key of type *ecdsa.PublicKey does not fit Alg "RS256" on P-256, want ES256`},
		{oauth.RequestObject{Keys: []oauth.SigningKey{key}, CurrentKey: gives(key, nil)}, issuer, "Keys and CurrentKey are both set: remove one of them"},
		{oauth.RequestObject{Keys: []oauth.SigningKey{key}, Lifetime: time.Hour + time.Second}, issuer, "Lifetime must be whole seconds, at most an hour"},
		{oauth.RequestObject{Keys: []oauth.SigningKey{key}, Lifetime: -time.Second}, issuer, "Lifetime must be whole seconds, at most an hour"},
		{oauth.RequestObject{Keys: []oauth.SigningKey{key}, Lifetime: 1500 * time.Millisecond}, issuer, "Lifetime must be whole seconds, at most an hour"},
		{oauth.RequestObject{Keys: []oauth.SigningKey{key}}, "", "Issuer is not set, and is the request object's audience"},
		{oauth.RequestObject{Keys: []oauth.SigningKey{key}}, "https://x/{tenantid}", "the issuer has a placeholder for a tenant and cannot be the request object's audience"},
	} {
		cfg := config(silent(t))
		cfg.Issuer, cfg.RequestObject = c.issuer, &c.object
		_, err := oauth.NewClient(cfg)
		require.EqualError(t, err, "oauth: RequestObject: "+c.want)
	}
	own := signing(t, &oauth.RequestObject{Keys: []oauth.SigningKey{key}})
	for _, name := range []string{"iss", "aud", "exp", "iat", "nbf", "jti", "sub", "request", "request_uri"} {
		_, err := own.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{Extra: url.Values{name: {"x"}}})
		require.EqualError(t, err, "oauth: Extra must not set "+name+": RequestObject makes it")
	}
	broken := errors.New("no key store")
	_, err := signing(t, &oauth.RequestObject{CurrentKey: gives(key, broken)}).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
	require.ErrorIs(t, err, broken)
	_, err = signing(t, &oauth.RequestObject{CurrentKey: gives(oauth.SigningKey{Alg: "none", Signer: key.Signer}, nil)}).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
	require.ErrorContains(t, err, `does not fit Alg "none"`)
}

func TestRequestObjectByReference(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{Signer: signers()["p256"]}
	kept, address, fail := "", "https://client.example.com/o/1", error(nil)
	c := signing(t, &oauth.RequestObject{Keys: []oauth.SigningKey{key}, Host: func(_ context.Context, object string) (string, error) {
		kept = object
		return address, fail
	}})
	login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{Scope: "openid"})
	require.NoError(t, err)
	assert.Equal(t, url.Values{"client_id": {clientID}, "response_type": {"code"}, "scope": {"openid"}, "request_uri": {address}}, query(t, login.URL))
	assert.Equal(t, login.State, open(t, kept, "ES256", key.Signer.Public()).claims["state"])
	for bad, want := range map[string]string{
		"": "the request_uri is not an absolute URI", "/o/1": "the request_uri is not an absolute URI",
		"https://client.example.com/%zz":                            "the request_uri is not an absolute URI",
		"https://client.example.com/?a b":                           "or one that is not ASCII",
		"http://client.example.com/o":                               "the request_uri must be an https URL",
		"https://client.example.com/" + strings.Repeat("a", 513-27): "the request_uri has more than 512 characters",
		"https://client.example.com/é":                              "or one that is not ASCII",
	} {
		address = bad
		_, err = c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
		require.ErrorContains(t, err, "oauth: RequestObject.Host: the request_uri")
		require.ErrorContains(t, err, want)
	}
	for _, good := range []string{"https://client.example.com/" + strings.Repeat("a", 512-27), "http://127.0.0.1/o", "urn:example:1", "https://a/o#hash"} {
		address = good
		_, err = c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
		require.NoError(t, err, good)
	}
	fail = errors.New("the store is down")
	_, err = c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.ErrorIs(t, err, fail)
}

// An object is given once, to who knows its address, until its end, and there is a limit.
func TestRequestObjectHost(t *testing.T) {
	t.Parallel()
	at := now
	h := &oauth.RequestObjectHost{URL: "https://app.example/requests/", Limit: 3, Lifetime: time.Minute, Now: func() time.Time { return at }}
	get := func(method, address string) (int, string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, address, nil))
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		if w.Code == http.StatusOK {
			assert.Equal(t, "application/oauth-authz-req+jwt", w.Header().Get("Content-Type"))
		}
		return w.Code, w.Body.String()
	}
	keep := func(object string) string {
		address, err := h.Host(t.Context(), object)
		require.NoError(t, err)
		require.Regexp(t, `^https://app\.example/requests/[A-Z2-7]{26}$`, address)
		return address
	}
	first := keep("a.b.c")
	code, _ := get(http.MethodPost, first)
	assert.Equal(t, http.StatusMethodNotAllowed, code)
	code, _ = get(http.MethodHead, first)
	assert.Equal(t, http.StatusMethodNotAllowed, code, "it takes nothing away")
	code, body := get(http.MethodGet, first)
	assert.Equal(t, []any{200, "a.b.c"}, []any{code, body})
	code, _ = get(http.MethodGet, first)
	assert.Equal(t, http.StatusNotFound, code, "once")
	code, _ = get(http.MethodGet, "https://app.example/requests/")
	assert.Equal(t, http.StatusNotFound, code)

	second := keep("2")
	at = at.Add(59 * time.Second)
	third := keep("3")
	code, _ = get(http.MethodGet, second)
	assert.Equal(t, 200, code)
	fourth := keep("4")
	at = at.Add(time.Minute)
	code, _ = get(http.MethodGet, third)
	assert.Equal(t, http.StatusNotFound, code, "at its end")
	code, _ = get(http.MethodGet, fourth)
	assert.Equal(t, http.StatusNotFound, code)

	var all []string
	for range 4 {
		all = append(all, keep("x"))
	}
	code, _ = get(http.MethodGet, all[0])
	assert.Equal(t, http.StatusNotFound, code, "over the limit the oldest one leaves")
	for _, address := range all[1:] {
		code, _ = get(http.MethodGet, address)
		assert.Equal(t, 200, code)
	}
	waiting := keep("waiting")
	for range 4 {
		code, _ = get(http.MethodGet, keep("x"))
		assert.Equal(t, 200, code)
	}
	code, _ = get(http.MethodGet, waiting)
	assert.Equal(t, 200, code, "what was given does not count")
	h, at = &oauth.RequestObjectHost{URL: "https://app.example/requests", Now: h.Now}, now
	first, second = keep("1"), keep("2")
	at = at.Add(10*time.Minute - time.Second)
	code, _ = get(http.MethodGet, first)
	assert.Equal(t, 200, code, "by default many are kept, for 10 minutes")
	at = at.Add(time.Second)
	code, _ = get(http.MethodGet, second)
	assert.Equal(t, http.StatusNotFound, code)
	for want, bad := range map[string]*oauth.RequestObjectHost{
		"URL must be an https URL":          {URL: "http://app.example/r"},
		"URL must be an absolute URL":       {},
		"URL must not have a query":         {URL: "https://app.example/r?a"},
		"URL must not have a fragment":      {URL: "https://app.example/r#a"},
		"Limit or Lifetime is negative":     {URL: "https://app.example/r", Limit: -1},
		"Limit or Lifetime is negative\x00": {URL: "https://app.example/r", Lifetime: -1},
	} {
		_, err := bad.Host(t.Context(), "x")
		require.ErrorContains(t, err, strings.TrimSuffix(want, "\x00"))
	}
}

// Behind a mux that strips a prefix, each of many requests at once gets another object, or none.
func TestRequestObjectIsGivenOnce(t *testing.T) {
	t.Parallel()
	h := &oauth.RequestObjectHost{URL: "https://app.example/requests"}
	mux := http.NewServeMux()
	mux.Handle("/requests/", http.StripPrefix("/requests", h))
	var given atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		address, err := h.Host(t.Context(), "a.b.c")
		assert.NoError(t, err)
		for range 5 {
			wg.Go(func() {
				_, _ = h.Host(t.Context(), "other")
				w := httptest.NewRecorder()
				mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
				if w.Code == http.StatusOK && w.Body.String() == "a.b.c" {
					given.Add(1)
				}
			})
		}
	}
	wg.Wait()
	assert.EqualValues(t, 20, given.Load())
}
