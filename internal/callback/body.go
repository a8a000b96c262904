package callback

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// body is a request's body whose beginning was read and put back.
type body struct {
	text string
	at   int
	// end is the error after text; nil when the rest must still be read from rest.
	end  error
	rest io.ReadCloser
}

// Read returns the part that was read again, and then the rest.
func (b *body) Read(p []byte) (int, error) {
	if b.at < len(b.text) {
		n := copy(p, b.text[b.at:])
		b.at += n
		return n, nil
	}
	if b.end != nil {
		return 0, b.end
	}
	return b.rest.Read(p)
}

// Close closes the request's own body.
func (b *body) Close() error { return b.rest.Close() }

// read returns the body, or its first limit bytes and one more, and puts this part back in front of the rest.
func read(ctx context.Context, r *http.Request, limit int) (string, error) {
	if b, ok := r.Body.(*body); ok && b.at == 0 && (b.end != nil || len(b.text) > limit) {
		return b.kept(limit)
	}
	if err := ctx.Err(); err != nil {
		return "", err // nothing was read, so nothing is lost
	}
	b := &body{rest: r.Body}
	if ctx.Done() == nil {
		b.text, b.end = readUpTo(ctx, b.rest, limit, r.ContentLength)
	} else {
		b.text, b.end = readWithin(ctx, b.rest, limit, r.ContentLength)
	}
	r.Body = b
	return b.kept(limit)
}

// kept is what read returns for a body that was read already.
func (b *body) kept(limit int) (string, error) {
	if len(b.text) > limit {
		return b.text[:limit+1], nil
	}
	if b.end == io.EOF {
		return b.text, nil
	}
	return b.text, b.end
}

// readWithin returns when ctx ends. A body may ignore ctx, and an HTTP/1 body always waits for its sender. The body
// is closed, which ends the reading of all other bodies.
func readWithin(ctx context.Context, from io.ReadCloser, limit int, expected int64) (string, error) {
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		all := result{err: io.ErrUnexpectedEOF} // for a reader that ends its goroutine
		defer func() { done <- all }()
		all.text, all.err = readUpTo(ctx, from, limit, expected)
	}()
	select {
	case all := <-done:
		return all.text, all.err
	case <-ctx.Done():
		go func() { _ = from.Close() }() // an HTTP/1 body closes only after its reader
		return "", ctx.Err()
	}
}

// readUpTo reads limit bytes and one more; the error is nil when there may be more. expected is a first size for the
// buffer, up to a maximum. A panic of the reader is an error: in a goroutine it would end the program.
func readUpTo(ctx context.Context, from io.Reader, limit int, expected int64) (_ string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the body's reader panicked with a value of type %T", p) // whose text may hold anything
		}
	}()
	var b strings.Builder
	b.Grow(int(min(max(expected, 512), 64<<10)))
	part := make([]byte, 4<<10)
	for idle := 0; b.Len() <= limit; {
		n, err := from.Read(part[:min(len(part)-1, limit-b.Len())+1])
		b.Write(part[:n])
		if err == nil {
			err = ctx.Err()
		}
		if idle++; n > 0 {
			idle = 0
		}
		if err == nil && idle == 100 {
			err = io.ErrNoProgress
		}
		if err != nil {
			return b.String(), err
		}
	}
	return b.String(), nil
}
