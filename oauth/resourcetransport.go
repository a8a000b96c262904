package oauth

import (
	"cmp"
	"errors"
	"io"
	"net/http"
)

// RoundTrip sends a request to the API with its token (RFC 6750 §2.1), with DPoP also with a proof, and implements
// http.RoundTripper: an http.Client with this Transport logs the user in when the API demands it, and sends the request
// again, once. A request to another address than Resource and those below it is an error, and nothing is sent.
//
// When the request's body cannot be sent again (http.Request.GetBody), and without ResourceConfig.Login, the API's answer
// is the result. The error of a login is the error of the request.
func (c *ResourceClient) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.send(r, nil)
	if err != nil || c.cfg.Login == nil || r.Body != nil && r.Body != http.NoBody && r.GetBody == nil || !c.Demands(res) {
		return res, err
	}
	if err := c.Authorize(r.Context(), res); err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	_, _ = io.CopyN(io.Discard, res.Body, maxDiscard) // so that the connection can be used again
	_ = res.Body.Close()
	again := r.Clone(r.Context())
	if r.GetBody != nil {
		if again.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
	}
	return c.send(r, again)
}

// send sends a copy of r: again, or one that it makes.
func (c *ResourceClient) send(r, again *http.Request) (*http.Response, error) {
	err := c.made()
	if err == nil {
		err = c.checkTarget(r)
	}
	var token *Token
	if err == nil {
		token, err = c.Token(r.Context())
		if errors.Is(err, ErrLoginAgain) {
			err = nil
		}
	}
	if again == nil && err == nil {
		again = r.Clone(r.Context())
	}
	if err != nil {
		if used := cmp.Or(again, r); used != nil && used.Body != nil {
			_ = used.Body.Close() // as an http.RoundTripper must
		}
		return nil, err
	}
	if again.Header == nil {
		again.Header = http.Header{}
	}
	base := c.cfg.Base
	if base == nil {
		base = http.DefaultTransport
	}
	var res *http.Response
	switch d := c.cfg.Client.DPoP; {
	case token == nil:
		res, err = base.RoundTrip(again)
	case d != nil:
		again.Header.Set("Authorization", "DPoP "+token.AccessToken)
		res, err = d.Send(base, again, token)
	default:
		again.Header.Set("Authorization", "Bearer "+token.AccessToken)
		res, err = base.RoundTrip(again)
	}
	if err == nil && res != nil {
		res.Request = again // what was sent, for Authorize
	}
	return res, err
}

func (c *ResourceClient) checkTarget(r *http.Request) error {
	if err := checkTarget("ResourceConfig", "Resource", c.origin, r); err != nil {
		return err
	}
	if !c.covers(r.URL) {
		return errors.New("oauth: the request goes to an address that is not below ResourceConfig.Resource: nothing was sent")
	}
	return nil
}
