//go:build interop

package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
)

// A thousand people log in at once, at two instances with a real Redis. No other test runs meanwhile.
func TestRedisThousandLogins(t *testing.T) {
	logsIn(t, newCluster(t, 1000, sharedRedis(t), sharedRedis(t)))
}

// All that must hold, in a real Redis.
func TestRedis(t *testing.T) {
	t.Parallel()
	mustHold(t, sharedRedis)
}

func sharedRedis(t *testing.T) room {
	facts, err := interop.Facts("redis")
	require.NoError(t, err)
	return openRedis(t, facts["REDIS_ADDR"])
}

func openRedis(t *testing.T, at string) *redisRoom {
	t.Helper()
	room, err := newRedisRoom(t.Context(), "redis://"+at)
	require.NoError(t, err)
	t.Cleanup(func() { _ = room.client.Close() })
	return room
}

// The same in a real PostgreSQL.
func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	facts, err := interop.Facts("postgres")
	require.NoError(t, err)
	mustHold(t, func(t *testing.T) room {
		room, err := newPostgresRoom(t.Context(), facts["POSTGRES_URL"])
		require.NoError(t, err)
		t.Cleanup(room.pool.Close)
		t.Cleanup(room.StopCleanup)
		return room
	})
}
