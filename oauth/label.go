package oauth

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

var errJWT = errors.New("is a JWT, want a JSON object")

// jwt matches a compact JWS or JWE: its header begins with {" or white space, in base64url.
var jwt = regexp.MustCompile(`^\s*e[wyI][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*){2}((\.[A-Za-z0-9_-]*){2})?\s*$`)

// noObject says what the server sent instead of a JSON object, so that its settings can be corrected (OpenID Connect
// Core §5.3.2).
func (a *answer) noObject(err error) error {
	label, media := a.label(), a.media()
	var e *strictjson.Error
	switch {
	case a.text == "":
		err = fmt.Errorf("status %d with an empty body, want a JSON object", a.StatusCode)
	case media == "application/jwt" || strings.HasSuffix(media, "+jwt") || jwt.MatchString(a.text):
		err = errJWT
	case media == "application/x-www-form-urlencoded":
		err = errors.New("is a form, want a JSON object")
	case errors.As(err, &e) && e.Reason == strictjson.Misfit:
		err = errors.New("is not a JSON object")
	}
	if label != "" {
		return fmt.Errorf("%w (%s from %s)", err, label, a.URL())
	}
	return fmt.Errorf("%w (from %s)", err, a.URL())
}

func (a *answer) media() string {
	media, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";") // also of a malformed one
	return strings.ToLower(strings.TrimSpace(media))
}

// label is the media type of a reply that is not labelled as JSON. Known types are constants; any other is text of
// the server, and is cleaned.
func (a *answer) label() string {
	switch media := a.media(); {
	case media == "application/json" || strings.HasSuffix(media, "+json"):
		return ""
	case slices.Contains(knownMedia, media):
		return media
	default:
		return a.Clean(media)
	}
}

var knownMedia = []string{
	"application/jwt", "application/octet-stream", "application/x-www-form-urlencoded", "application/xml", "text/html", "text/plain", "text/xml",
	introspectionJWT,
}
