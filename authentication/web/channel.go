package web

import (
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// backChannel receives a logout token of the server itself (OpenID Connect Back-Channel Logout §2.5).
func (v *visit) backChannel(flow authentication.LoginFlow) { v.channel(flow, http.MethodPost) }

// frontChannel receives a logout in a frame, without cookies of the application (OpenID Connect Front-Channel Logout §2).
func (v *visit) frontChannel(flow authentication.LoginFlow) { v.channel(flow, http.MethodGet) }

// channel refuses the other channel's method: at its address that channel's logout would be accepted.
func (v *visit) channel(flow authentication.LoginFlow, method string) {
	if v.r.Method != method {
		v.refuseNotice(Event{Kind: EventNotice, Flow: v.flow, Err: fmt.Errorf("%w: %w: web: the logout came by another method than %s",
			authentication.ErrLogoutFailed, authentication.ErrRefused, method)})
		return
	}
	v.notice(flow)
}
