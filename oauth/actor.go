package oauth

import (
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Actor is who acts for the subject of a token, and may act for others in turn (RFC 8693 §4.1). Only the outermost one counts
// for an access decision; those inside tell of the past.
type Actor struct {
	// Subject is sub, the identifier of the actor; empty when the token does not say.
	Subject string `json:"sub,omitempty"`
	// Issuer is iss, where Subject is an identifier; empty when the token does not say.
	Issuer string `json:"iss,omitempty"`
	// ClientID is client_id, when the actor is a client; empty when the token does not say.
	ClientID string `json:"client_id,omitempty"`
	// Actor is the party that acted before this one; nil when there was none.
	Actor *Actor `json:"act,omitempty"`
}

// UnmarshalJSON reads the claim act, by exact names.
func (a *Actor) UnmarshalJSON(data []byte) error {
	v, err := strictjson.Parse(string(data))
	if err != nil {
		return fmt.Errorf("oauth: act: %w", err)
	}
	read, err := readActor(v)
	if err != nil {
		return fmt.Errorf("oauth: act %w", err)
	}
	if *a = (Actor{}); read != nil {
		*a = *read
	}
	return nil
}

// readActor returns nil for null. The nesting of the document is limited.
func readActor(v strictjson.Value) (*Actor, error) {
	switch v.Kind() {
	case strictjson.Null:
		return nil, nil
	case strictjson.Object:
	default:
		return nil, errors.New("is not an object")
	}
	a := &Actor{}
	for name, member := range v.Members {
		var err error
		switch name {
		case "sub":
			err = readString(member, &a.Subject)
		case "iss":
			err = readString(member, &a.Issuer)
		case "client_id":
			err = readString(member, &a.ClientID)
		case "act":
			a.Actor, err = readActor(member)
		}
		if err != nil {
			return nil, fmt.Errorf("has a member %s that %w", name, err)
		}
	}
	return a, nil
}

func (a *Actor) clone() *Actor {
	if a == nil {
		return nil
	}
	own := *a
	own.Actor = a.Actor.clone()
	return &own
}
