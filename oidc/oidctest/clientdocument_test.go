package oidctest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// A client that is named by the address of its document logs in; a document that is not as it must be names nobody.
func TestClientIDMetadataDocuments(t *testing.T) {
	t.Parallel()
	var base string
	fetched := map[string]int{}
	documents := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fetched[r.URL.Path]++
		good := `{"client_id":"` + base + r.URL.Path + `","client_name":"Agent","redirect_uris":["` + callbackURI + `"],"token_endpoint_auth_method":"none"}`
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, base+"/good", http.StatusFound)
		case "/created":
			w.WriteHeader(http.StatusCreated)
		case "/other":
			good = strings.Replace(good, "/other", "/good", 1)
		case "/secret":
			good = strings.Replace(good, `{`, `{"client_secret":"s",`, 1)
		case "/basic":
			good = strings.Replace(good, `"none"`, `"client_secret_basic"`, 1)
		case "/default":
			good = strings.Replace(good, `,"token_endpoint_auth_method":"none"`, "", 1)
		case "/huge":
			good = strings.Replace(good, "Agent", strings.Repeat("a", 6000), 1)
		case "/elsewhere":
			good = strings.Replace(good, callbackURI, "https://elsewhere.example/cb", 1)
		}
		_, _ = w.Write([]byte(good))
	}))
	t.Cleanup(documents.Close)
	base = documents.URL
	realm := func() *idptest.Realm { return &idptest.Realm{HTTPClient: documents.Client()} }
	j := start(t, &oidctest.Server{Realm: realm(), ClientIDMetadataDocuments: true})
	_, document := j.get(openIDDocument, nil)
	assert.Equal(t, true, document["client_id_metadata_document_supported"])
	id := base + "/good"
	code := j.login("/auth", "client_id", id).Get("code")
	status, reply := j.post("/token", nil, form("grant_type", "authorization_code", "code", code, "redirect_uri", callbackURI, "client_id", id))
	granted(t, status, reply)
	assert.Equal(t, id, j.claims(text(reply, "id_token"), "RS256")["aud"])
	assert.Equal(t, 1, fetched["/good"])

	for _, bad := range []string{
		base + "/redirect", base + "/created", base + "/other", base + "/secret", base + "/basic", base + "/default", base + "/huge", base + "/elsewhere",
		base + "/a/../good", base + "/good#x", base, "http" + strings.TrimPrefix(base, "https") + "/good",
	} {
		response, _ := j.visit(j.authURL("/auth", "client_id", bad))
		assert.Equal(t, http.StatusBadRequest, response.StatusCode, bad)
	}
	j = start(t, &oidctest.Server{Realm: realm()})
	_, document = j.get(openIDDocument, nil)
	assert.NotContains(t, document, "client_id_metadata_document_supported")
	response, _ := j.visit(j.authURL("/auth", "client_id", id))
	require.Equal(t, http.StatusBadRequest, response.StatusCode)
	assert.Equal(t, 1, fetched["/good"])
}
