package oauth

import (
	"context"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/replay"
)

// Replay remembers keys that must be used once. First reports true to exactly one caller for a key,
// and keeps the key at least until the given time; a store that is full must return an error rather
// than forget. One value may serve packages oauth, oidc and saml.
type Replay interface {
	First(ctx context.Context, key string, until time.Time) (bool, error)
}

// NewReplay makes a Replay in memory, for an application of one instance: it knows nothing of the others, and a
// restart empties it. It keeps at most that many keys, each for the time that its caller says; 0 means 100,000, which
// take about 16 MiB. When it is full, First is an error until a key's time is over, so a login under attack
// fails rather than be done twice. A login takes one key, for LoginLifetime and a minute; one of
// package saml takes two.
func NewReplay(keys int) Replay { return replay.New(keys, nil) }
