package protocoltest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// refusal is a callback that must not log a user in.
type refusal struct {
	name  string
	login *authentication.Login
	back  *callback
	late  time.Duration // after the login began
}

// refusals are made from two logins of one application.
func (p *probe) refusals(mine, other *attempt) []refusal {
	foreign, future := *mine.login, *mine.login
	foreign.Protocol = "another"
	future.CreatedAt = future.CreatedAt.Add(time.Hour)
	lifetime := p.options.LoginLifetime
	if lifetime == 0 {
		lifetime = time.Hour
	}
	changed := mine.callback.with(func(v string) string {
		return strings.ReplaceAll(v, mine.login.Key, strings.Repeat("x", len(mine.login.Key)))
	})
	list := []refusal{
		{"no login", nil, mine.callback, 0},
		{"another protocol's login", &foreign, mine.callback, 0},
		{"a login that is too old", mine.login, mine.callback, lifetime + 5*time.Minute},
		{"a login from the future", &future, mine.callback, 0},
		{"another login's callback", mine.login, other.callback, 0},
		{"a callback with another key", mine.login, changed, 0},
		{"a callback without parameters", mine.login, mine.callback.empty(), 0},
	}
	repeated := mine.callback.repeated()
	for _, name := range slices.Sorted(maps.Keys(repeated)) {
		list = append(list, refusal{name, mine.login, repeated[name], 0})
	}
	return list
}

func (p *probe) refuse() error {
	_, errs, err := p.refused()
	if err != nil {
		return err
	}
	var wrong []error
	for name, err := range errs {
		switch {
		case err == nil:
			wrong = append(wrong, fmt.Errorf("CompleteLogin accepts %s", name))
		case !errors.Is(err, authentication.ErrRefused):
			wrong = append(wrong, fmt.Errorf("CompleteLogin refuses %s, but not with ErrRefused: %w", name, err))
		}
	}
	return errors.Join(wrong...)
}

// refused tries every refusal. It returns the errors by name, and the secrets that they must not contain.
func (p *probe) refused() (secrets []string, errs map[string]error, err error) {
	c, _, err := p.client()
	if err != nil {
		return nil, nil, err
	}
	mine, err := p.begin(c)
	if err != nil {
		return nil, nil, err
	}
	other, err := p.begin(c)
	if err != nil {
		return nil, nil, err
	}
	errs = map[string]error{}
	for _, bad := range p.refusals(mine, other) {
		c, _, err := p.client(func(o *authentication.Options) { o.Now = func() time.Time { return p.now().Add(bad.late) } })
		if err != nil {
			return nil, nil, err
		}
		id, err := p.finishWith(p.ctx, c, bad.login, bad.back)
		if err != nil && id != nil {
			err = fmt.Errorf("with an Identity and an error: %w", errors.New("both"))
		}
		errs[bad.name] = err
	}
	return append(mine.carried(), other.carried()...), errs, nil
}

// once completes a login twice. The second time the server refuses, or the flow does.
func (p *probe) once() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	a, err := p.begin(c)
	if err != nil {
		return err
	}
	if _, err := p.finish(c, a); err != nil {
		return fmt.Errorf("the first time: %w", err)
	}
	switch _, err := p.finish(c, a); {
	case err == nil:
		return errors.New("a login can be completed twice with the same callback")
	case !errors.Is(err, authentication.ErrRefused) && !errors.Is(err, authentication.ErrDenied):
		return fmt.Errorf("the second time is refused, but not with ErrRefused or ErrDenied: %w", err)
	}
	return nil
}

// noAnswer makes the network fail. A flow that completes a login without the network is not tested.
func (p *probe) noAnswer() error {
	var asked atomic.Bool
	dead := over(transport(func(*http.Request) (*http.Response, error) {
		asked.Store(true)
		return nil, errors.New("the network is gone")
	}))
	err := p.unanswered(p.ctx, dead)
	if !asked.Load() {
		return nil
	}
	var wrong []error
	switch {
	case err == nil:
		wrong = append(wrong, errors.New("CompleteLogin succeeds though its request failed"))
	case errors.Is(err, authentication.ErrRefused) || errors.Is(err, authentication.ErrDenied):
		wrong = append(wrong, fmt.Errorf("a network failure is reported as a refusal: %w", err))
	case errors.Is(err, authentication.ErrMisconfigured):
		wrong = append(wrong, fmt.Errorf("a network failure is reported as a mistake of the application: %w", err))
	}
	ctx, cancel := context.WithCancel(p.ctx)
	cancelling := over(transport(func(r *http.Request) (*http.Response, error) {
		cancel()
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(time.Second):
			return nil, errors.New("the request outlives its context")
		}
	}))
	if err := p.unanswered(ctx, cancelling); !errors.Is(err, context.Canceled) {
		wrong = append(wrong, fmt.Errorf("when the context is cancelled the error does not wrap context.Canceled: %v", err))
	}
	return errors.Join(wrong...)
}

// unanswered begins a login normally and completes it after the change.
func (p *probe) unanswered(ctx context.Context, change func(*authentication.Options)) error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	a, err := p.begin(c)
	if err != nil {
		return err
	}
	changed, _, err := p.client(change)
	if err != nil {
		return err
	}
	_, err = p.finishWith(ctx, changed, a.login, a.callback)
	return err
}
