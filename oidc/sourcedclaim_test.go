package oidc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const bank = "https://bank.example"

// newClaims is a trial whose token has the claims of another party, which has the key "other".
func newClaims() *trial {
	tr := newTrial()
	tr.config.ClaimsProviders = []oidc.ClaimsProvider{{
		Issuer: bank, Keys: oidc.StaticKeys{{ID: "other", Public: keys()["other"].Public()}}, Endpoints: []string{issuer + "/claims_endpoint"},
	}}
	tr.key, tr.header["kid"] = keys()["other"], "other"
	tr.claims = map[string]any{"iss": bank, "credit_score": 650, "address": map[string]any{"country": "CN"}}
	return tr
}

// holder is user info that names sources.
type holder map[string]any

func aggregated(raw string) holder {
	return holder{"_claim_names": map[string]any{"credit_score": "src1", "address": "src1"}, "_claim_sources": map[string]any{"src1": map[string]any{"JWT": raw}}}
}

func distributed(more ...any) holder {
	source := map[string]any{"endpoint": issuer + "/claims_endpoint", "access_token": "source-token-1"}
	for i := 0; i < len(more); i += 2 {
		if source[more[i].(string)] = more[i+1]; more[i+1] == nil {
			delete(source, more[i].(string))
		}
	}
	return holder{"_claim_names": map[string]any{"credit_score": "src1", "address": "src1"}, "_claim_sources": map[string]any{"src1": source}}
}

// info is the holder as user info that was fetched.
func (h holder) info(t *testing.T, p *provider, c *oidc.Client) *oauth.UserInfo {
	t.Helper()
	reply := map[string]any{"sub": "248289761001"}
	for name, value := range h {
		reply[name] = value
	}
	p.serve("/me", reply)
	u, err := c.GetUserInfoByAccessToken(t.Context(), accessToken, oauth.UserInfoOptions{Subject: "248289761001"})
	require.NoError(t, err)
	return u
}

// sourced gets the trial's claims in both ways; they must agree.
func (tr *trial) sourced(t *testing.T, names ...string) (map[string]oidc.SourcedClaim, error) {
	t.Helper()
	p, raw := newProvider(t), tr.token(t)
	c := p.client(tr.config)
	got, err := c.GetSourcedClaims(t.Context(), aggregated(raw).info(t, p, c), names...)
	p.text("/claims_endpoint", http.StatusOK, "application/jwt", raw)
	got2, err2 := c.GetSourcedClaims(t.Context(), distributed().info(t, p, c), names...)
	assert.Equal(t, got, got2)
	assert.Equal(t, err == nil, err2 == nil, "%v %v", err, err2)
	var one, two *oidc.TokenError
	if errors.As(err, &one) && assert.ErrorAs(t, err2, &two) {
		assert.Equal(t, one.Check, two.Check)
	}
	return got, err
}

func refusesClaims(t *testing.T, check oidc.TokenCheck, base change, spoil map[string]change) {
	t.Helper()
	twin := newClaims()
	if base != nil {
		base(twin)
	}
	got, err := twin.sourced(t)
	require.NoError(t, err, "the accepted twin")
	assert.Len(t, got, 2)
	for name, s := range spoil {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newClaims()
			if base != nil {
				base(tr)
			}
			s(tr)
			got, err := tr.sourced(t)
			require.ErrorIs(t, err, check)
			assert.Nil(t, got)
			assert.NotContains(t, err.Error(), tr.token(t))
		})
	}
}

// decoded is a holder that needs no server.
type decoded string

func (d decoded) Claims(v any) error { return json.Unmarshal([]byte(d), v) }

// A client without a name is no audience, also of claims for the empty name.
func TestSourcedClaimsForAClientWithoutAName(t *testing.T) {
	t.Parallel()
	for aud, want := range map[any]string{nil: "", "": "oidc: ClientID is not set", clientID: "oidc: ClientID is not set"} {
		tr := newClaims()
		if aud != nil {
			tr.claims["aud"] = aud
		}
		client := newProvider(t).client(oidc.Config{Issuer: issuer, ClaimsProviders: tr.config.ClaimsProviders, Now: now})
		from, err := json.Marshal(aggregated(tr.token(t)))
		require.NoError(t, err)
		got, err := client.GetSourcedClaims(t.Context(), decoded(from))
		if want == "" {
			require.NoError(t, err, "the accepted twin")
			assert.Len(t, got, 2)
			continue
		}
		require.ErrorContains(t, err, want)
		assert.Nil(t, got)
	}
}

