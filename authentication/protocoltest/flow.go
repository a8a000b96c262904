package protocoltest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

func (p *probe) name() error {
	name := p.protocol.Name()
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("the name %q is not one word of printable ASCII", name)
	}
	for range 3 {
		if again := p.protocol.Name(); again != name {
			return fmt.Errorf("the name changes from %q to %q; stored logins would be lost", name, again)
		}
	}
	return nil
}

func (p *probe) newFlow() error {
	var requests atomic.Int64
	for range 2 {
		if _, _, err := p.client(over(transport(func(*http.Request) (*http.Response, error) {
			requests.Add(1)
			return nil, errors.New("no network in NewFlow")
		}))); err != nil {
			return fmt.Errorf("NewFlow: %w", err)
		}
	}
	if n := requests.Load(); n > 0 {
		return fmt.Errorf("NewFlow made %d requests; an application must start without its server", n)
	}
	return nil
}

func (p *probe) links() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	link, err := c.BuildAuthorizeUrl(p.ctx, authentication.AuthorizeOptions{})
	if err != nil {
		return fmt.Errorf("BuildAuthorizeUrl without options: %w", err)
	}
	err = errors.Join(absolute("the authorize link", link), p.reveals("the authorize link", readable(link)))
	switch link, logoutErr := c.BuildLogoutUrl(p.ctx, authentication.LogoutOptions{}); {
	case errors.Is(logoutErr, errors.ErrUnsupported):
	case logoutErr != nil:
		err = errors.Join(err, fmt.Errorf("BuildLogoutUrl without options: %w; a protocol without logout wraps errors.ErrUnsupported", logoutErr))
	default:
		err = errors.Join(err, absolute("the logout link", link), p.reveals("the logout link", readable(link)))
	}
	return err
}
