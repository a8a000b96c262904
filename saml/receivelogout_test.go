package saml

import (
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

func receive(t testing.TB, m sloMessage) (*LogoutRequest, error) {
	t.Helper()
	if m.text == "" {
		m.text = sloRequest
	}
	return sloClient(t, m.config).ReceiveLogout(context.Background(), m.http(t))
}

func TestReceiveLogout(t *testing.T) {
	t.Parallel()
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		got, err := receive(t, sloMessage{binding: binding})
		require.NoError(t, err)
		assert.Equal(t, &LogoutRequest{
			Issuer: sloIDP, ID: "_message", IssueInstant: time.Date(2026, 11, 20, 9, 30, 5, 0, time.UTC), Binding: binding, RelayState: sloKey,
			NameID: NameID{
				Value: "_alice", Format: NameIDTransient, NameQualifier: sloIDP, SPNameQualifier: "https://sp.example/metadata",
			},
			SessionIndexes: []string{"_s1", "_s2"}, Reason: "urn:oasis:names:tc:SAML:2.0:logout:user",
		}, got)
		got, err = receive(t, sloMessage{binding: binding, noState: true, before: []swap{
			{` Reason="urn:oasis:names:tc:SAML:2.0:logout:user"`, ``}, {` NotOnOrAfter="2026-11-20T09:35:05Z"`, ``},
			{`<samlp:SessionIndex>_s1</samlp:SessionIndex><samlp:SessionIndex>_s2</samlp:SessionIndex>`, ``},
		}})
		require.NoError(t, err)
		assert.Empty(t, got.RelayState+got.Reason)
		assert.Nil(t, got.SessionIndexes)
	}
}

// Several identity providers may log out: each only with its own key.
func TestSAML53RequestOfAnotherIDP(t *testing.T) {
	t.Parallel()
	others := swap{`<saml:Issuer>https://idp.example/metadata`, `<saml:Issuer>https://other.example/metadata`}
	const ecdsa = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	m := sloMessage{binding: BindingRedirect, before: []swap{others}, key: "other", alg: ecdsa}
	got, err := receive(t, m)
	require.NoError(t, err)
	assert.Equal(t, sloOther, got.Issuer)
	m.key = "p256"
	_, err = receive(t, m)
	require.ErrorIs(t, err, CheckSignature)
	m = sloMessage{binding: BindingRedirect, key: "other", alg: ecdsa}
	_, err = receive(t, m)
	require.ErrorIs(t, err, CheckSignature)
	// Of a response the sender is known before.
	m.text, m.before = sloResponse, []swap{others}
	require.ErrorIs(t, m.arrive(t), CheckIssuer)
	m.logout = func(l *Logout) { l.IDP = sloOther }
	require.NoError(t, m.arrive(t))
}

const (
	sloName    = `<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient" NameQualifier="https://idp.example/metadata" SPNameQualifier="https://sp.example/metadata">_alice</saml:NameID>`
	sloSession = `<samlp:SessionIndex>_s1</samlp:SessionIndex>`
	sloEnd     = ` NotOnOrAfter="2026-11-20T09:35:05Z"`
)

