package session

import (
	"context"
	"time"
)

// begin writes all records of a new session.
func (k *Keeper) begin(ctx context.Context, s *Session) error {
	e := entry{
		first:  record{s.Key, seal(s.box, s.Key, version, s.Head.append(nil)), s.End},
		second: k.secondRecord(s, s.Seen, s.Data),
	}
	e.named = k.namedKey(&s.Head)
	if memory, ok := k.Store.(*Memory); ok {
		e.owner = k.key("owner", s.Protocol, s.Issuer, s.Subject)
		return memory.begin(&e)
	}
	if e.named != "" {
		if err := commit(ctx, k.Store, record{e.named, thirdRecord, s.End}); err != nil {
			return err
		}
	}
	if err := commit(ctx, k.Store, e.second); err != nil {
		return err
	}
	return commit(ctx, k.Store, e.first) // the last one: when it is found, the others are there
}

func (k *Keeper) secondRecord(s *Session, seen time.Time, data []byte) record {
	b := seal(s.box, s.second, version, appendSecond(nil, seen, s.End, data))
	return record{s.second, b, earlier(s.End, seen.Add(k.Idle))}
}

// both reads a session's two records; nil without an error for a first record that is not there, and for the second of
// one whose idle time is over.
func (k *Keeper) both(ctx context.Context, s *Session) (first, second []byte, err error) {
	if many, ok := k.Store.(ManyStore); ok {
		found, err := findMany(ctx, many, []string{s.Key, s.second})
		if err != nil {
			return nil, nil, err
		}
		return found[0], found[1], nil
	}
	if first, err = find(ctx, k.Store, s.Key); err != nil || first == nil {
		return nil, nil, err
	}
	second, err = find(ctx, k.Store, s.second)
	return first, second, err
}
