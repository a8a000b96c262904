package protocoltest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

const (
	manyKeys  = 32
	keyLength = 22 // characters for 128 bits in base64
)

func (p *probe) logins() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	a, err := p.begin(c)
	if err != nil {
		return err
	}
	l, name := a.login, p.protocol.Name()
	var wrong []error
	if l.Protocol != name {
		wrong = append(wrong, fmt.Errorf("Login.Protocol is %q, want the protocol's name %q", l.Protocol, name))
	}
	if d := p.now().Sub(l.CreatedAt).Abs(); d > time.Minute {
		wrong = append(wrong, fmt.Errorf("Login.CreatedAt is %s off Options.Now", d))
	}
	if (a.callback.method == http.MethodPost) != l.FormPost {
		wrong = append(wrong, fmt.Errorf("Login.FormPost is %t, but the browser comes back with %s", l.FormPost, a.callback.method))
	}
	wrong = append(wrong, absolute("Login.URL", a.url), p.reveals("Login.URL", readable(a.url)), p.keys(c))
	return errors.Join(wrong...)
}

// keys cannot prove that keys are unguessable, but it finds counters, clocks and constants.
func (p *probe) keys(c *authentication.Client) error {
	known := map[string]bool{}
	columns := make([]map[byte]bool, keyLength)
	for range manyKeys {
		l, err := c.BeginLogin(p.ctx, authentication.AuthorizeOptions{})
		if err != nil {
			return fmt.Errorf("BeginLogin: %w", err)
		}
		if len(l.Key) < keyLength {
			return fmt.Errorf("Login.Key has %d characters, want at least %d: use crypto/rand.Text", len(l.Key), keyLength)
		}
		if known[l.Key] {
			return errors.New("two Logins have the same Key")
		}
		known[l.Key] = true
		for i := range columns {
			if columns[i] == nil {
				columns[i] = map[byte]bool{}
			}
			columns[i][l.Key[len(l.Key)-1-i]] = true
		}
	}
	varied := 0
	for _, column := range columns {
		if len(column) > 6 { // a random character has 16 or more values
			varied++
		}
	}
	if varied < keyLength-4 {
		return fmt.Errorf("Login.Key changes in only %d of its last %d characters: it can be guessed; use crypto/rand.Text", varied, keyLength)
	}
	return nil
}

func (p *probe) loginKey() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	a, err := p.begin(c)
	if err != nil {
		return err
	}
	var wrong []error
	if c.LoginKey(a.callback.request(p.ctx)) != a.login.Key {
		wrong = append(wrong, errors.New("LoginKey of the callback is not the Login's Key"))
	}
	if key := c.LoginKey(a.callback.empty().request(p.ctx)); key != "" {
		wrong = append(wrong, errors.New("LoginKey of a callback without parameters is not empty"))
	}
	posted := *a.callback
	if posted.form == nil { // a body that anyone may post to the callback
		posted.method, posted.form, posted.query = http.MethodPost, a.callback.query, url.Values{}
	}
	r := posted.request(p.ctx)
	_ = c.LoginKey(r)
	body, err := io.ReadAll(r.Body)
	if err != nil || string(body) != posted.form.Encode() || r.PostForm != nil || r.Form != nil {
		wrong = append(wrong, errors.New("LoginKey changes the body: CompleteLogin must still read it"))
	}
	return errors.Join(append(wrong, p.hugeBody(c, a))...)
}

const (
	hugeBody = 64 << 20
	peekable = 16 << 20 // twice the largest message of any protocol here
)

func (p *probe) hugeBody(c *authentication.Client, a *attempt) error {
	source := &counted{Reader: io.LimitReader(endless{}, hugeBody)}
	r := httptest.NewRequestWithContext(p.ctx, http.MethodPost, a.callback.url.String(), source)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_ = c.LoginKey(r)
	if source.n > peekable {
		return fmt.Errorf("LoginKey read %d MiB of a body that anyone may send", source.n>>20)
	}
	return nil
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return copy(b, strings.Repeat("a", len(b))), nil }

type counted struct {
	io.Reader
	n int
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += n
	return n, err
}
