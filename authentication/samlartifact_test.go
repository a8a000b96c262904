package authentication_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// samlSite is a service provider and the fake, over real HTTP.
type samlSite struct {
	idp   *samltest.Server
	realm *idptest.Realm
	flow  authentication.LoginFlow
	home  string
	got   []*authentication.LogoutNotice // by SOAP
	errs  []error
}

func newSAMLSite(t *testing.T, app samltest.App, change ...func(*saml.Config)) *samlSite {
	t.Helper()
	s := &samlSite{}
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		notice, err := s.flow.(authentication.LogoutFlow).ReceiveLogout(r.Context(), r)
		if err == nil {
			s.got = append(s.got, notice)
			err = web.AnswerLogout(w, r, notice)
		}
		if err != nil {
			s.errs = append(s.errs, err)
			web.Error(w, r, err)
		}
	}))
	t.Cleanup(own.Close)
	s.home = own.URL
	app.Key, app.ACSURLs, app.EntityID = fakeSigner().Public(), []string{s.home + "/acs"}, "urn:example:app"
	if app.SOAPLogoutURL != "" {
		app.SOAPLogoutURL = s.home + app.SOAPLogoutURL
	}
	s.realm = &idptest.Realm{HTTPClient: own.Client()}
	s.idp = &samltest.Server{Realm: s.realm, Artifacts: true, Apps: []samltest.App{app}}
	server := httptest.NewServer(s.idp)
	t.Cleanup(server.Close)
	source, err := metadata.NewSource(metadata.Config{URL: server.URL + "/metadata", HTTPClient: server.Client()})
	require.NoError(t, err)
	cfg := saml.Config{
		EntityID: app.EntityID, ACSURL: s.home + "/acs", SLOURL: s.home + "/slo", SOAPLogoutURL: app.SOAPLogoutURL, AcceptArtifacts: true,
		Keys: []saml.Key{{Signer: fakeSigner()}}, IDP: source, HTTPClient: server.Client(),
	}
	for _, f := range change {
		f(&cfg)
	}
	client, err := saml.NewClient(cfg)
	require.NoError(t, err)
	s.flow = authentication.FromSAML(client)
	return s
}

func (s *samlSite) login(t *testing.T, b *idptest.Browser) (*authentication.Identity, *http.Request, error) {
	t.Helper()
	login, err := s.flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	r, err := b.Open(t.Context(), login.URL, nil)
	require.NoError(t, err)
	require.Equal(t, login.Key, s.flow.LoginKey(r))
	id, err := s.flow.CompleteLogin(t.Context(), login, r)
	return id, r, err
}

// artifactFaults are the fake's hostile artifacts and why each is refused; nil is an outage.
var artifactFaults = map[idptest.Fault]error{
	samltest.ArtifactWrongSource: saml.CheckArtifact, samltest.ArtifactWrongEndpoint: saml.CheckArtifact, samltest.ArtifactReplayed: saml.CheckArtifact,
	samltest.ArtifactOtherResponse: saml.CheckInResponseTo, samltest.ArtifactEmpty: saml.CheckArtifact, samltest.ArtifactDenied: saml.RequestDenied,
	samltest.ArtifactUnsigned: saml.CheckSignature, samltest.ArtifactBadSignature: saml.CheckSignature, samltest.ArtifactWrongIssuer: saml.CheckIssuer,
	samltest.ArtifactWrongInResponseTo: saml.CheckInResponseTo, samltest.ArtifactOutage: nil,
}

// A response by artifact is a login as one by POST is; each hostile one is refused for its reason.
func TestSAMLArtifacts(t *testing.T) {
	t.Parallel()
	s := newSAMLSite(t, samltest.App{ResponseBinding: samltest.BindingArtifact})
	b, err := s.idp.Browser("")
	require.NoError(t, err)
	good := func() {
		s.idp.Break()
		id, r, err := s.login(t, b)
		require.NoError(t, err)
		assert.Equal(t, http.MethodGet, r.Method)
		assert.Equal(t, "alice", id.Subject)
	}
	good()
	defer good()
	require.Len(t, artifactFaults, len(samltest.ArtifactFaults()))
	for _, fault := range samltest.ArtifactFaults() {
		good() // whose artifact or response is repeated
		s.idp.Break(fault)
		id, r, err := s.login(t, b)
		require.Error(t, err, "%s", fault)
		assert.Nil(t, id)
		assert.NotContains(t, err.Error(), r.URL.Query().Get("SAMLart"))
		want := artifactFaults[fault]
		if want == nil {
			assert.Equal(t, "no answer", kind(err), "%s: %v", fault, err)
			continue
		}
		require.ErrorIs(t, err, want, "%s", fault)
		assert.Contains(t, kind(err), "refused", "%s: %v", fault, err)
	}
	// The faults of responses strike by this way too.
	for _, fault := range []idptest.Fault{samltest.Unsigned, samltest.XSW1, samltest.Altered, samltest.WrongAudience, samltest.WrongInResponseTo, samltest.WrongDestination} {
		s.idp.Break(fault)
		_, _, err := s.login(t, b)
		assert.Equal(t, "refused", kind(err), "%s: %v", fault, err)
	}
}

// The server ends a session without a browser, and the application's is ended by its names.
func TestSAMLLogoutBySOAP(t *testing.T) {
	t.Parallel()
	s := newSAMLSite(t, samltest.App{SOAPLogoutURL: "/soap"})
	enter := func() *authentication.Identity {
		s.idp.Break()
		b, err := s.idp.Browser("")
		require.NoError(t, err)
		id, _, err := s.login(t, b)
		require.NoError(t, err)
		return id
	}
	id := enter()
	ended, err := s.realm.EndSessions(t.Context(), "")
	require.NoError(t, err)
	assert.Equal(t, 1, ended)
	require.Len(t, s.got, 1)
	assert.Empty(t, s.errs)
	notice := s.got[0]
	assert.True(t, notice.BackChannel)
	assert.True(t, notice.Ends(id))
	assert.Equal(t, "text/xml; charset=utf-8", notice.ContentType)
	assert.Contains(t, string(notice.Body), "<samlp:LogoutResponse")
	assert.Empty(t, notice.URL)

	want := map[idptest.Fault]saml.Check{
		samltest.LogoutUnsigned: saml.CheckSignature, samltest.LogoutBadSignature: saml.CheckSignature, samltest.LogoutWrongDestination: saml.CheckDestination,
		samltest.LogoutWrongIssuer: saml.CheckUnknownIDP, samltest.LogoutReplayed: saml.CheckReplay, samltest.LogoutExpired: saml.CheckLogout,
	}
	for _, fault := range samltest.LogoutRequestFaults() {
		if fault == samltest.LogoutReplayed {
			enter()
			_, err := s.realm.EndSessions(t.Context(), "") // whose request is repeated
			require.NoError(t, err)
		}
		id := enter()
		s.got, s.errs = nil, nil
		s.idp.Break(fault)
		_, err := s.realm.EndSessions(t.Context(), "")
		require.NoError(t, err)
		if fault == samltest.LogoutWrongName {
			require.Len(t, s.got, 1)
			assert.False(t, s.got[0].Ends(id))
			continue
		}
		require.Len(t, s.errs, 1, "%s", fault)
		assert.Empty(t, s.got)
		require.ErrorIs(t, s.errs[0], want[fault], "%s", fault)
		assert.Equal(t, "refused", kind(s.errs[0]), "%s", fault)
	}
}
