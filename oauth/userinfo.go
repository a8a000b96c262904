package oauth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// TokenPlacement is where a user info call puts the access token (RFC 6750 §2).
type TokenPlacement int

const (
	// InHeader sends GET with Authorization: Bearer, or DPoP with Config.DPoP (RFC 9449 §7.1).
	InHeader TokenPlacement = iota
	// InBody sends POST with the token as a form parameter.
	InBody
	// InsecureTokenInQuery sends GET with the token in the address, which servers and proxies write to their logs
	// (RFC 6750 §5.3).
	InsecureTokenInQuery
)

// UserInfoOptions complete a user info call.
type UserInfoOptions struct {
	// Subject, when set, must equal the reply's sub. Set it to the sub of the ID token (OpenID Connect Core §5.3.4).
	Subject string
	// Placement is where the token is put; the zero value is the Authorization header. Config.DPoP needs the header.
	Placement TokenPlacement
	// Binding is Token.Binding of the access token: when the client has another key, nothing is sent and the error is
	// ErrBinding.
	Binding Binding
}

// UserInfo is a user info reply (OpenID Connect Core §5.3.2). Subject is sub, and empty when a plain
// OAuth server sends none.
type UserInfo struct {
	// Subject is sub, the user's identifier at the server; empty when a plain OAuth server sends none.
	Subject string
	Profile

	reply string
}

// Claims decodes the whole reply into v, a pointer, by exact names: unlike in encoding/json, a name in another case
// fills no field.
func (u *UserInfo) Claims(v any) error { return claims(u.reply, v) }

type subjectError string

func (e subjectError) Error() string { return string(e) }

// Is reports a missing sub as a mismatch too.
func (e subjectError) Is(target error) bool { return target == ErrSubject }

const (
	// ErrSubject is the refusal of a user info reply about another user (OpenID Connect Core §5.3.2).
	ErrSubject subjectError = "oauth: user info is about another subject"
	// ErrNoSubject is the refusal of a user info reply that has no sub where one must be. It matches ErrSubject too.
	ErrNoSubject subjectError = "oauth: user info has no sub"
)

// GetUserInfoByAccessToken fetches the user's claims (OpenID Connect Core §5.3.1, RFC 6750 §2). With
// Subject set, another sub or none is refused: errors.Is(err, oauth.ErrSubject).
func (c *Client) GetUserInfoByAccessToken(ctx context.Context, accessToken string, opts ...UserInfoOptions) (*UserInfo, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*UserInfo, error) { return c.GetUserInfoByAccessToken(ctx, accessToken, opts...) })
	}
	o, err := option.One(opts)
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	if accessToken == "" {
		return nil, errors.New("oauth: access token is empty")
	}
	if scheme, _, found := strings.Cut(accessToken, " "); found && strings.EqualFold(scheme, "Bearer") {
		return nil, errors.New("oauth: access token begins with the word Bearer: pass only the text after it")
	}
	if err := c.needEndpoint("UserInfo", c.cfg.Endpoints.UserInfo); err != nil {
		return nil, err
	}
	if err := c.canUse(o.Binding); err != nil {
		return nil, err
	}
	req := httpcore.Request{URL: c.cfg.Endpoints.UserInfo}
	if c.cfg.ReadUserInfo != nil {
		req.Accept = "application/jwt"
	}
	switch o.Placement {
	case InHeader:
		req.Authorization = "Bearer " + accessToken
	case InBody:
		req.Method, req.Form, req.Secrets = http.MethodPost, newForm("access_token", accessToken), []string{accessToken}
	case InsecureTokenInQuery:
		req.Query, req.Secrets = newForm("access_token", accessToken), []string{accessToken}
	default:
		return nil, fmt.Errorf("oauth: unknown TokenPlacement %d", o.Placement)
	}
	var space [manyMembers]strictjson.Member
	a, members, err := c.askUserInfo(ctx, &req, accessToken, space[:0])
	if err != nil {
		return nil, err
	}
	if c.cfg.ReadUserInfo != nil {
		if members, err = c.readUserInfo(ctx, accessToken, &a); err != nil {
			return nil, err
		}
	}
	u, err := parseUserInfo(&a, members)
	if err != nil {
		return nil, err
	}
	if o.Subject != "" && u.Subject == "" {
		return nil, ErrNoSubject
	}
	if o.Subject != "" && subtle.ConstantTimeCompare([]byte(o.Subject), []byte(u.Subject)) != 1 {
		return nil, ErrSubject
	}
	return u, nil
}

// askUserInfo sends the request, with a proof where the client has a key (RFC 9449 §7).
func (c *Client) askUserInfo(ctx context.Context, req *httpcore.Request, accessToken string, space []strictjson.Member) (answer, []strictjson.Member, error) {
	if c.cfg.DPoP != nil {
		return c.proveUserInfo(ctx, *req, accessToken)
	}
	reply, err := c.http.Do(ctx, req)
	if err != nil {
		return answer{}, nil, fmt.Errorf("oauth: %w", err)
	}
	return c.read(reply, space)
}

func (c *Client) proveUserInfo(ctx context.Context, req httpcore.Request, accessToken string) (a answer, members []strictjson.Member, err error) {
	if req.Authorization == "" {
		return answer{}, nil, errors.New("oauth: Placement must be InHeader with DPoP (RFC 9449 §7.1)")
	}
	u, err := url.Parse(req.URL)
	if err != nil {
		return answer{}, nil, errors.New("oauth: the endpoint is not a URL")
	}
	req.Authorization = tokenTypeDPoP + " " + accessToken
	err = c.cfg.DPoP.prove(newProofOf(http.MethodGet, u, accessToken), func(proof string, _ bool) (http.Header, bool, error) {
		req.Header = http.Header{dpopHeader: {proof}}
		reply, err := c.http.Do(ctx, &req)
		if err != nil {
			return nil, false, fmt.Errorf("oauth: %w", err)
		}
		a, members, err = c.read(reply, nil)
		return reply.Header, demandsNonce(err), err
	})
	return a, members, err
}

// readUserInfo replaces the reply by the claims in it.
func (c *Client) readUserInfo(ctx context.Context, accessToken string, a *answer) ([]strictjson.Member, error) {
	text, err := c.cfg.ReadUserInfo(ctx, accessToken, a.media(), a.text)
	if err != nil {
		return nil, fmt.Errorf("oauth: user info reply: %w", err)
	}
	members, err := strictjson.ParseObject(text, nil)
	if err != nil {
		return nil, fmt.Errorf("oauth: user info reply: its claims: %w", err)
	}
	a.text, a.err = text, nil
	return members, nil
}

func parseUserInfo(a *answer, members []strictjson.Member) (*UserInfo, error) {
	if errors.Is(a.err, errJWT) {
		return nil, fmt.Errorf("oauth: user info reply: %w: the server is set to sign or encrypt user info for this client "+
			"(userinfo_signed_response_alg, userinfo_encrypted_response_alg)", a.err)
	}
	if a.err != nil {
		return nil, fmt.Errorf("oauth: user info reply: %w", a.err)
	}
	u := &UserInfo{reply: a.text}
	for _, m := range members {
		if m.Name != "sub" {
			u.Profile.read(m.Name, m.Value)
			continue
		}
		if err := readString(m.Value, &u.Subject); err != nil {
			return nil, fmt.Errorf("oauth: user info reply: sub %w", err)
		}
	}
	return u, nil
}
