package authtest_test

import (
	"bytes"
	"compress/flate"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

const (
	samlPath = "/api/v2/saml-idp/"
	acsURL   = "http://localhost:3000/saml/acs"
)

// samlReply is what these tests read of a response.
type samlReply struct {
	Issuer    string `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`
	Assertion struct {
		Audience   string `xml:"Conditions>AudienceRestriction>Audience"`
		Attributes []struct {
			Name   string   `xml:",attr"`
			Values []string `xml:"AttributeValue"`
		} `xml:"AttributeStatement>Attribute"`
	}
}

// samlLogin logs in at an application, from the server's side.
func (j *journey) samlLogin(b *idptest.Browser, app string) (to string, p samlReply) {
	j.t.Helper()
	callback, err := b.Open(j.t.Context(), j.url+samlPath+app, nil)
	require.NoError(j.t, err)
	text, err := base64.StdEncoding.DecodeString(parameters(j.t, callback).Get("SAMLResponse"))
	require.NoError(j.t, err)
	require.NoError(j.t, xml.Unmarshal(text, &p), "%s", text)
	return callback.URL.String(), p
}

func (j *journey) person() *idptest.Browser {
	j.t.Helper()
	b, err := j.idp.Browser("")
	require.NoError(j.t, err)
	return b
}

// Single sign-on is at the path of the application itself, and the entity ID is the app host.
func TestSAMLPlace(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{RedirectURIs: []string{acsURL}, SignSAMLMetadata: true, SAMLApps: []samltest.App{
		{EntityID: "https://sp.example.com"}, {ID: "a b", ACSURLs: []string{acsURL + "2"}},
	}})
	for app, acs := range map[string]string{authtest.AppID: acsURL, "a%20b": acsURL + "2"} {
		response, text := j.visit(j.url + samlPath + app + "/metadata")
		assert.Equal(t, "application/samlmetadata+xml", response.Header.Get("Content-Type"))
		assert.Contains(t, text, `entityID="`+j.url+`"`)
		assert.Contains(t, text, "<ds:Signature ", "it is signed")
		for _, binding := range []samltest.Binding{samltest.BindingRedirect, samltest.BindingPOST} {
			assert.Contains(t, text, `<md:SingleSignOnService Binding="`+string(binding)+`" Location="`+j.url+samlPath+app+`"/>`)
			assert.Contains(t, text, `<md:SingleLogoutService Binding="`+string(binding)+`" Location="`+j.url+samlPath+app+`/slo"/>`)
		}
		der, err := base64.StdEncoding.DecodeString(between(t, text, "<ds:X509Certificate>", "<"))
		require.NoError(t, err)
		certificate, err := x509.ParseCertificate(der)
		require.NoError(t, err)
		assert.True(t, samlKey().PublicKey.Equal(certificate.PublicKey.(*rsa.PublicKey)), "SAMLKey signs")
		to, p := j.samlLogin(j.person(), app)
		assert.Equal(t, acs, to)
		assert.Equal(t, j.url, p.Issuer)
	}
}

func TestSAMLUnknownApp(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	for _, path := range []string{"another", "another/slo", "another/metadata"} {
		_, err := j.idp.Login(t.Context(), j.url+samlPath+path, "")
		assert.ErrorContains(t, err, "404 7348", "Authing's code")
	}
	for _, path := range []string{"another", "another/slo"} {
		response, text := j.do(http.MethodPost, j.url+samlPath+path, form("SAMLRequest", "x"))
		assert.Equal(t, http.StatusNotFound, response.StatusCode)
		assert.Contains(t, text, "7348")
	}
	// Without single logout, as Authing, there is no endpoint of it.
	j = start(t, &authtest.Server{NoSAMLLogout: true})
	_, text := j.visit(j.url + samlPath + authtest.AppID + "/metadata")
	assert.NotContains(t, text, "SingleLogoutService")
	assert.NotContains(t, text, "<ds:Signature ")
	response, text := j.visit(j.url + samlPath + authtest.AppID + "/slo?SAMLRequest=x")
	assert.Equal(t, http.StatusNotFound, response.StatusCode)
	assert.Contains(t, text, "7348")
	_, err := j.idp.LogoutRequest(t.Context(), "", authtest.AppID)
	assert.ErrorContains(t, err, "NoLogout")
}

func TestSAMLMisconfigured(t *testing.T) {
	t.Parallel()
	for want, apps := range map[string][]samltest.App{
		"two endpoints at " + samlPath + authtest.AppID: {{}, {ID: authtest.AppID}},
		"unknown samltest.App.Sign":                     {{Sign: "nothing"}},
	} {
		j := start(t, &authtest.Server{SAMLApps: apps})
		response, body := j.visit(j.url)
		assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
		assert.Contains(t, body, want)
	}
}

