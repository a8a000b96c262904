package callback_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

const formType = "application/x-www-form-urlencoded"

func posted(body io.Reader, contentType string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/cb?a=query", body)
	r.Header.Set("Content-Type", contentType)
	return r
}

func TestFormPutsTheBodyBack(t *testing.T) {
	t.Parallel()
	for _, contentType := range []string{formType, formType + "; charset=utf-8", "Application/X-WWW-Form-Urlencoded"} {
		for _, ctx := range []context.Context{t.Context(), context.Background()} {
			r := posted(iotest.OneByteReader(strings.NewReader("code=1&user=kim")), contentType)
			for range 2 {
				text, err := callback.Form(ctx, r, 100)
				require.NoError(t, err)
				assert.Equal(t, "code=1&user=kim", text)
			}
			assert.Equal(t, "kim", r.PostFormValue("user"), "the application reads its own fields")
			_, err := callback.Form(ctx, r, 100)
			assert.EqualError(t, err, "the body was parsed before; pass the request on unread")
		}
	}
}

func TestFormAtItsLimit(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 511, 512, 513, 4095, 4096, 4097, 65536} {
		fits := strings.Repeat("x", size)
		r := posted(strings.NewReader(fits), formType)
		text, err := callback.Form(t.Context(), r, size)
		require.NoError(t, err)
		assert.Equal(t, fits, text)
		if size == 0 {
			continue
		}
		rest := &counting{Reader: strings.NewReader(fits + "yz")}
		r = posted(rest, formType)
		_, err = callback.Form(t.Context(), r, size-1)
		require.ErrorIs(t, err, callback.TooLarge)
		assert.Equal(t, size, rest.n, "no more than one byte over the limit is read")
		_, err = callback.Form(t.Context(), r, size-1)
		require.ErrorIs(t, err, callback.TooLarge)
		text, err = callback.Form(t.Context(), r, size+2)
		require.NoError(t, err, "nothing of it is lost")
		assert.Equal(t, fits+"yz", text)
	}
	text, err := callback.Form(t.Context(), posted(strings.NewReader("a=b"), formType), math.MaxInt)
	require.NoError(t, err)
	assert.Equal(t, "a=b", text)
}

type counting struct {
	io.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

func TestA14FormRefused(t *testing.T) {
	t.Parallel()
	for _, contentType := range []string{"", "text/plain", "application/json", "multipart/form-data; boundary=x", formType + "x", formType + "; a=b; a=c"} {
		_, err := callback.Form(t.Context(), posted(strings.NewReader("a=b"), contentType), 10)
		assert.ErrorIs(t, err, callback.NotForm, contentType)
	}
	none := posted(nil, formType)
	none.Body = nil
	_, err := callback.Form(t.Context(), none, 10)
	require.ErrorIs(t, err, callback.Empty)
	var noContext context.Context // a caller's mistake must not panic
	_, err = callback.Form(noContext, posted(nil, formType), 10)
	require.EqualError(t, err, "the context is nil")
	for name, parse := range map[string]func(*http.Request){
		"ParseForm": func(r *http.Request) { _ = r.ParseForm() }, "ParseMultipartForm": func(r *http.Request) { _ = r.ParseMultipartForm(10) },
	} {
		r := posted(strings.NewReader("a=b"), formType)
		parse(r)
		_, err := callback.Form(t.Context(), r, 10)
		require.EqualError(t, err, "the body was parsed before; pass the request on unread", name)
		var fault callback.Fault
		assert.False(t, errors.As(err, &fault), "it is not the sender's")
		text, whole := callback.Peek(r, 10)
		assert.Equal(t, "a=b", text)
		assert.True(t, whole)
	}
}

func TestBodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	broken := errors.New("read code-1")
	r := posted(io.MultiReader(strings.NewReader("a=b"), iotest.ErrReader(broken)), formType)
	text, whole := callback.Peek(r, 10)
	assert.Equal(t, "a=b", text)
	assert.True(t, whole)
	for range 2 {
		_, err := callback.Form(t.Context(), r, 10)
		require.ErrorIs(t, err, broken)
		assert.EqualError(t, err, "the body cannot be read to its end")
	}
	head, err := io.ReadAll(r.Body)
	require.ErrorIs(t, err, broken, "a later reader gets the same error")
	assert.Equal(t, "a=b", string(head))

	_, err = callback.Form(t.Context(), posted(idle{}, formType), 10)
	assert.ErrorIs(t, err, io.ErrNoProgress)
	for _, ctx := range []context.Context{t.Context(), context.Background()} { // in a goroutine, and in the caller's
		_, err = callback.Form(ctx, posted(panics{}, formType), 10)
		require.EqualError(t, err, "the body cannot be read to its end")
		assert.EqualError(t, errors.Unwrap(err), "the body's reader panicked with a value of type string")
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

type panics struct{}

func (panics) Read([]byte) (int, error) { panic("of the reader") }

func TestPeek(t *testing.T) {
	t.Parallel()
	r := posted(strings.NewReader("a=bc"), formType)
	for limit, want := range []string{"", "a", "a=", "a=b", "a=bc", "a=bc"} {
		text, whole := callback.Peek(r, limit)
		assert.Equal(t, want, text)
		assert.Equal(t, limit >= 4, whole)
	}
	text, err := callback.Form(t.Context(), r, 4)
	require.NoError(t, err)
	assert.Equal(t, "a=bc", text)
	none := posted(nil, formType)
	none.Body = nil
	for _, r := range []*http.Request{posted(strings.NewReader("a=b"), "text/plain"), none} {
		text, whole := callback.Peek(r, 10)
		assert.Empty(t, text)
		assert.True(t, whole)
	}
}

// The end of the context ends the reading at once, and no goroutine remains: synctest would fail.
func TestContextGovernsTheBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow, sender := io.Pipe()
		r := posted(slow, formType)
		r.Body = slow
		go func() { _, _ = sender.Write([]byte("a=")) }()
		ctx, cancel := context.WithCancel(t.Context())
		go func() { synctest.Wait(); cancel() }()
		_, err := callback.Form(ctx, r, 10)
		require.ErrorIs(t, err, context.Canceled)
		assert.EqualError(t, err, "the body cannot be read to its end: context canceled")
		synctest.Wait()
		_, err = sender.Write([]byte("b"))
		assert.ErrorIs(t, err, io.ErrClosedPipe, "the body was closed")
		_, err = r.Body.Read(make([]byte, 1))
		assert.ErrorIs(t, err, context.Canceled)
	})
}

func TestPeekEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow, _ := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		r := posted(slow, formType).WithContext(ctx)
		r.Body = slow
		go func() { synctest.Wait(); cancel() }()
		text, _ := callback.Peek(r, 10)
		assert.Empty(t, text)
	})
}

func TestContextThatEndedBefore(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	r := posted(strings.NewReader("a=b"), formType)
	_, err := callback.Form(ended, r, 10)
	require.ErrorIs(t, err, context.Canceled)
	text, err := callback.Form(t.Context(), r, 10)
	require.NoError(t, err, "nothing was read")
	assert.Equal(t, "a=b", text)
	_, err = callback.Form(ended, r, 10)
	assert.NoError(t, err, "a body that was read before needs no time")
}

// A slow body whose Close does nothing is not read further.
func TestContextEndsATrickle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		_, err := callback.Form(ctx, posted(readerFunc(func(p []byte) (int, error) {
			if n++; n == 3 {
				cancel()
			}
			p[0] = 'x'
			return 1, nil
		}), formType), math.MaxInt)
		require.ErrorIs(t, err, context.Canceled)
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestMethod(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{"": "GET", "GET": "GET", "POST": "POST", "HEAD": "HEAD", "PUT": "PUT", "OPTIONS": "OPTIONS", "get": "another method", "BREW\n": "another method"} {
		assert.Equal(t, want, callback.Method(&http.Request{Method: method}))
	}
}

// FuzzForm: a body within the limit is read unchanged, and any body can be read completely afterwards.
func FuzzForm(f *testing.F) {
	f.Add("a=b", 3, 1)
	f.Add("a=b", 2, 2)
	f.Add(strings.Repeat("x", 40), 39, 0)
	f.Fuzz(func(t *testing.T, text string, limit, peek int) {
		limit, peek = limit&0xFFFF, peek&0xFFFF
		r := posted(iotest.HalfReader(strings.NewReader(text)), formType)
		head, whole := callback.Peek(r, peek)
		require.Equal(t, text[:min(peek, len(text))], head)
		require.Equal(t, len(text) <= peek, whole)
		got, err := callback.Form(t.Context(), r, limit)
		if len(text) > limit {
			require.ErrorIs(t, err, callback.TooLarge)
		} else {
			require.NoError(t, err)
			require.Equal(t, text, got)
		}
		left, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		require.Equal(t, text, string(left))
	})
}

// A SOAP message is read as a form is, by its own type.
func TestXML(t *testing.T) {
	t.Parallel()
	for media, want := range map[string]error{
		"text/xml": nil, "text/xml; charset=utf-8": nil, `Text/XML; charset="UTF-8"`: nil,
		"application/soap+xml": nil, `application/soap+xml; charset=utf-8; action="x"`: nil, "application/soap+xml; charset=utf-16": callback.NotXML,
		"text/xml; charset=utf-16": callback.NotXML, "application/xml": callback.NotXML, formType: callback.NotXML, "": callback.NotXML,
	} {
		r := posted(strings.NewReader("<a/>"), media)
		assert.Equal(t, want == nil, callback.IsXML(r), media)
		text, err := callback.XML(t.Context(), r, 4)
		require.ErrorIs(t, err, want, media)
		if want == nil {
			assert.Equal(t, "<a/>", text)
			_, err = callback.XML(t.Context(), r, 3)
			require.ErrorIs(t, err, callback.TooLarge)
			_, err = callback.Form(t.Context(), r, 4)
			require.ErrorIs(t, err, callback.NotForm)
		}
	}
	r := posted(nil, "text/xml")
	r.Body = nil
	_, err := callback.XML(t.Context(), r, 4)
	require.ErrorIs(t, err, callback.Empty)
	var none context.Context
	_, err = callback.XML(none, r, 4)
	require.EqualError(t, err, "the context is nil")
}
