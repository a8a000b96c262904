package protocoltest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// toy is a small protocol that keeps the contract, except for one chosen bug.
type toy struct {
	Bug    string
	Secret string
}

func (p toy) Format(f fmt.State, _ rune) {
	if p.Bug == "prints its secret" {
		_, _ = io.WriteString(f, p.Secret)
		return
	}
	_, _ = io.WriteString(f, "toy{[redacted]}")
}

func (p toy) MarshalJSON() ([]byte, error) {
	if p.Bug == "logs its secret" {
		return json.Marshal(p.Secret)
	}
	return []byte(`"toy"`), nil
}

func (p toy) Name() string {
	switch p.Bug {
	case "changing name":
		return "toy" + rand.Text()
	case "two words":
		return "my toy"
	}
	return "toy"
}

func (p toy) NewFlow(o authentication.Options) (authentication.Flow, error) {
	if p.Bug == "panics in NewFlow" {
		panic("toy")
	}
	if p.Bug == "network in NewFlow" {
		if answer, err := o.HTTPClient.Get(o.AppHost + "/.well-known/toy"); err == nil {
			answer.Body.Close()
		}
	}
	f := &toyFlow{toy: p, o: o, own: &http.Transport{DisableKeepAlives: true}}
	if p.Bug == "links only" {
		return struct{ authentication.Flow }{f}, nil
	}
	return f, nil
}

type toyFlow struct {
	toy
	o   authentication.Options
	own *http.Transport // for the bugs that do not use Options.HTTPClient

	mu     sync.Mutex
	count  int
	latest string // for the bug that remembers
}

func (f *toyFlow) BuildAuthorizeUrl(_ context.Context, o authentication.AuthorizeOptions) (string, error) {
	if o.State == "" {
		o.State = rand.Text()
	}
	if f.Bug == "ignores an option" {
		o.Renew, o.Nonce = false, ""
	}
	if err := o.Only("State", "RedirectURI", "LoginHint"); err != nil {
		if f.Bug == "unnamed option" {
			return "", errors.New("toy: wrong option")
		}
		return "", err
	}
	return f.link(o), nil
}

func (f *toyFlow) link(o authentication.AuthorizeOptions) string {
	if o.RedirectURI == "" || f.Bug == "ignores RedirectURI" {
		o.RedirectURI = f.o.RedirectURI
	}
	query := url.Values{"app": {f.o.AppID}, "state": {o.State}, "return": {o.RedirectURI}}
	if o.LoginHint != "" {
		query.Set("hint", o.LoginHint)
	}
	switch f.Bug {
	case "secret in the link":
		query.Set("secret", f.o.Secret)
	case "relative link":
		return "/auth?" + query.Encode()
	}
	return f.o.AppHost + "/auth?" + query.Encode()
}

func (f *toyFlow) BuildLogoutUrl(_ context.Context, o authentication.LogoutOptions) (string, error) {
	switch f.Bug {
	case "ignores a logout option":
		o.State = ""
	case "no logout":
		return "", fmt.Errorf("toy: %w", errors.ErrUnsupported)
	case "no logout, not said":
		return "", errors.New("toy: there is no logout")
	case "secret in the logout link":
		return f.o.AppHost + "/out/" + f.o.Secret, nil
	}
	if err := o.Only(); err != nil {
		return "", err
	}
	return f.o.AppHost + "/out", nil
}

func (f *toyFlow) key() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	switch f.Bug {
	case "short keys":
		return rand.Text()[:8]
	case "counted keys":
		return fmt.Sprintf("%032d", f.count)
	case "clock keys":
		return fmt.Sprintf("%s%019d", strings.Repeat("f", 13), time.Now().UnixNano())
	case "one key":
		return strings.Repeat("k", 26)
	}
	f.latest = rand.Text()
	return f.latest
}

func (f *toyFlow) BeginLogin(_ context.Context, o authentication.AuthorizeOptions) (*authentication.Login, error) {
	if f.Bug == "ignores a login option" {
		o.MaxAge = 0
	}
	if err := o.Only("RedirectURI", "LoginHint"); err != nil {
		return nil, err
	}
	o.State = f.key()
	l := &authentication.Login{Protocol: "toy", Key: o.State, URL: f.link(o), CreatedAt: f.now(), FormPost: f.Bug == "FormPost set"}
	switch f.Bug {
	case "no protocol":
		l.Protocol = ""
	case "no time":
		l.CreatedAt = time.Time{}
	case "needs the URL":
		l.Data = nil
	case "bad data":
		l.Data = json.RawMessage("{")
	case "form":
		l.Form = url.Values{}
	case "nil login":
		return nil, nil
	}
	return l, nil
}

func (f *toyFlow) now() time.Time {
	if f.o.Now != nil {
		return f.o.Now()
	}
	return time.Now()
}

func (f *toyFlow) LoginKey(r *http.Request) string {
	switch {
	case f.Bug == "eats the body":
		return r.FormValue("state")
	case f.Bug == "reads everything" && r.Body != nil:
		_, _ = io.Copy(io.Discard, r.Body)
	case f.Bug == "invents a key" && !r.URL.Query().Has("state"):
		return "x"
	case f.Bug == "another key":
		return r.URL.Query().Get("code")
	case f.Bug == "panics":
		panic("toy")
	}
	return r.URL.Query().Get("state")
}
