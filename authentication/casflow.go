package authentication

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// casFlow runs logins with one CAS server.
type casFlow struct {
	client *cas.Client
	now    func() time.Time
}

// FromCAS makes a LoginFlow of this package from a client of any CAS server. RedirectURI is the service. The
// Identity's SessionID is the ticket, by which the server names the session in a logout, and its Issuer is the
// client's ServerURL. It has no proxy-granting ticket: for proxies use package cas.
func FromCAS(c *cas.Client) LoginFlow { return &casFlow{c, time.Now} }

const casName = "cas"

// sharedKey replaces the key that does not come back from a server with AllowSharedService. A browser then has only
// one pending login, and nothing binds the ticket to it.
const sharedKey = "cas-shared-service"

func (f *casFlow) options(o AuthorizeOptions) (cas.AuthorizeOptions, error) {
	err := o.Only("RedirectURI", "Renew", "Gateway")
	return cas.AuthorizeOptions{Service: o.RedirectURI, Renew: o.Renew, Gateway: o.Gateway}, err
}

// BuildAuthorizeUrl implements Flow. Without a service the user logs in to the server only.
func (f *casFlow) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (_ string, err error) {
	defer planned(&err)
	options, err := f.options(o)
	if err != nil {
		return "", err
	}
	return f.client.BuildAuthorizeUrl(ctx, options)
}

// BuildLogoutUrl implements Flow.
func (f *casFlow) BuildLogoutUrl(ctx context.Context, o LogoutOptions) (_ string, err error) {
	defer planned(&err)
	if err := o.Only("RedirectURI"); err != nil {
		return "", err
	}
	return f.client.BuildLogoutUrl(ctx, cas.LogoutOptions{Service: o.RedirectURI})
}

// BeginLogin implements LoginFlow.
func (f *casFlow) BeginLogin(ctx context.Context, o AuthorizeOptions) (_ *Login, err error) {
	defer planned(&err)
	options, err := f.options(o)
	if err != nil {
		return nil, err
	}
	begun, err := f.client.BeginLogin(ctx, options)
	if err != nil {
		return nil, err
	}
	login := &Login{Protocol: casName, Key: cmp.Or(begun.Key, sharedKey), URL: begun.URL, CreatedAt: begun.CreatedAt}
	begun.URL = "" // it is in the Login
	if login.Data, err = strictjson.Marshal(begun); err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	return login, nil
}

// LoginKey implements LoginFlow: it is the login parameter of the service.
func (f *casFlow) LoginKey(r *http.Request) string {
	if f.client.SharedService() {
		return sharedKey // a parameter login belongs to the application
	}
	return cas.LoginKey(r)
}

// CompleteLogin implements LoginFlow.
func (f *casFlow) CompleteLogin(ctx context.Context, l *Login, r *http.Request) (*Identity, error) {
	if err := checkLogin(l, casName); err != nil {
		return nil, err
	}
	var begun cas.Login
	if err := begun.UnmarshalJSON(l.Data); err != nil {
		return nil, refused(err)
	}
	success, err := f.client.CompleteLogin(ctx, &begun, r)
	if errors.Is(err, cas.CheckSyntax) {
		return nil, err // a reply that cannot be read is no answer, and not the user's fault
	}
	if err != nil {
		return nil, judgeCAS(err)
	}
	id := &Identity{
		Protocol: casName, Issuer: f.client.ServerURL(), Subject: success.User, SessionID: success.Ticket, AuthTime: success.AuthenticationDate.UTC(),
	}
	if begun.Renew && id.AuthTime.IsZero() {
		id.AuthTime = begun.CreatedAt // the user authenticated later: validation enforces Renew
	}
	if err := success.Claims(&id.Claims); err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	return id, nil
}
