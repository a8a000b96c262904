package xmldsig

import (
	"crypto"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// forgery makes a message whose signature is by a trusted key but need not have the shape that Sign gives it.
type forgery struct {
	message   string                     // message when empty
	info      func(string) string        // changes SignedInfo before it is signed
	transform c14n                       // that the digest is made over; exclusive unless said
	signature func(string) string        // changes Signature afterwards
	document  func(whole string) string  // changes all of it
	place     func(m, sig string) string // puts the signature elsewhere than Sign does
	key       crypto.Signer              // rsaKey() when nil
	options   crypto.SignerOpts          // of the key; the hash of the method when nil
}

// change replaces one text, which must be there.
func change(old, new string) func(string) string {
	return func(s string) string {
		if !strings.Contains(s, old) {
			panic("no " + old)
		}
		return strings.Replace(s, old, new, 1)
	}
}

func unchanged(s string) string { return s }

func orElse[F any](f, or func(F) F) func(F) F {
	if f == nil {
		return or
	}
	return f
}

const usualInfo = `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="` + exclusive + `"/><ds:SignatureMethod Algorithm="` + string(RSASHA256) + `"/>` +
	`<ds:Reference URI="#r1"><ds:Transforms><ds:Transform Algorithm="` + enveloped + `"/><ds:Transform Algorithm="` + exclusive + `"/></ds:Transforms>` +
	`<ds:DigestMethod Algorithm="` + digestSHA256 + `"/><ds:DigestValue>DIGEST</ds:DigestValue></ds:Reference></ds:SignedInfo>`

func (f forgery) make(t testing.TB) string {
	t.Helper()
	m := f.message
	if m == "" {
		m = message
	}
	key := f.key
	if key == nil {
		key = rsaKey()
	}
	info := orElse(f.info, unchanged)(usualInfo)
	digest := sum(hashIn(info, "<ds:DigestMethod"), nil, []byte(octets(t, root(t, m), f.transform)))
	info = strings.Replace(info, "DIGEST", base64.StdEncoding.EncodeToString(digest), 1)
	signature := `<ds:Signature xmlns:ds="` + space + `">` + info + `<ds:SignatureValue>VALUE</ds:SignatureValue></ds:Signature>`
	place := f.place
	if place == nil {
		place = func(m, signature string) string { return insert(m, root(t, m), signature) }
	}
	whole := place(m, signature)
	d, err := xmlgate.Parse(whole, xmlgate.Options{Comments: func(string, string) bool { return true }})
	require.NoError(t, err, whole)
	method := c14n{}
	if first := find(d.Root(), "CanonicalizationMethod"); first.OK() {
		method, _ = (&Policy{AllowInclusiveC14N: true}).c14nOf(first)
	}
	hash := hashIn(info, "<ds:SignatureMethod")
	var options crypto.SignerOpts = hash
	if f.options != nil {
		options = f.options
	}
	value, err := key.Sign(rand.Reader, sum(hash, nil, []byte(octets(t, find(d.Root(), "SignedInfo"), method))), options)
	require.NoError(t, err)
	finished := strings.Replace(signature, "VALUE", base64.StdEncoding.EncodeToString(value), 1)
	return orElse(f.document, unchanged)(strings.Replace(whole, signature, orElse(f.signature, unchanged)(finished), 1))
}

// hashIn returns the hash that the first method behind mark names, SHA-256 if none.
func hashIn(info, mark string) crypto.Hash {
	_, rest, _ := strings.Cut(info, mark)
	rest, _, _ = strings.Cut(rest, ">")
	switch {
	case strings.Contains(rest, "sha1"):
		return crypto.SHA1
	case strings.Contains(rest, "sha384"):
		return crypto.SHA384
	case strings.Contains(rest, "sha512"):
		return crypto.SHA512
	}
	return crypto.SHA256
}

func (f forgery) verify(t testing.TB, p Policy) error {
	t.Helper()
	d, err := xmlgate.Parse(f.make(t), xmlgate.Options{Comments: func(string, string) bool { return true }})
	require.NoError(t, err)
	key := f.key
	if key == nil {
		key = rsaKey()
	}
	_, err = Verify(d.Root(), public(key), p)
	return err
}

// refusal is a signature that is refused, beside one that differs in that one fact and is accepted.
type refusal struct {
	refused forgery
	check   Check
	twin    forgery
	policy  Policy // of both
}

func refusals(t *testing.T, table map[string]refusal) {
	t.Helper()
	t.Parallel()
	for name, r := range table {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := r.refused.verify(t, r.policy)
			require.ErrorIs(t, err, r.check)
			var typed *Error
			require.ErrorAs(t, err, &typed)
			require.NoError(t, r.twin.verify(t, r.policy))
		})
	}
}
