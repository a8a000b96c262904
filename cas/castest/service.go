package castest

import (
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// allowed says whether a service is registered; its query need not be.
func allowed(registered []string, service string) bool {
	if len(registered) == 0 {
		return idptest.Loopback(service)
	}
	bare, _, _ := strings.Cut(service, "?")
	return slices.Contains(registered, service) || slices.Contains(registered, bare)
}

// withQuery adds a query to a service and keeps it out of the fragment.
func withQuery(service, query string) string {
	bare, fragment, found := strings.Cut(service, "#")
	if found {
		fragment = "#" + fragment
	}
	return idptest.AddQuery(bare, query) + fragment
}
