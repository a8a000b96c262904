package oauth

import (
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// refusal returns the error that a reply carries, nil when it carries none. An error member counts
// under any status.
func (c *Client) refusal(reply *httpcore.Reply) error {
	e := errorObject(reply)
	if e == nil && c.cfg.ReplyError != nil {
		e = c.cfg.ReplyError(reply.StatusCode, reply.Body)
	}
	if e == nil && !reply.OK() {
		e = bearerChallenge(reply.Header)
	}
	if e == nil && !reply.OK() {
		e = &Error{}
	}
	if e == nil {
		return nil
	}
	return &Error{
		StatusCode: reply.StatusCode, RetryAfter: reply.RetryAfter,
		Code: e.Code.clean(reply.Clean), Description: reply.Clean(e.Description), URI: reply.Clean(e.URI),
	}
}

// errorObject reads {"error": ...} (RFC 6749 §5.2).
func errorObject(reply *httpcore.Reply) *Error {
	doc, err := parseObject(reply)
	if err != nil {
		return nil
	}
	var e Error
	found := false
	for name, v := range doc.Members {
		switch name {
		case "error":
			found = v.Kind() != strictjson.Null // of another type it is an error all the same
			e.Code = ErrorCode(v.Text())
		case "error_description":
			e.Description = v.Text()
		case "error_uri":
			e.URI = v.Text()
		}
	}
	if !found {
		return nil
	}
	return &e
}

// parseObject reads the body as one JSON object.
func parseObject(reply *httpcore.Reply) (strictjson.Value, error) {
	if len(reply.Body) == 0 {
		return strictjson.Value{}, fmt.Errorf("status %d with an empty body, want a JSON object", reply.StatusCode)
	}
	doc, err := strictjson.Parse(string(reply.Body))
	if err != nil {
		return strictjson.Value{}, err
	}
	if doc.Kind() != strictjson.Object {
		return strictjson.Value{}, errors.New("is not a JSON object")
	}
	return doc, nil
}
