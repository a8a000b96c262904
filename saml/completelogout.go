package saml

import (
	"context"
	"crypto/subtle"
	"net/http"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/duration"
)

// LogoutKey returns the Key of the Logout that r answers, by redirect or POST (SAML Bindings §3.4.3, §3.5.3). It is
// empty when r carries no LogoutResponse. So one handler at SLOURL can tell them apart: with a key r is for
// CompleteLogout, else for ReceiveLogout. At most 8 MiB of the body are read, and put back.
func LogoutKey(r *http.Request) string { return peekRelayState(r, paramResponse) }

// CompleteLogout reads the identity provider's answer to a LogoutRequest (SAML Profiles §4.4.3.5), which the browser
// brings to SLOURL by redirect or POST. It returns nil when all sessions have ended.
//
// The error is a *StatusError when the identity provider answered otherwise. With errors.Is(err, PartialLogout) the
// session there has ended, and some sessions at other services have not: tell the user to close the browser. The error
// is an *InvalidError when the answer was refused, and a *metadata.Error when it could not be judged. Each Logout is
// completed once. r is only read, and can be parsed afterwards; its body must not have been parsed before, and the end
// of ctx ends the reading.
func (c *Client) CompleteLogout(ctx context.Context, logout *Logout, r *http.Request) error {
	if err := c.made(); err != nil {
		return err
	}
	if err := c.checkLogout(logout); err != nil {
		return err
	}
	a, err := c.arrive(ctx, r, paramResponse)
	if err != nil {
		return err
	}
	if err := c.checkLogout(logout); err != nil { // again, as the body may have taken its time
		return err
	}
	// Key first: without it the request is not for this browser.
	if subtle.ConstantTimeCompare([]byte(a.relayState), []byte(logout.Key)) != 1 {
		return refuse(CheckRelayState, "it is missing or differs from the one that this browser was sent with")
	}
	a.secrets = []string{logout.Key, logout.RequestID}
	root, h, err := c.believe(ctx, a, "LogoutResponse", logout.IDP)
	if err != nil {
		return err
	}
	status, statusErr := readStatusCodes(root, a.secrets...)
	// A refusal grants nothing, and RelayState has bound it to this browser: it need not say what it answers.
	no := statusErr == nil && status.Codes[0] != Success && !slices.Contains(status.Codes, PartialLogout)
	switch {
	case no && h.inResponseTo == "":
	case subtle.ConstantTimeCompare([]byte(h.inResponseTo), []byte(logout.RequestID)) != 1:
		return refuse(CheckInResponseTo, "the LogoutResponse answers another request, or none")
	case statusErr != nil:
		return statusErr
	}
	until := logout.CreatedAt.Add(duration.Sum(c.cfg.LoginLifetime, c.cfg.Skew))
	if err := c.first(ctx, "saml-logout:"+logout.RequestID, until, "the logout was completed already"); err != nil {
		return err
	}
	// In SAML Core §3.7.3.2 PartialLogout is at the second level and the first is open: some servers write Success there.
	if status.Codes[0] == Success && !slices.Contains(status.Codes, PartialLogout) {
		return nil
	}
	return status
}

func (c *Client) checkLogout(l *Logout) error {
	switch {
	case l == nil || l.Key == "" || l.RequestID == "" || l.IDP == "":
		return refuse(CheckLogin, "this browser began no logout, or it was completed already")
	case l.Client != c.cfg.EntityID:
		return refuse(CheckLogin, "the logout began with another client")
	}
	if old := callback.Age("logout", l.CreatedAt, c.cfg.Now(), c.cfg.LoginLifetime); old != "" {
		return refuse(CheckExpired, "%s", old)
	}
	return nil
}
