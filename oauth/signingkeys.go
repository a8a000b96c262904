package oauth

import (
	"context"
	"errors"
	"fmt"
)

// signingKeys are the keys of a value that signs: a list, or a function. kid tells them apart during a rotation
// (RFC 7517 §4.5).
type signingKeys struct {
	list    []SigningKey
	current func(context.Context) (SigningKey, error)
}

func (s signingKeys) check() error {
	switch {
	case s.current != nil && len(s.list) > 0:
		return errors.New("Keys and CurrentKey are both set: remove one of them")
	case s.current == nil && len(s.list) == 0:
		return errors.New("Keys has no SigningKey")
	}
	return nil
}

// checked completes the list, so that the thumbprints are computed once.
func (s signingKeys) checked() (signingKeys, error) {
	if err := s.check(); err != nil {
		return s, err
	}
	complete := make([]SigningKey, 0, len(s.list))
	for _, k := range s.list {
		k, err := k.complete()
		if err != nil {
			return s, err
		}
		complete = append(complete, k)
	}
	s.list = complete
	return s, nil
}

// one returns the key that signs now.
func (s signingKeys) one(ctx context.Context) (SigningKey, error) {
	if err := s.check(); err != nil {
		return SigningKey{}, err
	}
	if s.current == nil {
		return s.list[0], nil
	}
	k, err := s.current(ctx)
	if err != nil {
		return SigningKey{}, fmt.Errorf("CurrentKey: %w", err)
	}
	return k, nil
}

// alg is the algorithm of the key that signs; empty when only a function knows it.
func (s signingKeys) alg() string {
	if s.current != nil || len(s.list) == 0 {
		return ""
	}
	k, err := s.list[0].complete()
	if err != nil {
		return ""
	}
	return k.Alg
}
