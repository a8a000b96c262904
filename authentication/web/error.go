package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// ErrorPage answers errors. Error uses the zero value.
type ErrorPage struct {
	// Home is the address of the link back to the application, a path or an https address; empty is "/".
	Home string
	// Page, when set, writes the page instead of the built-in one: first p.Status, then the body. The Content-Type is
	// already text/html and the Content-Security-Policy forbids frames and a base; Page may set other headers.
	// Programs that ask for JSON still get JSON.
	Page func(w http.ResponseWriter, r *http.Request, p Problem)
}

// Problem is an error as shown to the user. It contains nothing of the error's text.
type Problem struct {
	// Status is the HTTP status: 401, 403, 500 or 503.
	Status int
	// Code is the kind of error, for programs: refused, denied, misconfigured, no_answer, cross_origin, or login_required and
	// fresh_login_required, for requests that are not navigations.
	Code string
	// Lang is the language of the texts: en or zh-CN.
	Lang string
	// Title says what happened, as plain text.
	Title string
	// Text says what to do now, as plain text.
	Text string
	// Home is the address of the link back.
	Home string
	// Back is the text of the link.
	Back string
	// Login is the address of the login, in the JSON of login_required of a Site; empty otherwise.
	Login string
	// RetryAfter is how long to wait before the next try, as the server said; 0 when it did not.
	RetryAfter time.Duration
}

// Error answers err, and does nothing when err is nil. The status is 500 for authentication.ErrMisconfigured, which
// only the operator of the application can correct; 401 for ErrRefused, or 403 where the message came by SOAP; 403 for
// ErrDenied, a refusal of the user by the server; 400 with an error in JSON and no page for ErrLogoutFailed, which a server
// reads (OpenID Connect Back-Channel Logout §2.8); and 503 for anything else, when there was no usable answer and another
// try may help. It has Retry-After when the server sent it.
//
// The answer is a page with a link to "/", in English or Chinese by Accept-Language, or problem details in JSON where
// Accept wants JSON more than HTML (RFC 9457). The text of the error is not shown, because parts of it may come from
// the sender of the request. Log it. ErrorPage has the settings.
func Error(w http.ResponseWriter, r *http.Request, err error) { new(ErrorPage).Write(w, r, err) }

// Write answers err as Error does.
func (e *ErrorPage) Write(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case err == nil:
	case errors.Is(err, authentication.ErrLogoutFailed):
		refuseLogout(w, err)
	case errors.Is(err, authentication.ErrMisconfigured):
		e.answer(w, r, matterMisconfigured, 0)
	case errors.Is(err, authentication.ErrRefused):
		e.answer(w, r, refusal(r), 0)
	case errors.Is(err, authentication.ErrDenied):
		e.answer(w, r, matterDenied, 0)
	default:
		e.answer(w, r, matterNoAnswer, authentication.RetryAfter(err))
	}
}

// refusal is 401 for a browser, and 403 for a server that sent a message by SOAP (SAML Bindings §3.2.3.3).
func refusal(r *http.Request) matter {
	m := matterRefused
	switch media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media {
	case "text/xml", "application/soap+xml":
		m.status = http.StatusForbidden
	}
	return m
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
		h.Set("WWW-Authenticate", challengeLogin)
	}
	if p.RetryAfter > 0 {
		h.Set("Retry-After", wholeSeconds(p.RetryAfter))
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

// challengeLogin is the challenge that RFC 9110 §15.5.2 requires; browsers do not ask for a password for this scheme.
const challengeLogin = "Login"

// wholeSeconds rounds up, for a header.
func wholeSeconds(d time.Duration) string {
	return strconv.FormatInt(int64((d-1)/time.Second)+1, 10)
}

// writeJSON writes problem details of the type about:blank, whose title is the status text (RFC 9457 §4.2.1).
func writeJSON(w http.ResponseWriter, p Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(struct {
		Status int    `json:"status"`
		Title  string `json:"title"`
		Detail string `json:"detail"`
		Code   string `json:"code"`
		Login  string `json:"login,omitempty"`
	}{p.Status, http.StatusText(p.Status), p.Text, p.Code, p.Login})
}

// refuseLogout answers a server whose logout was refused or could not be done.
func refuseLogout(w http.ResponseWriter, err error) {
	code := "server_error"
	if errors.Is(err, authentication.ErrRefused) {
		code = "invalid_request"
	}
	quiet(w)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code})
}
