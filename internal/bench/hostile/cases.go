package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"slices"
	"strings"
	"time"
)

// tokenCase is a token with one fault. base is applied to the valid twin, too; spoil only to the hostile token. keys is
// that the fault is in the server's keys or metadata.
type tokenCase struct {
	id, name    string
	base, spoil change
	keys        bool
}

func cases() []tokenCase {
	return slices.Concat(formCases(), signatureCases(), claimCases(), loginCases(), kindCases(), encryptedCases(), serverCases())
}

// set gives a claim a value; nil removes it.
func set(name string, value any) change {
	return func(tr *trial) {
		if tr.claims[name] = value; value == nil {
			delete(tr.claims, name)
		}
	}
}

func head(name string, value any) change {
	return func(tr *trial) {
		if tr.header[name] = value; value == nil {
			delete(tr.header, name)
		}
	}
}

func all(changes ...change) change {
	return func(tr *trial) {
		for _, c := range changes {
			c(tr)
		}
	}
}

func rework(f func(string) string) change { return func(tr *trial) { tr.rework = f } }

// body changes the JSON text of the claims.
func body(change func(string) string) change {
	return func(tr *trial) { tr.rawBody = change(tr.encode("", tr.claims)) }
}

func swap(old, new string) func(string) string {
	return func(text string) string { return strings.Replace(text, old, new, 1) }
}

func formCases() []tokenCase {
	parts := func(raw string) []string { return strings.Split(raw, ".") }
	return []tokenCase{
		{id: "I1", name: "four parts", spoil: rework(func(raw string) string { return raw + ".e30" })},
		{id: "I1", name: "over 64 KiB", base: set("pad", strings.Repeat("a", 40_000)), spoil: set("pad", strings.Repeat("a", 60_000))},
		{id: "I1", name: "padded base64url", spoil: rework(func(raw string) string { return raw + "==" })},
		{id: "I1", name: "a line break inside", spoil: rework(func(raw string) string { return raw[:len(raw)-40] + "\n" + raw[len(raw)-40:] })},
		{id: "I1", name: "text after the claims", spoil: body(func(text string) string { return text + "{}" })},
		{id: "I9", name: "unknown crit", base: head("x", 1), spoil: head("crit", []string{"x"})},
		{id: "I9", name: "empty crit", spoil: head("crit", []string{})},
		{id: "I9", name: "b64=false", spoil: head("b64", false)},
		{id: "I10", name: "flattened JSON", spoil: rework(func(raw string) string {
			p := parts(raw)
			return `{"protected":"` + p[0] + `","payload":"` + p[1] + `","signature":"` + p[2] + `"}`
		})},
		{id: "I10", name: "general JSON with one more signature", spoil: rework(func(raw string) string {
			p := parts(raw)
			one := `{"protected":"` + p[0] + `","signature":"` + p[2] + `"}`
			return `{"payload":"` + p[1] + `","signatures":[` + one + `,` + one + `]}`
		})},
		{id: "I20", name: "half a surrogate pair in sub", base: body(swap("5ff701", `\ud83d\ude00`)), spoil: body(swap("5ff701", `\ud83d`))},
		{id: "I30", name: "sub twice", spoil: body(swap(`"sub":`, `"sub":"admin","sub":`))},
		{id: "I30", name: "aud twice", spoil: body(swap(`"aud":`, `"aud":"another-client","aud":`))},
		{id: "I30", name: "alg twice", spoil: func(tr *trial) { tr.rawHead = `{"alg":"none","alg":"RS256","kid":"op","typ":"JWT"}` }},
		{id: "I31", name: "sub is no UTF-8", base: body(swap("5ff701", "é")), spoil: body(swap("5ff701", "\xe9"))},
		{id: "I34", name: "ISS in place of iss", spoil: body(swap(`"iss"`, `"ISS"`))},
		{id: "I34", name: "Aud in place of aud", spoil: body(swap(`"aud"`, `"Aud"`))},
		{id: "I34", name: "EXP in place of exp", spoil: body(swap(`"exp"`, `"EXP"`))},
		{id: "I34", name: "Nonce in place of nonce", spoil: body(swap(`"nonce"`, `"Nonce"`))},
		{id: "I34", name: "sub with a long s", spoil: body(swap(`"sub"`, `"\u017fub"`))},
		{id: "I34", name: "iss of an attacker, and ISS", spoil: body(swap(`"iss":"`+issuer, `"iss":"https://attacker.example","ISS":"`+issuer))},
		{id: "I34", name: "aud of another client, and AUD", spoil: body(swap(`"aud":"`, `"aud":"another-client","AUD":"`))},
		{id: "I34", name: "exp in the past, and Exp", spoil: body(swap(`"exp":`, `"exp":1,"Exp":`))},
		{id: "I34", name: "nonce of another login, and NONCE", spoil: body(swap(`"nonce":"`, `"nonce":"of-another-login","NONCE":"`))},
	}
}

