package oidc_test

import (
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// conformanceLogout are the modules of the suite's logout plans, by their names there: oidcc-client-rp-initiated-logout-rp,
// -back-channel-logout-rp and -front-channel-logout-rp, each for basic, implicit and hybrid. Each is a login and a
// logout; the server misbehaves in the logout.
var conformanceLogout = map[string]struct {
	fault   idptest.Fault
	returns error // what CompleteLogout says; nil: the return is accepted
	told    error // what the message of the server is refused with; nil: it ends the session
	back    bool  // the server posts a logout token
	front   bool  // the browser opens a frame
	byOP    bool  // the logout begins at the server
}{
	"oidcc-client-test-rp-init-logout":                             {},
	"oidcc-client-test-rp-init-logout-other-state":                 {fault: idptest.WrongState, returns: oauth.CheckState},
	"oidcc-client-test-rp-init-logout-no-state":                    {fault: idptest.NoState, returns: oauth.CheckState},
	"oidcc-client-test-rp-backchannel-rpinitlogout":                {back: true},
	"oidcc-client-test-rp-backchannel-rpinitlogout-alg-none":       {back: true, fault: oidctest.AlgNone, told: oidc.CheckAlgorithm},
	"oidcc-client-test-rp-backchannel-rpinitlogout-no-event":       {back: true, fault: oidctest.MissingEvent, told: oidc.CheckEvents},
	"oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce":     {back: true, fault: oidctest.LogoutNonce, told: oidc.CheckNonce},
	"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg":      {back: true, fault: oidctest.WrongAlgorithm, told: oidc.CheckAlgorithm},
	"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud":      {back: true, fault: oidctest.WrongAudience, told: oidc.CheckAudience},
	"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event":    {back: true, fault: oidctest.WrongEvent, told: oidc.CheckEvents},
	"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss":      {back: true, fault: oidctest.WrongIssuer, told: oidc.CheckIssuer},
	"oidcc-client-test-rp-backchannel-rpinitlogout, by the server": {back: true, byOP: true},
	"oidcc-client-test-rp-frontchannel-rpinitlogout":               {front: true, fault: oidctest.RawSession},
	"oidcc-client-test-rp-frontchannel-opinitlogout":               {front: true, fault: oidctest.RawSession, byOP: true},
	"oidcc-client-test-rp-frontchannel-rpinitlogout, wrong iss":    {front: true, fault: oidctest.WrongIssuer, told: oauth.CheckIssuer},
	"oidcc-client-test-rp-frontchannel-rpinitlogout, without":      {front: true, fault: oidctest.MissingSessions, told: oauth.CheckMalformed},
	"oidcc-client-test-rp-frontchannel-rpinitlogout, other sid":    {front: true, fault: oidctest.WrongSession, told: errStays},
	"oidcc-client-test-rp-backchannel-rpinitlogout, other sid":     {back: true, fault: oidctest.WrongSession, told: errStays},
	"oidcc-client-test-rp-backchannel-rpinitlogout, expired":       {back: true, fault: oidctest.ExpiredLogoutToken, told: oidc.CheckExpired},
	"oidcc-client-test-rp-backchannel-rpinitlogout, old":           {back: true, fault: oidctest.OldLogoutToken, told: oidc.CheckIssuedAt},
	"oidcc-client-test-rp-backchannel-rpinitlogout, no jti":        {back: true, fault: oidctest.MissingTokenID, told: oidc.CheckTokenID},
	"oidcc-client-test-rp-backchannel-rpinitlogout, nobody":        {back: true, fault: oidctest.MissingSessions, told: oidc.CheckSubject},
	"oidcc-client-test-rp-backchannel-rpinitlogout, bad sig":       {back: true, fault: oidctest.BadSignature, told: oidc.CheckSignature},
	"oidcc-client-test-rp-backchannel-rpinitlogout, another key":   {back: true, fault: oidctest.SwappedKey, told: oidc.CheckSignature},
	"oidcc-client-test-rp-backchannel-rpinitlogout, twice":         {back: true, fault: oidctest.RepeatedLogoutToken, told: oidc.CheckReplay},
}

// errStays is a message that is accepted, and ends another session.
const errStays = oidc.TokenCheck("the session stays")

// rp is an application with one session, which the server tells of its end.
type rp struct {
	t       *testing.T
	client  *oidc.Client
	session *oidc.IDToken
	answers []int
	err     error // of the last message
}

func (a *rp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	q, err := a.client.ReceiveLogout(r.Context(), r)
	if err == nil && a.session != nil && q.Ends(a.session) {
		a.session = nil
	}
	a.err = oidc.AnswerLogout(r.Context(), answer, q, err)
	a.answers = append(a.answers, answer.Code)
	assert.Equal(a.t, "no-store", answer.Header().Get("Cache-Control"))
	w.WriteHeader(answer.Code)
}

func TestConformanceLogoutModules(t *testing.T) {
	t.Parallel()
	for module, c := range conformanceLogout {
		for _, responseType := range []oauth.ResponseType{oauth.ResponseTypeCode, oidc.ResponseTypeIDToken, oidc.ResponseTypeCodeIDToken} {
			t.Run(module+"/"+string(responseType), func(t *testing.T) {
				t.Parallel()
				app := &rp{t: t}
				idp := &oidctest.Server{
					Realm:      &idptest.Realm{BaseURL: "https://op.example", HTTPClient: &http.Client{Transport: handler{app}}},
					LogoutURIs: []string{bye}, RedirectURIs: []string{redirectURI}, SigningKey: keys()["fake"].(*rsa.PrivateKey),
				}
				if c.back {
					idp.BackChannelLogoutURI, idp.BackChannelLogoutSessionRequired = "https://app.example/backchannel", true
				}
				if c.front {
					idp.FrontChannelLogoutURI, idp.FrontChannelLogoutSessionRequired = "https://app.example/frontchannel", true
				}
				client, err := oidc.NewClient(oidc.Config{
					Issuer: issuer, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, RedirectURI: redirectURI,
					HTTPClient: &http.Client{Transport: handler{idp}},
				})
				require.NoError(t, err)
				app.client = client
				if c.fault == oidctest.RawSession {
					idp.Break(c.fault)
				}
				browser, err := idp.Browser("")
				require.NoError(t, err)
				login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseType: responseType, ResponseMode: oauth.ResponseModeFormPost})
				require.NoError(t, err)
				callback, err := browser.Open(t.Context(), login.URL, nil)
				require.NoError(t, err)
				result, err := client.CompleteLogin(t.Context(), login, callback)
				require.NoError(t, err)
				app.session = result.IDToken
				assert.NotEmpty(t, result.SessionState)

				if c.fault != "" {
					idp.Break(c.fault)
				}
				switch {
				case c.byOP && c.back:
					_, err = idp.EndSessions(t.Context(), "")
					require.NoError(t, err)
				case c.byOP:
					_, err = browser.Open(t.Context(), issuer+"/session/end?id_token_hint="+result.IDToken.Raw(), nil)
					require.NoError(t, err)
				default:
					logout, err := client.BeginLogout(t.Context(), oidc.LogoutOptions{IDTokenHint: result.IDToken.Raw(), PostLogoutRedirectURI: bye})
					require.NoError(t, err)
					back, err := browser.Open(t.Context(), logout.URL, nil)
					require.NoError(t, err)
					require.ErrorIs(t, client.CompleteLogout(t.Context(), logout, back), c.returns)
				}
				for _, frame := range browser.Frames() {
					app.ServeHTTP(httptest.NewRecorder(), frame)
				}
				if !c.back && !c.front {
					return
				}
				switch {
				case c.told == nil:
					require.NoError(t, app.err)
					assert.Nil(t, app.session)
					assert.Equal(t, []int{http.StatusOK}, app.answers)
				case c.told == errStays:
					require.NoError(t, app.err)
					assert.NotNil(t, app.session)
					assert.Equal(t, []int{http.StatusOK}, app.answers)
				case c.told == oidc.CheckReplay:
					require.ErrorIs(t, app.err, c.told)
					assert.Equal(t, []int{http.StatusOK, http.StatusBadRequest}, app.answers)
				default:
					require.ErrorIs(t, app.err, c.told)
					assert.NotNil(t, app.session)
					assert.Equal(t, []int{http.StatusBadRequest}, app.answers)
				}
			})
		}
	}
}
