package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/goredisstore"
	"github.com/redis/go-redis/v9"
)

// redisPrefix begins all keys of the application.
const redisPrefix = "cluster:"

// redisRoom has the sessions and the names in Redis.
type redisRoom struct {
	*goredisstore.RedisStore
	once
	client *redis.Client
}

func newRedisRoom(ctx context.Context, url string) (*redisRoom, error) {
	options, err := redis.ParseURL(url)
	if err != nil { // whose text has the password
		return nil, errors.New("REDIS_URL is not the address of a Redis, such as redis://localhost:6379/0")
	}
	options.ContextTimeoutEnabled = true // a request that gives up does not wait on
	client := redis.NewClient(options)
	if err := client.Ping(ctx).Err(); err != nil {
		_ = client.Close()
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	return &redisRoom{goredisstore.NewWithPrefix(client, redisPrefix), once{redisNames{client}}, client}, nil
}

// FindMany makes it a web.ManyStore: a request reads all its records at once.
func (r *redisRoom) FindMany(ctx context.Context, tokens []string) ([][]byte, error) {
	keys := make([]string, len(tokens))
	for i, token := range tokens {
		keys[i] = redisPrefix + token
	}
	values, err := r.client.MGet(ctx, keys...).Result()
	if err != nil {
		return nil, err
	}
	found := make([][]byte, len(values))
	for i, value := range values {
		if s, ok := value.(string); ok {
			found[i] = []byte(s)
		}
	}
	return found, nil
}

type redisNames struct{ client *redis.Client }

// Redis runs a script as a whole, with nothing between.
var (
	claimScript = redis.NewScript(`
if redis.call("SET", KEYS[1], ARGV[1], "NX", "PX", ARGV[2]) then return 1 end
if redis.call("GET", KEYS[1]) == ARGV[1] then return 1 end
return 0`)
	releaseScript = redis.NewScript(`
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0`)
)

func (n redisNames) claim(ctx context.Context, name, holder string, ttl time.Duration) (bool, error) {
	return claimScript.Run(ctx, n.client, []string{redisPrefix + name}, holder, ttl.Milliseconds()).Bool()
}

func (n redisNames) release(ctx context.Context, name, holder string) error {
	return releaseScript.Run(ctx, n.client, []string{redisPrefix + name}, holder).Err()
}
