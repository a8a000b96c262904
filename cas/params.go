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

// maxBody limits the body of a callback or logout request, which usually has a few hundred bytes.
const maxBody = 64 << 10

// values returns the values of one parameter in a raw query or form. The other parameters belong to the application
// and are not checked.
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

// has reports whether the parameter is present, readable or not.
func has(raw, name string) bool {
	all, ok := values(raw, name)
	return !ok || len(all) > 0
}

// one returns a parameter that may appear once; ok reports whether it is present. The value is a copy: a view would
// keep the whole query in memory, whose length the sender chooses.
func (s subject) one(raw, name string) (value string, ok bool, err error) {
	all, readable := values(raw, name)
	switch {
	case !readable:
		return "", false, s.refuse(CheckMalformed, "parameter %s cannot be read", name)
	case len(all) > 1:
		return "", false, s.refuse(CheckRepeated, "parameter %s appears %d times", name, len(all))
	case len(all) == 0:
		return "", false, nil
	}
	return strings.Clone(all[0]), true, nil
}

// form reads the body of a POST, which must not have been parsed before.
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
