package oauth

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/query"
	"github.com/seed6e7d3bb2/authing-go/internal/tokencache"
)

const (
	introspectionEntries = 1000
	introspectionAge     = time.Minute
)

// IntrospectionCacheOptions limit an IntrospectionCache.
type IntrospectionCacheOptions struct {
	// Entries is how many tokens are remembered; a new one replaces the oldest. 0 means 1000.
	Entries int
	// MaxAge is how long an active token is remembered, at most to its end; 0 means one minute.
	MaxAge time.Duration
	// InactiveMaxAge is how long an inactive token is remembered; 0 remembers none. A token that is not valid yet
	// then stays inactive for this time.
	InactiveMaxAge time.Duration
}

// IntrospectionCache makes IntrospectToken remember replies, and share one request between simultaneous callers with
// the same token (RFC 7662 §4). A token that is revoked at the server stays active here for MaxAge, so do not use a
// cache where a revocation must count at once. RevokeToken of a client with this cache removes the token; when it does
// not know the token, it removes all: that may be a refresh token, whose access tokens end too.
//
// Errors are not remembered. Tokens are known by their hash. One cache may serve many clients, each with its own
// entries. It is safe for concurrent use.
type IntrospectionCache struct {
	state *introspectionState // package fmt prints a pointer as an address where it cannot call Format
}

type introspectionState struct {
	options IntrospectionCacheOptions
	known   *tokencache.Cache[*knownIntrospection]
	flights *flight.Keyed[*Introspection]
}

type knownIntrospection struct {
	token    tokencache.Key
	question flight.Key
	answer   *Introspection
}

// NewIntrospectionCache makes a cache for Config.IntrospectionCache. A negative number is an error.
func NewIntrospectionCache(o IntrospectionCacheOptions) (*IntrospectionCache, error) {
	switch {
	case o.Entries < 0 || o.MaxAge < 0 || o.InactiveMaxAge < 0:
		return nil, errors.New("oauth: IntrospectionCacheOptions has a negative number")
	case o.Entries == 0:
		o.Entries = introspectionEntries
	}
	if o.MaxAge == 0 {
		o.MaxAge = introspectionAge
	}
	return &IntrospectionCache{&introspectionState{
		options: o, known: tokencache.New[*knownIntrospection](o.Entries),
		flights: flight.NewShared[*Introspection]("oauth: introspection"),
	}}, nil
}

// introspect asks through the cache.
func (s *introspectionState) introspect(ctx context.Context, c *Client, token string, o TokenOptions) (*Introspection, error) {
	key, question, era := c.introspectionKey(token), c.introspectionKey(token, o.TokenTypeHint, query.Form(o.Extra)), s.known.Era()
	if known, ok := s.known.Get(tokencache.Key(key), c.cfg.Now()); ok && known.question == question {
		return known.answer.clone(), nil
	}
	form := o.form(token)
	answer, err := s.flights.Do(ctx, inEra(question, era), never, func(ctx context.Context) (*Introspection, error) {
		asked := c.cfg.Now()
		answer, err := c.askIntrospection(ctx, form)
		if err == nil {
			known := &knownIntrospection{tokencache.NewKey(token), question, answer}
			s.known.Put(tokencache.Key(key), known, asked, s.end(answer, asked), era)
		}
		return answer, err
	})
	if refused, ok := err.(*Error); ok {
		own := *refused // the other callers share the original
		return nil, &own
	}
	if err != nil {
		return nil, err
	}
	return answer.clone(), nil
}

func never(*Introspection) bool { return false }

// inEra keeps a caller that comes after a revocation from the answer from before it.
func inEra(question flight.Key, era uint64) flight.Key {
	return flight.NewKey(string(question[:]), string(binary.AppendUvarint(nil, era)))
}

// end is until when an answer is remembered.
func (s *introspectionState) end(i *Introspection, asked time.Time) time.Time {
	if !i.Active {
		return asked.Add(s.options.InactiveMaxAge)
	}
	end := asked.Add(s.options.MaxAge)
	if !i.Expiry.IsZero() && i.Expiry.Before(end) {
		return i.Expiry
	}
	return end
}

// drop forgets what is known about a token that a client revoked, also what other clients asked about it.
func (s *introspectionState) drop(token string) {
	key := tokencache.NewKey(token)
	s.known.Drop(func(known *knownIntrospection) bool { return known.token == key })
}

// introspectionKey differs between servers and clients: a token of one is nothing at another. An answer that was not
// signed is none for a client that wants signed ones.
func (c *Client) introspectionKey(texts ...string) flight.Key {
	form := "json"
	if c.cfg.ReadIntrospection != nil {
		form = "jwt"
	}
	var space [8]string
	return flight.NewKey(append(append(space[:0], c.cfg.Issuer, c.cfg.Endpoints.Introspection, c.cfg.ClientID, form), texts...)...)
}

func (i *Introspection) clone() *Introspection {
	own := *i
	own.Audience, own.Actor, own.AuthorizationDetails = slices.Clone(i.Audience), i.Actor.clone(), slices.Clone(i.AuthorizationDetails)
	return &own
}

// Format prints the limits, whatever the verb.
func (c IntrospectionCache) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprint(f, c.LogValue())
}

// LogValue logs the limits.
func (c IntrospectionCache) LogValue() slog.Value {
	if c.state == nil {
		return slog.StringValue("oauth.IntrospectionCache{}")
	}
	return slog.StringValue(fmt.Sprintf("oauth.IntrospectionCache{%+v}", c.state.options))
}
