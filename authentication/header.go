package authentication

import "net/http"

// Version is the version of this library, as sent to Authing.
const Version = "0.1.0"

// HeaderNames are the names of Authing's request headers. An empty field keeps Authing's name; a private deployment
// or GenAuth has its own names.
type HeaderNames struct {
	// AppID is the name of the header with Options.AppID; empty is x-authing-app-id.
	AppID string
	// RequestFrom is the name of the header with Options.RequestFrom; empty is x-authing-request-from.
	RequestFrom string
	// SDKVersion is the name of the header with "go:" and Version; empty is x-authing-sdk-version.
	SDKVersion string
	// Lang is the name of the header with Options.Lang; empty is x-authing-lang.
	Lang string
	// TenantID is the name of the header with Options.TenantID; empty is x-authing-app-tenant-id.
	TenantID string
	// UserPoolID is the name of the header with Options.UserPoolID; empty is x-authing-userpool-id.
	UserPoolID string
}

// header returns the headers of every request; a header without a value is left out.
func (o *Options) header() http.Header {
	h := http.Header{}
	// Names in canonical form are not copied for each client.
	for _, e := range []struct{ renamed, name, value string }{
		{o.HeaderNames.AppID, "X-Authing-App-Id", o.AppID},
		{o.HeaderNames.RequestFrom, "X-Authing-Request-From", o.RequestFrom},
		{o.HeaderNames.SDKVersion, "X-Authing-Sdk-Version", "go:" + Version},
		{o.HeaderNames.Lang, "X-Authing-Lang", o.Lang},
		{o.HeaderNames.TenantID, "X-Authing-App-Tenant-Id", o.TenantID},
		{o.HeaderNames.UserPoolID, "X-Authing-Userpool-Id", o.UserPoolID},
	} {
		if e.renamed != "" {
			e.name = e.renamed
		}
		if e.value != "" {
			h.Set(e.name, e.value)
		}
	}
	return h
}
