package authentication_test

import (
	"crypto"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

var (
	keyDescriptor = regexp.MustCompile(`(?s)<(\w+:)?KeyDescriptor.*</(\w+:)?KeyDescriptor>`)
	entityID      = regexp.MustCompile(`entityID="[^"]*"`)
	validUntil    = regexp.MustCompile(` validUntil="[^"]*"`)
)

// outages are unusable replies at the address of Authing's metadata, made from the valid document.
var outages = map[string]struct {
	answer func(good string) (status int, media, text string)
	check  metadata.Check
	signed bool // a signature is required
	begin  string
	notice string
}{
	"cut short":            {func(good string) (int, string, string) { return 200, "application/xml", good[:len(good)/2] }, metadata.CheckXML, false, "", ""},
	"a page of plain text": {func(string) (int, string, string) { return 200, "text/plain", "down for maintenance" }, metadata.CheckXML, false, "", ""},
	"a page of HTML":       {func(string) (int, string, string) { return 200, "text/html", "<!DOCTYPE html>" }, metadata.CheckFetch, false, "", ""},
	"JSON":                 {func(string) (int, string, string) { return 200, "application/json", `{"code":500}` }, metadata.CheckXML, false, "", ""},
	"unsigned":             {func(good string) (int, string, string) { return 200, "application/xml", good }, metadata.CheckSignature, true, "", ""},
	"expired": {func(good string) (int, string, string) {
		return 200, "application/xml", strings.Replace(validUntil.ReplaceAllString(good, ""), "entityID=", `validUntil="1999-12-31T00:00:00Z" entityID=`, 1)
	}, metadata.CheckExpired, false, "", ""},
	"no key": {func(good string) (int, string, string) {
		return 200, "application/xml", keyDescriptor.ReplaceAllString(good, "")
	}, metadata.CheckKey, false, "", ""},
	"no endpoint": {func(good string) (int, string, string) {
		return 200, "application/xml", strings.ReplaceAll(good, "SingleSignOnService", "NameIDMappingService")
	}, metadata.CheckEndpoint, false, "", ""},
	// The source accepts any entity ID: a message of the other identity provider is refused, and its login has lost
	// its metadata.
	"another entity": {func(good string) (int, string, string) {
		return 200, "application/xml", entityID.ReplaceAllString(good, `entityID="https://other.example"`)
	}, metadata.CheckUnknown, false, "none", "refused"},
	"unreachable": {func(string) (int, string, string) { return 0, "", "" }, metadata.CheckFetch, false, "", ""},
	"overloaded":  {func(string) (int, string, string) { return 503, "text/plain", "" }, metadata.CheckFetch, false, "", ""},
	// A retry does not help: as with OpenID Connect, the error of BeginLogin says that the address may be wrong.
	"not found": {func(string) (int, string, string) { return 404, "text/plain", "" }, metadata.CheckFetch, false, "misconfigured", ""},
}

// Bad metadata of the server is a missing answer, and never a refusal of the user, at the beginning and at the end of
// logins and logouts; the page says to try again later.
func TestSAML55MetadataOutage(t *testing.T) {
	t.Parallel()
	p := authentication.SAML{SLOURL: samlSLO, Keys: []saml.Key{samlKey(t)}}
	fakeKey()
	fakeSAMLKey()
	for name, outage := range outages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // for the pauses between retries
				f := newSAML(t, p, nil)
				own := p
				own.EntityID = samlEntity
				if outage.signed {
					own.MetadataKeys = []crypto.PublicKey{fakeSAMLKey().Public()}
				}
				transport := &http.Client{Transport: transportFunc(func(r *http.Request) (*http.Response, error) {
					good, err := f.answer(r)
					require.NoError(t, err)
					document, err := io.ReadAll(good.Body)
					require.NoError(t, err)
					status, media, text := outage.answer(string(document))
					if status == 0 {
						return nil, errors.New("connection refused")
					}
					res := httpmock.NewStringResponse(status, text)
					res.Header.Set("Content-Type", media)
					if status == http.StatusServiceUnavailable {
						res.Header.Set("Retry-After", "7")
					}
					return res, nil
				})}
				bad, err := authentication.NewClient(authentication.Options{
					AppID: authtest.AppID, Secret: authtest.Secret, AppHost: mockHost, RedirectURI: localBack, Protocol: own, HTTPClient: transport,
				})
				require.NoError(t, err)

				judge := func(place, want string, err error) {
					t.Helper()
					if want == "none" {
						require.NoError(t, err, place)
						return
					}
					status := map[string]int{"": http.StatusServiceUnavailable, "misconfigured": http.StatusInternalServerError, "refused": http.StatusUnauthorized}[want]
					if want == "" {
						want = "no answer"
					}
					assert.Equal(t, want, kind(err), "%s: %v", place, err)
					var typed *metadata.Error
					require.ErrorAs(t, err, &typed, place)
					assert.Equal(t, outage.check, typed.Check, "%s: %v", place, err)
					w := httptest.NewRecorder()
					web.Error(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), err)
					assert.Equal(t, status, w.Code, "%s: %v", place, err)
					if name == "overloaded" {
						assert.Equal(t, "7", w.Header().Get("Retry-After"), place)
					}
				}
				_, err = bad.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{})
				judge("BuildAuthorizeUrl", outage.begin, err)
				_, err = bad.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
				judge("BeginLogin", outage.begin, err)

				browser, err := f.Browser(idptest.Username)
				require.NoError(t, err)
				login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
				require.NoError(t, err)
				r, err := browser.Open(t.Context(), login.URL, login.Form)
				require.NoError(t, err)
				_, err = bad.CompleteLogin(t.Context(), login, copyOf(t, r))
				judge("CompleteLogin", "", err)
				id, err := f.client.CompleteLogin(t.Context(), login, r)
				require.NoError(t, err, "the accepted twin")

				request, err := f.LogoutRequest(t.Context(), idptest.Username, samlEntity)
				require.NoError(t, err)
				_, err = bad.ReceiveLogout(t.Context(), repeat(t, request))
				judge("ReceiveLogout", outage.notice, err)
				_, err = f.client.ReceiveLogout(t.Context(), request)
				require.NoError(t, err, "the accepted twin")

				_, err = bad.BeginLogout(t.Context(), id, authentication.LogoutOptions{})
				want := outage.begin
				if want == "none" {
					want = ""
				}
				judge("BeginLogout", want, err)
				id, browser = f.visit(t)
				logout, err := f.client.BeginLogout(t.Context(), id, authentication.LogoutOptions{})
				require.NoError(t, err, "the accepted twin")
				back, err := browser.Open(t.Context(), logout.URL, logout.Form)
				require.NoError(t, err)
				judge("CompleteLogout", "", bad.CompleteLogout(t.Context(), logout, repeat(t, back)))
				require.NoError(t, f.client.CompleteLogout(t.Context(), logout, back), "the accepted twin")
			})
		})
	}
}

