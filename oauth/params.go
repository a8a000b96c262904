package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// maxCallback limits a form_post body; a code response is a few hundred bytes.
const maxCallback = 64 << 10

// callbackParams reads the parameters from the query or, for form_post and fragment, from the body (OAuth 2.0 Form Post
// Response Mode §2).
func callbackParams(ctx context.Context, login *Login, place ResponseMode, r *http.Request) (url.Values, error) {
	if r == nil || r.URL == nil {
		return nil, errors.New("oauth: CompleteLogin needs the callback's request")
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(CheckMalformed, "the query cannot be read")
	}
	posted, how := place == ResponseModeFormPost, "form_post"
	if place == ResponseModeFragment {
		posted, how = true, "the page at the redirect URI posts the fragment"
	}
	if !posted {
		if r.Method != http.MethodGet && r.Method != "" {
			return nil, refuse(CheckMethod, "the response came by %s, want GET", callback.Method(r))
		}
		return query, checkRepeated(query, login.RedirectURI)
	}
	if r.Method != http.MethodPost {
		return nil, refuse(CheckMethod, "the response came by %s, want POST (%s)", callback.Method(r), how)
	}
	for _, name := range []string{"code", "state", "iss", "error", "access_token", "id_token", "response"} {
		if query.Has(name) {
			return nil, refuse(CheckMethod, "%s is in the query of a %s response", name, login.ResponseMode)
		}
	}
	if place == ResponseModeFragment && fromElsewhere(r, login.RedirectURI) {
		return nil, refuse(CheckMethod, "the response came from another site, as a form_post; it was asked for in the fragment")
	}
	form, err := readForm(ctx, r)
	if err != nil {
		return nil, err
	}
	return form, checkRepeated(form, "")
}

// fromElsewhere reports whether the browser says that the form is of another site's page than the redirect URI's
// (Fetch Metadata §2.3). Origin is null also for a page without referrer, so it decides last.
func fromElsewhere(r *http.Request, redirectURI string) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site != "same-origin"
	}
	origin := r.Header.Get("Origin")
	u, err := url.Parse(redirectURI)
	if origin == "" || err != nil {
		return err != nil
	}
	port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme] // which browsers leave out
	return !strings.EqualFold(origin, strings.TrimSuffix(u.Scheme+"://"+u.Host, port))
}

func readForm(ctx context.Context, r *http.Request) (url.Values, error) {
	body, err := callback.Form(ctx, r, maxCallback)
	var fault callback.Fault
	switch {
	case errors.Is(err, callback.TooLarge):
		return nil, refuse(CheckMalformed, "the body is over %d bytes", maxCallback)
	case errors.As(err, &fault):
		return nil, refuse(CheckMalformed, "%v", fault)
	case err != nil:
		return nil, fmt.Errorf("oauth: callback: %w", err)
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return nil, refuse(CheckMalformed, "the body cannot be read")
	}
	return form, nil
}

// checkRepeated refuses a parameter that appears twice (RFC 6749 §3.1). A parameter that the redirect URI repeats
// itself is the application's.
func checkRepeated(params url.Values, redirectURI string) error {
	for name, values := range params {
		if len(values) > 1 && len(queryOf(redirectURI)[name]) < len(values) {
			return refuse(CheckRepeated, "parameter %q appears %d times", httpcore.Clean(name), len(values))
		}
	}
	return nil
}

func queryOf(address string) url.Values {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	return u.Query()
}