func TestSourcedClaimsOfNothing(t *testing.T) {
	t.Parallel()
	client := newProvider(t).client(newClaims().config)
	for _, from := range []interface{ Claims(v any) error }{
		nil, (*oidc.IDToken)(nil), (*oauth.UserInfo)(nil), (*oidc.AccessToken)(nil), (*oauth.Introspection)(nil), (*oauth.Token)(nil),
	} {
		got, err := client.GetSourcedClaims(t.Context(), from)
		require.EqualError(t, err, "oidc: there is no ID token or user info to read: from is nil")
		assert.Nil(t, got)
	}
}

func TestSourcedClaims(t *testing.T) {
	t.Parallel()
	tr := newClaims()
	tr.claims["sub"] = "customer-7"
	got, err := tr.sourced(t)
	require.NoError(t, err)
	require.Len(t, got, 2)
	assert.Equal(t, []any{bank, "customer-7", "650"}, []any{got["credit_score"].Issuer, got["credit_score"].Subject, string(got["credit_score"].Value)})
	var address struct {
		Country string `json:"country"`
	}
	require.NoError(t, got["address"].Decode(&address))
	assert.Equal(t, "CN", address.Country)
	require.Error(t, got["address"].Decode(new(int)))

	got, err = tr.sourced(t, "address", "unknown", "name")
	require.NoError(t, err)
	assert.Len(t, got, 1, "what was asked for and has a source")
	got, err = tr.sourced(t, "unknown")
	require.NoError(t, err)
	assert.Empty(t, got)
}

func TestSourcedClaimsSignature(t *testing.T) {
	t.Parallel()
	refusesClaims(t, oidc.CheckSignature, nil, map[string]change{
		"changed": reworked(flipLast), "the server's key": func(tr *trial) { tr.key = keys()["rsa"] },
	})
	refusesClaims(t, oidc.CheckAlgorithm, nil, map[string]change{
		"none": func(tr *trial) { tr.alg = "none" }, "PS256": func(tr *trial) { tr.alg = "PS256" }, "HS256": func(tr *trial) { tr.alg, tr.key = "HS256", []byte(clientSecret) },
	})
	refusesClaims(t, oidc.CheckAlgorithm, func(tr *trial) {
		tr.alg, tr.key, tr.header["kid"] = "ES256", keys()["p256"], "p256"
		tr.config.ClaimsProviders[0].SigningAlg = "ES256"
		tr.config.ClaimsProviders[0].Keys = oidc.StaticKeys{{ID: "p256", Public: keys()["p256"].Public()}}
	}, map[string]change{"RS256": func(tr *trial) { tr.alg, tr.key = "RS256", keys()["other"] }})
	refusesClaims(t, oidc.CheckKey, nil, map[string]change{"unknown kid": func(tr *trial) { tr.header["kid"] = "rsa" }})
	refusesClaims(t, oidc.CheckFormat, nil, map[string]change{
		"JSON": reworked(func(string) string { return `{"iss":"https://bank.example","credit_score":650}` }), "text": reworked(func(string) string { return "no JWT" }),
		"line end": reworked(func(raw string) string { return raw + "\n" }), "a list": func(tr *trial) { tr.payload = "[]" },
	})
	refusesClaims(t, oidc.CheckEncrypted, nil, map[string]change{"JWE": reworked(func(raw string) string { return raw + ".a.b" })})
	refusesClaims(t, oidc.CheckCritical, nil, map[string]change{"crit": func(tr *trial) { tr.header["crit"], tr.header["exp"] = []string{"exp"}, 1 }})
}

