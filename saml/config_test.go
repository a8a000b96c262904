package saml_test

import (
	"context"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// ecKeys are one key for each curve that is used.
var ecKeys = sync.OnceValue(func() map[string]*ecdsa.PrivateKey {
	keys := map[string]*ecdsa.PrivateKey{}
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			panic(err)
		}
		keys[curve.Params().Name] = key
	}
	return keys
})

// smallKey has 1024 bits, which the standard library makes no more.
func smallKey() *rsa.PublicKey {
	n := spKey().N
	return &rsa.PublicKey{N: new(big.Int).Rsh(n, uint(n.BitLen()-1024)), E: 65537}
}

// device is a key of which only the public half can be seen.
type device struct{ public crypto.PublicKey }

func (d device) Public() crypto.PublicKey { return d.public }

func (device) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("no")
}

func (device) Decrypt(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) {
	return nil, errors.New("no")
}

type brokenReplay struct{}

func (*brokenReplay) First(context.Context, string, time.Time) (bool, error) { return false, nil }

// configs are changes of an accepted configuration, in pairs: the first ends in that error, the second, which
// differs in the one fact, is accepted.
var configs = map[string]struct {
	bad   func(*saml.Config)
	good  func(*saml.Config)
	error string
}{
	"no EntityID":           {func(c *saml.Config) { c.EntityID = "" }, nil, "saml: EntityID is missing"},
	"EntityID, long":        {func(c *saml.Config) { c.EntityID = strings.Repeat("ü", 1025) }, func(c *saml.Config) { c.EntityID = strings.Repeat("ü", 1024) }, "saml: EntityID is over 1024 characters"},
	"EntityID, control":     {func(c *saml.Config) { c.EntityID = "app\x00" }, func(c *saml.Config) { c.EntityID = "app" }, "saml: EntityID has a character that XML forbids"},
	"EntityID, not UTF-8":   {func(c *saml.Config) { c.EntityID = "app\xff" }, nil, "saml: EntityID has a character that XML forbids"},
	"EntityID, space":       {func(c *saml.Config) { c.EntityID = "app " }, nil, "saml: EntityID begins or ends with white space"},
	"no ACSURL":             {func(c *saml.Config) { c.ACSURL = "" }, nil, "saml: ACSURL is missing"},
	"ACSURL, relative":      {func(c *saml.Config) { c.ACSURL = "/acs" }, nil, "saml: ACSURL must be an absolute URL such as https://example.com"},
	"ACSURL, no URL":        {func(c *saml.Config) { c.ACSURL = "https://app.example:x/" }, nil, "saml: ACSURL is not a URL"},
	"ACSURL, a script":      {func(c *saml.Config) { c.ACSURL = "javascript://app.example/" }, nil, "saml: ACSURL must be an https URL"},
	"ACSURL, user":          {func(c *saml.Config) { c.ACSURL = "https://u@app.example/" }, nil, "saml: ACSURL must not carry a user name or password"},
	"ACSURL, fragment":      {func(c *saml.Config) { c.ACSURL = acs + "#x" }, nil, "saml: ACSURL must not have a fragment"},
	"ACSURL, empty one":     {func(c *saml.Config) { c.ACSURL = acs + "#" }, nil, "saml: ACSURL must not have a fragment"},
	"ACSURL, not UTF-8":     {func(c *saml.Config) { c.ACSURL = acs + "\xff" }, nil, "saml: ACSURL has a character that XML forbids"},
	"ACSURL, http":          {func(c *saml.Config) { c.ACSURL = "http://app.example/" }, func(c *saml.Config) { c.ACSURL = "http://127.0.0.1:8080/acs" }, "saml: ACSURL must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)"},
	"ACSURL, http allowed":  {func(c *saml.Config) { c.ACSURL = "http://localhost.example/" }, func(c *saml.Config) { c.ACSURL, c.InsecureAllowHTTP = "http://localhost.example/", true }, "saml: ACSURL must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)"},
	"MoreACSURLs, relative": {func(c *saml.Config) { c.MoreACSURLs = []string{acs2, "x"} }, func(c *saml.Config) { c.MoreACSURLs = []string{acs2, acs2 + "x"} }, "saml: MoreACSURLs[1] must be an absolute URL such as https://example.com"},
	"MoreACSURLs, empty":    {func(c *saml.Config) { c.MoreACSURLs = []string{""} }, func(c *saml.Config) { c.MoreACSURLs = []string{} }, "saml: MoreACSURLs[0] must be an absolute URL such as https://example.com"},
	"MoreACSURLs, twice":    {func(c *saml.Config) { c.MoreACSURLs = []string{acs2, acs} }, nil, "saml: MoreACSURLs[1] is listed twice: each address has one index"},
	"SLOURL, http":          {func(c *saml.Config) { c.SLOURL = "http://app.example/slo" }, func(c *saml.Config) { c.SLOURL, c.AllowUnsignedLogout = "https://app.example/slo", true }, "saml: SLOURL must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)"},
	"SLOURL, no key":        {func(c *saml.Config) { c.SLOURL = "https://app.example/slo" }, func(c *saml.Config) { c.SLOURL, c.AllowUnsignedLogout = "https://app.example/slo", true }, "saml: SLOURL needs one of Keys with a Signer: logout messages are signed, unless AllowUnsignedLogout"},
	"no IDP":                {func(c *saml.Config) { c.IDP = nil }, nil, "saml: IDP is missing: give a metadata.Source or a metadata.List"},
	"IDP, a nil source":     {func(c *saml.Config) { c.IDP = (*metadata.Source)(nil) }, nil, "saml: IDP is a nil *metadata.Source"},
	"Replay, nil":           {func(c *saml.Config) { c.Replay = (*brokenReplay)(nil) }, func(c *saml.Config) { c.Replay = &brokenReplay{} }, "saml: Replay is a nil *saml_test.brokenReplay"},
	"NameIDFormat":          {func(c *saml.Config) { c.NameIDFormat = "\x00" }, func(c *saml.Config) { c.NameIDFormat = saml.NameIDPersistent }, "saml: NameIDFormat has a character that XML forbids"},
	"Skew":                  {func(c *saml.Config) { c.Skew = -1 }, func(c *saml.Config) { c.Skew = 1 }, "saml: Skew is negative"},
	"LoginLifetime":         {func(c *saml.Config) { c.LoginLifetime = -1 }, func(c *saml.Config) { c.LoginLifetime = 1 }, "saml: LoginLifetime is negative"},
	"MaxMessage":            {func(c *saml.Config) { c.MaxMessage = -1 }, func(c *saml.Config) { c.MaxMessage = 1 }, "saml: MaxMessage is negative"},
	"MaxInflated":           {func(c *saml.Config) { c.MaxInflated = -1 }, func(c *saml.Config) { c.MaxInflated = 1 }, "saml: MaxInflated is negative"},
	"MaxNodes":              {func(c *saml.Config) { c.MaxNodes = -1 }, func(c *saml.Config) { c.MaxNodes = 1 }, "saml: MaxNodes is negative"},
	"WantEncrypted": {
		func(c *saml.Config) { c.WantEncrypted, c.Keys = true, []saml.Key{{Signer: spKey()}} },
		func(c *saml.Config) { c.WantEncrypted, c.Keys = true, []saml.Key{{Decrypter: spKey()}} }, "saml: WantEncrypted needs one of Keys with a Decrypter or an Exchanger",
	},
	"WantEncrypted, the first of two": {
		func(c *saml.Config) {
			c.WantEncrypted, c.Keys = true, []saml.Key{{Signer: spKey()}, {Signer: ecKeys()["P-256"]}}
		},
		func(c *saml.Config) {
			c.WantEncrypted, c.Keys = true, []saml.Key{{Decrypter: spKey()}, {Signer: ecKeys()["P-256"]}}
		}, "saml: WantEncrypted needs one of Keys with a Decrypter or an Exchanger",
	},
	"AllowUnsignedLogout": {
		func(c *saml.Config) { c.AllowUnsignedLogout = true },
		func(c *saml.Config) { c.AllowUnsignedLogout, c.SLOURL = true, "https://app.example/slo" }, "saml: AllowUnsignedLogout needs SLOURL: without it there are no logouts",
	},
	"algorithm without key": {
		func(c *saml.Config) {
			c.SignatureAlgorithm, c.Keys = saml.RSASHA512, []saml.Key{{Decrypter: spKey()}}
		},
		func(c *saml.Config) { c.SignatureAlgorithm, c.Keys = saml.RSASHA512, []saml.Key{{Signer: spKey()}} }, "saml: SignatureAlgorithm needs one of Keys with a Signer",
	},
	"algorithm SHA-1": {
		func(c *saml.Config) {
			c.SignatureAlgorithm, c.Keys, c.AllowSHA1 = xmldsig.RSASHA1, []saml.Key{{Signer: spKey()}}, true
		}, nil, "saml: SignatureAlgorithm is SHA-1, with which we never sign: AllowSHA1 is for signatures of others",
	},
	"algorithm unknown": {
		func(c *saml.Config) { c.SignatureAlgorithm, c.Keys = "rsa-sha256", []saml.Key{{Signer: spKey()}} }, nil,
		`saml: SignatureAlgorithm "rsa-sha256" is unknown, or not for the first of Keys that signs`,
	},
	"algorithm of another key": {
		func(c *saml.Config) {
			c.SignatureAlgorithm, c.Keys = xmldsig.ECDSASHA256, []saml.Key{{Signer: spKey()}, {Signer: ecKeys()["P-256"]}}
		},
		func(c *saml.Config) {
			c.SignatureAlgorithm, c.Keys = xmldsig.ECDSASHA256, []saml.Key{{Decrypter: spKey()}, {Signer: ecKeys()["P-256"]}, {Signer: spKey()}}
		},
		`saml: SignatureAlgorithm "http://www.w3.org/2001/04/xmldsi…" is unknown, or not for the first of Keys that signs`,
	},
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for name, c := range configs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := newSP(c.bad)
			require.EqualError(t, err, c.error)
			assert.Nil(t, client)
			if c.good == nil {
				c.good = func(*saml.Config) {}
			}
			client, err = newSP(c.good)
			require.NoError(t, err, "the accepted twin")
			assert.NotNil(t, client)
		})
	}
}

