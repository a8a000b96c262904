package main

import (
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

func TestMeasureCountsTime(t *testing.T) {
	for _, clock := range []func(work, time.Duration) float64{nanoseconds, everyThread, everywhere} {
		one := work{run: func() error { return nil }}
		if ns := clock(one, time.Millisecond); ns <= 0 {
			t.Fatal(ns)
		}
	}
}