// A signature that no known key verifies may be from a new key. While the metadata cannot be fetched, the user is not
// refused.
func TestSAMLUnknownKeyDuringAnOutage(t *testing.T) {
	t.Parallel()
	f := newSAML(t, authentication.SAML{}, nil)
	now, down := time.Now(), false
	client, err := authentication.NewClient(authentication.Options{
		AppID: authtest.AppID, Secret: authtest.Secret, AppHost: mockHost, RedirectURI: localBack,
		Protocol: authentication.SAML{EntityID: samlEntity}, Now: func() time.Time { return now },
		HTTPClient: &http.Client{Transport: transportFunc(func(r *http.Request) (*http.Response, error) {
			if down {
				return httpmock.NewStringResponse(http.StatusOK, "down for maintenance"), nil
			}
			return f.answer(r)
		})},
	})
	require.NoError(t, err)
	f.client = client
	_, err = f.complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err)
	f.Break(samltest.OtherKey)
	for _, want := range []string{"no answer", "refused"} {
		down = want == "no answer"
		now = now.Add(11 * time.Second) // the cool-down of a failed fetch
		_, err = f.complete(t, authentication.AuthorizeOptions{})
		assert.Equal(t, want, kind(err), "%v", err)
		assert.ErrorIs(t, err, saml.CheckSignature)
	}
	f.Break()
	_, err = f.complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err, "the accepted twin")
}

// A mistake of the application is ErrMisconfigured, at the beginning of a login and at its end.
func TestSAMLMistakesInIdentityProviders(t *testing.T) {
	t.Parallel()
	f := newSAML(t, authentication.SAML{}, nil)
	login, r := f.begun(t)
	for name, source := range map[string]saml.IDPSource{"an entry without Keys": metadata.NewList(&metadata.IDP{EntityID: "https://idp.example"}), "not made": &metadata.Source{}} {
		client, err := authentication.NewClient(authentication.Options{
			AppID: authtest.AppID, Secret: authtest.Secret, AppHost: mockHost, RedirectURI: localBack,
			Protocol: authentication.SAML{EntityID: samlEntity, IDP: source}, HTTPClient: f.wire.client(),
		})
		require.NoError(t, err)
		_, err = client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		assert.Equal(t, "misconfigured", kind(err), "%s: %v", name, err)
		_, err = client.CompleteLogin(t.Context(), login, copyOf(t, r))
		assert.Equal(t, "misconfigured", kind(err), "%s: %v", name, err)
		assert.ErrorIs(t, err, metadata.CheckConfig)
	}
	_, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{IDP: "https://other.example"})
	assert.Equal(t, "misconfigured", kind(err), "%v", err)
	_, err = f.client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{IDP: "https://other.example"})
	assert.Equal(t, "misconfigured", kind(err), "%v", err)
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err, "the accepted twin")
}
