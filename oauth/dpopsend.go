package oauth

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
)

// Send sends a request to an API with a token of this key and a proof (RFC 9449 §7.1), and once more when the API then
// wants a nonce and the body can be sent again (http.Request.GetBody). base sends it; nil is http.DefaultTransport.
//
// It is for an http.RoundTripper of your own: Transport, and that of package web, use it. A token of another key, or of
// none, is ErrBinding and is not sent. The request is not changed, and its Authorization and DPoP are replaced.
func (d *DPoP) Send(base http.RoundTripper, r *http.Request, t *Token) (*http.Response, error) {
	if err := d.check(r, t); err != nil {
		if r != nil && r.Body != nil {
			_ = r.Body.Close() // as an http.RoundTripper must
		}
		return nil, err
	}
	if base == nil {
		base = http.DefaultTransport
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	repeatable := r.Body == nil || r.Body == http.NoBody || r.GetBody != nil
	var res *http.Response
	sent := false
	err := d.prove(newProofOf(method, r.URL, t.AccessToken), func(proof string, again bool) (_ http.Header, wants bool, err error) {
		own := r.Clone(r.Context())
		sent = true
		if again {
			discard(res)
			res = nil
			if r.GetBody != nil {
				if own.Body, err = r.GetBody(); err != nil {
					return nil, false, fmt.Errorf("oauth: DPoP.Send: the body cannot be sent again: %w", err)
				}
			}
		}
		if own.Header == nil {
			own.Header = http.Header{}
		}
		maps.DeleteFunc(own.Header, func(name string, _ []string) bool { // also names that are not in the canonical form
			return strings.EqualFold(name, "Authorization") || strings.EqualFold(name, dpopHeader)
		})
		own.Header.Set("Authorization", "DPoP "+t.AccessToken)
		proven(own.Header, proof)
		if res, err = base.RoundTrip(own); err != nil || res == nil {
			return nil, false, err
		}
		return res.Header, repeatable && wantsNonce(res), nil
	})
	if err == nil {
		return res, nil
	}
	if res != nil { // there is no second proof
		discard(res)
	}
	if !sent && r.Body != nil {
		_ = r.Body.Close()
	}
	return nil, err
}

func (d *DPoP) check(r *http.Request, t *Token) error {
	if err := d.made(); err != nil {
		return err
	}
	switch {
	case r == nil || r.URL == nil:
		return errors.New("oauth: DPoP.Send: the request has no URL")
	case t == nil || t.AccessToken == "":
		return errors.New("oauth: DPoP.Send: there is no token")
	case !strings.EqualFold(t.TokenType, tokenTypeDPoP):
		return fmt.Errorf("%w: its token_type is not DPoP", ErrBinding)
	}
	return d.owns(t.Binding)
}

// wantsNonce reads the challenge of a protected resource (RFC 9449 §9).
func wantsNonce(res *http.Response) bool {
	if res.StatusCode != http.StatusUnauthorized {
		return false
	}
	e := challengeOf(res.Header, tokenTypeDPoP)
	return e != nil && e.Code == UseDPoPNonce
}

// maxDiscard is how much of an answer is read so that its connection can be used again.
const maxDiscard = 4096

func discard(res *http.Response) {
	_, _ = io.CopyN(io.Discard, res.Body, maxDiscard)
	_ = res.Body.Close()
}
