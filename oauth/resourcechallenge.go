package oauth

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/challenge"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// demand is what an API asks for in an answer (RFC 6750 §3, RFC 9728 §5.1).
type demand struct {
	status   int
	code     ErrorCode
	scope    string
	metadata string // resource_metadata
	token    string // the one that was sent
	unbound  error  // why the API takes no token of this client
}

// demandOf reads an answer of the API. Only the header is read.
func (c *ResourceClient) demandOf(res *http.Response) (*demand, error) {
	switch {
	case res == nil || res.Request == nil:
		return nil, errors.New("oauth: the response is nil, or has no Request")
	case !c.covers(res.Request.URL): // after a redirect: another server would choose who logs the user in
		return nil, refuseDiscovery(DiscoveryResource, "the response is from %s, want the API %s", httpcore.Clean(httpcore.WithoutQuery(res.Request.URL.String())), c.cfg.Resource)
	}
	d := &demand{status: res.StatusCode}
	if scheme, token, found := strings.Cut(res.Request.Header.Get("Authorization"), " "); found && (strings.EqualFold(scheme, tokenTypeBearer) || strings.EqualFold(scheme, tokenTypeDPoP)) {
		d.token = token
	}
	all := challenge.Read(res.Header.Values("WWW-Authenticate"))
	if c.cfg.Client.DPoP != nil { // its challenge is about what was sent (RFC 9449 §7.1)
		d.take(all, "dpop")
	}
	d.take(all, "bearer")
	d.unbound = c.cfg.Client.DPoP.suits(all)
	if !d.mendable() {
		return nil, d.refusal(res)
	}
	return d, nil
}

// take reads the first challenge of a scheme; what was read before stays.
func (d *demand) take(all []challenge.Challenge, scheme string) {
	if i := slices.IndexFunc(all, func(one challenge.Challenge) bool { return one.Scheme == scheme }); i >= 0 {
		p := all[i].Params
		d.code, d.metadata, d.scope = cmp.Or(d.code, ErrorCode(p["error"])), cmp.Or(d.metadata, p["resource_metadata"]), cmp.Or(d.scope, p["scope"])
	}
}

// suits returns why no token of this key, or of none, is of use at an API with these challenges (RFC 9449 §7.1).
func (d *DPoP) suits(all []challenge.Challenge) error {
	algs, schemes := "", map[string]bool{}
	for _, one := range all {
		if schemes[one.Scheme] = true; one.Scheme == "dpop" {
			algs = cmp.Or(algs, one.Params["algs"])
		}
	}
	switch {
	case d == nil && schemes["dpop"] && !schemes["bearer"]:
		return errors.New("oauth: the API's challenge has the scheme DPoP and not Bearer, and ResourceConfig.Client.DPoP is not set")
	case d != nil && lacks(strings.Fields(algs), d.SigningAlg()):
		return fmt.Errorf("oauth: DPoP signs with %s, and the API accepts %s", d.SigningAlg(), httpcore.Clean(algs))
	}
	return nil
}

// mendable reports whether a token, or one with more scopes, can mend it.
func (d *demand) mendable() bool {
	switch d.status {
	case http.StatusUnauthorized:
		return d.code == "" || d.code == InvalidToken || d.code == InsufficientScope
	case http.StatusForbidden:
		return d.code == InsufficientScope
	}
	return false
}

func (d *demand) refusal(res *http.Response) error {
	return &Error{
		StatusCode: d.status, Code: d.code.clean(func(s string) string { return httpcore.CleanWord(s, d.token) }),
		Endpoint: httpcore.WithoutQuery(res.Request.URL.String()),
	}
}

// Demands reports whether an answer of the API is one that Authorize may mend: it has status 401, or 403 with the code
// insufficient_scope (RFC 6750 §3.1).
func (c *ResourceClient) Demands(res *http.Response) bool {
	if c.made() != nil {
		return false
	}
	_, err := c.demandOf(res)
	return err == nil
}
