package saml_test

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// cell is a server of metadata and a source in a bubble of time, where waiting costs none.
type cell struct {
	t      *testing.T
	mock   *httpmock.MockTransport
	source *metadata.Source
}

// inCell runs f in a bubble, whose clock starts at noon.
func inCell(t *testing.T, f func(c *cell)) {
	t.Helper()
	idpKey() // keys are made outside, because the time inside stops meanwhile
	spKey()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := &cell{t: t, mock: httpmock.NewMockTransport()}
		var err error
		c.source, err = metadata.NewSource(metadata.Config{
			URL: "https://idp.example/metadata.xml", HTTPClient: &http.Client{Transport: c.mock},
			Now: func() time.Time { return noon.Add(time.Since(start)) },
		})
		require.NoError(t, err)
		f(c)
	})
}

// serve answers with this text and these header fields.
func (c *cell) serve(text string, fields ...string) { c.answer(http.StatusOK, text, fields...) }

func (c *cell) answer(status int, text string, fields ...string) {
	c.on(func(*http.Request) (*http.Response, error) {
		res := httpmock.NewStringResponse(status, text)
		for i := 0; i < len(fields); i += 2 {
			res.Header.Set(fields[i], fields[i+1])
		}
		return res, nil
	})
}

func (c *cell) on(f httpmock.Responder) {
	c.mock.RegisterResponder(http.MethodGet, "https://idp.example/metadata.xml", f)
}

// slowly answers after some time.
func (c *cell) slowly(wait time.Duration, text string) {
	c.on(func(r *http.Request) (*http.Response, error) {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
			return httpmock.NewStringResponse(http.StatusOK, text), nil
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	})
}

func (c *cell) dead() {
	c.on(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
}

// has wants the only identity provider.
func (c *cell) has(fetches int) {
	c.t.Helper()
	_, err := c.source.IDP(c.t.Context(), "")
	require.NoError(c.t, err)
	assert.Equal(c.t, fetches, c.mock.GetTotalCallCount())
}

// atOnce runs f n times at the same time.
func atOnce(n int, f func() error) []error {
	results := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { results[i] = f() })
	}
	all.Wait()
	return results
}

// metadataWith is the metadata of the identity provider with this key.
func metadataWith(key *rsa.PrivateKey) string {
	return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example/metadata">` +
		`<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor><ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue>` +
		`<ds:Modulus>` + base64.StdEncoding.EncodeToString(key.N.Bytes()) + `</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo></KeyDescriptor>` +
		`<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/></IDPSSODescriptor></EntityDescriptor>`
}

// login completes a login with a response that the identity provider's key signs.
func (c *cell) login(client *saml.Client) error {
	login := begin(c.t, client, saml.AuthorizeOptions{})
	a := answerTo(login)
	a.change = func(body string) string {
		return strings.Replace(body, "_assertion-1", "_"+login.RequestID, 1)
	}
	_, err := client.CompleteLogin(c.t.Context(), login, a.request())
	return err
}

// rotation runs f with a client, and with two documents: with the key that signs, and with another.
func rotation(t *testing.T, f func(c *cell, client *saml.Client, now, before string)) {
	t.Helper()
	now, before := metadataWith(idpKey()), metadataWith(spKey())
	inCell(t, func(c *cell) {
		client := sp(t, signing, func(cfg *saml.Config) { cfg.IDP = c.source })
		f(c, client, now, before)
	})
}

// A key that was changed at the identity provider is noticed at the first login that it signs.
func TestMetadataRotation(t *testing.T) {
	t.Parallel()
	rotation(t, func(c *cell, client *saml.Client, now, before string) {
		c.serve(before)
		c.has(1)
		c.serve(now)
		require.NoError(t, c.login(client))
		assert.Equal(t, 2, c.mock.GetTotalCallCount())
		require.NoError(t, c.login(client))
		assert.Equal(t, 2, c.mock.GetTotalCallCount())
	})
}