func TestSourcedClaimsIssuer(t *testing.T) {
	t.Parallel()
	refusesClaims(t, oidc.CheckIssuer, nil, eachOf("iss", nil, "", issuer, bank+"/", strings.ToUpper(bank), []string{bank}, 7))
	// One provider does not speak for another.
	two := func(tr *trial) {
		tr.config.ClaimsProviders = append(tr.config.ClaimsProviders, oidc.ClaimsProvider{
			Issuer: "https://other.example", Keys: oidc.StaticKeys{{ID: "rsa", Public: publicRSA()}}, Endpoints: []string{issuer + "/other"},
		})
	}
	refusesClaims(t, oidc.CheckKey, func(tr *trial) { two(tr) }, nil)
	tr := newClaims()
	two(tr)
	tr.claims["iss"] = "https://other.example"
	p := newProvider(t)
	c := p.client(tr.config)
	_, err := c.GetSourcedClaims(t.Context(), aggregated(tr.token(t)).info(t, p, c))
	require.ErrorIs(t, err, oidc.CheckKey, "iss of one provider, key of the other")
	tr.key, tr.header["kid"] = keys()["rsa"], "rsa"
	p.text("/claims_endpoint", http.StatusOK, "application/jwt", tr.token(t))
	_, err = c.GetSourcedClaims(t.Context(), distributed().info(t, p, c))
	require.ErrorIs(t, err, oidc.CheckKey, "the endpoint of one provider, iss and key of the other")
	got, err := c.GetSourcedClaims(t.Context(), aggregated(tr.token(t)).info(t, p, c))
	require.NoError(t, err)
	assert.Equal(t, "https://other.example", got["credit_score"].Issuer)
	p.text("/other", http.StatusOK, "application/jwt", tr.token(t))
	_, err = c.GetSourcedClaims(t.Context(), distributed("endpoint", issuer+"/other").info(t, p, c))
	require.NoError(t, err)
}

// With the same keys for both, iss is all that distinguishes two providers.
func TestSourcedClaimsOfAnotherIssuerWithTheSameKeys(t *testing.T) {
	t.Parallel()
	tr := newClaims()
	tr.config.ClaimsProviders = append(tr.config.ClaimsProviders, oidc.ClaimsProvider{Issuer: "https://other.example", Keys: tr.config.ClaimsProviders[0].Keys})
	tr.claims["iss"] = "https://other.example"
	p := newProvider(t)
	c := p.client(tr.config)
	p.text("/claims_endpoint", http.StatusOK, "application/jwt", tr.token(t))
	_, err := c.GetSourcedClaims(t.Context(), distributed().info(t, p, c))
	require.ErrorIs(t, err, oidc.CheckIssuer)
}

func TestSourcedClaimsTimesAndAudience(t *testing.T) {
	t.Parallel()
	refusesClaims(t, oidc.CheckAudience, set("aud", []string{"x", clientID}), eachOf("aud", "another", []string{}, "", 7))
	refusesClaims(t, oidc.CheckExpired, set("exp", unix(-59*time.Second)), eachOf("exp", unix(-60*time.Second), "soon"))
	refusesClaims(t, oidc.CheckNotBefore, set("nbf", unix(time.Minute)), eachOf("nbf", unix(61*time.Second)))
	refusesClaims(t, oidc.CheckIssuedAt, set("iat", unix(time.Minute)), eachOf("iat", unix(61*time.Second)))
	refusesClaims(t, oidc.CheckSubject, set("sub", "customer-7"), eachOf("sub", 7, []string{"a"}))
}

func TestSourcedClaimsAreNoOtherKindOfToken(t *testing.T) {
	t.Parallel()
	refusesClaims(t, oidc.CheckType, func(tr *trial) { delete(tr.header, "typ") }, map[string]change{
		"at+jwt": func(tr *trial) { tr.header["typ"] = "at+jwt" }, "logout+jwt": func(tr *trial) { tr.header["typ"] = "logout+jwt" },
		"nonce": set("nonce", "n"), "events": set("events", map[string]any{}), "token_introspection": set("token_introspection", map[string]any{}),
	})
	refusesClaims(t, oidc.CheckScope, nil, map[string]change{"scope": set("scope", "openid")})
}

func TestSourcedClaimsThatTheJWTDoesNotHave(t *testing.T) {
	t.Parallel()
	refusesClaims(t, oidc.CheckClaimSource, nil, map[string]change{
		"absent": set("credit_score", nil), "null": func(tr *trial) { tr.payload = `{"iss":"` + bank + `","credit_score":null,"address":1}` },
		"in another case": func(tr *trial) { delete(tr.claims, "credit_score"); tr.claims["Credit_score"] = 1 },
	})
}

