package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// callback completes a login, or receives a notice of the server at the same address.
func (v *visit) callback(flow authentication.LoginFlow) {
	told, may := able[authentication.NoticeFlow](flow)
	switch {
	case may && told.HasNotice(v.r):
		v.notice(flow)
	case v.r.Method != http.MethodGet && v.r.Method != http.MethodPost && v.r.Method != http.MethodHead:
		v.wrongMethod("GET, HEAD, POST")
	case idle(v.w, v.r):
	case v.r.Method == http.MethodGet && v.r.URL.RawQuery == "" && flow.LoginKey(v.r) == "":
		FragmentPage(http.NotFoundHandler()).ServeHTTP(v.w, v.r)
	default:
		v.complete(flow)
	}
}

// completeLimit is for the server, OnLogin and the store together.
const completeLimit = time.Minute

// complete completes the login that the request belongs to. Of several requests at once with one login the first counts,
// and the others get its answer: the server would take a second use of the code for theft. A browser that reloads drops the
// first request, which goes on for the second.
func (v *visit) complete(flow authentication.LoginFlow) {
	key := flow.LoginKey(v.r)
	tried, reason := v.take(key)
	if tried == nil {
		v.unsolicited(flow, key, reason)
		return
	}
	now, first := v.site.callbacks.enter(tried.once)
	if !first {
		v.follow(now, key)
		return
	}
	defer v.site.callbacks.leave(tried.once)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.r.Context()), completeLimit)
	defer cancel()
	v.r = v.r.WithContext(ctx)
	id, err := user(flow.CompleteLogin(ctx, tried.Login, v.r))
	if err != nil {
		v.site.fail(v.w, v.r, Event{Kind: EventLoginFailed, Flow: v.flow, Err: err})
		return
	}
	h := v.w.Header()
	before := len(h["Set-Cookie"])
	v.welcome(flow, tried, id)
	if now.location = h.Get("Location"); now.location != "" {
		now.cookies = slices.Clone(h["Set-Cookie"][before:])
	}
}

// unsolicited completes a response that no login asked for, where the flow's own options allow that. Anything else is
// a callback that came before, or one of nobody.
func (v *visit) unsolicited(flow authentication.LoginFlow, key string, reason error) {
	id, err := user(flow.CompleteLogin(v.r.Context(), nil, v.r))
	switch {
	case err == nil:
		v.welcome(flow, &attempt{Login: &authentication.Login{Key: key, Return: v.home()}, Session: v.site.keeps.key(v)}, id)
	case errors.Is(err, authentication.ErrRefused) && !errors.Is(err, authentication.ErrMisconfigured), errors.Is(err, authentication.ErrDenied):
		v.unknown(key, fmt.Errorf("%w: web: the login is lost: %w", authentication.ErrRefused, reason))
	default:
		v.site.fail(v.w, v.r, Event{Kind: EventLoginFailed, Flow: v.flow, Err: err})
	}
}

// user refuses what a flow of the application must not return. A Client refuses it too.
func user(id *authentication.Identity, err error) (*authentication.Identity, error) {
	if err == nil && (id == nil || id.Issuer == "" || id.Subject == "") {
		return nil, errNobody
	}
	return id, err
}

var errNobody = mistake{errors.New("web: the flow's CompleteLogin returned no user: Identity has no Issuer or no Subject")}
