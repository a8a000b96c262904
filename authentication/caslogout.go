package authentication

import (
	"context"
	"errors"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// BeginLogout implements LogoutFlow. The server returns nothing to check, so the Logout has no Key.
func (f *casFlow) BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (_ *Logout, err error) {
	defer planned(&err)
	return f.beginLogout(ctx, id, o, f.BuildLogoutUrl)
}

func (f *casFlow) beginLogout(ctx context.Context, id *Identity, o LogoutOptions, build func(context.Context, LogoutOptions) (string, error)) (*Logout, error) {
	if id == nil || id.Protocol != casName {
		return nil, errors.New("authentication: the identity is not from a CAS login")
	}
	link, err := build(ctx, o)
	if err != nil {
		return nil, err
	}
	return pageLogout(casName, link, f.now), nil
}

// CompleteLogout implements LogoutFlow.
func (f *casFlow) CompleteLogout(_ context.Context, l *Logout, _ *http.Request) error {
	if l == nil || l.Protocol != casName {
		return refused(errors.New("this browser began no CAS logout"))
	}
	return nil
}

// ReceiveLogout implements LogoutFlow. The request comes to the service and is not signed. It has tickets, which only
// the server, this application and the browser know.
func (f *casFlow) ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutNotice, error) {
	request, err := f.client.ReceiveLogout(ctx, r)
	if err != nil {
		return nil, judgeCAS(err)
	}
	return &LogoutNotice{Protocol: casName, Issuer: f.client.ServerURL(), SessionIDs: request.SessionIndexes, BackChannel: r.Method == http.MethodPost, Unsigned: true}, nil
}

// HasNotice implements NoticeFlow: the requests come to the service.
func (f *casFlow) HasNotice(r *http.Request) bool {
	sent := callback.Parameters(r)
	return sent.Has("logoutRequest") || r != nil && r.Method != http.MethodPost && sent.Has("SAMLRequest")
}

// UnsignedNotices implements NoticeFlow: CAS has no signatures.
func (f *casFlow) UnsignedNotices() bool { return true }

// judgeCAS wraps the errors of CAS by their kind; see judge.
func judgeCAS(err error) error {
	var ticket *cas.TicketError
	var failure *cas.Failure
	switch {
	case errors.Is(err, callback.Parsed):
		return misconfigured(err)
	case errors.Is(err, httpcore.HTML): // a page in place of a reply: the server's fault, not the user's
		return err
	case errors.Is(err, cas.CheckSession):
		return denied(err)
	case errors.As(err, &ticket):
		return refused(err)
	case errors.As(err, &failure) && !failure.Temporary():
		switch failure.Code {
		case cas.InvalidTicket, cas.InvalidTicketSpec, cas.InvalidService: // they are about the ticket
			return denied(err)
		case cas.InvalidRequest, cas.UnauthorizedServiceProxy, cas.InvalidProxyCallback, unauthorizedService:
			return misconfigured(err)
		}
	}
	return err
}

// unauthorizedService is the code of the reference server for an unknown application.
const unauthorizedService cas.FailureCode = "UNAUTHORIZED_SERVICE"
