package dpop_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/dpop"
	"github.com/seed6e7d3bb2/authing-go/internal/jws"
)

var now = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

func expect(method, url string) dpop.Expect {
	return dpop.Expect{Algs: []string{"ES256"}, Method: method, URL: url, AccessToken: "AT", Now: now, MaxAge: time.Minute, Ahead: time.Second}
}

func sign(t testing.TB, claims string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	p, err := jws.NewProver("ES256", "dpop+jwt", key)
	require.NoError(t, err)
	raw, err := p.Sign([]byte(claims))
	require.NoError(t, err)
	return raw
}

func claims(htu string) string {
	digest := sha256.Sum256([]byte("AT"))
	return fmt.Sprintf(`{"jti":"1","htm":"GET","htu":%q,"iat":%d,"ath":%q}`, htu, now.Unix(), base64.RawURLEncoding.EncodeToString(digest[:]))
}

// X4: two addresses are compared in their normal form (RFC 9449 §4.3).
func TestX4Addresses(t *testing.T) {
	t.Parallel()
	for htu, same := range map[string][]string{
		"https://a.example/":        {"https://a.example", "HTTPS://A.Example:443/", "https://a.example/?q#f", "https://a.example:443"},
		"https://a.example/a%2Fb~c": {"https://a.example/a%2fb%7Ec", "https://a.example/%61%2Fb~c"},
		"http://a.example:8080/x":   {"http://A.EXAMPLE:8080/x"},
	} {
		for _, other := range same {
			_, err := dpop.Check(sign(t, claims(htu)), expect("GET", other))
			require.NoError(t, err, "%s %s", htu, other)
			_, err = dpop.Check(sign(t, claims(other)), expect("GET", htu))
			require.NoError(t, err, "%s %s", other, htu)
		}
	}
	for htu, other := range map[string]string{
		"https://a.example/a/b": "https://a.example/a%2Fb", "https://a.example/": "http://a.example/", "https://a.example/x": "https://a.example/X",
		"https://a.example/x/": "https://a.example/x", "https://a.example:444/": "https://a.example/", "https://u@a.example/": "https://a.example/",
		"": "", "ftp://a.example/": "ftp://a.example/", "https:a.example": "https:a.example", "https://a.example/%zz": "https://a.example/%zz",
	} {
		_, err := dpop.Check(sign(t, claims(htu)), expect("GET", other))
		require.ErrorContains(t, err, "htu", "%s %s", htu, other)
	}
}

// X4: the claims are read strictly, and an error tells nothing of the proof.
func TestX4ClaimsOfTheWrongForm(t *testing.T) {
	t.Parallel()
	good := claims("https://a.example/")
	proof, err := dpop.Check(sign(t, good), expect("GET", "https://a.example/"))
	require.NoError(t, err)
	assert.Equal(t, "1", proof.ID)
	assert.Len(t, proof.JKT, 43)
	for _, text := range []string{
		`[]`, `{}`, strings.Replace(good, `"jti":"1"`, `"jti":null`, 1), strings.Replace(good, `"jti":"1"`, `"jti":"1","jti":"2"`, 1),
		strings.Replace(good, `"GET"`, `["GET"]`, 1), strings.Replace(good, `"iat":`, `"iat":1e300,"x":`, 1), strings.Replace(good, `"iat":`, `"iat":-`, 1),
		strings.Replace(good, "{", `{"nonce":7,`, 1), strings.Replace(good, `"jti"`, `"JTI"`, 1), good + "x",
	} {
		_, err := dpop.Check(sign(t, text), expect("GET", "https://a.example/"))
		require.Error(t, err, text)
		assert.NotContains(t, err.Error(), "a.example")
	}
}

// An accepted proof has all that a caller relies on, and nothing panics.
func FuzzCheck(f *testing.F) {
	for _, text := range []string{"", "..", sign(f, claims("https://a.example/")), sign(f, `{}`), "eyJhbGciOiJub25lIn0.e30."} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		p, err := dpop.Check(raw, expect("GET", "https://a.example/"))
		if err == nil && (p.ID == "" || len(p.JKT) != 43 || p.IssuedAt.IsZero()) {
			t.Errorf("%+v", p)
		}
	})
}
