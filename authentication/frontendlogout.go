package authentication

import (
	"errors"
	"net/url"
	"strings"
	"time"
)

// frontEndLogout is Authing's own logout page, which serves every protocol but CAS.
type frontEndLogout struct{ endpoint, appID string }

func (f frontEndLogout) build(o LogoutOptions) (string, error) {
	query := url.Values{}
	if o.RedirectURI != "" {
		if err := checkAbsolute(o.RedirectURI); err != nil {
			return "", err
		}
		query.Set("redirect_uri", o.RedirectURI)
	}
	if o.SendAppID {
		if err := needApp(f.appID); err != nil {
			return "", err
		}
		query.Set("app_id", f.appID)
	}
	return withQuery(f.endpoint, query), nil
}

// expertLogout is Authing's form of RP-Initiated Logout: both parameters, only the hint, or none.
func (f *authingOIDC) expertLogout(o LogoutOptions) (string, error) {
	query := url.Values{}
	if o.RedirectURI != "" {
		if err := checkAbsolute(o.RedirectURI); err != nil {
			return "", err
		}
		query.Set("post_logout_redirect_uri", o.RedirectURI)
	}
	if o.IDToken != "" {
		query.Set("id_token_hint", o.IDToken)
	}
	if o.State != "" {
		query.Set("state", o.State)
	}
	return withQuery(f.expertEndpoint, query), nil
}

// pageLogout is a logout at a page that returns nothing to check, so it has no Key.
func pageLogout(protocol, link string, now func() time.Time) *Logout {
	return &Logout{Protocol: protocol, URL: link, CreatedAt: now().UTC().Truncate(time.Second)}
}

func checkAbsolute(raw string) error {
	if u, err := url.Parse(raw); err != nil || !u.IsAbs() || u.Host == "" {
		return errors.New("authentication: RedirectURI must be an absolute URL")
	}
	return nil
}

func withQuery(endpoint string, query url.Values) string {
	if len(query) == 0 {
		return endpoint
	}
	sep := "?"
	if strings.Contains(endpoint, "?") {
		sep = "&"
	}
	return endpoint + sep + query.Encode()
}