// keys are of one Key: why it is refused, or nothing.
func TestConfigKeys(t *testing.T) {
	t.Parallel()
	ed, _, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	x25519, err := ecdh.X25519().GenerateKey(rand.Reader)
	require.NoError(t, err)
	own, other := certificate(t, spKey()), certificate(t, idpKey())
	for name, c := range map[string]struct {
		key   saml.Key
		error string
	}{
		"signs and decrypts":   {saml.Key{Signer: spKey(), Decrypter: spKey(), Certificate: own}, ""},
		"signs":                {saml.Key{Signer: spKey()}, ""},
		"decrypts":             {saml.Key{Decrypter: spKey(), Certificate: own}, ""},
		"in a device":          {saml.Key{Signer: device{spKey().Public()}, Decrypter: spKey()}, ""},
		"P-256":                {saml.Key{Signer: ecKeys()["P-256"]}, ""},
		"P-384":                {saml.Key{Signer: ecKeys()["P-384"], Certificate: certificate(t, ecKeys()["P-384"])}, ""},
		"P-521":                {saml.Key{Signer: ecKeys()["P-521"]}, ""},
		"exchanges":            {saml.Key{Exchanger: exchanger(t), Certificate: certificate(t, key(t, "p384"))}, ""},
		"exchanges and signs":  {saml.Key{Signer: key(t, "p384"), Exchanger: exchanger(t)}, ""},
		"a device exchanges":   {saml.Key{Exchanger: ecDevice{exchanger(t).PublicKey()}}, ""},
		"nothing":              {saml.Key{Certificate: own}, ": none of Signer, Decrypter and Exchanger is set"},
		"a nil exchanger":      {saml.Key{Exchanger: (*ecdh.PrivateKey)(nil)}, ".Exchanger is a nil *ecdh.PrivateKey"},
		"exchanges nothing":    {saml.Key{Exchanger: ecDevice{}}, ".Exchanger has no key on P-256, P-384 or P-521"},
		"X25519":               {saml.Key{Exchanger: x25519}, ".Exchanger has no key on P-256, P-384 or P-521"},
		"two EC keys":          {saml.Key{Signer: key(t, "p256"), Exchanger: exchanger(t)}, ": Exchanger is not the same key as Signer or Decrypter: make two Keys of them"},
		"RSA and EC decrypt":   {saml.Key{Decrypter: spKey(), Exchanger: exchanger(t)}, ": Exchanger is not the same key as Signer or Decrypter: make two Keys of them"},
		"exchanges, another's": {saml.Key{Exchanger: exchanger(t), Certificate: own}, ".Certificate is of another key"},
		"P-224":                {saml.Key{Signer: ecKeys()["P-224"]}, ".Signer has an ECDSA key that is not on P-256, P-384 or P-521"},
		"a nil signer":         {saml.Key{Signer: (*rsa.PrivateKey)(nil)}, ".Signer is a nil *rsa.PrivateKey"},
		"a nil decrypter":      {saml.Key{Decrypter: (*rsa.PrivateKey)(nil)}, ".Decrypter is a nil *rsa.PrivateKey"},
		"no public key":        {saml.Key{Signer: device{}}, ".Signer has a key of type <nil>, want *rsa.PublicKey or *ecdsa.PublicKey"},
		"a nil public key":     {saml.Key{Signer: device{(*rsa.PublicKey)(nil)}}, ".Signer has an RSA key without a modulus"},
		"an empty public key":  {saml.Key{Decrypter: device{&rsa.PublicKey{}}}, ".Decrypter has an RSA key without a modulus"},
		"a nil EC key":         {saml.Key{Signer: device{(*ecdsa.PublicKey)(nil)}}, ".Signer has an ECDSA key that is not on P-256, P-384 or P-521"},
		"Ed25519":              {saml.Key{Signer: device{ed}}, ".Signer has a key of type ed25519.PublicKey, want *rsa.PublicKey or *ecdsa.PublicKey"},
		"1024 bits":            {saml.Key{Signer: device{smallKey()}}, ".Signer has an RSA key of 1024 bits, want at least 2048"},
		"1024 bits, decrypts":  {saml.Key{Decrypter: device{smallKey()}}, ".Decrypter has an RSA key of 1024 bits, want at least 2048"},
		"EC decrypts":          {saml.Key{Decrypter: device{ecKeys()["P-256"].Public()}}, ".Decrypter has a key of type *ecdsa.PublicKey, want *rsa.PublicKey"},
		"two keys":             {saml.Key{Signer: spKey(), Decrypter: idpKey()}, ": Signer and Decrypter are not the same key: make two Keys of them"},
		"two types":            {saml.Key{Signer: ecKeys()["P-256"], Decrypter: idpKey()}, ": Signer and Decrypter are not the same key: make two Keys of them"},
		"another certificate":  {saml.Key{Signer: spKey(), Certificate: other}, ".Certificate is of another key"},
		"another, to decrypt":  {saml.Key{Decrypter: spKey(), Certificate: other}, ".Certificate is of another key"},
		"no certificate":       {saml.Key{Signer: spKey(), Certificate: []byte("-----BEGIN")}, ".Certificate is not a certificate in DER"},
		"an empty certificate": {saml.Key{Signer: spKey(), Certificate: []byte{}}, ".Certificate is not a certificate in DER"},
		"two certificates":     {saml.Key{Signer: spKey(), Certificate: append(own[:len(own):len(own)], other...)}, ".Certificate is not a certificate in DER"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newSP(func(sp *saml.Config) { sp.Keys = []saml.Key{{Signer: ecKeys()["P-256"]}, c.key} })
			if c.error == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, "saml: Keys[1]"+c.error)
		})
	}
}

// ecDevice is a key that only a device has.
type ecDevice struct{ public *ecdh.PublicKey }

func (d ecDevice) PublicKey() *ecdh.PublicKey { return d.public }

func (ecDevice) ECDH(*ecdh.PublicKey) ([]byte, error) { return nil, errors.New("no device") }

// What the caller does with the configuration later changes nothing.
func TestConfigIsCopied(t *testing.T) {
	t.Parallel()
	cfg := saml.Config{
		EntityID: spID, ACSURL: acs, MoreACSURLs: []string{acs2}, IDP: metadata.NewList(provider()),
		Keys: []saml.Key{{Signer: spKey(), Certificate: certificate(t, spKey())}},
	}
	c, err := saml.NewClient(cfg)
	require.NoError(t, err)
	before, err := c.Metadata(t.Context(), saml.MetadataDocOptions{})
	require.NoError(t, err)
	cfg.MoreACSURLs[0] = "javascript:alert(1)"
	cfg.Keys[0].Certificate[100]++
	cfg.Keys[0] = saml.Key{}
	after, err := c.Metadata(t.Context(), saml.MetadataDocOptions{})
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
}
