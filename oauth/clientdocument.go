package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// ClientDocument is a client ID metadata document: a client that no server registered describes itself at the address
// that is its client_id (draft-ietf-oauth-client-id-metadata-document-03). It is an http.Handler:
//
//	mux.Handle(document.Path(), document)
//
// A Client of it has Config.ClientID set to the address, no secret, and TokenAuth None, or the method with a key that the
// document names. Its JSON form is the document, for a server of files.
type ClientDocument struct {
	id, path string
	body     []byte
}

// maxClientDocument is what servers read of a document, in bytes (draft-ietf-oauth-client-id-metadata-document-03,
// "Maximum Response Size").
const maxClientDocument = 5000

// NewClientDocument checks what the document must have. clientID is its https address, with a path, and without user
// information, query, fragment and escapes (RFC 3986 §3). ClientName and RedirectURIs are required; a client without
// redirects names its grants in GrantTypes. An empty TokenEndpointAuthMethod is written as none. A secret, a method or an
// algorithm that needs one, and a document of over 5,000 bytes are errors.
func NewClientDocument(clientID string, m ClientMetadata) (*ClientDocument, error) {
	u, err := checkDocumentURL("clientID", clientID)
	if err != nil {
		return nil, fmt.Errorf("oauth: client document: %w", err)
	}
	if m.TokenEndpointAuthMethod == "" {
		m.TokenEndpointAuthMethod = string(None)
	}
	if err := m.checkDocument(); err != nil {
		return nil, fmt.Errorf("oauth: client document: %w", err)
	}
	hc, err := httpcore.New(httpcore.Config{})
	if err != nil {
		return nil, err
	}
	for _, uri := range m.RedirectURIs {
		if err := checkRedirectURI(hc, uri); err != nil {
			return nil, err
		}
	}
	members, err := checkedMembers(m)
	if err != nil {
		return nil, err
	}
	members["client_id"] = clientID
	body, err := json.Marshal(members)
	switch {
	case err != nil:
		return nil, fmt.Errorf("oauth: client document: %w", err)
	case len(body) > maxClientDocument:
		return nil, fmt.Errorf("oauth: client document: it has %d bytes, and servers read at most %d: use JWKSURI in place of JWKS", len(body), maxClientDocument)
	}
	return &ClientDocument{id: clientID, path: u.Path, body: body}, nil
}

// ClientID is the address, for Config.ClientID.
func (d *ClientDocument) ClientID() string {
	if d == nil {
		return ""
	}
	return d.id
}

// Path is the path of the address, and a pattern of http.ServeMux.
func (d *ClientDocument) Path() string {
	if d == nil {
		return ""
	}
	return d.path
}

// ServeHTTP answers with the document. Servers keep it for an hour.
func (d *ClientDocument) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	switch {
	case d == nil || d.id == "":
		http.Error(w, "the document was not made by NewClientDocument", http.StatusInternalServerError)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	default:
		h.Set("Content-Type", "application/json")
		h.Set("Cache-Control", "public, max-age=3600")
		w.WriteHeader(http.StatusOK) // some routers begin with another status, and servers take this one alone
		_, _ = w.Write(d.body)
	}
}

// MarshalJSON writes the document.
func (d *ClientDocument) MarshalJSON() ([]byte, error) {
	if d == nil || d.id == "" {
		return nil, errors.New("oauth: the document was not made by NewClientDocument")
	}
	return d.body, nil
}

// checkDocumentURL checks the address of a client ID metadata document. http is refused for loopback hosts too: there is
// one client_id, and no server may accept another scheme.
func checkDocumentURL(field, raw string) (*url.URL, error) {
	hc, err := httpcore.New(httpcore.Config{})
	if err != nil {
		return nil, err
	}
	u, err := hc.CheckName(field, raw)
	switch {
	case err != nil:
		return nil, err
	case u.Scheme != "https":
		return nil, fmt.Errorf("%s must be an https URL", field)
	case strings.Trim(u.Path, "/") == "":
		return nil, fmt.Errorf("%s has no path, such as /client.json", field)
	}
	return u, nil
}

// checkDocument finds what a client without a shared secret cannot have.
func (m *ClientMetadata) checkDocument() error {
	redirects := len(m.GrantTypes) == 0 || slices.Contains(m.GrantTypes, "authorization_code") || slices.Contains(m.GrantTypes, "implicit")
	switch {
	case m.ClientName == "":
		return errors.New("ClientName is not set, and users see it")
	case redirects && len(m.RedirectURIs) == 0:
		return errors.New("RedirectURIs is empty")
	}
	for field, address := range map[string]string{
		"ClientURI": m.ClientURI, "LogoURI": m.LogoURI, "PolicyURI": m.PolicyURI, "TOSURI": m.TOSURI, "JWKSURI": m.JWKSURI,
	} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
			return fmt.Errorf("%s must be an https URL", field)
		}
	}
	return m.checkWithoutSecret()
}

// checkWithoutSecret refuses all that a client_secret is the key of (OpenID Connect Core §10.1, §10.2).
func (m *ClientMetadata) checkWithoutSecret() error {
	method := m.TokenEndpointAuthMethod
	switch {
	case strings.HasPrefix(method, "client_secret_"):
		return fmt.Errorf("TokenEndpointAuthMethod is %s, and nobody can have registered a secret", httpcore.Quote(method))
	case (method == "private_key_jwt" || method == string(SelfSignedTLSClientAuth)) && m.JWKSURI == "" && len(m.JWKS) == 0:
		return fmt.Errorf("TokenEndpointAuthMethod is %s, and neither JWKSURI nor JWKS is set", httpcore.Quote(method))
	case method == string(TLSClientAuth) && m.TLSClientAuthSubjectDN == "":
		return fmt.Errorf("TokenEndpointAuthMethod is %s, and TLSClientAuthSubjectDN is not set", httpcore.Quote(method))
	}
	for field, alg := range map[string]string{
		"TokenEndpointAuthSigningAlg": m.TokenEndpointAuthSigningAlg, "IDTokenSignedResponseAlg": m.IDTokenSignedResponseAlg,
		"UserInfoSignedResponseAlg": m.UserInfoSignedResponseAlg, "RequestObjectSigningAlg": m.RequestObjectSigningAlg,
		"IDTokenEncryptedResponseAlg": m.IDTokenEncryptedResponseAlg, "UserInfoEncryptedResponseAlg": m.UserInfoEncryptedResponseAlg,
		"AuthorizationSignedResponseAlg": m.AuthorizationSignedResponseAlg, "AuthorizationEncryptedResponseAlg": m.AuthorizationEncryptedResponseAlg,
	} {
		if alg == "dir" || strings.HasPrefix(alg, "HS") || strings.HasPrefix(alg, "A") || strings.HasPrefix(alg, "PBES2") {
			return fmt.Errorf("%s is %s, whose key is a secret", field, httpcore.Quote(alg))
		}
	}
	return nil
}
