package oauth

import (
	"errors"
	"net/url"
	"strings"
)

// checkResources checks resource indicators (RFC 8707 §2). No error repeats one: it may be a secret in the wrong field.
func checkResources(list []string) error {
	for _, resource := range list {
		u, err := url.Parse(resource)
		if err != nil || !u.IsAbs() || strings.Contains(resource, "#") {
			return errors.New("oauth: Resource must have absolute URIs without a fragment (RFC 8707 §2)")
		}
	}
	return nil
}
