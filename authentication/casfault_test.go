package authentication_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// standardCAS is a client of the fake server's standard CAS endpoints: version 3.0, in XML.
func (f *fake) standardCAS(t testing.TB, change func(*cas.Config)) authentication.LoginFlow {
	t.Helper()
	config := cas.Config{ServerURL: mockHost + "/cas", Service: localBack, HTTPClient: f.wire.client()}
	if change != nil {
		change(&config)
	}
	c, err := cas.NewClient(config)
	require.NoError(t, err)
	return authentication.FromCAS(c)
}

// casFault is a fault of the server and the result of a login at Authing, in JSON, and at a standard server, in XML.
// An empty check is a login that succeeds.
type casFault struct {
	fault           idptest.Fault
	inJSON, inXML   error
	kindJSON, kindX string // empty is refused
}

func (c casFault) run(t *testing.T, f *fake) {
	t.Helper()
	for name, flow := range map[string]authentication.LoginFlow{"JSON": f.client, "XML": f.standardCAS(t, nil)} {
		want, kindOf := c.inJSON, c.kindJSON
		if name == "XML" {
			want, kindOf = c.inXML, c.kindX
		}
		for _, broken := range []bool{false, true} {
			f.Break()
			if broken {
				f.Break(c.fault)
			}
			login, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
			require.NoError(t, err)
			r, err := f.Login(t.Context(), login.URL, idptest.Username)
			require.NoError(t, err)
			id, err := flow.CompleteLogin(t.Context(), login, r)
			if !broken || want == nil {
				require.NoError(t, err, "%s in %s", c.fault, name)
				assert.Equal(t, idptest.Username, id.Subject)
				continue
			}
			if kindOf == "" {
				kindOf = "refused"
			}
			require.ErrorIs(t, err, want, "%s in %s", c.fault, name)
			assert.Equal(t, kindOf, kind(err), "%s in %s: %v", c.fault, name, err)
			assert.Nil(t, id)
			checkQuiet(t, err, f, login, r)
		}
	}
}

// A reply that was refused, a denial by the server, and a reply that cannot be read, which is no answer and not the
// user's fault.
func TestHostileCASReplies(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	for _, c := range []casFault{
		{fault: castest.UnknownTicket, inJSON: cas.InvalidTicket, inXML: cas.InvalidTicket, kindJSON: "denied", kindX: "denied"},
		{fault: idptest.RepeatedParameter, inJSON: cas.CheckRepeated, inXML: cas.CheckRepeated},
		{fault: castest.NoUser, inJSON: cas.CheckUser, inXML: cas.CheckUser},
		{fault: castest.EmptyUser, inJSON: cas.CheckUser, inXML: cas.CheckUser},
		{fault: castest.UserTwice, inJSON: cas.CheckSyntax, inXML: cas.CheckUser, kindJSON: "no answer"},
		{fault: castest.UserObject, inJSON: cas.CheckUser, inXML: cas.CheckUser},
		{fault: castest.FoldedUser, inJSON: cas.CheckUser, inXML: cas.CheckUser},
		{fault: castest.CommentInUser, inXML: cas.CheckSyntax, kindX: "no answer"},
		{fault: castest.BothVerdicts, inJSON: cas.CheckVerdict, inXML: cas.CheckVerdict},
		{fault: castest.NoVerdict, inJSON: cas.CheckVerdict, inXML: cas.CheckVerdict},
		{fault: castest.NoNamespace, inXML: cas.CheckRoot},
		{fault: castest.UndeclaredPrefix, inXML: cas.CheckSyntax, kindX: "no answer"},
		{fault: castest.OtherNamespace, inXML: cas.CheckRoot},
		{fault: castest.OtherRoot, inJSON: cas.CheckRoot, inXML: cas.CheckRoot},
		{fault: castest.Doctype, inXML: cas.CheckSyntax, kindX: "no answer"},
		{fault: castest.ProcessingInstruction, inXML: cas.CheckSyntax, kindX: "no answer"},
		{fault: castest.SecondDocument, inJSON: cas.CheckSyntax, inXML: cas.CheckSyntax, kindJSON: "no answer", kindX: "no answer"},
		{fault: castest.ProxiesPresent, inJSON: cas.CheckProxies, inXML: cas.CheckProxies},
		{fault: castest.ProtocolAttributeTwice, inXML: cas.CheckAttributes}, // Authing's CAS 2.0 has none to repeat
		{fault: castest.DeepReply, inJSON: cas.CheckSyntax, inXML: cas.CheckSyntax, kindJSON: "no answer", kindX: "no answer"},
		{fault: castest.ManyAttributes, inJSON: cas.CheckSyntax, inXML: cas.CheckSyntax, kindJSON: "no answer", kindX: "no answer"},
		{fault: idptest.BrokenJSON, inJSON: cas.CheckSyntax, inXML: cas.CheckSyntax, kindJSON: "no answer", kindX: "no answer"},
		{fault: castest.OtherFormat}, // read by its first byte, and by the same rules
		{fault: castest.UserAttribute},
		{fault: castest.HostileText}, // of failures; see TestS14CASFailureText
		{fault: castest.ExtraLines},  // of CAS 1.0
	} {
		c.run(t, f)
	}
}

// Faults of the connection and refusals of the application are no answer about the user.
func TestHostileCASExchanges(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.CAS{}, nil)
	flow := f.standardCAS(t, nil)
	for _, fault := range []idptest.Fault{
		idptest.HTML, idptest.Redirect, idptest.ServerError, idptest.Unavailable, idptest.Oversized, castest.ForbiddenStatus,
	} {
		for _, flow := range []authentication.LoginFlow{f.client, flow} {
			f.Break()
			login, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
			require.NoError(t, err)
			r, err := f.Login(t.Context(), login.URL, idptest.Username)
			require.NoError(t, err)
			f.Break(fault)
			id, err := flow.CompleteLogin(t.Context(), login, r)
			require.Error(t, err, fault)
			assert.Equal(t, "no answer", kind(err), "%s: %v", fault, err)
			assert.Nil(t, id)
			checkQuiet(t, err, f, login, r)
		}
	}
	assert.Zero(t, f.Requests("/redirected"))

	f.Break(idptest.Unavailable)
	_, err := f.complete(t, authentication.AuthorizeOptions{})
	var failure *cas.Failure
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, http.StatusServiceUnavailable, failure.StatusCode)
	assert.Equal(t, 7*time.Second, failure.RetryAfter)
	assert.True(t, failure.Temporary())

	f.Break(idptest.ErrorOn200)
	_, err = f.complete(t, authentication.AuthorizeOptions{})
	require.ErrorIs(t, err, cas.FailureCode("400"), "Authing's own form")
	assert.Equal(t, "no answer", kind(err))
}
