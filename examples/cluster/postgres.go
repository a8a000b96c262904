package main

import (
	"context"
	"fmt"
	"time"

	"github.com/alexedwards/scs/pgxstore"
	"github.com/jackc/pgx/v5/pgxpool"
)

// postgresRoom has the sessions and the names in one table of PostgreSQL. The store deletes what is over.
type postgresRoom struct {
	*pgxstore.PostgresStore
	once
	pool *pgxpool.Pool
}

// table makes the table. Instances that start at once would make it twice, so they wait for each other.
const table = `
SELECT pg_advisory_xact_lock(hashtext('sessions'));
CREATE TABLE IF NOT EXISTS sessions (token CHAR(43) PRIMARY KEY, data BYTEA NOT NULL, expiry TIMESTAMPTZ NOT NULL);
CREATE INDEX IF NOT EXISTS sessions_expiry_idx ON sessions (expiry)`

func newPostgresRoom(ctx context.Context, url string) (*postgresRoom, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("POSTGRES_URL: %w", err)
	}
	// The store gives its queries no context, so they need an end of their own.
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.ConnConfig.RuntimeParams["statement_timeout"] = "5000"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("POSTGRES_URL: %w", err)
	}
	if _, err := pool.Exec(ctx, table); err != nil {
		pool.Close()
		return nil, fmt.Errorf("POSTGRES_URL: %w", err)
	}
	return &postgresRoom{pgxstore.New(pool), once{postgresNames{pool}}, pool}, nil
}

type postgresNames struct{ pool *pgxpool.Pool }

func (n postgresNames) claim(ctx context.Context, name, holder string, ttl time.Duration) (bool, error) {
	tag, err := n.pool.Exec(ctx, `
INSERT INTO sessions AS s (token, data, expiry) VALUES ($1, $2, now() + $3 * interval '1 millisecond')
ON CONFLICT (token) DO UPDATE SET data = EXCLUDED.data, expiry = EXCLUDED.expiry WHERE s.expiry <= now() OR s.data = EXCLUDED.data`,
		name, []byte(holder), ttl.Milliseconds())
	return tag.RowsAffected() == 1, err
}

func (n postgresNames) release(ctx context.Context, name, holder string) error {
	_, err := n.pool.Exec(ctx, `DELETE FROM sessions WHERE token = $1 AND data = $2`, name, []byte(holder))
	return err
}
