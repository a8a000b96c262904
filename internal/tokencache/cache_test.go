package tokencache_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/internal/tokencache"
)

func at(seconds int64) time.Time { return time.Unix(seconds, 0) }

func put(c *tokencache.Cache[string], token string, from, until int64) {
	c.Put(tokencache.NewKey(token), token, at(from), at(until), c.Era())
}

func has(c *tokencache.Cache[string], token string, now int64) bool {
	value, ok := c.Get(tokencache.NewKey(token), at(now))
	return ok && value == token
}

func is(token string) func(string) bool {
	return func(value string) bool { return value == token }
}

func TestAnEntryCountsFromItsBeginToBeforeItsEnd(t *testing.T) {
	t.Parallel()
	c := tokencache.New[string](2)
	put(c, "a", 100, 110)
	for now, want := range map[int64]bool{99: false, 100: true, 109: true, 110: false, 111: false} {
		assert.Equal(t, want, has(c, "a", now), now)
	}
	assert.False(t, has(c, "b", 100))
	put(c, "c", 110, 110)
	assert.False(t, has(c, "c", 110))
}

func TestTheOldestEntryLeavesWhenItIsFull(t *testing.T) {
	t.Parallel()
	c := tokencache.New[string](3)
	for i := range 5 {
		put(c, strconv.Itoa(i), 100, 200)
	}
	for i := range 5 {
		assert.Equal(t, i >= 2, has(c, strconv.Itoa(i), 100), i)
	}
	put(c, "4", 101, 300) // the newer entry of a key counts, also after the older one left
	put(c, "5", 101, 300)
	put(c, "6", 101, 300)
	assert.True(t, has(c, "4", 250))
	assert.False(t, has(c, "3", 101))
}

func TestDropRemovesTheEntryOrAll(t *testing.T) {
	t.Parallel()
	c := tokencache.New[string](3)
	put(c, "a", 100, 200)
	put(c, "b", 100, 200)
	c.Drop(is("a"))
	assert.False(t, has(c, "a", 100))
	assert.True(t, has(c, "b", 100))
	c.Drop(is("unknown"))
	assert.False(t, has(c, "b", 100))
	put(c, "a", 100, 200)
	assert.True(t, has(c, "a", 100))
	c.Put(tokencache.NewKey("b"), "a", at(100), at(200), c.Era())
	put(c, "c", 100, 200)
	c.Drop(is("a"))
	assert.False(t, has(c, "a", 100))
	_, ok := c.Get(tokencache.NewKey("b"), at(100))
	assert.False(t, ok, "every entry that ended")
	assert.True(t, has(c, "c", 100))
}

// What began before a Drop may be about a token that has ended since.
func TestNothingFromBeforeADropIsKept(t *testing.T) {
	t.Parallel()
	c := tokencache.New[string](3)
	before := c.Era()
	c.Drop(is("a"))
	c.Put(tokencache.NewKey("a"), "a", at(100), at(200), before)
	assert.False(t, has(c, "a", 100))
	c.Put(tokencache.NewKey("a"), "a", at(100), at(200), c.Era())
	assert.True(t, has(c, "a", 100))
}

func TestNoCache(t *testing.T) {
	t.Parallel()
	for _, most := range []int{0, -1} {
		c := tokencache.New[string](most)
		assert.Nil(t, c)
		put(c, "a", 100, 200)
		c.Drop(is("a"))
		assert.False(t, has(c, "a", 100))
	}
}

func TestKeysOfLongTokensDiffer(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 4096)
	assert.NotEqual(t, tokencache.NewKey(long+"x"), tokencache.NewKey(long+"y"))
	assert.Equal(t, tokencache.NewKey(long), tokencache.NewKey(long))
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	c := tokencache.New[string](10)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			for n := range 100 {
				put(c, strconv.Itoa(n), 100, 200)
				_ = has(c, strconv.Itoa(i+n), 100)
				if n%10 == 0 {
					c.Drop(is(strconv.Itoa(n)))
				}
			}
		})
	}
	all.Wait()
	put(c, "last", 100, 200)
	assert.True(t, has(c, "last", 100))
}