// Only the source's own access token is sent, and nothing to an endpoint that the application did not name.
func TestDistributedClaimsRequest(t *testing.T) {
	t.Parallel()
	tr, p := newClaims(), newProvider(t)
	tr.config.Header = http.Header{"X-Key": {"of-the-server"}}
	c := p.client(tr.config)
	p.text("/claims_endpoint", http.StatusOK, "application/jwt", tr.token(t))
	for header, source := range map[string]holder{"Bearer source-token-1": distributed(), "": distributed("access_token", nil)} {
		_, err := c.GetSourcedClaims(t.Context(), source.info(t, p, c))
		require.NoError(t, err)
		assert.Equal(t, "of-the-server", p.request("/me").Header.Get("X-Key"))
		sent := p.request("/claims_endpoint")
		assert.Equal(t, []string{"GET", header, "application/jwt", "", ""},
			[]string{sent.Method, sent.Header.Get("Authorization"), sent.Header.Get("Accept"), sent.Header.Get("X-Key"), sent.URL.RawQuery})
	}
	for _, endpoint := range []string{
		issuer + "/claims_endpoint/", issuer + "/claims_endpoint?a=1", issuer + "/claims_endpoint#a", issuer + "/x/../claims_endpoint", issuer + "/claims_endpointx",
		"https://attacker.example/claims_endpoint", "http://op.example/claims_endpoint", issuer + ":443/claims_endpoint", "https://user@op.example/claims_endpoint", "/claims_endpoint", " ",
	} {
		got, err := c.GetSourcedClaims(t.Context(), distributed("endpoint", endpoint).info(t, p, c))
		require.ErrorIs(t, err, oidc.CheckClaimSource, endpoint)
		assert.Nil(t, got)
	}
	assert.Equal(t, 2, p.count("/claims_endpoint"))
	for _, token := range []string{"a\r\nX-Key: b", "a\x7f", "\u00e9", "a\x1f"} {
		_, err := c.GetSourcedClaims(t.Context(), distributed("access_token", token).info(t, p, c))
		require.ErrorIs(t, err, oidc.CheckClaimSource)
		require.NotContains(t, err.Error(), token)
	}
	assert.Equal(t, 2, p.count("/claims_endpoint"))
	_, err := c.GetSourcedClaims(t.Context(), distributed("access_token", "~!a b").info(t, p, c))
	require.NoError(t, err, "the accepted twin")
}

func TestDistributedClaimsBelowAnEndpoint(t *testing.T) {
	t.Parallel()
	tr, p := newClaims(), newProvider(t)
	tr.config.ClaimsProviders[0].Endpoints = []string{issuer + "/users/"}
	c := p.client(tr.config)
	for path, ok := range map[string]bool{
		"/users/u-1": true, "/users/u-1/claims": true, "/users/": true, "/users": false, "/users/u?x=1": false, "/users/../me": false, "/users/./u": false,
		"/users//u": false, "/users/%2e%2e": false, "/users/u#x": false, "/users/u/": false, `/users/..\me`: false, "/usersx/u": false,
	} {
		p.text(path, http.StatusOK, "application/jwt", tr.token(t))
		_, err := c.GetSourcedClaims(t.Context(), distributed("endpoint", issuer+path).info(t, p, c))
		if ok {
			require.NoError(t, err, path)
			continue
		}
		require.ErrorIs(t, err, oidc.CheckClaimSource, path)
		assert.Zero(t, p.count(path), path)
	}
}

func TestDistributedClaimsRelativeEndpoint(t *testing.T) {
	t.Parallel()
	tr, p := newClaims(), newProvider(t)
	tr.config.ClaimsProviders[0].Endpoints = []string{issuer + "/users/"}
	c := p.client(tr.config)
	for _, endpoint := range []string{"users", "u-1", "op.example", "/users/u-1"} {
		_, err := c.GetSourcedClaims(t.Context(), distributed("endpoint", endpoint).info(t, p, c))
		require.ErrorIs(t, err, oidc.CheckClaimSource, endpoint)
	}
}

