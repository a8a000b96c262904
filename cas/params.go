package cas

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// maxBody bounds the body of a callback or logout request; they are some hundred bytes.
const maxBody = 64 << 10

// values returns the values of one parameter in a query or form as it came. The other parameters are the
// application's own: whether they can be read is not looked at.
func values(raw, name string) (all []string, ok bool) {
	for pair := range strings.SplitSeq(raw, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key, err := url.QueryUnescape(key); err != nil || key != name {
			continue
		}
		value, err := url.QueryUnescape(value)
		if err != nil {
			return nil, false
		}
		all = append(all, value)
	}
	return all, true
}

// has tells whether a parameter of that name is there, readable or not.
func has(raw, name string) bool {
	all, ok := values(raw, name)
	return !ok || len(all) > 0
}

// one returns a parameter that may be there once; ok tells whether it is there. The value is a copy: a view would
// keep the whole query for as long as it is kept itself, and that is as long as the sender likes.
func (s subject) one(raw, name string) (value string, ok bool, err error) {
	all, readable := values(raw, name)
	switch {
	case !readable:
		return "", false, s.refuse(CheckMalformed, "parameter %s cannot be read", name)
	case len(all) > 1:
		return "", false, s.refuse(CheckRepeated, "parameter %s stands there %d times", name, len(all))
	case len(all) == 0:
		return "", false, nil
	}
	return strings.Clone(all[0]), true, nil
}

// form reads the body of a POST, which nobody may have parsed before.
func (s subject) form(ctx context.Context, r *http.Request) (string, error) {
	body, err := callback.Form(ctx, r, maxBody)
	var fault callback.Fault
	switch {
	case errors.Is(err, callback.TooLarge):
		return "", s.refuse(CheckMalformed, "the body is over %d bytes", maxBody)
	case errors.As(err, &fault):
		return "", s.refuse(CheckMalformed, "%v", fault)
	case err != nil:
		return "", fmt.Errorf("cas: %s: %w", s, err)
	}
	return body, nil
}
