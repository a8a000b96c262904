package oauth

import (
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// answer is a reply without an error; err says why it has no members. Those are a value of their own, so that they can
// be on the caller's stack.
type answer struct {
	*httpcore.Reply
	text string
	err  error
}

// manyMembers is more than the members of a usual reply.
const manyMembers = 32

// read parses a reply, whose members it appends to space, and returns the error in it.
func (c *Client) read(reply *httpcore.Reply, space []strictjson.Member) (answer, []strictjson.Member, error) {
	a := answer{Reply: reply, text: reply.Body}
	members, err := strictjson.ParseObject(a.text, space)
	if err != nil {
		a.err = a.noObject(err)
	}
	if err := c.refusal(&a, members); err != nil {
		return answer{}, nil, err
	}
	return a, members, nil
}

// refusal returns the error in a reply, or nil when it has none. An error member counts with any status.
func (c *Client) refusal(a *answer, members []strictjson.Member) error {
	e, foreign := errorObject(members)
	if (e == nil || foreign) && c.cfg.ReplyError != nil {
		if own := c.cfg.ReplyError(a.StatusCode, a.Bytes()); own != nil {
			e = own
		}
	}
	if e == nil && !a.OK() {
		e = c.tokenChallenge(a.Header)
	}
	if e == nil && !a.OK() {
		e = &Error{}
	}
	if e == nil {
		return nil
	}
	return a.refused(e)
}

func (a *answer) refused(e *Error) *Error {
	return &Error{
		StatusCode: a.StatusCode, RetryAfter: a.RetryAfter, Endpoint: a.URL(), label: a.label(),
		Code: e.Code.clean(a.CleanWord), Description: a.Clean(e.Description), URI: a.Clean(e.URI),
	}
}

// errorObject reads {"error": ...} (RFC 6749 §5.2). An error member that is not a string is an error too, in the
// server's own format.
func errorObject(members []strictjson.Member) (e *Error, foreign bool) {
	for _, m := range members {
		if m.Name == "error" && m.Value.Kind() != strictjson.Null {
			e, foreign = &Error{}, m.Value.Kind() != strictjson.String
		}
	}
	if e == nil {
		return nil, false
	}
	for _, m := range members {
		switch m.Name {
		case "error":
			e.Code = ErrorCode(m.Value.Text())
		case "error_description":
			e.Description = m.Value.Text()
		case "error_uri":
			e.URI = m.Value.Text()
		}
	}
	return e, foreign
}
