package cas

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// ReceiveLogout reads the server's request to end sessions (CAS §2.3.3): a POST with the form field
// logoutRequest, or with AllowFrontChannelLogout a GET that the browser makes, with logoutRequest or SAMLRequest
// deflated and in base64. It ends no session: end the sessions of the tickets in the request, and answer 200, also
// when there was none. The request comes to the address of the service, like callbacks.
//
// The error is a *TicketError when LogoutOrigin refused the request or it could not be read. r can still be parsed
// afterwards. Its body must not have been parsed before, and at most 64 KiB of it are read. Reading ends when ctx
// ends.
func (c *Client) ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutRequest, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if r == nil || r.URL == nil {
		return nil, errors.New("cas: ReceiveLogout needs the request")
	}
	if c.cfg.LogoutOrigin != nil {
		if err := c.cfg.LogoutOrigin(r); err != nil {
			return nil, &TicketError{Check: CheckOrigin, Detail: "LogoutOrigin refused it", subject: aLogoutRequest, cause: err}
		}
	}
	message, err := c.logoutMessage(ctx, r)
	if err != nil {
		return nil, err
	}
	return parseLogoutRequest(message, c.cfg.MaxTicket)
}

func (c *Client) logoutMessage(ctx context.Context, r *http.Request) (string, error) {
	get := r.Method == http.MethodGet || r.Method == ""
	switch {
	case r.Method == http.MethodPost:
		form, err := aLogoutRequest.form(ctx, r)
		if err != nil {
			return "", err
		}
		return logoutParam(form, "logoutRequest")
	case !get:
		return "", aLogoutRequest.refuse(CheckMethod, "it came by %s, want POST", callback.Method(r))
	case !c.cfg.AllowFrontChannelLogout:
		return "", aLogoutRequest.refuse(CheckMethod, "it came by GET, and AllowFrontChannelLogout is not set")
	}
	deflated, err := logoutParam(r.URL.RawQuery, "logoutRequest", "SAMLRequest")
	if err != nil {
		return "", err
	}
	return inflate(deflated)
}

// logoutParam returns the one parameter that is present.
func logoutParam(raw string, names ...string) (string, error) {
	message, found := "", false
	for _, name := range names {
		value, sent, err := aLogoutRequest.one(raw, name)
		switch {
		case err != nil:
			return "", err
		case sent && found:
			return "", aLogoutRequest.refuse(CheckRepeated, "it has both %s", strings.Join(names, " and "))
		case sent:
			message, found = value, true
		}
	}
	if !found {
		return "", aLogoutRequest.refuse(CheckMalformed, "it has no parameter %s", strings.Join(names, " or "))
	}
	return message, nil
}

// inflate reads base64 of deflated text, which may have the header of zlib: Apereo's server writes one.
func inflate(text string) (string, error) {
	bad := aLogoutRequest.refuse(CheckMalformed, "it is not deflated text in base64")
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(data) < 2 {
		return "", bad
	}
	in := bufio.NewReader(bytes.NewReader(data)) // an io.ByteReader, so that left-over bytes can be found
	out := io.Reader(flate.NewReader(in))
	if data[0]&0x0F == 8 && (uint(data[0])<<8|uint(data[1]))%31 == 0 {
		if out, err = zlib.NewReader(in); err != nil {
			return "", bad
		}
	}
	message, err := io.ReadAll(io.LimitReader(out, maxBody+1))
	if len(message) > maxBody {
		return "", aLogoutRequest.refuse(CheckMalformed, "it is over %d bytes when inflated", maxBody)
	}
	if _, left := in.ReadByte(); err != nil || left == nil {
		return "", bad
	}
	return string(message), nil
}
