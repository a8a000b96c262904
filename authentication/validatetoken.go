package authentication

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// ValidateTokenOptions name exactly one token.
type ValidateTokenOptions struct {
	// IDToken is the token to ask about, unless AccessToken is.
	IDToken string
	// AccessToken is the token to ask about, unless IDToken is.
	AccessToken string
	// AllowAnyAudience accepts tokens of other applications and issuers. Whoever logs a user in with such
	// a token lets every application of the user pool log in as that user.
	AllowAnyAudience bool
}

// ValidateTokenResult is what Authing says of a good token.
type ValidateTokenResult struct {
	// Issuer is the iss; empty when there was none, as in each of these.
	Issuer string
	// Subject is the sub, the user.
	Subject string
	// AuthorizedParty is the azp, the client that the token was issued to.
	AuthorizedParty string
	// Audience is the aud, whom the token is for.
	Audience []string
	// Expiry is the exp, when the token ends. It is always there.
	Expiry time.Time
	// IssuedAt is the iat; the zero time when there was none.
	IssuedAt time.Time
	// Nonce is an ID token's, which the caller compares with the one that was sent.
	Nonce string
	// Scope is an access token's, a list of words between spaces.
	Scope string
	// JWTID is the jti.
	JWTID string
	// Profile is what an ID token says about the user.
	oauth.Profile

	reply                               []byte
	ofIDToken, ofAccessToken, ofAnother bool // what stands in that kind alone
}

// Claims decodes the whole reply into v, a pointer, by exact names.
func (r *ValidateTokenResult) Claims(v any) error {
	if err := strictjson.Decode(r.reply, v); err != nil {
		return fmt.Errorf("authentication: claims: %w", err)
	}
	return nil
}

// ValidateToken asks Authing whether an ID token or an access token is good, whatever the protocol of
// the client. Authing knows no other form of this call than the token in the address, where logs may
// keep it; VerifyIDToken and IntrospectToken have no such fault. A token that Authing refuses is an
// *oauth.Error with Authing's code and message; one of another application or issuer is ErrRefused, and so is an access
// token given as IDToken, or the reverse.
func (c *Client) ValidateToken(ctx context.Context, o ValidateTokenOptions) (*ValidateTokenResult, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	query := url.Values{}
	if o.IDToken != "" {
		query.Set("id_token", o.IDToken)
	}
	if o.AccessToken != "" {
		query.Set("access_token", o.AccessToken)
	}
	if len(query) != 1 {
		return nil, errors.New("authentication: ValidateTokenOptions needs exactly one of IDToken and AccessToken")
	}
	if err := needApp(c.options.AppID); err != nil && !o.AllowAnyAudience {
		return nil, err
	}
	reply, err := c.http.Do(ctx, &httpcore.Request{
		URL: c.options.Endpoints.ValidateToken, Query: query, Secrets: []string{o.IDToken, o.AccessToken},
	})
	if err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	if err := validateError(reply); err != nil {
		return nil, err
	}
	if len(reply.Body) == 0 {
		return nil, fmt.Errorf("authentication: validate_token reply: %w with an empty body, want a JSON object", reply.StatusError())
	}
	result, err := parseValidateToken(reply.Body)
	if err != nil {
		return nil, fmt.Errorf("authentication: validate_token reply: %w", err)
	}
	if err := c.checkValidated(result, o); err != nil {
		return nil, err
	}
	return result, nil
}

// validateError returns the error that a reply carries, nil when it carries none.
func validateError(reply *httpcore.Reply) error {
	e := replyError(reply.StatusCode, reply.Body)
	switch {
	case e == nil && reply.OK():
		return nil
	case e == nil:
		e = &oauth.Error{}
	}
	e.Endpoint, e.StatusCode, e.RetryAfter = reply.URL, reply.StatusCode, reply.RetryAfter
	e.Code, e.Description = oauth.ErrorCode(reply.CleanWord(string(e.Code))), reply.Clean(e.Description)
	return e
}
