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
	// AllowAnyAudience accepts tokens of other applications and issuers. If such a token logs a user in, every
	// application of the user pool can log in as that user.
	AllowAnyAudience bool
}

// ValidateTokenResult is Authing's reply for a valid token.
type ValidateTokenResult struct {
	// Issuer is iss. This and all fields below are empty when the reply does not have them.
	Issuer string
	// Subject is the sub, the user.
	Subject string
	// AuthorizedParty is the azp, the client that the token was issued to.
	AuthorizedParty string
	// Audience is the aud, the applications that the token is for.
	Audience []string
	// Expiry is the exp, when the token expires. It is always set.
	Expiry time.Time
	// IssuedAt is the iat; the zero time when there was none.
	IssuedAt time.Time
	// Nonce is the nonce of an ID token, which the caller compares with the one that was sent.
	Nonce string
	// Scope is the scope of an access token, a space-separated list.
	Scope string
	// JWTID is the jti.
	JWTID string
	// Profile has the claims of an ID token about the user.
	oauth.Profile

	reply                               []byte
	ofIDToken, ofAccessToken, ofAnother bool // claims that only that kind has
}

// Claims decodes the whole reply into v, a pointer, by exact names.
func (r *ValidateTokenResult) Claims(v any) error {
	if err := strictjson.Decode(r.reply, v); err != nil {
		return fmt.Errorf("authentication: claims: %w", err)
	}
	return nil
}

// ValidateToken asks Authing whether an ID token or an access token is valid, with any protocol of the client.
// Authing accepts the token only in the address, where logs may keep it; VerifyIDToken and IntrospectToken do not
// have this weakness. A token that Authing refuses is an *oauth.Error with Authing's code and message. A token of
// another application or issuer is ErrRefused, and so is an access token given as IDToken, or the reverse.
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
	calls, err := c.calls()
	if err != nil {
		return nil, err
	}
	reply, err := c.http.Do(ctx, &httpcore.Request{
		URL: calls.endpoints.ValidateToken, Query: query, Secrets: []string{o.IDToken, o.AccessToken},
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
	result, err := parseValidateToken(reply.Bytes())
	if err != nil {
		return nil, fmt.Errorf("authentication: validate_token reply: %w", err)
	}
	if err := c.checkValidated(result, o, calls.endpoints.Issuer); err != nil {
		return nil, err
	}
	return result, nil
}

// validateError returns the error in a reply, nil when it has none.
func validateError(reply *httpcore.Reply) error {
	e := replyError(reply.StatusCode, reply.Bytes())
	switch {
	case e == nil && reply.OK():
		return nil
	case e == nil:
		e = &oauth.Error{}
	}
	e.Endpoint, e.StatusCode, e.RetryAfter = reply.URL(), reply.StatusCode, reply.RetryAfter
	e.Code, e.Description = oauth.ErrorCode(reply.CleanWord(string(e.Code))), reply.Clean(e.Description)
	return e
}
