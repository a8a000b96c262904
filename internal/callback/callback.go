// Package callback reads the browser's request, and leaves the body complete for later readers.
package callback

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
)

// Fault is what is wrong with a body because of its sender. It is an error, for errors.Is.
type Fault string

const (
	NotForm  Fault = "the body is not application/x-www-form-urlencoded"
	NotXML   Fault = "the body is not text/xml in UTF-8"
	Empty    Fault = "the body is empty"
	TooLarge Fault = "the body is too large"
)

// Error is the text.
func (f Fault) Error() string { return string(f) }

// Mistake is a mistake of the application, not of the sender. It is an error, for errors.Is.
type Mistake string

// Parsed is a body that was read before.
const Parsed Mistake = "the body was parsed before; pass the request on unread"

// Error is the text.
func (m Mistake) Error() string { return string(m) }

// Form returns the body of a form that was not parsed yet, at most limit bytes, and puts it back: r can be parsed
// afterwards. Reading ends when ctx ends; then r cannot be read to its end. An error because of the sender is a
// Fault.
func Form(ctx context.Context, r *http.Request, limit int) (string, error) {
	switch {
	case ctx == nil:
		return "", errors.New("the context is nil")
	case !isForm(r):
		return "", NotForm
	case r.PostForm != nil:
		return "", Parsed
	}
	return whole(ctx, r, limit)
}

// XML returns the body of a SOAP message (SOAP 1.1 §6), at most limit bytes, as Form does for a form.
func XML(ctx context.Context, r *http.Request, limit int) (string, error) {
	switch {
	case ctx == nil:
		return "", errors.New("the context is nil")
	case !IsXML(r):
		return "", NotXML
	}
	return whole(ctx, r, limit)
}

func whole(ctx context.Context, r *http.Request, limit int) (string, error) {
	if r.Body == nil {
		return "", Empty
	}
	text, err := read(ctx, r, limit)
	switch {
	case len(text) > limit:
		return "", TooLarge
	case err != nil && ctx.Err() != nil:
		return "", &readError{"the body cannot be read to its end: " + ctx.Err().Error(), fmt.Errorf("%w: %w", ctx.Err(), err)}
	case err != nil:
		return "", &readError{"the body cannot be read to its end", err}
	}
	return text, nil
}

// Peek returns the beginning of a form, at most limit bytes, and puts it back; whole reports that there is no more.
// For a body that is not a form the result is empty, and for one that ends with an error it is the part before it:
// Form returns the error. Reading ends when the request's own context ends.
func Peek(r *http.Request, limit int) (text string, whole bool) {
	if r.PostForm != nil {
		return r.PostForm.Encode(), true // Form refuses it later
	}
	if r.Body == nil || !isForm(r) {
		return "", true
	}
	text, _ = read(r.Context(), r, limit)
	return text[:min(len(text), limit)], len(text) <= limit
}

func isForm(r *http.Request) bool {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return media == "application/x-www-form-urlencoded"
}

// IsXML reports whether the body is labelled as SOAP in UTF-8. A missing charset is UTF-8: a reader finds out. SOAP 1.1
// has text/xml, and some servers, such as pysaml2, send its envelopes with the label of SOAP 1.2. No page of another site
// can have a browser post either without asking.
func IsXML(r *http.Request) bool {
	media, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, given := parameters["charset"]
	return (media == "text/xml" || media == "application/soap+xml") && (!given || strings.EqualFold(charset, "utf-8"))
}

// Method is the method of r for an error: a sender may use any text.
func Method(r *http.Request) string {
	switch r.Method {
	case "", http.MethodGet:
		return http.MethodGet
	case http.MethodPost, http.MethodHead, http.MethodPut, http.MethodOptions:
		return r.Method
	}
	return "another method"
}

// readError does not print its cause, whose text may come from outside.
type readError struct {
	text  string
	cause error
}

// Error is the text.
func (e *readError) Error() string { return e.text }

// Unwrap gives the cause.
func (e *readError) Unwrap() error { return e.cause }