// Of two providers at one host the longer entry counts, in either order, and the entries are of NewClient.
func TestDistributedClaimsOfTheNearerProvider(t *testing.T) {
	t.Parallel()
	for _, first := range []int{0, 1} {
		tr, p := newClaims(), newProvider(t)
		list := make([]oidc.ClaimsProvider, 2)
		list[first], list[1-first] = tr.config.ClaimsProviders[0], oidc.ClaimsProvider{
			Issuer: "https://wide.example", Keys: oidc.StaticKeys{}, Endpoints: []string{issuer + "/"},
		}
		list[first].Endpoints = []string{issuer + "/bank/"}
		tr.config.ClaimsProviders = list
		c := p.client(tr.config)
		list[first].Endpoints[0] = "https://attacker.example/"
		p.text("/bank/u-1", http.StatusOK, "application/jwt", tr.token(t))
		p.text("/u-1", http.StatusOK, "application/jwt", tr.token(t))
		got, err := c.GetSourcedClaims(t.Context(), distributed("endpoint", issuer+"/bank/u-1").info(t, p, c))
		require.NoError(t, err)
		assert.Equal(t, bank, got["credit_score"].Issuer)
		_, err = c.GetSourcedClaims(t.Context(), distributed("endpoint", issuer+"/u-1").info(t, p, c))
		require.ErrorIs(t, err, oidc.CheckKey, "the bank's claims from the other provider")
	}
}

func TestDistributedClaimsReply(t *testing.T) {
	t.Parallel()
	tr, p := newClaims(), newProvider(t)
	tr.config.MaxReply = 4096
	c := p.client(tr.config)
	for name, reply := range map[string]httpmock.Responder{
		"redirect": func(r *http.Request) (*http.Response, error) {
			res := httpmock.NewStringResponse(302, "")
			res.Header.Set("Location", "https://attacker.example/")
			return res, nil
		},
		"too large": httpmock.NewStringResponder(200, tr.token(t)+strings.Repeat(" ", 4096)),
		"a page":    httpmock.NewStringResponder(200, tr.token(t)).HeaderSet(http.Header{"Content-Type": {"text/html"}}),
		"401":       httpmock.NewStringResponder(401, tr.token(t)),
		"204":       httpmock.NewStringResponder(204, tr.token(t)),
		"network":   func(*http.Request) (*http.Response, error) { return nil, errors.New("no route for source-token-1") },
	} {
		p.on("/claims_endpoint", reply)
		got, err := c.GetSourcedClaims(t.Context(), distributed().info(t, p, c))
		require.Error(t, err, name)
		assert.Nil(t, got)
		assert.NotErrorAs(t, err, new(*oidc.TokenError), name)
		assert.NotContains(t, err.Error(), "source-token-1", name)
	}
	p.text("/claims_endpoint", http.StatusOK, "application/jwt", tr.token(t))
	_, err := c.GetSourcedClaims(t.Context(), distributed().info(t, p, c))
	require.NoError(t, err)
}

