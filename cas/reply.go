package cas

import (
	"errors"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// readReply returns the reply about a ticket (CAS §2.5.2, §2.5.3).
func (c *Client) readReply(reply *httpcore.Reply, ticket string, o ValidateOptions) (*ServiceResponse, error) {
	response, err := c.read(reply.Body, o)
	var failure *Failure
	if err == nil {
		failure = response.Failure
	}
	if err := c.judge(reply, failure, err, ticket, o.key); err != nil {
		return nil, err
	}
	return response, nil
}

// judge compares the status with the body, which was read to failure or err: a success needs status 200, a failure
// may also have an error status. The secrets are removed from its texts.
func (c *Client) judge(reply *httpcore.Reply, failure *Failure, err error, secrets ...string) error {
	ok := reply.StatusCode == http.StatusOK
	switch {
	case failure != nil && (ok || reply.StatusCode/100 == 4):
		failure.finish(reply, secrets...)
		return nil
	case !ok:
		return c.explain(reply, bareStatus(reply), secrets...)
	case err != nil:
		return c.explain(reply, err, secrets...)
	}
	return nil
}

// bareStatus is the error of a reply whose status says that it is no answer.
func bareStatus(reply *httpcore.Reply) error {
	return &Failure{Endpoint: reply.URL(), StatusCode: reply.StatusCode, RetryAfter: reply.RetryAfter}
}

// explain returns the refusal that the server wrote in its own format, or else err.
func (c *Client) explain(reply *httpcore.Reply, err error, secrets ...string) error {
	if c.cfg.ReplyError != nil {
		if own := c.cfg.ReplyError(reply.StatusCode, reply.Bytes()); own != nil {
			own.finish(reply, secrets...)
			return own
		}
	}
	if reply.HTML() && (errors.Is(err, CheckSyntax) || errors.Is(err, CheckRoot)) {
		return &TicketError{Check: CheckSyntax, Detail: httpcore.HTML.Error(), cause: httpcore.HTML}
	}
	return err
}