func TestSAML53Requests(t *testing.T) {
	t.Parallel()
	sessions := func(n int) string { return strings.Repeat(sloSession, n) }
	for name, c := range map[string]struct {
		check         Check
		refused, twin swap
	}{
		"no name":                    {CheckNameID, swap{sloName, ``}, swap{}},
		"name empty":                 {CheckNameID, swap{`>_alice<`, `> <`}, swap{}},
		"name twice":                 {CheckNameID, swap{sloName, sloName + sloName}, swap{}},
		"two kinds of name":          {CheckNameID, swap{sloName, sloName + `<saml:EncryptedID/>`}, swap{}},
		"a BaseID":                   {CheckNameID, swap{sloName, `<saml:BaseID/>`}, swap{}},
		"a BaseID beside":            {CheckNameID, swap{sloName, sloName + `<saml:BaseID/>`}, swap{}},
		"name with an element":       {CheckNameID, swap{`_alice`, `_ali<b/>ce`}, swap{`_alice`, `_ali&#99;e`}},
		"name of another namespace":  {CheckNameID, swap{sloName, `<samlp:NameID>_alice</samlp:NameID>`}, swap{sloName, `<saml:NameID>_alice</saml:NameID>`}},
		"name one level down":        {CheckNameID, swap{sloName, `<samlp:Extensions>` + sloName + `</samlp:Extensions>`}, swap{sloName, `<samlp:Extensions>` + sloName + `</samlp:Extensions>` + sloName}},
		"another's name":             {CheckNameID, swap{`SPNameQualifier="https://sp.example/metadata"`, `SPNameQualifier="https://sp2.example/metadata"`}, swap{` SPNameQualifier="https://sp.example/metadata"`, ``}},
		"session empty":              {CheckLogout, swap{sloSession, `<samlp:SessionIndex/>`}, swap{sloSession, ``}},
		"session of white space":     {CheckLogout, swap{sloSession, "<samlp:SessionIndex> \n</samlp:SessionIndex>"}, swap{}},
		"session with an element":    {CheckLogout, swap{`>_s1<`, `>_s1<a/><`}, swap{}},
		"session too long":           {CheckLogout, swap{`>_s1<`, `>` + strings.Repeat("s", maxIndex+1) + `<`}, swap{`>_s1<`, `>` + strings.Repeat("s", maxIndex) + `<`}},
		"too many sessions":          {CheckLogout, swap{sloSession, sessions(maxSessions)}, swap{sloSession, sessions(maxSessions - 1)}},
		"reason too long":            {CheckLogout, swap{`logout:user`, strings.Repeat("s", maxIndex)}, swap{`urn:oasis:names:tc:SAML:2.0:logout:user`, strings.Repeat("s", maxIndex)}},
		"NotOnOrAfter past":          {CheckLogout, swap{sloEnd, ` NotOnOrAfter="2026-11-20T09:29:10Z"`}, swap{sloEnd, ` NotOnOrAfter="2026-11-20T09:29:10.001Z"`}},
		"NotOnOrAfter in local time": {CheckLogout, swap{sloEnd, ` NotOnOrAfter="2026-11-20T17:35:05+08:00"`}, swap{sloEnd, ` NotOnOrAfter=" 2026-11-20T09:35:05"`}},
		"NotOnOrAfter empty":         {CheckLogout, swap{sloEnd, ` NotOnOrAfter=""`}, swap{sloEnd, ``}},
		"an old one":                 {CheckLogout, swap{`Instant="2026-11-20T09:30:05Z"`, `Instant="2026-11-20T09:24:10Z"`}, swap{`Instant="2026-11-20T09:30:05Z"`, `Instant="2026-11-20T09:24:10.5Z"`}},
	} {
		for _, binding := range []Binding{BindingRedirect, BindingPOST} {
			got, err := receive(t, sloMessage{binding: binding, before: []swap{c.refused}})
			require.ErrorIs(t, err, c.check, name)
			assert.Nil(t, got, name)
			assert.NotContains(t, err.Error(), "alice", name)
			m := sloMessage{binding: binding}
			if c.twin.old != "" {
				m.before = []swap{c.twin}
			}
			_, err = receive(t, m)
			require.NoError(t, err, name)
		}
	}
}

// Without NotOnOrAfter, or with one far away, a request is good for some minutes.
func TestSAML53RequestsGrowOld(t *testing.T) {
	t.Parallel()
	issued := 5 * time.Second
	for _, end := range []string{``, ` NotOnOrAfter="2027-11-20T09:35:05Z"`} {
		for age, ok := range map[time.Duration]bool{
			logoutLife + time.Minute - issued - time.Millisecond: true, logoutLife + time.Minute - issued: false,
		} {
			_, err := receive(t, sloMessage{binding: BindingRedirect, before: []swap{{sloEnd, end}}, config: at(age)})
			if ok {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, CheckLogout)
			}
		}
	}
}

func TestSAML53ReplayedRequest(t *testing.T) {
	t.Parallel()
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		c := sloClient(t)
		m := sloMessage{text: sloRequest, binding: binding}
		// A bad one does not use up the ID.
		bad := m
		bad.before = []swap{{sloName, ``}}
		require.ErrorIs(t, bad.present(t, c), CheckNameID)
		bad = m
		bad.key = "sp"
		require.ErrorIs(t, bad.present(t, c), CheckSignature)
		require.NoError(t, m.present(t, c))
		require.ErrorIs(t, m.present(t, c), CheckReplay)
		m.before = []swap{{`ID="_message"`, `ID="_other"`}}
		require.NoError(t, m.present(t, c))
	}
	// The same ID of another identity provider is another one.
	c, m := sloClient(t), sloMessage{text: sloRequest}
	require.NoError(t, m.present(t, c))
	m.before, m.key, m.alg = []swap{{`<saml:Issuer>https://idp`, `<saml:Issuer>https://other`}}, "other", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	require.NoError(t, m.present(t, c))
}

