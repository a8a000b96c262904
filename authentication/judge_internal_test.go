package authentication

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// A body that was parsed before is the application's mistake, and a page in place of a reply is nobody's refusal.
func TestErrorsThatAreNoRefusal(t *testing.T) {
	t.Parallel()
	for name, judged := range map[string]func(error) error{"the OAuth family": judge, "CAS": judgeCAS, "SAML": judgeSAML} {
		require.ErrorIs(t, judged(callback.Parsed), ErrMisconfigured, name)
		require.NotErrorIs(t, judged(callback.Parsed), ErrRefused, name)
	}
	require.ErrorIs(t, judge(httpcore.PrivateAddress), ErrMisconfigured)
	page := fmt.Errorf("%w: %w", httpcore.HTML, &cas.TicketError{Check: cas.CheckSyntax})
	for _, verdict := range []error{ErrRefused, ErrDenied, ErrMisconfigured} {
		require.NotErrorIs(t, judgeCAS(page), verdict)
	}
	require.ErrorIs(t, judgeCAS(&cas.TicketError{Check: cas.CheckSyntax}), ErrRefused, "the twin")
}

// The server that did not resolve an artifact failed, whatever it sent.
func TestSAML57UnresolvedArtifactIsNoRefusal(t *testing.T) {
	t.Parallel()
	invalid := &saml.InvalidError{Check: saml.CheckIssuer}
	require.ErrorIs(t, judgeSAML(invalid), ErrRefused, "the twin")
	require.NotErrorIs(t, judgeSAML(&saml.ResolveError{Err: invalid}), ErrRefused)
}

func TestClaimsThatDoNotFit(t *testing.T) {
	t.Parallel()
	var claims struct {
		Sub string `json:"sub"`
	}
	require.NoError(t, (&ValidateTokenResult{reply: []byte(`{"sub":"alice"}`)}).Claims(&claims))
	require.ErrorContains(t, (&ValidateTokenResult{reply: []byte(`{"sub":7}`)}).Claims(&claims), "authentication: claims: ")
}

// An error with the names of Options is still the error.
func TestRenamedErrorsAreTheSame(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, ofOptions(callback.Parsed), callback.Parsed)
}

// A POST at the address of the return is a notice of the server.
func TestLogoutKeyOfAPost(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{http.MethodGet: "K", http.MethodPost: ""} {
		r := httptest.NewRequest(method, "/bye?state=K", strings.NewReader("state=K"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		assert.Equal(t, want, (&oidcFlow{}).LogoutKey(r), method)
	}
}

func TestSAML50AssertionWithoutAName(t *testing.T) {
	t.Parallel()
	f := &samlFlow{}
	_, err := f.identity(&saml.Assertion{Issuer: "https://idp.example"})
	require.ErrorIs(t, err, ErrRefused)
	id, err := f.identity(&saml.Assertion{Issuer: "https://idp.example", NameID: saml.NameID{Value: "alice"}})
	require.NoError(t, err)
	assert.Equal(t, "alice", id.Subject)
}

// A logout of another protocol, or one that lost its Data, is not completed.
func TestSAMLLogoutOfAnotherProtocol(t *testing.T) {
	t.Parallel()
	f := &samlSLO{}
	for _, l := range []*Logout{nil, {Protocol: oidcName, Data: json.RawMessage(`{}`)}, {Protocol: samlName}, {Protocol: samlName, Data: json.RawMessage(`[]`)}} {
		require.ErrorIs(t, f.CompleteLogout(t.Context(), l, nil), ErrRefused)
	}
	for _, id := range []*Identity{nil, {Protocol: oidcName, Data: json.RawMessage(`{}`)}, {Protocol: samlName}} {
		_, err := f.BeginLogout(t.Context(), id, LogoutOptions{})
		require.ErrorIs(t, err, ErrMisconfigured)
	}
	_, err := sessionOf(&Identity{Protocol: samlName, Data: json.RawMessage(`{}`)})
	require.NoError(t, err, "the accepted twin")
	assert.Empty(t, (&oidcFlow{}).LogoutKey(nil))
}
