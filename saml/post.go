package saml

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// postForm puts a message into a form (SAML Bindings §3.5.4); its signature is in the message.
func (c *Client) postForm(name, message, relayState string, sign bool) (url.Values, error) {
	if name == paramRequest {
		if err := checkRelayState(relayState); err != nil {
			return nil, err
		}
	}
	if sign {
		signer, ok := c.signer()
		if !ok {
			return nil, errNoSigner
		}
		var err error
		if message, err = signer.Sign(message); err != nil {
			return nil, fmt.Errorf("saml: sign: %w", err)
		}
	}
	form := url.Values{name: {base64.StdEncoding.EncodeToString([]byte(message))}}
	if relayState != "" {
		form.Set(paramRelayState, relayState)
	}
	return form, nil
}

// readPOST reads a message by POST (SAML Bindings §3.5.4). The body must not have been parsed before.
func (c *Client) readPOST(ctx context.Context, r *http.Request, name string) (message, relayState string, err error) {
	p, err := c.readPosted(ctx, r)
	if err != nil {
		return "", "", err
	}
	return c.posted(&p, name)
}

// readPosted reads the parameters of a form.
func (c *Client) readPosted(ctx context.Context, r *http.Request) (params, error) {
	if r.Method != http.MethodPost {
		return params{}, refuse(CheckMethod, "it came by %s, want POST", callback.Method(r))
	}
	// A reader of both places must not find a second message.
	if inQuery, err := readParams(r.URL.RawQuery); err != nil || inQuery.messages() > 0 {
		return params{}, refuse(CheckMethod, "there is a message in the query, or the query cannot be read; want the message in the form")
	}
	body, err := c.readForm(ctx, r)
	if err != nil {
		return params{}, err
	}
	return readParams(body)
}

// posted reads the message of a form.
func (c *Client) posted(p *params, name string) (message, relayState string, err error) {
	encoded, err := p.message(name)
	if err != nil {
		return "", "", err
	}
	if relayState, err = p.relay(); err != nil {
		return "", "", err
	}
	if message, err = decodeFormBase64(encoded); err != nil {
		return "", "", refuse(CheckMalformed, "%s is not base64", name)
	}
	switch {
	case looksLikeXML(message):
	case c.cfg.AllowDeflatedPOST:
		if message, err = inflate([]byte(message), c.cfg.MaxInflated); err != nil {
			return "", "", err
		}
	default:
		return "", "", refuse(CheckXML, "%s is not XML, and AllowDeflatedPOST is off, which inflates it", name)
	}
	return message, relayState, nil
}

// readForm reads the body of a form, at most MaxMessage bytes.
func (c *Client) readForm(ctx context.Context, r *http.Request) (string, error) {
	return readBody(ctx, r, c.cfg.MaxMessage, "MaxMessage", callback.Form)
}

// readBody reads a body of at most limit bytes, which option sets.
func readBody(ctx context.Context, r *http.Request, limit int, option string, read func(context.Context, *http.Request, int) (string, error)) (string, error) {
	body, err := read(ctx, r, limit)
	var fault callback.Fault
	switch {
	case errors.Is(err, callback.TooLarge):
		return "", refuse(CheckMalformed, "the body is over %d bytes (%s)", limit, option)
	case errors.As(err, &fault):
		return "", refuse(CheckMalformed, "%v", fault)
	case err != nil:
		return "", fmt.Errorf("saml: callback: %w", err)
	}
	return body, nil
}

// looksLikeXML tells whether data begins as XML does, and not as deflated data does.
func looksLikeXML(data string) bool {
	text := strings.TrimPrefix(data[:min(len(data), 1024)], "\ufeff")
	return strings.HasPrefix(strings.TrimLeft(text, asciiSpace), "<")
}
