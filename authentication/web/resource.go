package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/challenge"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// ResourceMetadata describes an API to its clients (RFC 9728 §2). An empty field is not published.
type ResourceMetadata struct {
	// Resource is the API's identifier: the https address that clients call, such as https://api.example/orders, without
	// query and fragment. Its path has no character that needs an escape. It is required. Tokens name it in aud where the
	// client asked for it (RFC 8707 §2).
	Resource string
	// AuthorizationServers are the issuers whose tokens the API accepts. A client of MCP needs one.
	AuthorizationServers []string
	// ScopesSupported are the scopes of the API.
	ScopesSupported []string
	// ResourceName is shown to users. Extra has the names in other languages, such as resource_name#zh-CN.
	ResourceName string
	// ResourceDocumentation is a page for developers.
	ResourceDocumentation string
	// ResourcePolicyURI is a page about how clients may use the API's data.
	ResourcePolicyURI string
	// ResourceTOSURI is a page with the terms of service.
	ResourceTOSURI string
	// Extra has further members, such as dpop_bound_access_tokens_required. A member that has a field, and bearer_methods_supported, which is header, are errors.
	Extra map[string]any
	// InsecureAllowHTTP permits http on hosts other than loopback. Anyone on the way can then send clients to an
	// authorization server of their own.
	InsecureAllowHTTP bool
}

// Resource serves the metadata of an API (RFC 9728 §3), and gives its address to the challenges of a TokenGuard:
//
//	mux.Handle(resource.Path(), resource)
type Resource struct {
	url, path string
	body      []byte
}

const wellKnownResource = "/.well-known/oauth-protected-resource"

// NewResource checks m. An error names the field.
func NewResource(m ResourceMetadata) (*Resource, error) {
	u, err := m.check()
	if err != nil {
		return nil, mistaken(fmt.Errorf("web: ResourceMetadata.%w", err))
	}
	path := wellKnownResource
	if u.Path != "/" { // the slash after the host goes (RFC 9728 §3.1)
		path += u.Path
	}
	body, err := m.encode()
	if err != nil {
		return nil, mistaken(fmt.Errorf("web: ResourceMetadata.%w", err))
	}
	return &Resource{url: u.Scheme + "://" + u.Host + path, path: path, body: body}, nil
}

// Path is where the metadata must be served, as a path and as a pattern of http.ServeMux. It begins with the well-known
// part, and the API's own path comes after it (RFC 9728 §3.1).
func (p *Resource) Path() string { return p.path }

// URL is the address of the metadata.
func (p *Resource) URL() string { return p.url }

// ServeHTTP answers with the metadata. It is public: pages of every site may read it.
func (p *Resource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	switch {
	case p == nil || p.url == "":
		http.Error(w, "the metadata was not made by NewResource", http.StatusInternalServerError)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	default:
		h.Set("Content-Type", "application/json")
		h.Set("Cache-Control", "public, max-age=3600")
		h.Set("Access-Control-Allow-Origin", "*")
		w.WriteHeader(http.StatusOK) // some routers begin with another status
		_, _ = w.Write(p.body)
	}
}

// check returns the address of the resource.
func (m *ResourceMetadata) check() (*url.URL, error) {
	hc, err := httpcore.New(httpcore.Config{InsecureAllowHTTP: m.InsecureAllowHTTP})
	if err != nil {
		return nil, err
	}
	u, err := hc.CheckName("Resource", m.Resource)
	if err != nil {
		return nil, err
	}
	for _, issuer := range m.AuthorizationServers {
		if err := hc.CheckURL("AuthorizationServers", issuer); err != nil {
			return nil, err
		}
		if strings.Contains(issuer, "?") {
			return nil, errors.New("AuthorizationServers has an entry with a query (RFC 8414 §2)")
		}
	}
	for _, scope := range m.ScopesSupported {
		if !challenge.IsWord(scope) {
			return nil, errors.New("ScopesSupported has an entry that is not one scope (RFC 6749 §3.3)")
		}
	}
	for field, page := range map[string]string{
		"ResourceDocumentation": m.ResourceDocumentation, "ResourcePolicyURI": m.ResourcePolicyURI, "ResourceTOSURI": m.ResourceTOSURI,
	} {
		if page != "" && !isWeb(page) {
			return nil, fmt.Errorf("%s is not an http or https address", field)
		}
	}
	return u, nil
}

// encode makes the document.
func (m *ResourceMetadata) encode() ([]byte, error) {
	document := map[string]any{
		"resource": m.Resource, "bearer_methods_supported": []string{"header"},
		"authorization_servers": m.AuthorizationServers, "scopes_supported": m.ScopesSupported, "resource_name": m.ResourceName,
		"resource_documentation": m.ResourceDocumentation, "resource_policy_uri": m.ResourcePolicyURI, "resource_tos_uri": m.ResourceTOSURI,
	}
	for name := range m.Extra {
		if _, own := document[name]; own {
			return nil, fmt.Errorf("Extra must not have %s", name)
		}
	}
	maps.DeleteFunc(document, func(_ string, v any) bool { // empty ones must not be there (RFC 9728 §3.2)
		list, isList := v.([]string)
		return v == "" || isList && len(list) == 0
	})
	maps.Copy(document, m.Extra)
	body, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("Extra: %w", err)
	}
	return body, nil
}
