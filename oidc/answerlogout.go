package oidc

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// AnswerLogout answers a request that ReceiveLogout read, after its sessions have ended: with the status 200, or with
// 400 and an error in JSON when err is not nil, which is the error of ReceiveLogout, or says that the sessions could
// not be ended (OpenID Connect Back-Channel Logout §2.8). Before a success it calls Confirm. Browsers and proxies keep
// no answer, and only the issuer may show the one to a front-channel logout in a frame (OpenID Connect Front-Channel
// Logout §2).
//
// It returns the error that was answered, for the application's log; nil is the status 200.
func AnswerLogout(ctx context.Context, w http.ResponseWriter, q *LogoutRequest, err error) error {
	if err == nil && q == nil {
		err = errors.New("oidc: AnswerLogout needs the request or an error")
	}
	if err == nil {
		err = q.Confirm(ctx)
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if err != nil {
		code := "server_error"
		var token *TokenError
		var request *oauth.CallbackError
		if errors.As(err, &token) || errors.As(err, &request) {
			code = "invalid_request"
		}
		h.Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"` + code + `"}`))
		return err
	}
	if q.Unsigned {
		h.Del("X-Frame-Options") // which forbids or allows all frames
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors "+origin(q.Issuer))
		h.Set("Referrer-Policy", "no-referrer")
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// origin is the origin of an issuer that was compared with the configured one.
func origin(issuer string) string {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" {
		return "'none'"
	}
	return u.Scheme + "://" + u.Host
}