// As in Authing's sample: what a person does not have is the text null, and a name is empty.
func TestSAMLAttributes(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{
		Users: []idptest.User{{Username: "ada", Password: "p", Email: "a&b@example.com", Claims: map[string]any{"groups": []any{"x<y", "z"}, "level": 7}}},
		SAMLApps: []samltest.App{
			{ACSURLs: []string{acsURL}}, {ID: "more", ACSURLs: []string{acsURL}, Attributes: []string{"groups", "level", "roles"}},
		},
	})
	read := func(app string) map[string][]string {
		all := map[string][]string{}
		_, p := j.samlLogin(j.person(), app)
		for _, a := range p.Assertion.Attributes {
			all[a.Name] = a.Values
		}
		return all
	}
	assert.Equal(t, map[string][]string{"email": {"a&b@example.com"}, "name": {""}, "username": {"ada"}, "phone": {"null"}}, read(authtest.AppID))
	assert.Equal(t, map[string][]string{"groups": {"x<y", "z"}, "level": {"7"}, "roles": nil}, read("more"))
}

// A login by SAML is a login for the other protocols.
func TestSAMLSessionIsThatOfAll(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{RedirectURIs: []string{callbackURI, acsURL}})
	b := j.person()
	j.samlLogin(b, authtest.AppID)
	callback, err := b.Open(t.Context(), j.authURL("/oidc/auth", "prompt", "none"), nil)
	require.NoError(t, err)
	assert.NotEmpty(t, callback.URL.Query().Get("code"))
}

// samlRequest reads the logout request that the browser brings to an application.
func samlRequest(t *testing.T, r *http.Request) (id, relayState string) {
	t.Helper()
	require.NotNil(t, r)
	packed, err := base64.StdEncoding.DecodeString(r.URL.Query().Get("SAMLRequest"))
	require.NoError(t, err)
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	require.NoError(t, err)
	return between(t, string(text), ` ID="`, `"`), r.URL.Query().Get("RelayState")
}

// samlAnswer is where the application sends the browser with its LogoutResponse.
func (j *journey) samlAnswer(app, id, relayState string, now time.Time) string {
	j.t.Helper()
	at := j.url + samlPath + app + "/slo"
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	require.NoError(j.t, err)
	_, err = io.WriteString(w, `<p:LogoutResponse xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_`+app+`" Version="2.0" IssueInstant="`+
		now.UTC().Format(time.RFC3339)+`" Destination="`+at+`" InResponseTo="`+id+`"><a:Issuer>https://`+app+`.example.com</a:Issuer>`+
		`<p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status></p:LogoutResponse>`)
	require.NoError(j.t, err)
	require.NoError(j.t, w.Close())
	return at + "?" + form("SAMLResponse", base64.StdEncoding.EncodeToString(b.Bytes()), "RelayState", relayState).Encode()
}

// A logout at Authing's front end, or from the server's side, goes by way of the applications, and then where it was
// going; CAS services are told too.
func TestSAMLLogoutFromTheServer(t *testing.T) {
	t.Parallel()
	clock := newClock()
	told := make(chan string, 9)
	service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told <- r.PostFormValue("logoutRequest") }))
	t.Cleanup(service.Close)
	var apps []samltest.App
	for _, id := range []string{"one", "two"} {
		at := "https://" + id + ".example.com"
		apps = append(apps, samltest.App{ID: id, EntityID: at, ACSURLs: []string{at + "/acs"}, SLOURL: at + "/slo"})
	}
	for to, begin := range map[string]func(*journey, *idptest.Browser) (*http.Request, error){
		homeURI: func(j *journey, b *idptest.Browser) (*http.Request, error) {
			return b.Open(t.Context(), j.url+"/login/profile/logout?"+form("redirect_uri", homeURI).Encode(), nil)
		},
		"": func(j *journey, b *idptest.Browser) (*http.Request, error) {
			return b.Open(t.Context(), j.url+"/login/profile/logout", nil)
		},
		"helper": func(j *journey, _ *idptest.Browser) (*http.Request, error) {
			return j.idp.LogoutRequest(t.Context(), "", "https://one.example.com")
		},
	} {
		j := start(t, &authtest.Server{Now: clock.now, SAMLApps: apps})
		b := j.person()
		_, err := b.Open(t.Context(), j.url+"/cas/login?"+url.Values{"service": {service.URL + "/app"}}.Encode(), nil)
		require.NoError(t, err)
		j.samlLogin(b, "two")
		j.samlLogin(b, "one")
		next, err := begin(j, b)
		require.NoError(t, err)
		require.Len(t, told, 1, "CAS services are told too")
		assert.Contains(t, <-told, "SessionIndex")
		callback, err := b.Open(t.Context(), j.authURL("/oidc/auth", "prompt", "none"), nil)
		require.NoError(t, err)
		assert.Equal(t, "login_required", callback.URL.Query().Get("error"), "the session is gone")
		order := []string{"two", "one"}
		if to == "helper" {
			order = []string{"one", "two"}
		}
		for _, id := range order {
			assert.True(t, strings.HasPrefix(next.URL.String(), "https://"+id+".example.com/slo?"))
			request, relayState := samlRequest(t, next)
			next, err = b.Open(t.Context(), j.samlAnswer(id, request, relayState, clock.now()), nil)
			require.NoError(t, err)
		}
		if to == homeURI {
			assert.Equal(t, homeURI, next.URL.String())
		} else {
			assert.Nil(t, next, "it ends at a page")
		}
	}
}
