package metadata_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// Names that are not there cause one fetch in ten seconds, however many there are.
func TestSourceUnknownNames(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		const b = "https://b.example/"
		c.serve(mdGroup("", mdPlain(t), mdNamed(t, "https://sp.example/", "md:IDPSSO", "md:SPSSO")))
		_, err := c.ask(idpID)
		require.NoError(t, err)
		for i := range 50 {
			p, err := c.ask("https://random.example/" + strconv.Itoa(i))
			requireRefused(t, p, err, metadata.CheckUnknown, "it is not configured")
		}
		assert.Equal(t, 2, c.mock.GetTotalCallCount(), "one fills the empty cache, one looks for the first name")
		p, err := c.ask("")
		requireRefused(t, p, err, metadata.CheckEntity, "the document has 2 entities, and EntityID names none")
		p, err = c.ask("https://sp.example/")
		requireRefused(t, p, err, metadata.CheckRole, `the entity is no identity provider: it has no IDPSSODescriptor`)
		assert.Equal(t, 2, c.mock.GetTotalCallCount())

		c.serve(mdGroup("", mdPlain(t), mdNamed(t, b)))
		_, err = c.ask(b)
		require.ErrorIs(t, err, metadata.CheckUnknown, "still in the cool-down")
		time.Sleep(10 * time.Second)
		for _, err := range mdAtOnce(1000, func() error { _, err := c.ask(b); return err }) {
			require.NoError(t, err)
		}
		assert.Equal(t, 3, c.mock.GetTotalCallCount())
		c.dead()
		time.Sleep(10 * time.Second)
		_, err = c.ask("https://new.example/")
		require.EqualError(t, err, "saml: metadata (fetch): GET https://idp.example/metadata.xml: connection refused", "the server may know it")
		_, err = c.ask(b)
		require.NoError(t, err)
		time.Sleep(time.Hour)
		fetches := c.mock.GetTotalCallCount() + 3
		for range 20 {
			_, err = c.ask(b)
			require.NoError(t, err, "the old metadata is used")
			_, err = c.ask("https://new.example/")
			require.ErrorContains(t, err, "connection refused")
		}
		assert.Equal(t, fetches, c.mock.GetTotalCallCount(), "no request is sent during the cool-down, for any entity ID")
	})
	mdInCell(t, func(c *mdCell) {
		c.serve(mdPlain(t))
		_, err := c.ask("https://b.example/")
		require.ErrorIs(t, err, metadata.CheckUnknown)
		assert.Zero(t, c.mock.GetTotalCallCount(), "only one can be there")
	}, func(cfg *metadata.Config) { cfg.EntityID = idpID })
}

// One broken entity of a group costs the others nothing.
func TestSourceGroup(t *testing.T) {
	t.Parallel()
	const b = "https://b.example/"
	broken := mdNamed(t, b, "https://idp.example/sso\"", "javascript:alert(1)\"")
	mdInCell(t, func(c *mdCell) {
		c.serve(mdGroup("", mdPlain(t), broken))
		_, err := c.ask(idpID)
		require.NoError(t, err)
		p, err := c.ask(b)
		requireRefused(t, p, err, metadata.CheckEndpoint, "SingleSignOnService: Location must be an absolute URL such as https://example.com")
		assert.Equal(t, 1, c.mock.GetTotalCallCount())
	})
	mdInCell(t, func(c *mdCell) {
		c.serve(mdGroup("", broken, mdNamed(t, "https://sp.example/", "md:IDPSSO", "md:SPSSO")))
		_, err := c.ask(b)
		require.EqualError(t, err, "saml: metadata (entity) at https://idp.example/metadata.xml: none of the 2 entities can be used")
	})
}
