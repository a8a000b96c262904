package httpcore

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// stream hands the body of res to r.Read.
func (c *Client) stream(ctx context.Context, req *http.Request, r *Request, res *http.Response) (*Reply, error) {
	body := &boundedBody{
		body: res.Body, left: c.maxReply, over: c.tooLarge(),
		cancel: func() {}, fail: func(err error) error { return err }, // once does both
	}
	err := r.Read(body)
	switch {
	case body.err != nil && !errors.Is(body.err, io.EOF):
		return nil, c.fail(ctx, req, r, body.err)
	case err != nil:
		return nil, err
	}
	return c.newReply(req, r, res, nil), nil
}