func TestClaimSourcesOfAWrongForm(t *testing.T) {
	t.Parallel()
	tr, p := newClaims(), newProvider(t)
	c, raw := p.client(tr.config), tr.token(t)
	good := aggregated(raw)["_claim_sources"]
	for name, h := range map[string]holder{
		"no such source": {"_claim_names": map[string]any{"credit_score": "src2"}, "_claim_sources": good},
		"no sources":     {"_claim_names": map[string]any{"credit_score": "src1"}},
		"a list":         {"_claim_names": []string{"credit_score"}, "_claim_sources": good},
		"a number":       {"_claim_names": map[string]any{"credit_score": 1}, "_claim_sources": good},
		"text sources":   {"_claim_names": map[string]any{"credit_score": "src1"}, "_claim_sources": raw},
		"a list of JWTs": {"_claim_names": map[string]any{"credit_score": "src1"}, "_claim_sources": map[string]any{"src1": map[string]any{"JWT": []string{raw}}}},
		"nothing in it":  {"_claim_names": map[string]any{"credit_score": "src1"}, "_claim_sources": map[string]any{"src1": map[string]any{"jwt": raw}}},
		"both":           distributed("JWT", raw),
		"sub":            {"_claim_names": map[string]any{"sub": "src1"}, "_claim_sources": good},
		"acr":            {"_claim_names": map[string]any{"acr": "src1"}, "_claim_sources": good},
		"scope":          {"_claim_names": map[string]any{"scope": "src1"}, "_claim_sources": good},
		"_claim_names":   {"_claim_names": map[string]any{"_claim_names": "src1"}, "_claim_sources": good},
	} {
		got, err := c.GetSourcedClaims(t.Context(), h.info(t, p, c))
		require.ErrorIs(t, err, oidc.CheckClaimSource, name)
		assert.Nil(t, got, name)
	}
	_, err := c.GetSourcedClaims(t.Context(), holder{"_claim_names": map[string]any{"credit_score": "src2"}, "_claim_sources": good}.info(t, p, c))
	require.ErrorContains(t, err, "a source of _claim_names is not in _claim_sources")
	// Claims of the protocol are refused although the provider has them.
	own := newClaims()
	own.claims["sub"], own.claims["acr"] = "customer-7", "silver"
	for name, want := range map[string]error{"sub": oidc.CheckClaimSource, "acr": oidc.CheckClaimSource, "credit_score": nil} {
		h := aggregated(own.token(t))
		h["_claim_names"] = map[string]any{name: "src1"}
		_, err := c.GetSourcedClaims(t.Context(), h.info(t, p, c))
		require.ErrorIs(t, err, want, name)
	}
	for _, name := range []string{
		"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "azp", "nonce", "at_hash", "c_hash", "s_hash", "auth_time", "acr", "amr", "sid", "cnf",
		"_claim_names", "_claim_sources", "client_id", "events",
	} {
		_, err := c.GetSourcedClaims(t.Context(), holder{"_claim_names": map[string]any{name: "src1"}, "_claim_sources": good}.info(t, p, c))
		require.ErrorIs(t, err, oidc.CheckClaimSource)
		require.ErrorContains(t, err, "the claim "+name+" cannot be another party's")
	}
	names, sources := map[string]any{}, map[string]any{}
	for i := range 11 {
		names[fmt.Sprint("claim", i)], sources[fmt.Sprint("src", i)] = fmt.Sprint("src", i), map[string]any{"JWT": raw}
	}
	_, err = c.GetSourcedClaims(t.Context(), holder{"_claim_names": names, "_claim_sources": sources}.info(t, p, c))
	require.ErrorIs(t, err, oidc.CheckClaimSource)
	require.ErrorContains(t, err, "more than 10 sources")
	delete(names, "claim10")
	_, err = c.GetSourcedClaims(t.Context(), holder{"_claim_names": names, "_claim_sources": sources}.info(t, p, c))
	require.ErrorContains(t, err, "do not have", "ten are read")

	// Sources of claims that were not asked for are not used.
	h := aggregated(raw)
	h["_claim_names"].(map[string]any)["sub"] = "src1"
	h["_claim_names"].(map[string]any)["name"] = "src2"
	got, err := c.GetSourcedClaims(t.Context(), h.info(t, p, c), "credit_score")
	require.NoError(t, err)
	assert.Len(t, got, 1)
	for _, h := range []holder{{}, {"_claim_sources": good}, {"_claim_names": nil, "_claim_sources": nil}} {
		got, err := c.GetSourcedClaims(t.Context(), h.info(t, p, c))
		require.NoError(t, err)
		assert.Empty(t, got)
		assert.NotNil(t, got)
	}
	assert.Equal(t, 0, p.count("/claims_endpoint"))
}

// An ID token may name sources too.
func TestSourcedClaimsOfAnIDToken(t *testing.T) {
	t.Parallel()
	tr, p := newTrial(), newProvider(t)
	tr.config.ClaimsProviders = newClaims().config.ClaimsProviders
	for name, value := range aggregated(newClaims().token(t)) {
		tr.claims[name] = value
	}
	c := p.client(tr.config)
	result, err := p.login(c, tr, "")
	require.NoError(t, err)
	got, err := c.GetSourcedClaims(t.Context(), result.IDToken)
	require.NoError(t, err)
	assert.Equal(t, bank, got["credit_score"].Issuer)

	for _, from := range []interface{ Claims(any) error }{nil, (*oidc.IDToken)(nil), (*oauth.UserInfo)(nil), &oidc.IDToken{}, &oauth.UserInfo{}} {
		got, err := c.GetSourcedClaims(t.Context(), from)
		require.Error(t, err, "%T", from)
		assert.Nil(t, got)
	}
	_, err = p.client(newTrial().config).GetSourcedClaims(t.Context(), result.IDToken)
	require.EqualError(t, err, "oidc: ClaimsProviders is not set: it names whose claims are accepted")
	own, err := newTrial().verify(t)
	require.NoError(t, err)
	got, err = p.client(newTrial().config).GetSourcedClaims(t.Context(), own)
	require.NoError(t, err)
	assert.Empty(t, got, "no other party says anything")
}

