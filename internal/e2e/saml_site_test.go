//go:build interop

package e2e

import (
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/simplesamlphp"
)

// samlSite is examples/web, running, with one identity provider.
type samlSite struct {
	*site
	attributes []string
	leave      func(idp string) string // where a user signs out at the identity provider
	at         *samlServer             // nil for the embedded one
}

func samlSites(t *testing.T) map[string]*samlSite {
	t.Helper()
	binary := build(t, examples+"/web")
	return map[string]*samlSite{"embedded": embeddedSAML(t, binary), "SimpleSAMLphp": simpleSAMLSite(t, binary)}
}

// embeddedSAML is the application with its own identity provider, which asks for no consent.
func embeddedSAML(t *testing.T, binary string) *samlSite {
	t.Helper()
	return &samlSite{
		site: embedded(t, binary, "saml"), attributes: []string{idptest.Email, "Alice Liddell"},
		leave: func(idp string) string { return idp + "/login/profile/logout" },
	}
}

// simpleSAMLSite is the application with the real identity provider, which gets the metadata of the application.
func simpleSAMLSite(t *testing.T, binary string) *samlSite {
	t.Helper()
	f := simpleSAML(t)
	app := newFront(t)
	app.run(t, binary, append(keyFiles(t), "SAML_IDP_METADATA_URL="+f.facts["METADATA_URL"])...)
	forget, err := simplesamlphp.Drop(f.facts["SP_DIR"], app.metadata(t), map[string]any{"NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, forget()) })
	return &samlSite{
		site:       &site{front: app, callback: app.origin + "/auth/callback/saml", protocol: "saml", subject: "alice@example.test", server: f.pages()},
		at:         f,
		attributes: []string{"alice@example.test", "Alice <&> Example", "admin\ndev", "爱丽丝"},
		leave: func(string) string {
			return f.facts["SLO_URL"] + "?ReturnTo=" + f.facts["BASE_URL"] + "/logout.php"
		},
	}
}

// metadata is what the identity provider must know of the application.
func (f *front) metadata(t *testing.T) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.origin+"/auth/metadata/saml", nil)
	require.NoError(t, err)
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	metadata, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode, "%s", metadata)
	return metadata
}

// keyFiles are the variables that name a key of this run.
func keyFiles(t *testing.T) []string {
	t.Helper()
	pair, err := simplesamlphp.NewPair()
	require.NoError(t, err)
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	require.NoError(t, err)
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
		return path
	}
	return []string{
		"SAML_CERT_FILE=" + write("cert.pem", "CERTIFICATE", pair.Certificate[0]),
		"SAML_KEY_FILE=" + write("key.pem", "PRIVATE KEY", key),
	}
}
