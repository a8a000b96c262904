package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func tokenNumber(n int) *authentication.Identity {
	return &authentication.Identity{Token: &oauth.Token{AccessToken: fmt.Sprint("a", n), RefreshToken: fmt.Sprint("r", n)}}
}

// The oldest leaves, by number and by age; one that was replaced does not take the newer one with it.
func TestSuccessorsAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	s := &successors{now: func() time.Time { return now }}
	of := func(n int) *authentication.Identity {
		id, err := s.of("s", tokenNumber(n))
		require.NoError(t, err)
		return id
	}
	s.put("s", tokenNumber(-1), tokenNumber(-2))
	s.put("s", tokenNumber(-1), tokenNumber(-3))
	assert.Equal(t, tokenNumber(-3), of(-1))
	for n := range mostSuccessors - 1 {
		s.put(fmt.Sprint("other", n), tokenNumber(n), tokenNumber(n+1))
	}
	assert.Equal(t, tokenNumber(-3), of(-1), "the replaced one has left")
	assert.Len(t, s.queue, mostSuccessors)
	s.put("s", tokenNumber(1), tokenNumber(2))
	assert.Nil(t, of(-1))
	assert.Len(t, s.known, mostSuccessors)

	now = now.Add(successorAge)
	assert.NotNil(t, of(1))
	now = now.Add(1)
	assert.Nil(t, of(1))
	assert.Empty(t, s.known)
	s.put("s", tokenNumber(1), tokenNumber(2))
	now = now.Add(-time.Second)
	assert.Nil(t, of(1), "a clock that was set back keeps nothing for ever")
}

// A refusal counts for half a minute; a server that gives the same tokens again makes no endless search.
func TestSuccessorsOfARefusal(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	s := &successors{now: func() time.Time { return now }}
	s.put("s", tokenNumber(1), tokenNumber(2))
	s.fail("s", tokenNumber(2), oauth.ErrLoginAgain)
	now = now.Add(failureAge)
	_, err := s.of("s", tokenNumber(1))
	require.ErrorIs(t, err, oauth.ErrLoginAgain)
	now = now.Add(1)
	id, err := s.of("s", tokenNumber(1))
	require.NoError(t, err)
	assert.Equal(t, tokenNumber(2), id)

	s.put("s", tokenNumber(5), tokenNumber(5))
	s.put("s", tokenNumber(6), tokenNumber(7))
	s.put("s", tokenNumber(7), tokenNumber(6))
	for n := 5; n < 8; n++ {
		id, err = s.of("s", tokenNumber(n))
		require.NoError(t, err)
		assert.NotNil(t, id)
	}
	id, err = s.of("another session", tokenNumber(5))
	require.NoError(t, err)
	assert.Nil(t, id)
	id, err = s.of("s", &authentication.Identity{})
	require.NoError(t, err)
	assert.Nil(t, id)
}
