package main

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// room is what the instances share besides their keys.
type room interface {
	web.Store    // the sessions, and the marks of those that the server ended
	web.Locker   // one refresh of a token at a time
	oauth.Replay // each login once
}

// newRoom is in the database that the environment names. It returns what the page calls it.
func newRoom(d *demo.Demo) (room, string, error) {
	ctx := context.Background()
	switch redis, postgres := d.Getenv("REDIS_URL"), d.Getenv("POSTGRES_URL"); {
	case redis != "":
		room, err := newRedisRoom(ctx, redis)
		return room, "Redis", err
	case postgres != "":
		room, err := newPostgresRoom(ctx, postgres)
		return room, "PostgreSQL", err
	}
	d.Say("The sessions are in this process. Set REDIS_URL or POSTGRES_URL to keep them in a database.\n")
	return newMemoryRoom(), "the memory of this process, in place of a database", nil
}
