package metadata_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// A fetch may take as long as Timeout or the client's own says.
func TestConfigTimeout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ timeout, client, want time.Duration }{
		{0, 0, 10 * time.Second}, {2 * time.Minute, 0, 2 * time.Minute}, {3 * time.Second, 0, 3 * time.Second},
		{0, 40 * time.Second, 40 * time.Second}, {time.Minute, 40 * time.Second, time.Minute}, {20 * time.Second, 40 * time.Second, 20 * time.Second}, {0, -1, 10 * time.Second},
	} {
		mdInCell(t, func(cell *mdCell) {
			cell.slowly(time.Hour, mdPlain(t))
			begin := time.Now()
			_, err := cell.ask("")
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, c.want, time.Since(begin), "%v", c)
		}, func(cfg *metadata.Config) {
			cfg.Timeout, cfg.HTTPClient.Timeout = c.timeout, c.client
		})
	}
	_, err := metadata.NewSource(metadata.Config{URL: mdURL, Timeout: -1})
	require.EqualError(t, err, "saml: metadata: Timeout is negative")
}
