package saml_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// Names that are not there cause one fetch in ten seconds, however many there are.
func TestMetadataSourceUnknownNames(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		const b = "https://b.example/"
		c.serve(mdGroup("", mdPlain(t), mdNamed(t, "https://sp.example/", "md:IDPSSO", "md:SPSSO")))
		_, err := c.ask(idpID)
		require.NoError(t, err)
		for i := range 50 {
			p, err := c.ask("https://random.example/" + strconv.Itoa(i))
			requireRefused(t, p, err, saml.CheckUnknownIDP, `"https://random.example/`+strconv.Itoa(i)+`" is not configured`)
		}
		assert.Equal(t, 2, c.mock.GetTotalCallCount(), "one fills the empty cache, one looks for the first name")
		p, err := c.ask("")
		requireRefused(t, p, err, saml.CheckMetadata, "there are 2 entities, and EntityID names none")
		p, err = c.ask("https://sp.example/")
		requireRefused(t, p, err, saml.CheckMetadata, `the entity "https://sp.example/" is no identity provider: it has no IDPSSODescriptor`)
		assert.Equal(t, 2, c.mock.GetTotalCallCount())

		c.serve(mdGroup("", mdPlain(t), mdNamed(t, b)))
		_, err = c.ask(b)
		require.ErrorIs(t, err, saml.CheckUnknownIDP, "still in the cool-down")
		time.Sleep(10 * time.Second)
		for _, err := range mdAtOnce(1000, func() error { _, err := c.ask(b); return err }) {
			require.NoError(t, err)
		}
		assert.Equal(t, 3, c.mock.GetTotalCallCount())
		c.dead()
		time.Sleep(10 * time.Second)
		_, err = c.ask("https://new.example/")
		require.EqualError(t, err, "saml: metadata: GET https://idp.example/metadata.xml: connection refused", "nobody knows")
		_, err = c.ask(b)
		require.NoError(t, err)
		time.Sleep(time.Hour)
		fetches := c.mock.GetTotalCallCount() + 3
		for range 20 {
			_, err = c.ask(b)
			require.NoError(t, err, "the old ones stand in")
			_, err = c.ask("https://new.example/")
			require.ErrorContains(t, err, "connection refused")
		}
		assert.Equal(t, fetches, c.mock.GetTotalCallCount(), "a server that failed is left alone, whoever asks for what")
	})
	mdInCell(t, func(c *mdCell) {
		c.serve(mdPlain(t))
		_, err := c.ask("https://b.example/")
		require.ErrorIs(t, err, saml.CheckUnknownIDP)
		assert.Zero(t, c.mock.GetTotalCallCount(), "only one can be there")
	}, func(cfg *saml.MetadataConfig) { cfg.EntityID = idpID })
}

// One broken entity of a group costs the others nothing.
func TestMetadataSourceGroup(t *testing.T) {
	t.Parallel()
	const b = "https://b.example/"
	broken := mdNamed(t, b, "https://idp.example/sso\"", "javascript:alert(1)\"")
	mdInCell(t, func(c *mdCell) {
		c.serve(mdGroup("", mdPlain(t), broken))
		_, err := c.ask(idpID)
		require.NoError(t, err)
		p, err := c.ask(b)
		requireRefused(t, p, err, saml.CheckMetadata, "SingleSignOnService: Location must be an absolute URL such as https://example.com")
		assert.Equal(t, 1, c.mock.GetTotalCallCount())
	})
	mdInCell(t, func(c *mdCell) {
		c.serve(mdGroup("", broken, mdNamed(t, "https://sp.example/", "md:IDPSSO", "md:SPSSO")))
		_, err := c.ask(b)
		require.EqualError(t, err, "saml: refused (metadata): 2 entities: no identity provider can be used")
	})
}
