package cas

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// LoginKey returns the Key of the Login that a callback belongs to, empty when it names none or several. It reads
// only the query, for every HTTP method: the server keeps the service's own parameters there.
func LoginKey(r *http.Request) string {
	if r == nil || r.URL == nil {
		return ""
	}
	key, _, _ := aCallback.one(r.URL.RawQuery, keyParam) // CompleteLogin returns the reason
	return key
}

func (c *Client) checkLogin(login *Login, r *http.Request) error {
	switch {
	case login == nil && r != nil && r.Method == http.MethodPost:
		return aCallback.refuse(CheckLogin, "this browser began no login, or its cookie is missing: it came by POST, and browsers send "+
			"no cookie with a POST from another site but with SameSite=None; see MethodPost")
	case login == nil || login.Service == "":
		return aCallback.refuse(CheckLogin, "this browser began no login, or it was completed already")
	case login.Client != c.cfg.Service || login.Endpoint != c.serviceValidate().url:
		return aCallback.refuse(CheckLogin, "the login began with another client or another server")
	case login.Key == "" && !c.cfg.AllowSharedService:
		return aCallback.refuse(CheckLogin, "the login has no key, and AllowSharedService is not set")
	}
	if old := callback.Age("login", login.CreatedAt, c.cfg.Now(), c.cfg.LoginLifetime); old != "" {
		return aCallback.refuse(CheckExpired, "%s", old)
	}
	return nil
}

// readCallback returns the ticket of a callback that belongs to login.
func readCallback(ctx context.Context, login *Login, r *http.Request) (string, error) {
	if r == nil || r.URL == nil {
		return "", errors.New("cas: CompleteLogin needs the callback's request")
	}
	// Key first: until it matches, nothing else in this request is meant for this browser.
	if err := checkKey(login, r.URL.RawQuery); err != nil {
		return "", err
	}
	params, err := callbackParams(ctx, login, r)
	if err != nil {
		return "", err
	}
	ticket, sent, err := aCallback.one(params, "ticket")
	switch {
	case err != nil:
		return "", err
	case !sent && login.Gateway:
		return "", aCallback.refuse(CheckSession, "the browser has no session at the server")
	case !sent:
		return "", aCallback.refuse(CheckTicket, "it is missing")
	}
	return ticket, nil
}

func checkKey(login *Login, query string) error {
	if login.Key == "" {
		return nil
	}
	key, sent, err := aCallback.one(query, keyParam)
	switch {
	case err != nil:
		return err
	case !sent:
		return aCallback.refuse(CheckKey, "parameter %s is missing", keyParam)
	case subtle.ConstantTimeCompare([]byte(key), []byte(login.Key)) != 1:
		return aCallback.refuse(CheckKey, "parameter %s differs from the one that was sent with this browser", keyParam)
	}
	return nil
}

// callbackParams returns the query or, for MethodPost, the form, which is where the ticket must be (CAS §2.2.4). A login
// with MethodPost may come back by GET: some servers lose the method behind their form for the password.
func callbackParams(ctx context.Context, login *Login, r *http.Request) (string, error) {
	query := r.URL.RawQuery
	switch {
	case r.Method == http.MethodGet, r.Method == "":
		return query, nil
	case r.Method != http.MethodPost:
		return "", aCallback.refuse(CheckMethod, "it came by %s, want %s", callback.Method(r), cmp.Or(login.Method, MethodGet))
	case login.Method != MethodPost:
		return "", aCallback.refuse(CheckMethod, "it came by POST, want GET: the server posts although the login did not ask for MethodPost")
	case has(query, "ticket"):
		return "", aCallback.refuse(CheckMethod, "the ticket is in the query of a POST, want it in the body")
	}
	return aCallback.form(ctx, r)
}
