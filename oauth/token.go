package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Token is a token reply (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). It prints redacted. Its JSON form is for
// storage and has all fields, but not the raw reply that Claims reads. slog's JSON handler writes that form, with
// secrets, for a Token inside a struct, map or slice, so log it only on its own.
type Token struct {
	// AccessToken authorizes calls of an API. It is never empty in a reply.
	AccessToken string `json:"access_token"`
	// TokenType is Bearer, or DPoP with Config.DPoP, in the server's spelling (upper or lower case). From ExchangeToken it is
	// N_A for a token that no API accepts as an access token.
	TokenType string `json:"token_type"`
	// RefreshToken gets new tokens; empty when there is none.
	RefreshToken string `json:"refresh_token,omitempty"`
	// IDToken is the ID token as received; empty when there is none. Package oauth does not check it.
	IDToken string `json:"id_token,omitempty"`
	// Scope is the granted scope, a space-separated list. Empty means that the server did not say: then it is the
	// requested scope (RFC 6749 §5.1).
	Scope string `json:"scope,omitempty"`
	// AuthorizationDetails are the granted authorization details, a JSON array of objects with a type (RFC 9396 §7); empty when
	// the server sent none. AuthorizationDetailsOf reads them.
	AuthorizationDetails json.RawMessage `json:"authorization_details,omitempty"`
	// ExpiresIn is the lifetime in seconds; 0 when the server did not say.
	ExpiresIn int64 `json:"expires_in,omitempty"`
	// Expiry is ExpiresIn after the request was sent; zero when the server did not say.
	Expiry time.Time `json:"expiry,omitzero"`
	// Binding is the key of Config.DPoP, and with CertificateBoundTokens the certificate, that the access token is bound to.
	// Clients and transports with another key refuse to send it.
	Binding Binding `json:"cnf,omitzero"`

	reply  string
	issued TokenTypeID
}

// Expired reports whether the access token expires within leeway of now. A token without a known end is not expired.
func (t *Token) Expired(now time.Time, leeway time.Duration) bool {
	return !t.Expiry.IsZero() && !now.Add(leeway).Before(t.Expiry)
}

// clone is for callers that share a reply.
func (t *Token) clone() *Token {
	own := *t
	own.AuthorizationDetails = slices.Clone(t.AuthorizationDetails)
	return &own
}

// HasScope reports whether scope is in the list t.Scope.
func (t *Token) HasScope(scope string) bool { return hasWord(t.Scope, scope) }

// Claims decodes the whole reply into v, a pointer, by exact names. A Token read back from storage has no reply,
// which is an error.
func (t *Token) Claims(v any) error { return claims(t.reply, v) }

// hasWord searches a list that only spaces separate, no other white space (RFC 6749 §3.3).
func hasWord(words, word string) bool {
	return word != "" && slices.Contains(strings.Split(words, " "), word)
}

func claims(reply string, v any) error {
	if reply == "" {
		return errors.New("oauth: no reply is kept in this value")
	}
	if err := strictjson.Decode(reply, v); err != nil {
		return fmt.Errorf("oauth: claims: %w", err)
	}
	return nil
}

// maxLifetime is the longest accepted expires_in: 100 years.
const maxLifetime = 100 * 365 * 24 * 3600

