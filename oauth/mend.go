package oauth

import (
	"encoding/json"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// mend lets the application's hook complete a token reply, whose members are then read again. Token.Claims still
// reads the reply as it was sent (RFC 6749 §5.1).
func (c *Client) mend(a *answer, members []strictjson.Member) ([]strictjson.Member, error) {
	reply := make(map[string]any, len(members))
	for _, m := range members {
		switch m.Name {
		case "access_token", "token_type", "refresh_token", "id_token", "scope":
			// In the hook's map half of a surrogate pair becomes U+FFFD, and values that differ would become equal.
			var text string
			if err := readString(m.Value, &text); err != nil && m.Value.Kind() == strictjson.String {
				return nil, fmt.Errorf("oauth: token reply: %s %w", m.Name, err)
			}
		}
		reply[m.Name] = m.Value.Any()
	}
	if err := c.callMend(reply); err != nil {
		return nil, &mendError{a.Clean(err.Error()), err}
	}
	text, err := json.Marshal(reply)
	if err != nil {
		return nil, &mendError{"left a value that JSON cannot hold", err}
	}
	mended, err := strictjson.ParseObject(string(text), nil)
	if e, _ := errorObject(mended); e != nil {
		return nil, a.refused(e)
	}
	a.err = err
	return mended, nil
}

// callMend turns a panic into an error: the reply comes from outside, and code such as reply["data"].(map[string]any)
// panics when its shape is unexpected.
func (c *Client) callMend(reply map[string]any) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panicked: %v", v)
		}
	}()
	return c.cfg.MendTokenReply(reply)
}

// mendError is a token reply that MendTokenReply refused. The text of the cause is not cleaned.
type mendError struct {
	text  string
	cause error
}

// Error names the hook.
func (e *mendError) Error() string { return "oauth: token reply: MendTokenReply: " + e.text }

// Unwrap gives the hook's error.
func (e *mendError) Unwrap() error { return e.cause }
