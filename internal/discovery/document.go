package discovery

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Check names what was wrong with a document.
type Check string

const (
	Status   Check = "status"
	Redirect Check = "redirect"
	Document Check = "document"
	Issuer   Check = "issuer"
	Address  Check = "address"
)

// Place says which documents of an issuer are asked for.
type Place int

const (
	// OpenIDFirst is OpenID Connect's document, and on a 404 that of RFC 8414.
	OpenIDFirst Place = iota
	// OAuthFirst is that of RFC 8414, and on a 404 OpenID Connect's, at either place.
	OAuthFirst
	// OpenID is OpenID Connect's alone.
	OpenID
	// OAuth is that of RFC 8414 alone.
	OAuth
)

// URLs returns where the documents of an issuer are, in the order in which they are asked for (OpenID Connect
// Discovery §4, RFC 8414 §3.1, §5).
func (p Place) URLs(issuer string) []string {
	const openID, oauth = "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"
	base := strings.TrimSuffix(issuer, "/")
	origin := base
	if _, rest, ok := strings.Cut(base, "://"); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			origin = base[:len(base)-len(rest)+i]
		}
	}
	path := base[len(origin):]
	switch p {
	case OpenID:
		return []string{base + openID}
	case OAuth:
		return []string{origin + oauth + path}
	case OAuthFirst:
		if path == "" {
			return []string{origin + oauth, origin + openID}
		}
		return []string{origin + oauth + path, origin + openID + path, base + openID}
	}
	return []string{base + openID, origin + oauth + path}
}

// Request asks for a document.
type Request struct {
	HTTP *httpcore.Client
	// URLs are asked in turn: the next one only after a 404.
	URLs []string
	// Ask has the rest of the request.
	Ask httpcore.Request
	// Refuse makes the error of a reply that is no document. cause may be nil.
	Refuse func(check Check, detail string, cause error) error
}

// Fetch returns the first document. An outage is an error that Refuse did not make.
func (r *Request) Fetch(ctx context.Context) (*httpcore.Reply, error) {
	var missing []string
	for {
		ask := r.Ask
		ask.URL = r.URLs[len(missing)]
		reply, err := r.HTTP.Do(ctx, &ask)
		switch {
		case errors.Is(err, httpcore.Redirect):
			return nil, r.Refuse(Redirect, err.Error(), err)
		case errors.Is(err, httpcore.PrivateAddress):
			return nil, r.Refuse(Address, err.Error(), err)
		case errors.Is(err, httpcore.HTML), errors.Is(err, httpcore.TooLarge):
			return nil, r.Refuse(Document, err.Error(), err)
		case err != nil:
			return nil, err
		case reply.StatusCode == http.StatusOK:
			return reply, nil
		}
		failure := reply.StatusError()
		missing = append(missing, failure.Error())
		if reply.StatusCode == http.StatusNotFound && len(missing) < len(r.URLs) {
			continue
		}
		if httpcore.NoAnswer(failure) {
			return nil, fmt.Errorf("%w, want 200", failure)
		}
		return nil, r.Refuse(Status, strings.Join(missing, ", ")+", want 200", failure)
	}
}

// SameIssuer is "" when the document of an issuer names it, and else the reason. The comparison is exact (OpenID Connect
// Discovery §4.3, RFC 8414 §3.3): a server that may use another server's issuer could log in that server's users.
func SameIssuer(want, got string) string {
	if want == got {
		return ""
	}
	hint := ""
	if strings.TrimSuffix(want, "/") == strings.TrimSuffix(got, "/") {
		hint = " (they differ only in the trailing slash: use the server's spelling)"
	}
	if strings.ContainsAny(got, "{}") {
		hint = " (it has a placeholder for a tenant: use IssuerFamily of package oidc)"
	}
	return fmt.Sprintf("the document's issuer is %q, want %q%s", httpcore.Clean(got), want, hint)
}
