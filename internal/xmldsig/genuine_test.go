package xmldsig

import (
	"crypto"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// genuine is every content that was signed, by its octets.
func genuine(t testing.TB) (texts []string, keys []crypto.PublicKey, contents map[string]bool) {
	t.Helper()
	signed, err := Signer{Key: rsaKey()}.Sign(message)
	require.NoError(t, err)
	keys = public(rsaKey())
	texts = append(texts, signed, lately(t))
	for _, text := range foreign(t) {
		texts = append(texts, text)
		keys = append(keys, embedded(t, root(t, text)))
	}
	contents = map[string]bool{}
	for _, text := range texts {
		for _, e := range signedElements(root(t, text)) {
			d, err := Verify(e, keys, everything)
			require.NoError(t, err)
			contents[d.Root().Raw()] = true
		}
	}
	return texts, keys, contents
}

// lately is signed in the forms that came last: by RSASSA-PSS, over canonicalizations with comments, the signature last.
func lately(t testing.TB) string {
	t.Helper()
	return forgery{
		info: func(s string) string {
			s = change(string(RSASHA256), string(RSAPSSSHA256))(s)
			return strings.ReplaceAll(s, exclusive+`"`, exclusive+`WithComments"`)
		},
		options: pssOptions(crypto.SHA256),
		place:   func(m, s string) string { return change("</samlp:Response>", s+"</samlp:Response>")(m) },
	}.make(t)
}

var everything = Policy{AllowSHA1: true, AllowSmallRSA: true, AllowInclusiveC14N: true, AllowEmptyReference: true, AllowLastSignature: true}

func allComments(string, string) bool { return true }

// onlyGenuine verifies all that is signed in s, with every option on, and reports whether something was.
func onlyGenuine(t testing.TB, s string, keys []crypto.PublicKey, contents map[string]bool) bool {
	d, err := xmlgate.Parse(s, xmlgate.Options{Comments: allComments})
	if err != nil {
		return false
	}
	verified := false
	for _, e := range signedElements(d.Root()) {
		v, err := Verify(e, keys, everything)
		if err != nil {
			var typed *Error
			require.ErrorAs(t, err, &typed)
			continue
		}
		require.True(t, contents[v.Root().Raw()], "%s", v.Root().Raw())
		verified = true
	}
	return verified
}

// FuzzVerify: nothing panics, and whatever verifies is, octet by octet, what a key once signed.
func FuzzVerify(f *testing.F) {
	texts, keys, contents := genuine(f)
	for _, text := range texts {
		f.Add(text)
		f.Add(strings.Replace(text, "alice", "mallory", 1))
	}
	f.Fuzz(func(t *testing.T, s string) { onlyGenuine(t, s, keys, contents) })
}

// TestSAML24EveryChangeOfOneByte: what verifies after a change is the same content still.
func TestSAML24EveryChangeOfOneByte(t *testing.T) {
	t.Parallel()
	_, keys, contents := genuine(t)
	texts := foreign(t)
	texts["lately"] = lately(t)
	// Those of xmlsec have a KeyInfo, in which most changes mean nothing.
	for name, least := range map[string]int{"xmlsec_rsa_sha256_list": 50, "xmlsec_rsa_sha384_c14n10": 50, "lately": 5} {
		text, verified := texts[name], 0
		for i := range text {
			changes := []string{"", "x", "<!---->" + text[i:i+1], " ", "<a/>" + text[i:i+1], "&#x61;", text[i:i+1] + text[i:i+1]}
			if onlyGenuine(t, text[:i]+changes[i%len(changes)]+text[i+1:], keys, contents) {
				verified++
			}
		}
		assert.Greater(t, verified, least, name)
	}
}
