package protocoltest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// complete begins with one instance of the application and ends with another.
func (p *probe) complete() error {
	one, _, err := p.client()
	if err != nil {
		return err
	}
	a, err := p.begin(one)
	if err != nil {
		return err
	}
	other, _, err := p.client()
	if err != nil {
		return err
	}
	id, err := p.finish(other, a)
	if err != nil {
		return fmt.Errorf("CompleteLogin by another instance, with the Login from a store: %w", err)
	}
	return errors.Join(p.identity(id), survives(id))
}

func (p *probe) identity(id *authentication.Identity) error {
	if name := p.protocol.Name(); id.Protocol != name { // the client already checked that it has a user
		return fmt.Errorf("Identity.Protocol is %q, want the protocol's name %q", id.Protocol, name)
	}
	return nil
}

func survives(id *authentication.Identity) error {
	text, err := json.Marshal(id)
	if err != nil {
		return fmt.Errorf("the Identity does not become JSON: %w", err)
	}
	var back authentication.Identity
	if err := json.Unmarshal(text, &back); err != nil {
		return fmt.Errorf("the Identity does not come back from JSON: %w", err)
	}
	if back.Key() != id.Key() || len(id.Claims)+len(back.Claims) > 0 && !reflect.DeepEqual(back.Claims, id.Claims) {
		return errors.New("the Identity changes on its way through JSON: Claims are JSON values, with numbers as json.Number")
	}
	return nil
}

// atOnce completes several logins of one instance at the same time, in any order.
func (p *probe) atOnce() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	attempts := make([]*attempt, 4)
	for i := range attempts {
		if attempts[i], err = p.begin(c); err != nil {
			return err
		}
	}
	ids, errs := make([]*authentication.Identity, len(attempts)), make([]error, len(attempts))
	var group sync.WaitGroup
	for i, a := range attempts {
		group.Go(func() { ids[i], errs[i] = p.finish(c, a) })
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("of logins at the same time: %w", err)
	}
	for _, id := range ids {
		if id.Key() != ids[0].Key() {
			return errors.New("the same user has two keys")
		}
	}
	return nil
}

func (p *probe) refresh() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	a, err := p.begin(c)
	if err != nil {
		return err
	}
	id, err := p.finish(c, a)
	if err != nil {
		return err
	}
	var wrong []error
	foreign := *id
	foreign.Protocol = "another"
	if _, err := c.Refresh(p.ctx, &foreign); err == nil {
		wrong = append(wrong, errors.New("the flow's Refresh accepts another protocol's Identity"))
	}
	if id.Token == nil || id.Token.RefreshToken == "" {
		return errors.Join(wrong...) // this login has no refresh token
	}
	switch next, err := c.Refresh(p.ctx, id); {
	case err != nil:
		wrong = append(wrong, fmt.Errorf("the refresh failed: %w", err))
	case next.Key() != id.Key():
		wrong = append(wrong, errors.New("the refresh changes the user"))
	}
	return errors.Join(wrong...)
}
