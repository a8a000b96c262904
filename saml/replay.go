package saml

import (
	"context"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/replay"
)

// Replay remembers keys that must be used once. First reports true to exactly one caller for a key, and keeps the key
// at least until the given time. A full store must return an error and must not forget a key. Package oauth declares
// the same interface, so that neither package imports the other; one value serves oauth, oidc and saml.
type Replay interface {
	First(ctx context.Context, key string, until time.Time) (bool, error)
}

// NewReplay makes a Replay in memory, for an application that runs as one instance. Instances do not share it, and a
// restart empties it. It keeps at most that many keys, each until the time given to First; 0 means 100,000 keys,
// which take about 16 MiB. When it is full, First returns an error until a key's time is over. A login takes two keys:
// one for the request, for LoginLifetime and a minute, and one for the assertion, for as long as it can be used. A
// logout takes one.
func NewReplay(keys int) Replay { return replay.New(keys, nil) }