// Where unsigned requests are allowed, they cannot fill the store and so stop all logins.
func TestSAML53UnsignedRequestsAreNotRemembered(t *testing.T) {
	t.Parallel()
	asked := 0
	count := func(c *Config) {
		c.AllowUnsignedLogout = true
		c.Replay = storeFunc(func(string, time.Time) (bool, error) { asked++; return true, nil })
	}
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		c := sloClient(t, count)
		m := sloMessage{text: sloRequest, binding: binding, unsigned: true}
		asked = 0
		require.NoError(t, m.present(t, c))
		assert.Zero(t, asked)
		m.unsigned = false
		require.NoError(t, m.present(t, c))
		assert.Equal(t, 1, asked)
		// A response that is not signed answers a request of ours, so that there are no more of them.
		m = sloMessage{text: sloResponse, binding: binding, unsigned: true}
		require.NoError(t, m.present(t, c))
		assert.Equal(t, 2, asked)
	}
}

// The store remembers for as long as the message could be taken.
func TestSAML53ReplayLastsAsLongAsTheMessage(t *testing.T) {
	t.Parallel()
	for _, m := range []sloMessage{{text: sloRequest}, {text: sloResponse}} {
		var until time.Time
		store := storeFunc(func(_ string, u time.Time) (bool, error) { until = u; return true, nil })
		m.binding, m.config = BindingRedirect, func(c *Config) { c.Replay = store }
		require.NoError(t, m.arrive(t))
		m.config = func(c *Config) { c.Replay = store; c.Now = func() time.Time { return until } }
		require.Error(t, m.arrive(t))
		m.config = func(c *Config) { c.Replay = store; c.Now = func() time.Time { return until.Add(-2 * time.Minute) } }
		require.NoError(t, m.arrive(t))
	}
}

type storeFunc func(key string, until time.Time) (bool, error)

func (f storeFunc) First(_ context.Context, key string, until time.Time) (bool, error) {
	return f(key, until)
}

// A store that cannot tell refuses, and the caller sees why.
func TestSAML53ReplayStoreFails(t *testing.T) {
	t.Parallel()
	full := errors.New("full")
	both(t, func(t *testing.T, m sloMessage) {
		m.config = func(c *Config) { c.Replay = storeFunc(func(string, time.Time) (bool, error) { return true, full }) }
		err := m.arrive(t)
		require.ErrorIs(t, err, full)
		var refused *InvalidError
		require.NotErrorAs(t, err, &refused)
	})
}

func TestSAML53AtOnce(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, m sloMessage) {
		c := sloClient(t)
		var accepted atomic.Int32
		var all sync.WaitGroup
		for range 50 {
			r := m.http(t)
			all.Go(func() {
				var err error
				if m.name() == "SAMLRequest" {
					_, err = c.ReceiveLogout(context.Background(), r)
				} else {
					err = c.CompleteLogout(context.Background(), sloPending(), r)
				}
				if err == nil {
					accepted.Add(1)
				} else {
					assert.ErrorIs(t, err, CheckReplay)
				}
			})
		}
		all.Wait()
		assert.EqualValues(t, 1, accepted.Load())
	})
}

// A source that can fetch keys anew is asked when no key fits, and not for other reasons.
func TestLogoutKeysAreFetchedAnew(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, m sloMessage) {
		source := &turning{old: &metadata.IDP{EntityID: sloIDP, Keys: sloPublic("other")}, fresh: &metadata.IDP{EntityID: sloIDP, Keys: sloPublic("idp")}}
		m.config = func(c *Config) { c.IDP = source }
		require.NoError(t, m.arrive(t))
		assert.Equal(t, 1, source.asked)
		source.fresh.Keys = sloPublic("sp")
		require.ErrorIs(t, m.arrive(t), CheckSignature)
		source.fresh = nil
		require.ErrorIs(t, m.arrive(t), CheckSignature)
		source.asked = 0
		m.alg = algRSA1
		require.ErrorIs(t, m.arrive(t), CheckAlgorithm)
		assert.Zero(t, source.asked)
	})
}