// parseToken accepts the token_type Bearer, or DPoP with Config.DPoP, and those in more.
func (c *Client) parseToken(a *answer, members []strictjson.Member, sent time.Time, more ...string) (*Token, error) {
	if a.err != nil {
		return nil, fmt.Errorf("oauth: token reply: %w", a.err)
	}
	t := &Token{reply: a.text}
	for _, m := range members {
		var err error
		name, v := m.Name, m.Value
		switch name {
		case "access_token":
			err = readTokenText(v, &t.AccessToken, "A.12")
		case "token_type":
			err = readString(v, &t.TokenType)
		case "refresh_token":
			err = readTokenText(v, &t.RefreshToken, "A.17")
		case "id_token":
			err = readString(v, &t.IDToken)
		case "scope":
			err = readString(v, &t.Scope)
		case detailsParam:
			err = readDetails(v, &t.AuthorizationDetails)
		case "issued_token_type":
			err = readString(v, (*string)(&t.issued))
		case "expires_in":
			var said bool
			if t.ExpiresIn, said, err = readLifetime(v); said {
				t.Expiry = sent.Add(time.Duration(t.ExpiresIn) * time.Second).UTC()
			}
		}
		if err != nil {
			return nil, fmt.Errorf("oauth: token reply: %s %w", name, err)
		}
	}
	switch {
	case t.AccessToken == "":
		return nil, errors.New("oauth: token reply: access_token is missing or empty")
	case t.TokenType == "":
		return nil, errors.New("oauth: token reply: token_type is missing or empty")
	case slices.Contains(more, t.TokenType):
	case c.cfg.DPoP != nil && !strings.EqualFold(t.TokenType, tokenTypeDPoP): // RFC 9449 §5: the server bound it to no key
		return nil, fmt.Errorf("%w: token_type is %s in the token reply, want DPoP", ErrBinding, t.quoteType(a))
	case c.cfg.DPoP == nil && !strings.EqualFold(t.TokenType, tokenTypeBearer): // RFC 6749 §7.1: an unknown type must not be used
		return nil, fmt.Errorf("oauth: token reply: token_type is %s, want Bearer", t.quoteType(a))
	}
	return t, nil
}

// quoteType is a token_type for an error. A long one may be a token in the wrong member.
func (t *Token) quoteType(a *answer) string {
	if len(t.TokenType) > maxType {
		return "too long for a type"
	}
	return strconv.Quote(httpcore.CleanWord(a.CleanWord(t.TokenType), t.AccessToken, t.RefreshToken, t.IDToken))
}

const maxType = 20

const (
	tokenTypeBearer = "Bearer" // RFC 6750 §2.1
	tokenTypeDPoP   = "DPoP"   // RFC 9449 §7.1
)

// readLifetime accepts a number, or a number in a string, as PayPal sends it. null and the empty string count as
// absent.
func readLifetime(v strictjson.Value) (seconds int64, said bool, err error) {
	if s, ok := v.Str(); ok && s != "" {
		n, err := strictjson.Parse(s)
		if err != nil || n.Kind() != strictjson.Number {
			return 0, false, errors.New("is not a number of seconds")
		}
		v = n
	}
	seconds, ok := v.Int64()
	switch {
	case v.Kind() == strictjson.Null || v.Raw() == `""`:
		return 0, false, nil
	case v.Kind() != strictjson.Number:
		return 0, false, errors.New("is not a number of seconds")
	case strings.HasPrefix(v.Raw(), "-"):
		return 0, false, errors.New("is negative")
	case !ok || seconds > maxLifetime:
		return 0, false, errors.New("is over 100 years")
	}
	return seconds, true, nil
}

// readTokenText accepts a token. RFC 6749 limits its characters to 0x20 to 0x7E.
func readTokenText(v strictjson.Value, to *string, section string) error {
	if err := readString(v, to); err != nil {
		return err
	}
	return checkTokenText(*to, section)
}

func checkTokenText(token, section string) error {
	for i := range len(token) {
		if c := token[i]; c < 0x20 || c > 0x7E {
			return errors.New("has a character outside RFC 6749 " + section)
		}
	}
	return nil
}

// readString accepts a string exactly as it was sent, because its values are compared or identify a user. null is the
// empty string.
func readString(v strictjson.Value, to *string) error {
	s, ok := v.ExactStr()
	switch {
	case !ok && v.Kind() == strictjson.String:
		return errors.New("has half of a surrogate pair")
	case !ok && v.Kind() != strictjson.Null:
		return errors.New("is not a string")
	}
	*to = s
	return nil
}