func TestMetadataRotationWithAThousandAtOnce(t *testing.T) {
	t.Parallel()
	rotation(t, func(c *cell, client *saml.Client, now, before string) {
		c.serve(before)
		c.has(1)
		c.slowly(time.Second, now)
		for _, err := range atOnce(1000, func() error { _, err := c.source.Refresh(c.t.Context(), idpID); return err }) {
			require.NoError(t, err)
		}
		assert.Equal(t, 2, c.mock.GetTotalCallCount())
		require.NoError(t, c.login(client))
		assert.Equal(t, 2, c.mock.GetTotalCallCount())
	})
}

// Signatures by unknown keys cause one fetch in ten seconds, and delay a rotation for no longer.
func TestMetadataBadSignaturesAreNoStorm(t *testing.T) {
	t.Parallel()
	rotation(t, func(c *cell, client *saml.Client, now, before string) {
		c.serve(before, "ETag", `"v1"`)
		for range 20 {
			require.ErrorIs(t, c.login(client), saml.CheckSignature)
		}
		assert.Equal(t, 2, c.mock.GetTotalCallCount(), "one fills the empty cache, one looks for the key")
		c.answer(304, "")
		time.Sleep(10 * time.Second)
		for _, err := range atOnce(20, func() error { return c.login(client) }) {
			require.ErrorIs(t, err, saml.CheckSignature)
		}
		assert.Equal(t, 3, c.mock.GetTotalCallCount())
		c.serve(now)
		require.ErrorIs(t, c.login(client), saml.CheckSignature)
		time.Sleep(10 * time.Second)
		require.NoError(t, c.login(client))
		assert.Equal(t, 4, c.mock.GetTotalCallCount())
	})
}

// While a server is down, a bad signature is a bad signature, and the error says that newer keys cannot be had.
func TestMetadataRefreshFails(t *testing.T) {
	t.Parallel()
	rotation(t, func(c *cell, client *saml.Client, now, before string) {
		c.serve(before)
		c.has(1)
		c.dead()
		err := c.login(client)
		require.EqualError(t, err, `saml: refused (signature): none of the known keys of "https://idp.example/metadata" made the signature: `+
			`xmldsig: refused (value): it was not made by any of the keys; newer keys cannot be had: `+
			`saml: metadata (fetch): GET https://idp.example/metadata.xml: connection refused`)
		require.ErrorIs(t, err, saml.CheckSignature)
		require.ErrorIs(t, err, metadata.CheckFetch, "nobody knows the keys of today")
		require.ErrorIs(t, c.login(client), saml.CheckSignature)
		assert.Equal(t, 1+3, c.mock.GetTotalCallCount(), "one fetch with its two retries")
		_, err = c.source.Refresh(c.t.Context(), idpID)
		require.EqualError(t, err, "saml: metadata (fetch): GET https://idp.example/metadata.xml: connection refused")
		c.serve("<a>")
		time.Sleep(10 * time.Second)
		require.ErrorIs(t, c.login(client), metadata.CheckXML)
		c.serve(before)
		time.Sleep(10 * time.Second)
		err = c.login(client)
		require.ErrorIs(t, err, saml.CheckSignature)
		var bad *metadata.Error
		require.NotErrorAs(t, err, &bad, "the server answers, and knows no such key")
		c.serve(now)
		time.Sleep(10 * time.Second)
		require.NoError(t, c.login(client))
	})
	rotation(t, func(c *cell, _ *saml.Client, now, _ string) {
		c.serve(now)
		p, err := c.source.Refresh(c.t.Context(), "")
		require.NoError(t, err, "the first call may be this one")
		assert.Equal(t, idpID, p.EntityID)
		assert.Equal(t, 1, c.mock.GetTotalCallCount())
		p, err = c.source.Refresh(c.t.Context(), "https://b.example/")
		require.ErrorIs(t, err, metadata.CheckUnknown)
		assert.Nil(t, p)
	})
}
