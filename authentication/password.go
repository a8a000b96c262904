package authentication

import (
	"context"
	"errors"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// PasswordOptions identify a user by exactly one of Username, Email and Phone.
type PasswordOptions struct {
	// Username is the user's name at Authing.
	Username string
	// Email replaces Username (OIDC).
	Email string
	// Phone replaces Username (OIDC).
	Phone string
	// Password is the user's password. It is required.
	Password string
	// Scope is a space-separated list; empty is Authing's default (OIDC) or user (OAuth).
	Scope string
}

// GetAccessTokenByPassword must not be used when the user has a browser: it shows the user's password to the
// application and excludes every second factor (RFC 9700 §2.4).
//
// It exchanges a password for a token (RFC 6749 §4.3). OIDC accepts a username, email or phone, OAuth a username
// only. An ID token in the result is not verified: call VerifyIDToken.
func (c *Client) GetAccessTokenByPassword(ctx context.Context, o PasswordOptions) (*oauth.Token, error) {
	flow, err := c.tokens("GetAccessTokenByPassword")
	if err != nil {
		return nil, err
	}
	form := url.Values{}
	for name, value := range map[string]string{"username": o.Username, "email": o.Email, "phone": o.Phone} {
		if value != "" {
			form.Set(name, value)
		}
	}
	switch {
	case len(form) != 1:
		return nil, errors.New("authentication: PasswordOptions needs exactly one of Username, Email and Phone")
	case c.name == oauthName && o.Username == "":
		return nil, errors.New("authentication: PasswordOptions.Username is not set: OAuth does not accept email or phone")
	case o.Password == "":
		return nil, errors.New("authentication: PasswordOptions.Password is not set")
	}
	form.Set("password", o.Password)
	if o.Scope == "" && c.name == oauthName {
		o.Scope = "user"
	}
	if o.Scope != "" {
		form.Set("scope", o.Scope)
	}
	token, err := flow.GetAccessTokenByGrant(ctx, "password", form)
	return token, judge(err)
}
