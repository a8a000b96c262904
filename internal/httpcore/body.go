package httpcore

import (
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
)

// readBody reads the whole body, at most maxReply bytes. Its memory belongs to this reply alone: nothing of a body with
// tokens in it is used again.
func (c *Client) readBody(res *http.Response) ([]byte, error) {
	limit, size := c.maxReply, int64(512)
	if n := res.ContentLength; n >= 0 && n <= limit {
		size = min(n, defaultMaxReply) // a length costs its sender nothing
	}
	// One byte more than allowed distinguishes a long reply from one that just fits.
	most := int(min(limit, math.MaxInt-1)) + 1
	body := make([]byte, 0, min(int(size)+1, most)) // and one more than expected finds the end
	for {
		n, err := res.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case int64(len(body)) > limit:
			return body, c.tooLarge()
		case err == io.EOF:
			return body, nil
		case err != nil:
			return body, err
		case len(body) == cap(body):
			body = slices.Grow(body, 1)
			body = body[:len(body):min(cap(body), most)]
		}
	}
}

// setBody does what http.NewRequest does for a text, which the Transport may have to send again. Of an io.NopCloser net/http
// knows that reading does not block, and sends header and body in one packet.
func setBody(req *http.Request, text string) {
	fresh := func() (io.ReadCloser, error) {
		if text == "" {
			return http.NoBody, nil
		}
		return io.NopCloser(strings.NewReader(text)), nil
	}
	req.ContentLength, req.GetBody = int64(len(text)), fresh
	req.Body, _ = fresh()
}
