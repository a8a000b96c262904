package cas

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// readReply decides by the status what the body may say: a success is one only with 200, a failure may also
// come with a status of its kind.
func (c *Client) readReply(reply *httpcore.Reply, ticket string, o ValidateOptions) (*ServiceResponse, error) {
	if reply.StatusCode != http.StatusOK && reply.StatusCode/100 != 4 {
		return nil, c.explain(reply, ticket, bareStatus(reply))
	}
	response, err := c.read(string(reply.Body), o)
	if err == nil && response.Failure != nil {
		response.Failure.finish(reply, ticket)
		return response, nil
	}
	if reply.StatusCode != http.StatusOK {
		return nil, c.explain(reply, ticket, bareStatus(reply))
	}
	if err != nil {
		return nil, c.explain(reply, ticket, err)
	}
	return response, nil
}

// bareStatus is a reply that is no answer because of its status.
func bareStatus(reply *httpcore.Reply) error {
	return &Failure{StatusCode: reply.StatusCode, RetryAfter: reply.RetryAfter}
}

// explain returns the refusal that the server wrote in a form of its own, or else err.
func (c *Client) explain(reply *httpcore.Reply, ticket string, err error) error {
	if c.cfg.ReplyError == nil {
		return err
	}
	own := c.cfg.ReplyError(reply.StatusCode, reply.Body)
	if own == nil {
		return err
	}
	own.finish(reply, ticket)
	return own
}
