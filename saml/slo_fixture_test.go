package saml

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const (
	sloURL   = "https://sp.example/slo"
	sloIDP   = "https://idp.example/metadata"
	sloOther = "https://other.example/metadata"
	sloKey   = "KEY0123456789"
)

// sloNow is when a good message is read.
var sloNow = time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC)

// sloKeys are made by the standard library. The identity provider has two.
var sloKeys = sync.OnceValue(func() map[string]crypto.Signer {
	all := map[string]crypto.Signer{}
	for name, curve := range map[string]elliptic.Curve{"p256": elliptic.P256(), "p384": elliptic.P384(), "other": elliptic.P256(), "stranger": elliptic.P256()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			panic(err)
		}
		all[name] = key
	}
	for _, name := range []string{"idp", "sp"} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		all[name] = key
	}
	return all
})

func sloPublic(names ...string) []crypto.PublicKey {
	var all []crypto.PublicKey
	for _, name := range names {
		all = append(all, sloKeys()[name].Public())
	}
	return all
}

func sloConfig(change ...func(*Config)) Config {
	ends := []metadata.Endpoint{
		{Binding: BindingPOST, Location: "https://idp.example/slo/post"},
		{Binding: BindingRedirect, Location: "https://idp.example/slo?tenant=1", ResponseLocation: "https://idp.example/slo/answers"},
	}
	cfg := Config{
		EntityID: "https://sp.example/metadata", ACSURL: "https://sp.example/acs", SLOURL: sloURL,
		Keys: []Key{{Signer: sloKeys()["sp"], Decrypter: sloKeys()["sp"].(crypto.Decrypter)}},
		IDP: metadata.NewList(
			&metadata.IDP{EntityID: sloIDP, SLO: ends, Keys: sloPublic("idp", "p256", "p384")},
			&metadata.IDP{EntityID: sloOther, SLO: ends[:1], Keys: sloPublic("other")},
		),
		Now: func() time.Time { return sloNow },
	}
	for _, f := range change {
		if f != nil {
			f(&cfg)
		}
	}
	return cfg
}

func sloClient(t testing.TB, change ...func(*Config)) *Client {
	t.Helper()
	c, err := NewClient(sloConfig(change...))
	require.NoError(t, err)
	return c
}

// sloPending is the logout that good responses answer.
func sloPending() *Logout {
	return &Logout{Key: sloKey, RequestID: "_request", IDP: sloIDP, Client: "https://sp.example/metadata", CreatedAt: sloNow.Add(-20 * time.Second)}
}

const (
	sloRequest = `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_message" Version="2.0" IssueInstant="2026-11-20T09:30:05Z" Destination="https://sp.example/slo"` +
		` NotOnOrAfter="2026-11-20T09:35:05Z" Reason="urn:oasis:names:tc:SAML:2.0:logout:user"><saml:Issuer>https://idp.example/metadata</saml:Issuer>` +
		`<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient" NameQualifier="https://idp.example/metadata" SPNameQualifier="https://sp.example/metadata">_alice</saml:NameID>` +
		`<samlp:SessionIndex>_s1</samlp:SessionIndex><samlp:SessionIndex>_s2</samlp:SessionIndex></samlp:LogoutRequest>`
	sloResponse = `<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_message" Version="2.0" IssueInstant="2026-11-20T09:30:05Z" Destination="https://sp.example/slo"` +
		` InResponseTo="_request"><saml:Issuer>https://idp.example/metadata</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>`

	algRSA256 = dsig.RSASHA256SignatureMethod
	algRSA1   = dsig.RSASHA1SignatureMethod
)

// swap replaces a text that appears exactly once.
type swap struct{ old, new string }

func (s swap) apply(t testing.TB, text string) string {
	t.Helper()
	require.Equal(t, 1, strings.Count(text, s.old), "%q in %s", s.old, text)
	return strings.Replace(text, s.old, s.new, 1)
}

// sloMessage is a message on its way. The zero value is good, but for its text and binding.
type sloMessage struct {
	text     string
	binding  Binding
	before   []swap // of the text, before it is signed
	after    []swap // of the text, by POST
	unsigned bool
	key, alg string // empty is "idp" with RSA-SHA256
	noState  bool
	state    string                        // empty is sloKey
	parts    func(parts []string) []string // of the query, before they are signed
	sent     func(query string) string     // of the query, after that
	request  func(r *http.Request)
	config   func(c *Config)
	logout   func(l *Logout)
}

