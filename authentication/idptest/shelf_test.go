package idptest

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestShelfIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var h Shelf[int]
	for i := range 3 * shelfSize {
		h.Put(strconv.Itoa(i), i, now.Add(time.Hour), now)
		assert.LessOrEqual(t, len(h.entries), shelfSize)
		assert.LessOrEqual(t, len(h.order), shelfSize)
	}
	_, ok := h.Get("0", now)
	assert.False(t, ok, "the oldest left")
	_, ok = h.Get(strconv.Itoa(3*shelfSize-1), now)
	assert.True(t, ok)
}

func TestShelfForgets(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var h Shelf[int]
	h.Put("a", 1, now.Add(time.Minute), now)
	_, ok := h.Get("a", now.Add(time.Minute-1))
	assert.True(t, ok)
	_, ok = h.Get("a", now.Add(time.Minute))
	assert.False(t, ok)
	for i := range shelfSize / 2 {
		h.Put("old"+strconv.Itoa(i), i, now.Add(time.Minute), now)
	}
	for i := range shelfSize / 2 {
		h.Put(strconv.Itoa(i), i, now.Add(time.Hour), now.Add(time.Minute))
	}
	assert.Len(t, h.entries, shelfSize/2, "what expired leaves first")
	_, ok = h.Get("0", now)
	assert.True(t, ok)
	h.Drop("0")
	_, ok = h.Get("0", now)
	assert.False(t, ok)
}
