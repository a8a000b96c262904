package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// ErrorPage answers errors. The zero value is what Error uses.
type ErrorPage struct {
	// Home is where the link back to the application leads, a path or an https address; empty is "/".
	Home string
	// Page, when set, writes the page instead of the built-in one: p.Status first, then the body. Its Content-Type is
	// text/html, its policy forbids frames and a base, and it may set other headers. Programs that ask for JSON still
	// get JSON.
	Page func(w http.ResponseWriter, r *http.Request, p Problem)
}

// Problem is an error as an answer shows it. Nothing in it comes from the error's text.
type Problem struct {
	// Status is the HTTP status: 401, 403, 500 or 503.
	Status int
	// Code names the matter for programs: refused, denied, misconfigured, no_answer, or login_required, with
	// which Send answers what is no navigation.
	Code string
	// Lang is the language of the texts: en or zh-CN.
	Lang string
	// Title says what happened, as plain text.
	Title string
	// Text says what to do now, as plain text.
	Text string
	// Home is where the link back leads.
	Home string
	// Back is what the link says.
	Back string
	// RetryAfter is how long the server wishes to be left alone; 0 when it did not say.
	RetryAfter time.Duration
}

// Error answers err, and does nothing when err is nil: 500 for authentication.ErrMisconfigured, which only who runs
// the application can mend; 401 for ErrRefused, what was read and refused; 403 for ErrDenied, the server's own no; 503
// for anything else, where there was no usable answer and trying again may help, with Retry-After where the server
// named a time.
//
// The answer is a page with a link to "/", in English or Chinese by Accept-Language, or problem details in JSON where
// Accept wants JSON more than HTML (RFC 9457). The text of the error is not shown: parts of it may come from whoever
// made the request. Log it. ErrorPage has the settings.
func Error(w http.ResponseWriter, r *http.Request, err error) { new(ErrorPage).Write(w, r, err) }

// Write answers err as Error does.
func (e *ErrorPage) Write(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case err == nil:
	case errors.Is(err, authentication.ErrMisconfigured):
		e.answer(w, r, matterMisconfigured, 0)
	case errors.Is(err, authentication.ErrRefused):
		e.answer(w, r, matterRefused, 0)
	case errors.Is(err, authentication.ErrDenied):
		e.answer(w, r, matterDenied, 0)
	default:
		e.answer(w, r, matterNoAnswer, authentication.RetryAfter(err))
	}
}

func (e *ErrorPage) answer(w http.ResponseWriter, r *http.Request, m matter, retryAfter time.Duration) {
	lang := language(r)
	p := Problem{
		Status: m.status, Code: m.code, Lang: lang, Title: m.words[lang].title, Text: m.words[lang].text,
		Home: cmp.Or(e.Home, "/"), Back: small[lang].title, RetryAfter: retryAfter,
	}
	quiet(w)
	h := w.Header()
	h.Add("Vary", "Accept, Accept-Language")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Language", lang)
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Login") // RFC 9110 §15.5.2 wants one; no browser asks a password for this scheme
	}
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64((p.RetryAfter-1)/time.Second)+1, 10))
	}
	switch {
	case wantsJSON(r):
		writeJSON(w, p)
	case e.Page != nil:
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "base-uri 'none'; frame-ancestors 'none'")
		e.Page(w, r, p)
	default:
		writePage(w, p)
	}
}

// writeJSON writes problem details of the type about:blank, whose title is the status's name (RFC 9457 §4.2.1).
func writeJSON(w http.ResponseWriter, p Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(struct {
		Status int    `json:"status"`
		Title  string `json:"title"`
		Detail string `json:"detail"`
		Code   string `json:"code"`
	}{p.Status, http.StatusText(p.Status), p.Text, p.Code})
}
