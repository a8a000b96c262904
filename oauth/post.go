package oauth

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// plainParams are the form parameters whose values are not secret. The values of all others are removed from errors.
var plainParams = []string{
	"acr_values", "actor_token_type", "audience", "client_assertion_type", "client_id", "code_challenge_method", "display", "grant_type", "max_age", "prompt",
	"redirect_uri", "requested_expiry", "requested_token_type", "resource", "response_mode", "response_type", "scope", "subject_token_type", "token_type_hint",
	"ui_locales",
}

// post sends an authenticated form and returns a reply that carries no error (RFC 6749 §2.3, §3.2).
func (c *Client) post(ctx context.Context, endpoint string, auth ClientAuth, form url.Values, space []strictjson.Member) (answer, []strictjson.Member, error) {
	reply, err := c.send(ctx, &httpcore.Request{URL: endpoint, Form: form}, auth)
	if err != nil {
		return answer{}, nil, err
	}
	a, members, err := c.read(reply, space)
	if err != nil {
		return answer{}, nil, explain(err, auth)
	}
	return a, members, nil
}

// postProven is post with a DPoP proof, where the client has a key (RFC 9449 §5). A server that wants a nonce in the proof
// has not used the form, so that it is sent once more, with credentials of its own (RFC 9449 §8).
func (c *Client) postProven(ctx context.Context, endpoint string, auth ClientAuth, form url.Values, space []strictjson.Member) (answer, []strictjson.Member, error) {
	if c.cfg.DPoP == nil {
		return c.post(ctx, endpoint, auth, form, space)
	}
	return c.proveForm(ctx, endpoint, auth, form)
}

func (c *Client) proveForm(ctx context.Context, endpoint string, auth ClientAuth, form url.Values) (a answer, members []strictjson.Member, err error) {
	if err := c.canProve(); err != nil {
		return answer{}, nil, err
	}
	u, err := url.Parse(endpoint)
	if err != nil {
		return answer{}, nil, errors.New("oauth: the endpoint is not a URL")
	}
	err = c.cfg.DPoP.prove(newProofOf(http.MethodPost, u, ""), func(proof string, _ bool) (http.Header, bool, error) {
		own := url.Values(http.Header(form).Clone())
		reply, err := c.send(ctx, &httpcore.Request{URL: endpoint, Form: own, Header: http.Header{dpopHeader: {proof}}}, auth)
		if err != nil {
			return nil, false, err
		}
		if a, members, err = c.read(reply, nil); err != nil {
			return reply.Header, demandsNonce(err), explain(err, auth)
		}
		return reply.Header, false, nil
	})
	return a, members, err
}

// send adds the client's credentials to r, a form, and returns the reply. r's own header comes besides them.
func (c *Client) send(ctx context.Context, r *httpcore.Request, auth ClientAuth) (*httpcore.Reply, error) {
	req := &sentForm{AuthRequest{
		ClientID: c.cfg.ClientID, ClientSecret: c.cfg.ClientSecret, Issuer: c.cfg.Issuer,
		Endpoint: r.URL, Time: c.cfg.Now(), Form: r.Form, Header: http.Header{},
	}, c.cfg.ClientSecret}
	if err := auth.Authenticate(ctx, &req.AuthRequest); err != nil {
		return nil, fmt.Errorf("oauth: client authentication: %w", err)
	}
	if proof := r.Header[dpopHeader]; proof != nil {
		if req.Header == nil {
			req.Header = http.Header{}
		}
		req.Header[dpopHeader] = proof
	}
	r.Method, r.Form, r.Header, r.MoreSecrets = http.MethodPost, req.Form, req.Header, req
	reply, err := c.http.Do(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	return reply, nil
}

// sentForm is what a ClientAuth completed.
type sentForm struct {
	AuthRequest
	clientSecret string // whatever the ClientAuth left in AuthRequest
}

// Secrets implements httpcore.Secretive.
func (r *sentForm) Secrets() []string {
	secrets := []string{r.clientSecret}
	if r.clientSecret != "" { // spellings in which a server may repeat the secret, whatever the method
		secrets = append(secrets, basic(r.ClientID, r.clientSecret))
	}
	for name, values := range r.Form {
		if !slices.Contains(plainParams, name) {
			secrets = append(secrets, values...)
		}
	}
	for _, values := range r.Header {
		for _, v := range values {
			_, credentials, found := strings.Cut(v, " ")
			if !found {
				credentials = v
			}
			secrets = append(secrets, credentials)
		}
	}
	return secrets
}

// basic is the text of Basic authentication (RFC 7617 §2).
func basic(id, secret string) string {
	return base64.StdEncoding.EncodeToString([]byte(id + ":" + secret))
}

// merge adds extra to form; a name that the call sets itself is an error.
func merge(form, extra url.Values) error {
	if len(extra) == 0 {
		return nil
	}
	if err := checkExtra(extra, append(slices.Collect(maps.Keys(form)), "client_id", "client_secret", "grant_type")...); err != nil {
		return err
	}
	for name, values := range extra {
		form[name] = slices.Clone(values) // a copy: a ClientAuth may append to it
	}
	return nil
}
