package metadata

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSnapshotOfTheLongestRefresh(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_700_000_000, 0)
	s := &snapshot{fetched: at, fresh: math.MaxInt64}
	assert.True(t, s.freshAt(at.AddDate(200, 0, 0)))
	assert.True(t, s.usableAt(at.AddDate(200, 0, 0)))
}
