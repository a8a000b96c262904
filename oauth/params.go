package oauth

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// maxCallback bounds a form_post body; a code response is a few hundred bytes.
const maxCallback = 64 << 10

// callbackParams reads the parameters from where they were asked to be: the query, or for form_post
// the body (OAuth 2.0 Form Post Response Mode §2).
func callbackParams(login *Login, r *http.Request) (url.Values, error) {
	if r == nil || r.URL == nil {
		return nil, errors.New("oauth: CompleteLogin needs the callback's request")
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(CheckMalformed, "the query cannot be read")
	}
	if login.ResponseMode != ResponseModeFormPost {
		if r.Method != http.MethodGet && r.Method != "" {
			return nil, refuse(CheckMethod, "the response came by %s, want GET", cleanMethod(r.Method))
		}
		return query, checkRepeated(query, login.RedirectURI)
	}
	if r.Method != http.MethodPost {
		return nil, refuse(CheckMethod, "the response came by %s, want POST (form_post)", cleanMethod(r.Method))
	}
	for _, name := range []string{"code", "state", "iss", "error"} {
		if query.Has(name) {
			return nil, refuse(CheckMethod, "%s stands in the query of a form_post response", name)
		}
	}
	form, err := readForm(r)
	if err != nil {
		return nil, err
	}
	return form, checkRepeated(form, "")
}

func readForm(r *http.Request) (url.Values, error) {
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/x-www-form-urlencoded" {
		return nil, refuse(CheckMalformed, "the body is not application/x-www-form-urlencoded")
	}
	if r.PostForm != nil || r.MultipartForm != nil {
		return nil, errors.New("oauth: the callback's body was parsed before CompleteLogin; pass the request on unread")
	}
	if r.Body == nil {
		return nil, refuse(CheckMalformed, "the body is empty")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxCallback+1))
	if err != nil {
		return nil, errors.New("oauth: the callback's body cannot be read to its end")
	}
	if len(body) > maxCallback {
		return nil, refuse(CheckMalformed, "the body is over %d bytes", maxCallback)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, refuse(CheckMalformed, "the body cannot be read")
	}
	return form, nil
}

// checkRepeated refuses a parameter that stands there twice (RFC 6749 §3.1). What the redirect URI
// itself repeats is the application's own.
func checkRepeated(params url.Values, redirectURI string) error {
	var own url.Values
	if u, err := url.Parse(redirectURI); err == nil {
		own = u.Query()
	}
	for name, values := range params {
		if len(values) > 1 && len(own[name]) < len(values) {
			return refuse(CheckRepeated, "parameter %q stands there %d times", httpcore.Clean(name), len(values))
		}
	}
	return nil
}

func cleanMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodPut, http.MethodOptions:
		return m
	}
	return "another method"
}
