package main

import (
	"io"
	"net/http/httptest"
	"testing"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// A client of another project logs in through the fake server. So the fake server follows the standard, and not only
// our client.
func TestForeignClientLogsInThroughAuthtest(t *testing.T) {
	fake := &authtest.Server{IDTokenSigningAlg: "RS256"}
	server := httptest.NewServer(fake)
	defer server.Close()
	ctx := t.Context()
	provider, err := gooidc.NewProvider(ctx, server.URL+"/oidc")
	if err != nil {
		t.Fatal(err)
	}
	config := oauth2.Config{
		ClientID: authtest.AppID, ClientSecret: authtest.Secret, RedirectURL: "http://localhost:3000/callback",
		Endpoint: provider.Endpoint(), Scopes: []string{"openid", "profile"},
	}
	verifier := oauth2.GenerateVerifier()
	r, err := fake.Login(ctx, config.AuthCodeURL("state", gooidc.Nonce("nonce"), oauth2.S256ChallengeOption(verifier)), idptest.Username)
	if err != nil {
		t.Fatal(err)
	}
	token, err := config.Exchange(ctx, r.URL.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&gooidc.Config{ClientID: authtest.AppID}).Verify(ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	if id.Subject != idptest.Subject || id.Nonce != "nonce" {
		t.Fatalf("subject %q, nonce %q", id.Subject, id.Nonce)
	}
	if err := id.VerifyAccessToken(token.AccessToken); err != nil {
		t.Fatal(err)
	}
	user, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || user.Subject != id.Subject {
		t.Fatalf("user info: %v", err)
	}
}

// Every case must work; its speed is not tested.
func TestCasesWork(t *testing.T) {
	for _, c := range cases() {
		for _, w := range c.all() {
			if err := w.run(); err != nil {
				t.Errorf("%s, %s: %v", c.name, w.name, err)
			}
		}
	}
}

// So must the other tables, with little to do.
func TestTablesWork(t *testing.T) {
	if err := printMemory(io.Discard, "", 2); err != nil {
		t.Error(err)
	}
	if err := printStorms(io.Discard, "at once", 3); err != nil {
		t.Error(err)
	}
	for _, c := range curves() {
		if run, units := c.make(c.sizes[0]); units <= 0 || run() != nil {
			t.Error(c.name)
		}
	}
}

// A bad token costs this library one request for keys, however many callers bring it, and each caller gets the right answer.
func TestStormsCostOneRequest(t *testing.T) {
	old, fresh := newKeyRing(1), newKeyRing(1)
	for _, s := range storms(old, fresh) {
		server := &tenants{jwks: old.jwks("old")}
		verify := parties()[0].make(server, stormIssuer)
		must(verify(old.token(stormIssuer, "old0")))
		if s.accept {
			server.jwks = fresh.jwks("new")
		}
		server.fetched.Store(0)
		tokens := []string{s.token(0), s.token(1), s.token(2), s.token(3)}
		if right, _ := s.rage(tokens, verify); right != 4 || server.fetched.Load() != 1 {
			t.Errorf("%s: %d right answers, %d requests", s.name, right, server.fetched.Load())
		}
	}
}

func TestShareIsOfTheBestPeer(t *testing.T) {
	ours := result{work: our("a", nil), ratio: 1.2}
	all := []result{{ratio: 1}, ours, {work: peer("b", nil), ratio: 3}, {work: peer("c", nil), ratio: 1.5}}
	if got := share(ours, all); got != "0.40" {
		t.Error(got)
	}
	if got := share(all[2], all) + share(ours, all[:2]); got != "" {
		t.Error(got)
	}
}

func TestMeasureCountsTime(t *testing.T) {
	for _, clock := range []func(work, time.Duration) float64{nanoseconds, everyThread, everywhere} {
		one := work{run: func() error { return nil }}
		if ns := clock(one, time.Millisecond); ns <= 0 {
			t.Fatal(ns)
		}
	}
}
