package main

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

var judged = sync.OnceValues(judge)

// This library accepts every valid twin and no hostile token. A peer accepts every twin, too, but for those that it has
// no setting for.
func TestNoneOfTheHostileIsAccepted(t *testing.T) {
	r, err := judged()
	if err != nil {
		t.Fatal(err)
	}
	lacks := map[string][]string{
		"go-oidc":      {"RS256 where HS256 is pinned", "HS256 under a secret of 16 bytes"},
		"zitadel/oidc": {"RS256 where HS256 is pinned", "HS256 under a secret of 16 bytes"},
		"cap": {
			"RS256 where HS256 is pinned", "HS256 under a secret of 16 bytes", "a nonce, and none was sent",
			"scope and no nonce: an access token", "client_id and no nonce: an access token",
		},
	}
	for _, row := range r.rows {
		for i, l := range libraries() {
			able := (!row.keys || l.fetches) && (i == 0 || row.base == nil || row.id != "I28" && row.id != "I29") && !slices.Contains(lacks[l.name], row.name)
			if got := row.verdicts[i]; (got != unable) != able {
				t.Errorf("%s %s: %s: the verdict is %q", row.id, row.name, l.name, got)
			}
		}
		if row.verdicts[0] != refused {
			t.Errorf("%s %s: this library: %q", row.id, row.name, row.verdicts[0])
		}
	}
	if r.fetches[0] != "1" {
		t.Errorf("50 unknown key IDs cost %s requests", r.fetches[0])
	}
}

// A program that cannot find what a peer accepts would also find nothing here. The 24 tokens have stood in this
// project's requirements since 2026, with these counts.
func TestTheTableFindsWhatPeersAccept(t *testing.T) {
	r, err := judged()
	if err != nil {
		t.Fatal(err)
	}
	yardstick := []string{
		"iss of another server", "aud is another client", "no aud", "no exp", "exp an hour ago", "nbf tomorrow", "no sub", "empty sub", "no iat",
		"iat tomorrow", "nonce of another login", "no nonce", "azp is another client", "two audiences without azp, one not trusted",
		"azp is another client, two audiences", "signed by another key of the server", "alg none", "HS256 under the public key (PKCS #1)",
		"PS256 where RS256 is pinned", "a key for encryption (use)", "old auth_time under max_age", "no auth_time under max_age", "unknown crit",
		"typ at+jwt",
	}
	var found [5]int
	seen := 0
	for _, row := range r.rows {
		if !slices.Contains(yardstick, row.name) {
			continue
		}
		seen++
		for i, v := range row.verdicts {
			found[i] += count(v == accepted)
		}
	}
	if seen != 24 || found[0] != 0 || found[1] != 13 || found[3] != 3 {
		t.Errorf("of %d: %v", seen, found)
	}
}

// Every line of the requirements for ID tokens has a case, and no two cases have one name.
func TestEachLineHasACase(t *testing.T) {
	ids, names := map[string]bool{}, map[string]bool{}
	for _, c := range cases() {
		ids[c.id] = true
		if names[c.name] {
			t.Errorf("two cases are %q", c.name)
		}
		names[c.name] = true
	}
	for _, id := range strings.Fields("I1 I2 I3 I4 I5 I6 I7 I8 I9 I10 I11 I12 I13 I14 I15 I16 I17 I18 I19 I20 I21 I22 I23 I24 I25 I26 I27 I28 I29 I30 I31 I32 I33 I34") {
		if !ids[id] {
			t.Errorf("%s has no case", id)
		}
	}
}

// The pictures of the READMEs have the figures, too.
func TestPicturesHaveTheFigures(t *testing.T) {
	r, err := judged()
	if err != nil {
		t.Fatal(err)
	}
	for _, theme := range []string{"light", "dark"} {
		drawn, err := os.ReadFile("../../../.github/hostile-" + theme + ".svg")
		if err != nil {
			t.Fatal(err)
		}
		_, words, _ := strings.Cut(string(drawn), "<desc")
		for i, l := range libraries() {
			for _, keys := range []bool{false, true} {
				if cell := r.accepted(i, keys); cell != "" && !strings.Contains(words, l.title()+" "+strings.Replace(cell, "/", "of", 1)) {
					t.Errorf("hostile-%s.svg: %s accepts %s: go run -C internal/bench . -svg", theme, l.title(), cell)
				}
			}
		}
	}
}

// The READMEs have the figures that the program prints; the Chinese one has its own words.
func TestREADMEHasTheFigures(t *testing.T) {
	r, err := judged()
	if err != nil {
		t.Fatal(err)
	}
	for file, words := range map[string]bool{"../../../README.md": true, "../../../.github/README.zh-CN.md": false} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(r.summary() + "\n") {
			if !words {
				if line = line[strings.Index(line[1:], "|")+1:]; strings.Contains(line, "go-oidc") {
					line = line[strings.Index(line, " go-oidc"):]
				}
			}
			if !strings.Contains(string(text), line) {
				t.Errorf("%s lacks %q", file, line)
			}
		}
	}
}