// turning is a source whose identity provider changed its keys.
type turning struct {
	old, fresh *metadata.IDP
	asked      int
}

func (s *turning) IDP(context.Context, string) (*metadata.IDP, error) { return s.old, nil }

func (s *turning) Refresh(context.Context, string) (*metadata.IDP, error) {
	s.asked++
	if s.fresh == nil {
		return nil, errors.New("no answer")
	}
	return s.fresh, nil
}

// encryptedID encrypts text for the service provider by the standard library (XML Encryption 1.1 §5.2.4, §5.5.2).
func encryptedID(t testing.TB, text string) string {
	t.Helper()
	secret := make([]byte, 16)
	_, _ = rand.Read(secret)
	block, err := aes.NewCipher(secret)
	require.NoError(t, err)
	gcm, err := cipher.NewGCM(block)
	require.NoError(t, err)
	nonce := make([]byte, gcm.NonceSize())
	_, _ = rand.Read(nonce)
	wrapped, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, sloKeys()["sp"].Public().(*rsa.PublicKey), secret, nil)
	require.NoError(t, err)
	return `<saml:EncryptedID><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Element">` +
		`<xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes128-gcm"/><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">` +
		`<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/><xenc:CipherData><xenc:CipherValue>` + b64(wrapped) +
		`</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>` + b64(gcm.Seal(nonce, nonce, []byte(text), nil)) +
		`</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedID>`
}

func TestLogoutOfAnEncryptedName(t *testing.T) {
	t.Parallel()
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		got, err := receive(t, sloMessage{binding: binding, before: []swap{{sloName, encryptedID(t, sloName)}}})
		require.NoError(t, err)
		assert.Equal(t, NameID{Value: "_alice", Format: NameIDTransient, NameQualifier: sloIDP, SPNameQualifier: "https://sp.example/metadata"}, got.NameID)
		for name, c := range map[string]struct {
			check Check
			text  string
			set   func(*Config)
		}{
			"without a key": {CheckEncryption, encryptedID(t, sloName), func(c *Config) { c.Keys = []Key{{Signer: sloKeys()["sp"]}} }},
			"with another key": {CheckEncryption, encryptedID(t, sloName), func(c *Config) {
				c.Keys = []Key{{Signer: sloKeys()["sp"]}, {Decrypter: sloKeys()["idp"].(crypto.Decrypter)}}
			}},
			"of no name":         {CheckNameID, encryptedID(t, `<saml:Issuer>_alice</saml:Issuer>`), nil},
			"of another's name":  {CheckNameID, encryptedID(t, strings.Replace(sloName, "sp.example", "sp2.example", 1)), nil},
			"beside a plain one": {CheckNameID, encryptedID(t, sloName) + sloName, nil},
			"of nothing":         {CheckEncryption, `<saml:EncryptedID/>`, nil},
		} {
			_, err := receive(t, sloMessage{binding: binding, config: c.set, before: []swap{{sloName, c.text}}})
			require.ErrorIs(t, err, c.check, name)
			assert.NotContains(t, err.Error(), "alice", name)
		}
	}
}

// A name that is encrypted is decrypted for those alone whose request is signed: for others it would be an oracle.
func TestSAML33UnsignedLogoutOfAnEncryptedName(t *testing.T) {
	t.Parallel()
	allow := func(c *Config) { c.AllowUnsignedLogout = true }
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		for name, text := range map[string]string{"a name": encryptedID(t, sloName), "no name": encryptedID(t, "<x/>"), "nothing": "<saml:EncryptedID/>"} {
			m := sloMessage{binding: binding, config: allow, unsigned: true, before: []swap{{sloName, text}}}
			got, err := receive(t, m)
			require.ErrorIs(t, err, CheckEncryption, name)
			require.ErrorContains(t, err, "the request is not signed", name)
			assert.Nil(t, got)
		}
		_, err := receive(t, sloMessage{binding: binding, config: allow, before: []swap{{sloName, encryptedID(t, sloName)}}})
		require.NoError(t, err)
		for _, unsigned := range []bool{false, true} {
			got, err := receive(t, sloMessage{binding: binding, config: allow, unsigned: unsigned})
			require.NoError(t, err)
			assert.Equal(t, unsigned, got.Unsigned)
		}
	}
}
