package authentication_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// The codes about the ticket are a denial; the others are about the application or the server.
func TestCASFailureKinds(t *testing.T) {
	t.Parallel()
	for code, want := range map[cas.FailureCode]string{
		cas.InvalidTicket: "denied", cas.InvalidTicketSpec: "denied", cas.InvalidService: "denied",
		cas.InvalidRequest: "misconfigured", cas.UnauthorizedServiceProxy: "misconfigured", cas.InvalidProxyCallback: "misconfigured",
		"UNAUTHORIZED_SERVICE": "misconfigured",
		cas.InternalError:      "no answer", "invalid_ticket": "no answer", "": "no answer",
	} {
		for status, kindOf := range map[int]string{200: want, 403: want, 429: "no answer", 500: "no answer"} {
			client := newTestClient(t, always(t, status, `{"serviceResponse":{"authenticationFailure":{"code":"`+string(code)+`","description":"d"}}}`), with(authentication.CAS{}))
			login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
			require.NoError(t, err)
			_, err = client.CompleteLogin(t.Context(), login, callback(t, map[string][]string{"login": {login.Key}, "ticket": {"ST-1-aA5Yuvrxzpv8"}}))
			var failure *cas.Failure
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, kindOf, kind(err), "%s with %d: %v", code, status, err)
		}
	}
}

// CAS-18: after a timeout the request is not repeated.
func TestCAS18Slow(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	login, r := f.login(t, authentication.AuthorizeOptions{})
	f.Break(idptest.Slow)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f.before = func(*http.Request) { cancel() }
	_, err := f.client.CompleteLogin(ctx, login, r)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, "no answer", kind(err))
	assert.Len(t, f.wire.sent, 1)
	checkQuiet(t, err, f, login, r)
}

// The text of a failure comes from the server. It is shortened and printable, without the ticket and the login's key.
func TestS14CASFailureText(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	login, r := f.login(t, authentication.AuthorizeOptions{})
	_, err := f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	f.Break(castest.HostileText)
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	require.ErrorIs(t, err, cas.InvalidTicket)
	checkQuiet(t, err, f, login, r)
	assert.Less(t, len(err.Error()), 400)
	assert.NotRegexp(t, `[\x00-\x1f\x{202e}]`, err.Error())
}

// CAS-15: at a standard server renew is also checked here, in case the server ignores it.
func TestCAS15RenewIgnoredByTheServer(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	flow, who := f.standardCAS(t, nil), f.browser(t)
	f.loginWith(t, who, flow, authentication.AuthorizeOptions{})
	f.Break(castest.RenewIgnored)
	login, r := f.loginWith(t, who, flow, authentication.AuthorizeOptions{}) // single sign-on
	_, err := flow.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	begun, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{Renew: true})
	require.NoError(t, err)
	r, err = who.Visit(t.Context(), dropped(t, begun.URL, "renew"), localBack)
	require.NoError(t, err)
	_, err = flow.CompleteLogin(t.Context(), begun, r)
	require.ErrorIs(t, err, cas.CheckRenew)
	assert.Equal(t, "refused", kind(err))
}
