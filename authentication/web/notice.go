package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// notice receives a logout that the server began. The marks are written before the notice is used up, so that the server
// can send it again after a failure.
func (v *visit) notice(flow authentication.LoginFlow) {
	out, ok := able[authentication.LogoutFlow](flow)
	if _, can := able[authentication.NoticeFlow](flow); !ok || !can {
		v.notFound()
		return
	}
	if v.r.Method != http.MethodPost && idle(v.w, v.r) {
		return
	}
	n, err := out.ReceiveLogout(v.r.Context(), v.r)
	if err == nil && n == nil {
		err = fmt.Errorf("%w: web: the flow returned no notice and no error", authentication.ErrMisconfigured)
	}
	if err != nil {
		v.refuseNotice(Event{Kind: EventNotice, Flow: v.flow, Err: err})
		return
	}
	about := Event{Kind: EventNotice, Flow: v.flow, Issuer: n.Issuer, Subject: n.Subject}
	if about.Err = v.end(n); about.Err != nil {
		if !errors.Is(about.Err, authentication.ErrMisconfigured) {
			about.Kind = EventStore
		}
		if n.Protocol == (authentication.OIDC{}).Name() {
			about.Err = fmt.Errorf("%w: %w", authentication.ErrLogoutFailed, about.Err)
		}
		v.refuseNotice(about)
		return
	}
	if about.Err = AnswerLogout(v.w, v.r, n); about.Err != nil {
		v.refuseNotice(about)
		return
	}
	v.site.report(v.r, about)
}

// refuseNotice answers a notice that was refused, or whose sessions could not be ended. What a server reads has no page of
// the application.
func (v *visit) refuseNotice(e Event) {
	switch {
	case errors.Is(e.Err, authentication.ErrLogoutFailed):
		v.site.report(v.r, e)
		Error(v.w, v.r, e.Err)
	case e.Kind == EventStore:
		v.site.report(v.r, e)
		v.unavailable(e.Err)
	default:
		v.site.fail(v.w, v.r, e)
	}
}
