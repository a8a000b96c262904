package saml

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// postForm puts a message into a form (SAML Bindings §3.5.4); its signature stands in the message.
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
func (c *Client) readPOST(r *http.Request, name string) (message, relayState string, err error) {
	if r.Method != http.MethodPost {
		return "", "", refuse(CheckMethod, "it came by %s, want POST", cleanMethod(r.Method))
	}
	// Whoever reads both places must not find a second message.
	if inQuery, err := readParams(r.URL.RawQuery); err != nil || inQuery.request.sent || inQuery.response.sent {
		return "", "", refuse(CheckMethod, "a message stands in the query, or it cannot be read; want it posted")
	}
	body, err := c.readForm(r)
	if err != nil {
		return "", "", err
	}
	p, err := readParams(body)
	if err != nil {
		return "", "", err
	}
	encoded, err := p.message(name)
	if err != nil {
		return "", "", err
	}
	if relayState, err = p.relay(); err != nil {
		return "", "", err
	}
	if message, err = decodeFormBase64(encoded); err != nil {
		return "", "", refuse(CheckMalformed, "%s is no base64", name)
	}
	if c.cfg.AllowDeflatedPOST && !looksLikeXML(message) {
		message, err = inflate([]byte(message), c.cfg.MaxInflated)
	}
	return message, relayState, err
}

// readForm reads the body of a form, at most MaxMessage bytes.
func (c *Client) readForm(r *http.Request) (string, error) {
	if !isForm(r) {
		return "", refuse(CheckMalformed, "the body is not application/x-www-form-urlencoded")
	}
	if r.PostForm != nil || r.MultipartForm != nil {
		return "", errors.New("saml: the form was parsed before; pass the request on unread")
	}
	if r.Body == nil {
		return "", refuse(CheckMalformed, "the body is empty")
	}
	body, err := readUpTo(r.Body, c.cfg.MaxMessage+1, r.ContentLength)
	switch {
	case len(body) > c.cfg.MaxMessage:
		return "", refuse(CheckMalformed, "the body is over %d bytes (MaxMessage)", c.cfg.MaxMessage)
	case err != nil:
		return "", errors.New("saml: the form cannot be read to its end")
	}
	return body, nil
}

// readUpTo reads at most limit bytes. What is expected saves growing, and is not believed when it is much.
func readUpTo(r io.Reader, limit int, expected int64) (string, error) {
	var b strings.Builder
	b.Grow(int(min(max(expected, 512), 64<<10)))
	part := make([]byte, 4<<10)
	var err error
	for err == nil && b.Len() < limit {
		var n int
		n, err = r.Read(part[:min(len(part), limit-b.Len())])
		b.Write(part[:n])
	}
	if err == io.EOF {
		err = nil
	}
	return b.String(), err
}

func isForm(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == "application/x-www-form-urlencoded"
}

// looksLikeXML tells whether data begin as a message does, and not as deflated ones do.
func looksLikeXML(data string) bool {
	text := strings.TrimPrefix(data[:min(len(data), 1024)], "\ufeff")
	return strings.HasPrefix(strings.TrimLeft(text, asciiSpace), "<")
}

// cleanMethod names a method that may come from outside.
func cleanMethod(m string) string {
	switch m {
	case "", http.MethodGet:
		return http.MethodGet
	case http.MethodPost, http.MethodHead, http.MethodPut, http.MethodOptions:
		return m
	}
	return "another method"
}
