package saml_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// mdLogin completes a login with a response that the identity provider's key signs.
func (c *mdCell) login(client *saml.Client) error {
	login := begin(c.t, client, saml.AuthorizeOptions{})
	a := answerTo(login)
	a.change = func(body string) string {
		return strings.Replace(body, "_assertion-1", "_"+login.RequestID, 1)
	}
	_, err := client.CompleteLogin(c.t.Context(), login, a.request())
	return err
}

// rotation runs f with a client, and with two documents: with the key that signs, and with another.
func rotation(t *testing.T, f func(c *mdCell, client *saml.Client, now, before string)) {
	t.Helper()
	now := mdPlain(t)
	before := strings.Replace(mdWithKeys(t, "", x509Data(certificate(t, spKey()))), ` validUntil="2026-11-21T12:00:00Z"`, "", 1)
	mdInCell(t, func(c *mdCell) {
		client := sp(t, signing, func(cfg *saml.Config) { cfg.IDP = c.source })
		f(c, client, now, before)
	})
}

// A key that was changed at the identity provider is noticed at the first login that it signs.
func TestMetadataRotation(t *testing.T) {
	t.Parallel()
	rotation(t, func(c *mdCell, client *saml.Client, now, before string) {
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
	rotation(t, func(c *mdCell, client *saml.Client, now, before string) {
		c.serve(before)
		c.has(1)
		c.slowly(time.Second, now)
		for _, err := range mdAtOnce(1000, func() error { _, err := c.source.Refresh(c.t.Context(), idpID); return err }) {
			require.NoError(t, err)
		}
		assert.Equal(t, 2, c.mock.GetTotalCallCount())
		require.NoError(t, c.login(client))
		assert.Equal(t, 2, c.mock.GetTotalCallCount())
	})
}

// Signatures by nobody's key cause one fetch in ten seconds, and hold up a rotation for no longer.
func TestMetadataBadSignaturesAreNoStorm(t *testing.T) {
	t.Parallel()
	rotation(t, func(c *mdCell, client *saml.Client, now, before string) {
		c.serve(before, "ETag", `"v1"`)
		for range 20 {
			require.ErrorIs(t, c.login(client), saml.CheckSignature)
		}
		assert.Equal(t, 2, c.mock.GetTotalCallCount(), "one fills the empty cache, one looks for the key")
		c.answer(304, "")
		time.Sleep(10 * time.Second)
		for _, err := range mdAtOnce(20, func() error { return c.login(client) }) {
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

// While a server is down, a bad signature is a bad signature.
func TestMetadataRefreshFails(t *testing.T) {
	t.Parallel()
	rotation(t, func(c *mdCell, client *saml.Client, now, before string) {
		c.serve(before)
		c.has(1)
		c.dead()
		require.ErrorIs(t, c.login(client), saml.CheckSignature)
		require.ErrorIs(t, c.login(client), saml.CheckSignature)
		assert.Equal(t, 1+3, c.mock.GetTotalCallCount(), "one fetch with its two retries")
		_, err := c.source.Refresh(c.t.Context(), idpID)
		require.EqualError(t, err, "saml: metadata: GET https://idp.example/metadata.xml: connection refused")
		c.serve(before)
		time.Sleep(10 * time.Second)
		require.ErrorIs(t, c.login(client), saml.CheckSignature)
		c.serve(now)
		time.Sleep(10 * time.Second)
		require.NoError(t, c.login(client))
	})
	rotation(t, func(c *mdCell, _ *saml.Client, now, _ string) {
		c.serve(now)
		p, err := c.source.Refresh(c.t.Context(), "")
		require.NoError(t, err, "the first call may be this one")
		assert.Equal(t, idpID, p.EntityID)
		assert.Equal(t, 1, c.mock.GetTotalCallCount())
		p, err = c.source.Refresh(c.t.Context(), "https://b.example/")
		requireRefused(t, p, err, saml.CheckUnknownIDP, `"https://b.example/" is not configured`)
	})
}