func signatureCases() []tokenCase {
	public := &rsaKeys()["op"].PublicKey
	hmacUnder := func(key []byte) change {
		return func(tr *trial) { tr.alg, tr.key = "HS256", key }
	}
	der, _ := x509.MarshalPKIXPublicKey(public)
	by := func(alg string) change { return func(tr *trial) { tr.alg = alg } }
	key := func(name string) change { return func(tr *trial) { tr.key = rsaKeys()[name] } }
	nameless := all(head("kid", nil), func(tr *trial) { tr.jwks = []any{jwk("op")} })
	stranger := all(nameless, key("attacker"))
	return []tokenCase{
		{id: "I2", name: "alg none", spoil: by("none")},
		{id: "I2", name: "alg None", spoil: by("None")},
		{id: "I2", name: "no alg", spoil: func(tr *trial) { tr.rawHead = `{"kid":"op","typ":"JWT"}` }},
		{id: "I3", name: "PS256 where RS256 is pinned", spoil: by("PS256")},
		{id: "I3", name: "RS512 where RS256 is pinned", spoil: by("RS512")},
		{id: "I4", name: "HS256 under the public key (PKCS #1)", spoil: hmacUnder(x509.MarshalPKCS1PublicKey(public))},
		{id: "I4", name: "HS256 under the public key (PEM)", spoil: hmacUnder(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))},
		{id: "I4", name: "HS256 under the client secret", spoil: hmacUnder([]byte(secret))},
		{id: "I4", name: "RS256 where HS256 is pinned", base: func(tr *trial) { tr.pinned = "HS256"; hmacUnder([]byte(secret))(tr) }, spoil: func(tr *trial) { tr.alg, tr.key = "RS256", rsaKeys()["op"] }},
		{id: "I5", name: "HS256 under a secret of 16 bytes", base: func(tr *trial) { tr.pinned = "HS256"; hmacUnder([]byte(tr.secret))(tr) }, spoil: func(tr *trial) {
			tr.secret = secret[:16]
			tr.key = []byte(tr.secret)
		}},
		{id: "I6", name: "signed by another key of the server", spoil: key("other")},
		{id: "I6", name: "no signature", spoil: rework(func(raw string) string { return raw[:strings.LastIndexByte(raw, '.')+1] })},
		{id: "I6", name: "changed claims", spoil: rework(func(raw string) string {
			p := strings.Split(raw, ".")
			return p[0] + "." + b64(strings.Replace(decode(p[1]), "5ff701", "admin1", 1)) + "." + p[2]
		})},
		{id: "I8", name: "jwk in the header is the attacker's key", base: nameless, spoil: all(stranger, func(tr *trial) {
			tr.header["jwk"] = map[string]any{"kty": "RSA", "n": jwk("attacker")["n"], "e": "AQAB"}
		})},
		{id: "I8", name: "jku in the header leads to the attacker", base: nameless, spoil: all(stranger, head("jku", "https://attacker.example/jwks"))},
	}
}

func claimCases() []tokenCase {
	now := time.Now()
	tomorrow, past := now.AddDate(0, 0, 1).Unix(), now.Add(-time.Hour).Unix()
	return []tokenCase{
		{id: "I12", name: "iss of another server", spoil: set("iss", "https://attacker.example")},
		{id: "I12", name: "iss with one more slash", spoil: set("iss", issuer+"/")},
		{id: "I12", name: "no iss", spoil: set("iss", nil)},
		{id: "I13", name: "aud is another client", spoil: set("aud", "another-client")},
		{id: "I13", name: "no aud", spoil: set("aud", nil)},
		{id: "I13", name: "empty aud", spoil: set("aud", []string{})},
		{id: "I13", name: "aud has a number", base: twoAudiences, spoil: set("aud", []any{clientID, 7})},
		{id: "I14", name: "one more audience, not trusted", base: twoAudiences, spoil: func(tr *trial) { tr.audiences = nil }},
		{id: "I15", name: "two audiences without azp, one not trusted", base: twoAudiences, spoil: all(func(tr *trial) { tr.audiences = nil }, set("azp", nil))},
		{id: "I16", name: "azp is another client", base: set("azp", clientID), spoil: set("azp", "another-client")},
		{id: "I16", name: "azp is another client, two audiences", base: twoAudiences, spoil: set("azp", "another-client")},
		{id: "I16", name: "azp is a list", base: set("azp", clientID), spoil: set("azp", []string{clientID})},
		{id: "I17", name: "no exp", spoil: set("exp", nil)},
		{id: "I17", name: "exp an hour ago", spoil: set("exp", past)},
		{id: "I17", name: "exp is text", spoil: set("exp", "tomorrow")},
		{id: "I17", name: "exp is 1e300", spoil: set("exp", json.Number("1e300"))},
		{id: "I18", name: "no iat", spoil: set("iat", nil)},
		{id: "I18", name: "iat tomorrow", base: set("exp", now.AddDate(0, 0, 2).Unix()), spoil: set("iat", tomorrow)},
		{id: "I18", name: "iat is text", spoil: set("iat", "now")},
		{id: "I19", name: "nbf tomorrow", base: set("nbf", now.Unix()), spoil: set("nbf", tomorrow)},
		{id: "I19", name: "nbf is text", base: set("nbf", now.Unix()), spoil: set("nbf", "tomorrow")},
		{id: "I20", name: "no sub", spoil: set("sub", nil)},
		{id: "I20", name: "empty sub", spoil: set("sub", "")},
		{id: "I20", name: "sub is a number", spoil: set("sub", 42)},
		{id: "I20", name: "sub of 256 characters", base: set("sub", strings.Repeat("a", 255)), spoil: set("sub", strings.Repeat("a", 256))},
	}
}

func twoAudiences(tr *trial) {
	tr.audiences = []string{trusted}
	tr.claims["aud"], tr.claims["azp"] = []string{clientID, trusted}, clientID
}
