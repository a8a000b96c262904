package oauth

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

var errJWT = errors.New("is a JWT, want a JSON object")

// jwt is what a compact JWS or JWE looks like: its header begins with {" or a blank in base64url.
var jwt = regexp.MustCompile(`^\s*e[wyI][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*){2}((\.[A-Za-z0-9_-]*){2})?\s*$`)

// noObject says what came in place of a JSON object, for whoever set up the server (OpenID Connect Core §5.3.2).
func (a *answer) noObject(err error) error {
	label := a.label()
	var e *strictjson.Error
	switch {
	case a.text == "":
		err = fmt.Errorf("status %d with an empty body, want a JSON object", a.StatusCode)
	case label == "application/jwt" || strings.HasSuffix(label, "+jwt") || jwt.MatchString(a.text):
		err = errJWT
	case label == "application/x-www-form-urlencoded":
		err = errors.New("is a form, want a JSON object")
	case errors.As(err, &e) && e.Reason == strictjson.Misfit:
		err = errors.New("is not a JSON object")
	}
	if label != "" {
		return fmt.Errorf("%w (%s from %s)", err, label, a.URL)
	}
	return fmt.Errorf("%w (from %s)", err, a.URL)
}

// label is the media type of a reply that is not labelled as JSON.
func (a *answer) label() string {
	media, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";") // also of a malformed one
	media = strings.ToLower(strings.TrimSpace(media))
	if media == "application/json" || strings.HasSuffix(media, "+json") {
		return ""
	}
	return a.Clean(media)
}
