package oidc_test

import (
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// reworked is a token changed after it was signed.
func reworked(f func(raw string) string) change { return func(tr *trial) { tr.rework = f } }

// flipLast changes the first byte of the signature.
func flipLast(raw string) string {
	i := strings.LastIndexByte(raw, '.') + 1
	other := byte('A')
	if raw[i] == 'A' {
		other = 'B'
	}
	return raw[:i] + string(other) + raw[i+1:]
}

func TestI1NotThreeParts(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckFormat, nil, map[string]change{
		"empty":        reworked(func(string) string { return "" }),
		"one part":     reworked(func(raw string) string { return strings.ReplaceAll(raw, ".", "") }),
		"two parts":    reworked(func(raw string) string { return raw[:strings.LastIndexByte(raw, '.')] }),
		"four parts":   reworked(func(raw string) string { return raw + ".e30" }),
		"many dots":    reworked(func(raw string) string { return raw + strings.Repeat(".", 1<<15) }),
		"too long":     set("filler", strings.Repeat("f", 64<<10)),
		"white space":  reworked(func(raw string) string { return raw + " " }),
		"a line break": reworked(func(raw string) string { return raw + "\n" }),
		"padding":      reworked(func(raw string) string { return raw + "=" }),
		"header no object": reworked(func(raw string) string {
			return b64(`["RS256"]`) + raw[strings.IndexByte(raw, '.'):]
		}),
	})
}

func TestI1ClaimsAreNoJSONObject(t *testing.T) {
	t.Parallel()
	spoil := map[string]change{}
	for _, text := range []string{"[]", "null", `"claims"`, "{}{}", `{"iss"}`, "<claims/>"} {
		spoil[text] = func(tr *trial) { tr.payload = text }
	}
	refuses(t, oidc.CheckFormat, nil, spoil)
}

func TestI2AlgNone(t *testing.T) {
	t.Parallel()
	spoil := map[string]change{}
	for _, alg := range []string{"none", "None", "NONE", "nOnE"} {
		spoil[alg] = func(tr *trial) { tr.alg, tr.header["alg"] = "none", alg }
		spoil[alg+" with a signature"] = func(tr *trial) {
			tr.rework = func(raw string) string {
				parts := strings.Split(raw, ".")
				return b64(`{"alg":"`+alg+`"}`) + "." + parts[1] + "." + parts[2]
			}
		}
	}
	refuses(t, oidc.CheckAlgorithm, nil, spoil)
}

func TestI6BadSignature(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckSignature, nil, map[string]change{
		"another key":      func(tr *trial) { tr.key = keys()["other"] },
		"a changed byte":   reworked(flipLast),
		"no signature":     reworked(func(raw string) string { return raw[:strings.LastIndexByte(raw, '.')+1] }),
		"half a signature": reworked(func(raw string) string { return raw[:len(raw)-172+2] }),
		"another payload": reworked(func(raw string) string {
			parts := strings.Split(raw, ".")
			return parts[0] + "." + b64(`{"sub":"mallory"}`) + "." + parts[2]
		}),
		"another header": reworked(func(raw string) string {
			return b64(`{"alg":"RS256","kid":"rsa"}`) + raw[strings.IndexByte(raw, '.'):]
		}),
	})
	refuses(t, oidc.CheckSignature, hmac("HS256"), map[string]change{
		"another secret": func(tr *trial) { tr.key = []byte(strings.Repeat("x", 64)) },
	})
}

func TestI9Critical(t *testing.T) {
	t.Parallel()
	forged := func(members string) change {
		return func(tr *trial) {
			tr.rework = func(raw string) string {
				return forge(t, `{"alg":"RS256","kid":"rsa"`+members+`}`, mustJSON(tr.claims))
			}
		}
	}
	refuses(t, oidc.CheckCritical, forged(`,"exp":1`), map[string]change{
		"unknown crit": forged(`,"crit":["exp"],"exp":1`), "empty crit": forged(`,"crit":[]`), "crit is no list": forged(`,"crit":"exp"`),
		"b64 false": forged(`,"b64":false,"crit":["b64"]`), "b64 without crit": forged(`,"b64":false`),
	})
}

func TestI10JSONSerialization(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckFormat, nil, map[string]change{
		"flattened": reworked(func(raw string) string {
			p := strings.Split(raw, ".")
			return mustJSON(map[string]any{"protected": p[0], "payload": p[1], "signature": p[2]})
		}),
		"general": reworked(func(raw string) string {
			p := strings.Split(raw, ".")
			one := map[string]any{"protected": p[0], "signature": p[2]}
			return mustJSON(map[string]any{"payload": p[1], "signatures": []any{one, one}})
		}),
	})
}

func TestI11TypOfAnotherKind(t *testing.T) {
	t.Parallel()
	spoil := map[string]change{}
	for _, typ := range []string{"at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "JWE", "x", "applicationx/jwt"} {
		spoil[typ] = func(tr *trial) { tr.header["typ"] = typ }
	}
	refuses(t, oidc.CheckType, nil, spoil)
	refuses(t, oidc.CheckFormat, nil, map[string]change{"typ is a number": func(tr *trial) { tr.header["typ"] = 1 }})
}

// An encrypted ID token is refused with its own check; decryption is not built yet (I28, I29).
func TestI28EncryptedToken(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckEncrypted, nil, map[string]change{"JWE": reworked(func(raw string) string {
		encrypter, err := gojose.NewEncrypter(gojose.A128GCM, gojose.Recipient{Algorithm: gojose.RSA_OAEP, Key: publicRSA()}, nil)
		require.NoError(t, err)
		sealed, err := encrypter.Encrypt([]byte(raw))
		require.NoError(t, err)
		text, err := sealed.CompactSerialize()
		require.NoError(t, err)
		return text
	})})
}

func TestI30DuplicateClaims(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckFormat, payload(`"x":1,"y":{"a":1,"b":2}`), map[string]change{
		"twice": payload(`"x":1,"x":1`), "twice by an escape": payload(`"x":1,"\u0078":1`), "twice inside": payload(`"y":{"a":1,"a":2}`),
		"sub twice": func(tr *trial) {
			tr.payload = strings.Replace(mustJSON(tr.claims), `"sub":`, `"sub":"mallory","sub":`, 1)
		},
	})
}

func TestI30DuplicateHeaderMembers(t *testing.T) {
	t.Parallel()
	forged := func(header string) change {
		return func(tr *trial) { tr.rework = func(string) string { return forge(t, header, mustJSON(tr.claims)) } }
	}
	refuses(t, oidc.CheckFormat, forged(`{"alg":"RS256","kid":"rsa"}`), map[string]change{
		"alg twice": forged(`{"alg":"RS256","kid":"rsa","alg":"none"}`), "alg absent": forged(`{"kid":"rsa"}`), "Alg": forged(`{"Alg":"RS256","kid":"rsa"}`),
		"alg is a list": forged(`{"alg":["RS256"],"kid":"rsa"}`), "kid is a number": forged(`{"alg":"RS256","kid":1}`),
	})
}

func TestI31InvalidUTF8(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckFormat, payload(`"name":"Ad`+"\u00e9"+`la"`), map[string]change{
		"Latin-1": payload(`"name":"Ad` + "\xe9" + `la"`), "overlong": payload(`"name":"` + "\xc0\xaf" + `"`),
	})
}
