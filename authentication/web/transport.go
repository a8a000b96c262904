package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/challenge"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Transport adds the access token of the user to the requests for one API. The user is that of the request's context,
// behind RequireLogin, LoadLogin or Admit:
//
//	api := &http.Client{Transport: &web.Transport{Origin: "https://api.example.com"}}
//	req, err := http.NewRequestWithContext(r.Context(), ...)
//
// Only requests for exactly this scheme, host and port get the token, and no others, also after a redirect; there is no
// request for Origin without one. The errors are those of Token. A request must not bring its own Authorization, which is
// replaced.
//
// An API that demands a more recent or stronger login is the error *StepUpError, which Site.Login answers (RFC 9470). When
// the API refuses a token of more than a minute as invalid_token, it is refreshed, and the request is sent once more if its
// body can be sent again (http.Request.GetBody).
type Transport struct {
	// Origin is the scheme and host of the API, with the port that is not the scheme's own, such as
	// https://api.example.com. It is https, or http to a loopback host.
	Origin string
	// DPoP has the key of the users' tokens, where their login used it: it is that of the flow's client. A token of another key
	// is oauth.ErrBinding and is not sent. nil is for Bearer tokens alone.
	DPoP *oauth.DPoP
	// Base sends the requests; nil is http.DefaultTransport.
	Base http.RoundTripper
	// InsecureAllowHTTP allows an Origin with http to any host: everybody on the network can then read the tokens and use
	// them.
	InsecureAllowHTTP bool
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	origin, err := parseBase("Transport.Origin", t.Origin, t.InsecureAllowHTTP)
	switch {
	case err == nil && origin.path != "":
		err = errors.New("web: Transport.Origin must have no path")
		fallthrough
	case err != nil:
		return nil, closed(r, mistake{err})
	case originOf(r.URL) != origin.origin:
		return t.base().RoundTrip(r)
	}
	g := guestOf(r.Context())
	if g == nil {
		return nil, closed(r, ErrNoSession)
	}
	token, err := g.token(r.Context(), g.site.lives)
	if err != nil {
		return nil, closed(r, err)
	}
	res, err := t.send(r, r.Body, token)
	if err != nil {
		return nil, err
	}
	if next, body := g.replacement(r, res, token); next != nil {
		discard(res)
		if res, err = t.send(r, body, next); err != nil {
			return nil, err
		}
	}
	if err := stepUp(res); err != nil {
		discard(res)
		return nil, err
	}
	return res, nil
}

// send sends a copy of the request with the token: a RoundTripper must not change the request.
func (t *Transport) send(r *http.Request, body io.ReadCloser, token *oauth.Token) (*http.Response, error) {
	if t.DPoP != nil {
		own := r.WithContext(r.Context())
		own.Body = body
		return t.DPoP.Send(t.base(), own, token)
	}
	if !strings.EqualFold(token.TokenType, "Bearer") {
		return nil, closed(r, fmt.Errorf("web: Transport: the token is of type %q, not Bearer", token.TokenType))
	}
	own := r.Clone(r.Context())
	own.Body = body
	own.Header.Set("Authorization", "Bearer "+token.AccessToken)
	return t.base().RoundTrip(own)
}

func (t *Transport) base() http.RoundTripper {
	if t.Base == nil {
		return http.DefaultTransport
	}
	return t.Base
}

// invalidToken reports whether an API says that the token is expired, revoked or not its own (RFC 6750 §3.1).
func invalidToken(res *http.Response) bool {
	return res.StatusCode == http.StatusUnauthorized && slices.ContainsFunc(challenge.Read(res.Header.Values("WWW-Authenticate")), func(c challenge.Challenge) bool {
		return (c.Scheme == "bearer" || c.Scheme == "dpop") && c.Params["error"] == string(oauth.InvalidToken)
	})
}

// youngToken is the age below which a token that an API refuses is not replaced: an API that refuses all of them must not
// cause a refresh for each request.
const youngToken = time.Minute

// replacement returns another token for a request whose token the API has refused, and the body to send again; nil when the
// answer stays.
func (g *guest) replacement(r *http.Request, res *http.Response, refused *oauth.Token) (*oauth.Token, io.ReadCloser) {
	if !invalidToken(res) || r.Body != nil && r.Body != http.NoBody && r.GetBody == nil || g.site.young(refused) {
		return nil, nil
	}
	next, err := g.token(r.Context(), func(t *oauth.Token) bool { return t.AccessToken != refused.AccessToken && g.site.lives(t) })
	if err != nil || next.AccessToken == refused.AccessToken {
		return nil, nil
	}
	if r.GetBody == nil {
		return next, r.Body
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, nil
	}
	return next, body
}

// young reports whether a token was issued just now, or its age is unknown.
func (s *Site) young(t *oauth.Token) bool {
	if t.Expiry.IsZero() || t.ExpiresIn <= 0 {
		return true
	}
	issued := t.Expiry.Add(-time.Duration(t.ExpiresIn) * time.Second)
	return s.config.Now().Sub(issued) < youngToken
}

// originOf is the origin of an address as base.origin is.
func originOf(u *url.URL) string {
	scheme := strings.ToLower(u.Scheme)
	return scheme + "://" + hostOf(u.Host, scheme)
}

// closed closes the body of a request that is not sent, as a RoundTripper must.
func closed(r *http.Request, err error) error {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return err
}

// maxDiscard is how much of an answer is read so that its connection can be used again.
const maxDiscard = 4096

func discard(res *http.Response) {
	_, _ = io.CopyN(io.Discard, res.Body, maxDiscard)
	_ = res.Body.Close()
}
