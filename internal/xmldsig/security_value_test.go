package xmldsig

import (
	"crypto"
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSAML31Values(t *testing.T) {
	value := func(f func(string) string) forgery {
		return forgery{signature: func(s string) string {
			head, rest, _ := strings.Cut(s, "<ds:SignatureValue>")
			value, tail, _ := strings.Cut(rest, "</ds:SignatureValue>")
			return head + "<ds:SignatureValue>" + f(value) + "</ds:SignatureValue>" + tail
		}}
	}
	digest := func(f func(string) string) forgery {
		return forgery{info: func(s string) string {
			good := base64.StdEncoding.EncodeToString(sum(crypto.SHA256, nil, []byte(message)))
			return strings.Replace(s, "DIGEST", f(good), 1)
		}}
	}
	wrapped := func(s string) string { return "\n" + s[:10] + " \t&#13;\n" + s[10:] + "\n" }
	refusals(t, map[string]refusal{
		"empty":                   {value(func(string) string { return "" }), CheckValue, value(unchanged), Policy{}},
		"white space":             {value(func(string) string { return " \n" }), CheckValue, value(wrapped), Policy{}},
		"truncated":               {value(func(s string) string { return s[:len(s)-4] }), CheckValue, value(unchanged), Policy{}},
		"longer":                  {value(func(s string) string { return "AAAA" + s }), CheckValue, value(unchanged), Policy{}},
		"no padding":              {value(func(s string) string { return strings.TrimRight(s, "=") }), CheckValue, value(unchanged), Policy{}},
		"more padding":            {value(func(s string) string { return s + "=" }), CheckValue, value(unchanged), Policy{}},
		"trailing bits":           {value(trailingBits), CheckValue, value(unchanged), Policy{}},
		"of URLs":                 {value(func(s string) string { return "-_" + s[2:] }), CheckValue, value(unchanged), Policy{}},
		"no break space":          {value(func(s string) string { return "\u00a0" + s }), CheckValue, value(func(s string) string { return " " + s }), Policy{}},
		"vertical tab":            {value(func(s string) string { return "\u2028" + s }), CheckValue, value(func(s string) string { return "\t" + s }), Policy{}},
		"too long":                {value(func(s string) string { return s + strings.Repeat(" ", maxEncoded) }), CheckValue, value(func(s string) string { return s + strings.Repeat(" ", maxEncoded-len(s)) }), Policy{}},
		"element in it":           {value(func(s string) string { return s + "<a/>" }), CheckValue, value(unchanged), Policy{}},
		"attribute":               {signature("<ds:SignatureValue>", `<ds:SignatureValue x="">`), CheckValue, signature("<ds:SignatureValue>", `<ds:SignatureValue Id="x">`), Policy{}},
		"digest empty":            {digest(func(string) string { return "" }), CheckDigest, digest(unchanged), Policy{}},
		"digest truncated":        {digest(func(s string) string { return base64.StdEncoding.EncodeToString(make([]byte, 31)) }), CheckDigest, digest(wrapped), Policy{}},
		"digest trailing bits":    {digest(trailingBits), CheckDigest, digest(unchanged), Policy{}},
		"digest of another":       {digest(func(string) string { return base64.StdEncoding.EncodeToString(make([]byte, 32)) }), CheckDigest, digest(unchanged), Policy{}},
		"digest by another hash":  {info(digestTag+"<ds:DigestValue>DIGEST", strings.Replace(digestTag, digestSHA256, digestSHA512, 1)+"<ds:DigestValue>"+emptyDigest), CheckDigest, digest(unchanged), Policy{}},
		"digest with an element":  {digest(func(s string) string { return s + "<a/>" }), CheckDigest, digest(unchanged), Policy{}},
		"digest with its own tag": {info("<ds:DigestValue>", `<ds:DigestValue x="">`), CheckDigest, digest(unchanged), Policy{}},
	})
}

// trailingBits sets a bit that no byte has a place for.
func trailingBits(s string) string {
	i := strings.IndexByte(s, '=') - 1
	return s[:i] + string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", s[i])+1]) + s[i+1:]
}

// TestPublishedSample is a response that Authing published: SHA-1, and a key of 1024 bits.
func TestPublishedSample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/authing_response.xml")
	require.NoError(t, err)
	e := find(root(t, string(text)), "Assertion")
	keys := []crypto.PublicKey{embedded(t, e)}
	d, err := Verify(e, keys, Policy{AllowSHA1: true, AllowSmallRSA: true})
	require.NoError(t, err)
	name, ok := find(d.Root(), "NameID").Text()
	assert.True(t, ok)
	assert.Equal(t, "yezuwei@authing.onaliyun.com", name)
	_, err = Verify(e, keys, Policy{AllowSHA1: true})
	require.ErrorContains(t, err, "AllowSmallRSA")
	_, err = Verify(e, keys, Policy{AllowSmallRSA: true})
	require.ErrorContains(t, err, "AllowSHA1")
	_, err = Verify(root(t, string(text)), keys, Policy{AllowSHA1: true, AllowSmallRSA: true})
	require.ErrorIs(t, err, CheckMissing)
}