// The provider's keys are fetched as the server's are, without the server's headers.
func TestKeysOfAClaimsProvider(t *testing.T) {
	t.Parallel()
	tr, p := newClaims(), newProvider(t)
	tr.config.Header = http.Header{"X-Key": {"of-the-server"}}
	tr.config.ClaimsProviders[0].Keys, tr.config.ClaimsProviders[0].JWKS = nil, issuer+"/bank/jwks"
	p.serve("/bank/jwks", map[string]any{"keys": []any{jwk("other")}})
	c := p.client(tr.config)
	for range 3 {
		_, err := c.GetSourcedClaims(t.Context(), aggregated(tr.token(t)).info(t, p, c))
		require.NoError(t, err)
	}
	assert.Equal(t, 1, p.count("/bank/jwks"))
	assert.Empty(t, p.request("/bank/jwks").Header.Get("X-Key"))
	tr.header["kid"] = "unknown"
	_, err := c.GetSourcedClaims(t.Context(), aggregated(tr.token(t)).info(t, p, c))
	require.ErrorIs(t, err, oidc.CheckKey)
	assert.Zero(t, p.count("/jwks"), "the server's keys are not theirs")
	var none context.Context
	_, err = c.GetSourcedClaims(none, aggregated(tr.token(t)).info(t, p, c))
	require.EqualError(t, err, `oidc: claims from source "src1": oidc: the context is nil`)
}

func TestClaimsProviderMistakes(t *testing.T) {
	t.Parallel()
	set := oidc.StaticKeys{}
	for want, list := range map[string][]oidc.ClaimsProvider{
		"ClaimsProviders[0].Issuer is not set":                                                        {{Keys: set}},
		"ClaimsProviders[1].Issuer is twice in the list":                                              {{Issuer: bank, Keys: set}, {Issuer: bank, Keys: set}},
		"ClaimsProviders[0] needs JWKS or Keys, and not both":                                         {{Issuer: bank}},
		"ClaimsProviders[1] needs JWKS or Keys, and not both":                                         {{Issuer: "a", Keys: set}, {Issuer: bank, Keys: set, JWKS: bank}},
		"ClaimsProviders[0].SigningAlg must be asymmetric: the provider has no secret of this client": {{Issuer: bank, Keys: set, SigningAlg: "HS256"}},
		"ClaimsProviders[0].Endpoints has an address that is twice in the list":                       {{Issuer: bank, Keys: set, Endpoints: []string{bank, bank}}},
		"ClaimsProviders[0].Endpoints has an address with a query that ends in a slash":               {{Issuer: bank, Keys: set, Endpoints: []string{bank + "/?of=/"}}},
		`ClaimsProviders[0].SigningAlg "none" is not supported`:                                       {{Issuer: bank, Keys: set, SigningAlg: "none"}},
		"ClaimsProviders[0].JWKS":                                                                     {{Issuer: bank, JWKS: "http://bank.example/jwks"}},
		"ClaimsProviders[0].Endpoints":                                                                {{Issuer: bank, Keys: set, Endpoints: []string{"http://bank.example/claims"}}},
	} {
		c := newTrial().config
		c.ClaimsProviders = list
		_, err := oidc.NewClient(c)
		require.ErrorContains(t, err, "oidc: "+want)
	}
	c := newTrial().config
	c.ClaimsProviders = []oidc.ClaimsProvider{{Issuer: bank, Keys: set, Endpoints: []string{bank, bank + "/", bank + "/?of=a/b"}}}
	_, err := oidc.NewClient(c)
	require.NoError(t, err)
}