func (m sloMessage) name() string {
	if strings.Contains(m.text, "LogoutRequest") {
		return "SAMLRequest"
	}
	return "SAMLResponse"
}

func (m sloMessage) http(t testing.TB) *http.Request {
	t.Helper()
	text := m.text
	for _, s := range m.before {
		text = s.apply(t, text)
	}
	if m.key == "" {
		m.key = "idp"
	}
	if m.alg == "" {
		m.alg = algRSA256
	}
	if m.state == "" && !m.noState {
		m.state = sloKey
	}
	var r *http.Request
	if m.binding == BindingPOST {
		if !m.unsigned {
			text = enveloped(t, text, m.key, m.alg)
		}
		for _, s := range m.after {
			text = s.apply(t, text)
		}
		form := url.Values{m.name(): {b64([]byte(text))}}
		if m.state != "" {
			form.Set("RelayState", m.state)
		}
		r = post(form.Encode())
	} else {
		query := m.query(t, text)
		if m.sent != nil {
			query = m.sent(query)
		}
		r = get(query)
	}
	if m.request != nil {
		m.request(r)
	}
	return r
}

func (m sloMessage) query(t testing.TB, text string) string {
	t.Helper()
	parts := []string{m.name() + "=" + url.QueryEscape(b64(squeezed(t, text)))}
	if m.state != "" {
		parts = append(parts, "RelayState="+url.QueryEscape(m.state))
	}
	if !m.unsigned {
		parts = append(parts, "SigAlg="+url.QueryEscape(m.alg))
	}
	if m.parts != nil {
		parts = m.parts(parts)
	}
	query := strings.Join(parts, "&")
	if m.unsigned {
		return query
	}
	return query + "&Signature=" + url.QueryEscape(b64(signOctets(t, query, m.key, m.alg)))
}

// receive or complete, whichever the message is for.
func (m sloMessage) arrive(t testing.TB) error {
	t.Helper()
	return m.present(t, sloClient(t, m.config))
}

func (m sloMessage) present(t testing.TB, c *Client) error {
	t.Helper()
	r := m.http(t)
	if m.name() == "SAMLRequest" {
		request, err := c.ReceiveLogout(context.Background(), r)
		require.Equal(t, err == nil, request != nil)
		return err
	}
	l := sloPending()
	if m.logout != nil {
		m.logout(l)
	}
	return c.CompleteLogout(context.Background(), l, r)
}

func hashOf(alg string) crypto.Hash {
	switch {
	case strings.HasSuffix(alg, "sha1"):
		return crypto.SHA1
	case strings.HasSuffix(alg, "sha384"):
		return crypto.SHA384
	case strings.HasSuffix(alg, "sha512"), strings.HasSuffix(alg, "#sha512-rsa-MGF1"):
		return crypto.SHA512
	}
	return crypto.SHA256
}

// signOctets signs a query by the standard library alone.
func signOctets(t testing.TB, octets, key, alg string) []byte {
	t.Helper()
	h := hashOf(alg)
	sum := h.New()
	sum.Write([]byte(octets))
	signer := sloKeys()[key]
	var options crypto.SignerOpts = h
	if strings.HasSuffix(alg, "-rsa-MGF1") {
		options = &rsa.PSSOptions{SaltLength: h.Size(), Hash: h}
	}
	value, err := signer.Sign(rand.Reader, sum.Sum(nil), options)
	require.NoError(t, err)
	public, ok := signer.Public().(*ecdsa.PublicKey)
	if !ok {
		return value
	}
	var rs struct{ R, S *big.Int }
	_, err = asn1.Unmarshal(value, &rs)
	require.NoError(t, err)
	size := (public.Curve.Params().BitSize + 7) / 8
	return append(rs.R.FillBytes(make([]byte, size)), rs.S.FillBytes(make([]byte, size))...)
}

// enveloped signs the root by goxmldsig.
func enveloped(t testing.TB, text, key, alg string) string {
	t.Helper()
	doc := etree.NewDocument()
	require.NoError(t, doc.ReadFromString(text))
	ctx, err := dsig.NewSigningContext(sloKeys()[key], nil)
	require.NoError(t, err)
	require.NoError(t, ctx.SetSignatureMethod(alg))
	ctx.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	signature, err := ctx.ConstructSignature(doc.Root(), true)
	require.NoError(t, err)
	at := 0
	if first := doc.Root().ChildElements(); len(first) > 0 && first[0].Tag == "Issuer" {
		at = 1
	}
	doc.Root().InsertChildAt(at, signature)
	text, err = doc.WriteToString()
	require.NoError(t, err)
	return text
}
