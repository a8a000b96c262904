package saml_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/redacttest"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// S12, S15: every exported type, in every verb, log and JSON, alone and inside others.
func TestS15EveryTypeIsJudged(t *testing.T) {
	t.Parallel()
	key := saml.Key{Signer: spKey(), Decrypter: spKey()}
	cfg := saml.Config{EntityID: spID, ACSURL: acs, Keys: []saml.Key{key}, IDP: metadata.NewList(provider())}
	c, err := saml.NewClient(cfg)
	require.NoError(t, err)
	secret := []string{spKey().D.String()[:40], spKey().Primes[0].String()[:40], "hidden", spKey().D.Text(16)[:40]}
	name := saml.NameID{Value: "hidden@example.com", Format: saml.NameIDEmail}
	redacttest.Judge(t,
		redacttest.Type{Value: cfg, Secrets: secret, Public: []string{"EntityID", "ACSURL", "MoreACSURLs", "SLOURL", "SOAPLogoutURL", "DiscoveryURLs", "SignatureAlgorithm"}},
		redacttest.Type{Value: c, Pointer: true, Secrets: secret},
		redacttest.Type{Value: key, Secrets: secret},
		redacttest.Type{Value: name, Secrets: secret, Public: []string{"Format"}, Form: redacttest.Stored, Numbers: true},
		redacttest.Type{Value: saml.Value{}, Public: []string{"Type"}, Form: redacttest.Stored},
		redacttest.Type{Value: saml.Attribute{}, Public: []string{"Name", "FriendlyName", "NameFormat"}, Form: redacttest.Stored},
		redacttest.Type{Value: saml.Assertion{NameID: name}, Secrets: secret, Public: []string{"Issuer", "AuthnContext"}, Form: redacttest.Stored},
		redacttest.Type{Value: saml.AuthorizeOptions{}, Public: []string{"IDP", "ACSURL", "Binding", "ResponseBinding"}},
		redacttest.Type{Value: saml.LogoutOptions{NameID: name}, Secrets: secret, Public: []string{"IDP", "Binding", "Reason"}},
		redacttest.Type{Value: saml.LogoutRequest{NameID: name}, Secrets: secret, Public: []string{"Issuer", "Reason", "Binding"}},
		redacttest.Type{Value: saml.LogoutReply{}},
		redacttest.Type{Value: saml.Login{}, Public: []string{"IDP", "Client", "ACSURL", "Contexts", "NameIDFormat"}, Form: redacttest.Stored},
		redacttest.Type{Value: saml.Logout{}, Public: []string{"IDP", "Client"}, Form: redacttest.Stored},
		// What our metadata or a configuration says to everyone.
		redacttest.Type{Value: saml.MetadataDocOptions{}, Open: true},
		redacttest.Type{Value: saml.NameIDPolicy{}, Open: true},
		redacttest.Type{Value: saml.RequestedAuthnContext{}, Open: true},
		redacttest.Type{Value: saml.Scoping{}, Open: true},
		redacttest.Type{Value: saml.Text{}, Open: true},
		redacttest.Type{Value: saml.Organization{}, Open: true},
		redacttest.Type{Value: saml.ContactPerson{}, Open: true},
		redacttest.Type{Value: saml.UIInfo{}, Open: true},
		redacttest.Type{Value: saml.Logo{}, Open: true},
		redacttest.Type{Value: saml.AttributeService{}, Open: true},
		redacttest.Type{Value: saml.RequestedAttribute{}, Open: true},
		redacttest.Type{Value: saml.DiscoveryOptions{}, Open: true},
		redacttest.Type{Value: saml.ResolveError{}, Open: true},
		redacttest.Type{Value: saml.InvalidError{}, Open: true},
		redacttest.Type{Value: saml.StatusError{}, Open: true},
	)
	assert.Contains(t, fmt.Sprint(c), spID)
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		text := fmt.Sprintf(verb, struct{ client *saml.Client }{c})
		assert.NotContains(t, text, spID, "where Format cannot be reached a pointer is an address")
	}
}

// Encoders that know no Format and no MarshalJSON ask for text.
func TestKeyAsXML(t *testing.T) {
	t.Parallel()
	key := saml.Key{Signer: spKey(), Decrypter: spKey()}
	type holder struct{ Keys []saml.Key }
	for _, v := range []any{key, &key, holder{[]saml.Key{key}}} {
		text, err := xml.Marshal(v)
		require.NoError(t, err)
		assert.Contains(t, string(text), "saml.Key{Signer:[redacted] Decrypter:[redacted]}")
		assert.NotContains(t, string(text), spKey().D.String()[:40])
	}
}

// A client that NewClient did not make has no settings: each call says so.
func TestZeroClient(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r := httptest.NewRequest(http.MethodGet, "/?SAMLResponse=x", nil)
	for _, c := range []*saml.Client{nil, {}} {
		calls := map[string]func() error{
			"BuildAuthorizeUrl": func() error { _, err := c.BuildAuthorizeUrl(ctx, saml.AuthorizeOptions{}); return err },
			"BuildLogoutUrl":    func() error { _, err := c.BuildLogoutUrl(ctx, saml.LogoutOptions{}); return err },
			"BeginLogin":        func() error { _, err := c.BeginLogin(ctx, saml.AuthorizeOptions{}); return err },
			"BeginLogout":       func() error { _, err := c.BeginLogout(ctx, saml.LogoutOptions{}); return err },
			"CompleteLogin":     func() error { _, err := c.CompleteLogin(ctx, &saml.Login{}, r); return err },
			"CompleteLogout":    func() error { return c.CompleteLogout(ctx, &saml.Logout{}, r) },
			"ReceiveLogout":     func() error { _, err := c.ReceiveLogout(ctx, r); return err },
			"RespondLogout":     func() error { _, err := c.RespondLogout(ctx, &saml.LogoutRequest{}, saml.Success); return err },
			"Metadata":          func() error { _, err := c.Metadata(ctx, saml.MetadataDocOptions{}); return err },
		}
		for name, call := range calls {
			require.NotPanics(t, func() { assert.EqualError(t, call(), "saml: the client was not made by NewClient", name) })
		}
		w := httptest.NewRecorder()
		c.MetadataHandler(saml.MetadataDocOptions{}).ServeHTTP(w, r)
		assert.Equal(t, http.StatusInternalServerError, w.Code)
		assert.NotPanics(t, func() { _ = c.ACSURLs() })
	}
}

// A typed nil in a chain of errors is one that says nothing.
func TestNilErrors(t *testing.T) {
	t.Parallel()
	var invalid *saml.InvalidError
	var status *saml.StatusError
	for _, err := range []error{invalid, status, fmt.Errorf("wrapped: %w", invalid), errors.Join(status, invalid)} {
		assert.NotPanics(t, func() {
			assert.NotErrorIs(t, err, saml.CheckReplay)
			assert.NotErrorIs(t, err, saml.NoPassive)
			assert.NotEmpty(t, err.Error())
		})
	}
}

// What is stored is whole.
func TestStorageFormIsWhole(t *testing.T) {
	t.Parallel()
	form := url.Values{"SAMLRequest": {"hidden"}}
	name := saml.NameID{Value: "hidden@example.com", Format: saml.NameIDEmail}
	stored := []any{
		saml.Login{Form: form, Key: "hidden"}, saml.Logout{Form: form, Key: "hidden"}, saml.Assertion{NameID: name}, name,
	}
	for _, v := range stored {
		data, err := json.Marshal(v)
		require.NoError(t, err)
		assert.Contains(t, string(data), "hidden", "%T", v)
	}
	assert.Len(t, stored, 4)
}
