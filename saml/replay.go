package saml

import (
	"context"
	"time"
)

// Replay remembers keys that must be used once. First reports true to exactly one caller for a key, and keeps
// the key at least until the given time; a store that is full must return an error rather than forget. One
// value may serve packages oauth, oidc and saml.
type Replay interface {
	First(ctx context.Context, key string, until time.Time) (bool, error)
}
