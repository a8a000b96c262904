package protocoltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// probe tests one protocol through the client that applications use.
type probe struct {
	protocol authentication.Protocol
	options  authentication.Options
	walk     func(string) *http.Request
	ctx      context.Context // of the test
}

// client makes a new instance of the application, and returns it with its flow.
func (p *probe) client(changes ...func(*authentication.Options)) (*authentication.Client, authentication.Flow, error) {
	o := p.options
	for _, change := range changes {
		change(&o)
	}
	spy := &spy{Protocol: p.protocol}
	o.Protocol = spy
	c, err := authentication.NewClient(o)
	return c, spy.flow, err
}

// first is a flow, whose type says which tests apply.
func (p *probe) first() (flow authentication.Flow, err error) {
	defer caught(&err)
	_, flow, err = p.client()
	return flow, err
}

// spy records the flow that the protocol made.
type spy struct {
	authentication.Protocol
	flow authentication.Flow
}

func (s *spy) NewFlow(o authentication.Options) (authentication.Flow, error) {
	flow, err := s.Protocol.NewFlow(o)
	s.flow = flow
	return flow, err
}

// over replaces the transport.
func over(t http.RoundTripper) func(*authentication.Options) {
	return func(o *authentication.Options) {
		client := &http.Client{}
		if o.HTTPClient != nil {
			*client = *o.HTTPClient
		}
		client.Transport = t
		o.HTTPClient = client
	}
}

// transport is a function that answers requests.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func (p *probe) now() time.Time {
	if p.options.Now != nil {
		return p.options.Now()
	}
	return time.Now()
}

// attempt is a login whose browser is about to send the callback.
type attempt struct {
	login    *authentication.Login // after it was stored
	url      string
	callback *callback
}

// begin starts a login with c and walks it.
func (p *probe) begin(c *authentication.Client) (*attempt, error) {
	begun, err := c.BeginLogin(p.ctx, authentication.AuthorizeOptions{})
	if err != nil {
		return nil, fmt.Errorf("BeginLogin: %w", err)
	}
	if begun == nil {
		return nil, errors.New("BeginLogin returned no login and no error")
	}
	if begun.Form != nil {
		return nil, errors.New("the login has a Form, and protocoltest can only walk URLs")
	}
	stored, err := store(begun)
	if err != nil {
		return nil, err
	}
	r := p.walk(begun.URL)
	if r == nil {
		return nil, errors.New("the walk returned no request")
	}
	back, err := record(r)
	if err != nil {
		return nil, err
	}
	return &attempt{stored, begun.URL, back}, nil
}

// store stores a login as package web does.
func store(l *authentication.Login) (*authentication.Login, error) {
	kept := *l
	kept.URL, kept.Form = "", nil
	text, err := json.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("the Login does not become JSON: %w", err)
	}
	var back authentication.Login
	if err := json.Unmarshal(text, &back); err != nil {
		return nil, fmt.Errorf("the Login does not come back from JSON: %w", err)
	}
	return &back, nil
}

// finish completes the attempt with c as an application does: LoginKey first.
func (p *probe) finish(c *authentication.Client, a *attempt) (*authentication.Identity, error) {
	return p.finishWith(p.ctx, c, a.login, a.callback)
}

func (p *probe) finishWith(ctx context.Context, c *authentication.Client, l *authentication.Login, back *callback) (id *authentication.Identity, err error) {
	defer caught(&err)
	r := back.request(ctx)
	_ = c.LoginKey(r)
	return c.CompleteLogin(ctx, l, r)
}

// absolute refuses an address that a browser cannot open.
func absolute(what, link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return fmt.Errorf("%s must be an absolute http or https URL without a user", what)
	}
	return nil
}
