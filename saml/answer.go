package saml

import (
	"context"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// answer is what came to an ACS address: a response, or an artifact that stands for one.
type answer struct {
	message, relayState string
	artifact            param // not sent: message is the response
}

// readAnswer reads a response by POST, or an artifact by GET or POST (SAML Bindings §3.5, §3.6.3).
func (c *Client) readAnswer(ctx context.Context, r *http.Request) (a answer, err error) {
	var p params
	if r.Method == http.MethodPost {
		p, err = c.readPosted(ctx, r)
	} else {
		p, err = c.readArtifactQuery(r)
	}
	switch {
	case err != nil:
		return a, err
	case !p.artifact.sent:
		a.message, a.relayState, err = c.posted(&p, paramResponse)
		return a, err
	case p.messages() > 1:
		return a, refuse(CheckRepeated, "it has %s beside a message", paramArtifact)
	case !c.cfg.AcceptArtifacts:
		return a, refuse(CheckArtifact, "an artifact came in place of a response, and AcceptArtifacts is off")
	}
	a.artifact = p.artifact
	a.relayState, err = p.relay()
	return a, err
}

// readArtifactQuery reads a query with an artifact. A response never comes in a query.
func (c *Client) readArtifactQuery(r *http.Request) (params, error) {
	if (r.Method == http.MethodGet || r.Method == "") && len(r.URL.RawQuery) <= c.cfg.MaxMessage {
		if p, err := readParams(r.URL.RawQuery); err != nil || p.artifact.sent {
			return p, err
		}
	}
	return params{}, refuse(CheckMethod, "it came by %s, want POST", callback.Method(r))
}

// hasArtifact tells whether the query has one.
func hasArtifact(r *http.Request) bool {
	if r.URL == nil || len(r.URL.RawQuery) > maxPeek {
		return false
	}
	p, err := readParams(r.URL.RawQuery)
	return err == nil && p.artifact.sent
}
