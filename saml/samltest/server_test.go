package samltest_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

func TestMisconfigured(t *testing.T) {
	t.Parallel()
	for want, idp := range map[string]*samltest.Server{
		"two endpoints at /metadata":            {Apps: []samltest.App{{}, {}}},
		"two endpoints at /x/slo":               {Apps: []samltest.App{{ID: "x"}, {SSOPath: "/x/slo"}}},
		"/../metadata is not a path":            {Apps: []samltest.App{{ID: ".."}}},
		"/{x} is not a path":                    {Apps: []samltest.App{{SSOPath: "/{x}"}}},
		"SSO is not a path":                     {Apps: []samltest.App{{SSOPath: "SSO"}}},
		"Server.Path is not a path":             {Path: "saml"},
		"Path is not a path without a slash at": {Path: "/saml/"},
		"unknown samltest.App.Sign":             {Apps: []samltest.App{{Sign: "nothing"}}},
		"unknown samltest.App.SLOBinding":       {Apps: []samltest.App{{SLOBinding: "urn:x"}}},
		"unknown samltest.App.NameIDFormat":     {Apps: []samltest.App{{NameIDFormat: "urn:x"}}},
		"samltest.App.DemandSigned needs Key":   {Apps: []samltest.App{{DemandSigned: true}}},
		"samltest.App.Key is neither RSA":       {Apps: []samltest.App{{Key: "x"}}},
	} {
		j := start(t, idp)
		response, body := j.visit(j.url)
		assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
		assert.Contains(t, body, want)
	}
}

// The endpoints of an application are below the path of the server and its ID, which may be any text.
func TestPaths(t *testing.T) {
	t.Parallel()
	realm := &idptest.Realm{BaseURL: "https://id.example.com/tenant"}
	idp := &samltest.Server{Realm: realm, Path: "/saml", EntityID: "urn:example:idp", Key: idpKey(), Apps: []samltest.App{
		{ACSURLs: []string{acsURL}}, {ID: "a/b {c}", ACSURLs: []string{acsURL}}, {ID: "d", SSOPath: "/d", ACSURLs: []string{acsURL}},
	}}
	j := serve(t, idp, idp)
	for app, want := range map[string][2]string{
		"":                 {"/saml/sso", "/saml/slo"},
		"/a%2Fb%20%7Bc%7D": {"/saml/a%2Fb%20%7Bc%7D/sso", "/saml/a%2Fb%20%7Bc%7D/slo"},
		"/d":               {"/d", "/saml/d/slo"},
	} {
		response, text := j.visit(j.url + "/saml" + app + "/metadata")
		require.Equal(t, http.StatusOK, response.StatusCode, app)
		assert.Contains(t, text, `entityID="urn:example:idp"`)
		assert.Contains(t, text, `<md:SingleSignOnService Binding="`+string(samltest.BindingPOST)+`" Location="`+realm.BaseURL+want[0]+`"/>`)
		assert.Contains(t, text, `<md:SingleLogoutService Binding="`+string(samltest.BindingPOST)+`" Location="`+realm.BaseURL+want[1]+`"/>`)
		callback, err := idp.Login(t.Context(), realm.BaseURL+want[0], "")
		require.NoError(t, err, app)
		p, _ := received(t, callback)
		assert.Equal(t, "urn:example:idp urn:example:idp", p.Issuer+" "+p.one().Issuer)
	}
	response, _ := j.visit(j.url + "/")
	assert.Equal(t, http.StatusNotFound, response.StatusCode, "the home page is that of a server without a path")
	j = start(t, &samltest.Server{})
	_, body := j.visit(j.url)
	assert.Contains(t, body, "Its metadata is at "+j.url+"/metadata.")
}

// What is read at once by many is one certificate for each key, whatever is rotated; two keys are kept.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{})
	var mu sync.Mutex
	seen := map[string]string{} // certificates by public key
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for _, certificate := range j.certificates() {
				mu.Lock()
				public := string(certificate.RawSubjectPublicKeyInfo)
				if before, ok := seen[public]; ok {
					assert.Equal(t, before, string(certificate.Raw))
				}
				seen[public] = string(certificate.Raw)
				mu.Unlock()
			}
		})
	}
	for range 3 {
		wait.Go(func() { assert.NoError(t, j.idp.RotateKeys()) })
		wait.Go(func() { j.idp.Break(samltest.WrongAudience) })
		wait.Go(func() { j.idp.Requests("/sso") })
	}
	wait.Wait()
	assert.Len(t, j.certificates(), 2)
	assert.Equal(t, 9, j.idp.Requests("/metadata"))
}
