package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// ReceiveLogout reads the server's request to end sessions: a POST of the server itself with a logout token (OpenID
// Connect Back-Channel Logout §2.5), which it verifies as VerifyLogoutToken does, or a GET of the browser in a frame
// with iss and sid (OpenID Connect Front-Channel Logout §2), which is Unsigned. It ends no session itself: end all for
// which LogoutRequest.Ends is true, and answer with AnswerLogout, in the same way when there is none. Neither request
// has a cookie of the application, so keep the sessions on the server.
//
// A *TokenError is a logout token that was refused, and an *oauth.CallbackError another request. Any other error means
// that the request could not be judged. At most MaxIDToken and 4 KiB of the body are read, which must not have been
// parsed before. It can be parsed afterwards.
func (c *Client) ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutRequest, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	switch {
	case r == nil || r.URL == nil:
		return nil, errors.New("oidc: ReceiveLogout needs the request")
	case r.Method == http.MethodPost:
		raw, err := c.postedLogoutToken(ctx, r)
		if err != nil {
			return nil, err
		}
		return c.readLogoutToken(ctx, raw)
	case r.Method == http.MethodGet || r.Method == "":
		return c.frontChannelLogout(r.URL.RawQuery)
	}
	return nil, refuseRequest(oauth.CheckMethod, "the logout came by %s, want POST, or GET in a frame", callback.Method(r))
}

func refuseRequest(check oauth.CallbackCheck, format string, args ...any) error {
	return &oauth.CallbackError{Check: check, Detail: fmt.Sprintf(format, args...)}
}

func (c *Client) postedLogoutToken(ctx context.Context, r *http.Request) (string, error) {
	limit := c.idToken.max + 4<<10
	body, err := callback.Form(ctx, r, limit)
	var fault callback.Fault
	switch {
	case errors.Is(err, callback.TooLarge):
		return "", refuseRequest(oauth.CheckMalformed, "the body is over %d bytes", limit)
	case errors.As(err, &fault):
		return "", refuseRequest(oauth.CheckMalformed, "%v", fault)
	case err != nil:
		return "", fmt.Errorf("oidc: logout: %w", err)
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return "", refuseRequest(oauth.CheckMalformed, "the body cannot be read")
	}
	switch tokens := form["logout_token"]; {
	case len(tokens) > 1:
		return "", refuseRequest(oauth.CheckRepeated, "logout_token appears %d times", len(tokens))
	case len(tokens) == 0 || tokens[0] == "":
		return "", refuseRequest(oauth.CheckMalformed, "the body has no logout_token")
	default:
		return tokens[0], nil
	}
}

// maxLogoutQuery limits the query of a front-channel logout in bytes.
const maxLogoutQuery = 8 << 10

func (c *Client) frontChannelLogout(query string) (*LogoutRequest, error) {
	if len(query) > maxLogoutQuery {
		return nil, refuseRequest(oauth.CheckMalformed, "the query is over %d bytes", maxLogoutQuery)
	}
	var found [2]struct {
		value, rest string // rest is what follows in the query too
		times       int
	}
	for at := query; at != ""; {
		pair, next, _ := strings.Cut(at, "&")
		name, value, _ := strings.Cut(pair, "=")
		if i := slices.Index([]string{"iss", "sid"}, loose(name)); i >= 0 {
			found[i].value, found[i].rest = value, strings.TrimPrefix(at[len(name):], "=")
			found[i].times++
		}
		at = next
	}
	iss, sid := found[0], found[1]
	switch {
	case iss.times > 1 || sid.times > 1:
		return nil, refuseRequest(oauth.CheckRepeated, "iss or sid appears twice")
	case iss.value == "":
		return nil, refuseRequest(oauth.CheckIssuer, "iss is missing, and a front-channel logout needs iss and sid")
	case sid.value == "":
		return nil, refuseRequest(oauth.CheckMalformed, "sid is missing, and a front-channel logout needs iss and sid")
	}
	issuer := loose(iss.value)
	if !c.issuer.accepts(issuer) || c.issuer.checkTenant(c.issuer.tenantOf(issuer), nil) != nil {
		return nil, refuseRequest(oauth.CheckIssuer, "iss is %q, want %q", httpcore.Clean(issuer), c.issuer.name)
	}
	q := &LogoutRequest{Issuer: issuer, Unsigned: true, client: c}
	// As escaped by the rules of forms, or not escaped at all: then it may have a +, a & or a single %.
	for _, reading := range []string{loose(strings.ReplaceAll(sid.value, "+", " ")), loose(sid.value), loose(sid.rest)} {
		if !slices.Contains(q.SessionIDs, reading) {
			q.SessionIDs = append(q.SessionIDs, reading)
		}
	}
	return q, nil
}

// loose decodes the escapes that are valid, and keeps all else.
func loose(s string) string {
	if !strings.Contains(s, "%") {
		return strings.Clone(s) // a view would keep the whole query in memory
	}
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if plain, err := url.PathUnescape(s[i : i+3]); err == nil {
				b.WriteString(plain)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
