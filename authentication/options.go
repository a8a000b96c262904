package authentication

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Options describe one application at Authing. The names are from Authing's page.
type Options struct {
	// AppID is the application's ID. Every call needs it, except the calls for machines.
	AppID string
	// Secret is the application's secret; empty is none. It authenticates the application, and is the key of ID
	// tokens signed by HS256, which needs at least 32 bytes. A call that needs a secret and has none is an error.
	Secret string
	// OlderSecrets are up to four secrets before Secret. During a rotation OIDC tries them too, after Secret, for ID
	// tokens of HS256 and for dir encryption. They are never sent.
	OlderSecrets []string
	// AppHost is the application's address, such as https://sample-app.authing.cn. Trailing slashes are removed, a
	// path is kept. An AppHost that ends in a path of Authing, such as /oidc, is an error. It is required.
	AppHost string
	// RedirectURI is where the browser returns. It must be registered at Authing; a call may replace it. An
	// application with several servers uses one redirect URI for each server, and passes each callback to the client
	// of that server. Otherwise one server could collect the codes of another that sends no iss (RFC 9700 §4.4).
	RedirectURI string
	// Protocol is OIDC{} when nil.
	Protocol Protocol
	// TokenEndPointAuthMethod authenticates the application at the token endpoint: oauth.ClientSecretPost (when nil
	// or empty), oauth.ClientSecretBasic, oauth.None, or a custom ClientAuth.
	TokenEndPointAuthMethod oauth.ClientAuth
	// IntrospectionEndPointAuthMethod is the same for IntrospectToken; nil or empty is oauth.ClientSecretPost.
	IntrospectionEndPointAuthMethod oauth.ClientAuth
	// RevocationEndPointAuthMethod is the same for RevokeToken; nil or empty is oauth.ClientSecretPost.
	RevocationEndPointAuthMethod oauth.ClientAuth
	// Lang is the language of Authing's messages; empty means zh-CN.
	Lang string
	// RequestFrom is the name of the caller, for Authing; empty means sdk.
	RequestFrom string
	// TenantID is the tenant, sent as a header with every call; empty sends none.
	TenantID string
	// UserPoolID is the user pool, sent as a header with every call; empty sends none.
	UserPoolID string
	// HeaderNames renames Authing's headers; an empty name changes nothing.
	HeaderNames HeaderNames
	// Endpoints replaces Authing's paths, for private deployments and custom domains; an empty one changes nothing.
	Endpoints Endpoints
	// LoginLifetime is how long a Login may be completed; 0 means one hour.
	LoginLifetime time.Duration
	// Replay, when set, makes each login usable once, also when two callbacks come at the same time; nil relies on
	// the one-time code, and on web.Pending, which returns a login once. oauth.NewReplay makes one for an application
	// that runs as one instance.
	Replay oauth.Replay
	// IntrospectionCache makes IntrospectToken remember replies; nil remembers none. A token that was revoked elsewhere
	// then stays active here for a while; see oauth.IntrospectionCache.
	IntrospectionCache *oauth.IntrospectionCache
	// HTTPClient gives the transport and the timeout; it is copied. Its cookie jar and redirects are not used. A
	// Protocol's NewFlow gets a client that is never nil and is safe for secrets: it sends only to https, or http to
	// loopback (see InsecureAllowHTTP), follows no redirect, keeps no cookie, has a timeout of 30 seconds unless
	// HTTPClient has another, and reads at most MaxReply bytes. A redirect, plain http and a longer reply are errors.
	// net/http wraps its errors in *url.Error, which prints the query, so a flow must unwrap it.
	HTTPClient *http.Client
	// MaxReply is the largest reply in bytes; 0 means 1 MiB.
	MaxReply int64
	// MaxRetryAfter is the longest RetryAfter of an error; 0 means a minute. A server that names a longer time is asked
	// again after this one.
	MaxRetryAfter time.Duration
	// TicketPrefixes are the beginnings of CAS tickets; any other text is refused and not sent. Empty means ST-, and for
	// ValidateTicketV1 and ValidateTicketV2 PT- too (CAS §3.1.1, §3.2.1).
	TicketPrefixes []string
	// MaxTicket is the longest CAS ticket in bytes; 0 means 512.
	MaxTicket int
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// InsecureAllowHTTP permits an AppHost and a RedirectURI with http on hosts other than loopback. Anyone on the way can
	// then read the secret and change who logs in.
	InsecureAllowHTTP bool
}

const defaultLoginLifetime = time.Hour

// normalize sets the defaults and returns the HTTP core for every call of this application.
func (o *Options) normalize() (*httpcore.Client, error) {
	if o.AppHost == "" {
		return nil, errors.New("authentication: AppHost is not set")
	}
	o.AppHost = strings.TrimRight(o.AppHost, "/")
	if o.Lang == "" {
		o.Lang = "zh-CN"
	}
	if o.RequestFrom == "" {
		o.RequestFrom = "sdk"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	switch {
	case o.LoginLifetime == 0:
		o.LoginLifetime = defaultLoginLifetime
	case o.LoginLifetime < 0:
		return nil, errors.New("authentication: LoginLifetime is negative")
	}
	for _, v := range []struct{ field, value string }{{"AppID", o.AppID}, {"Secret", o.Secret}} {
		if strings.ContainsFunc(v.value, unicode.IsControl) {
			return nil, fmt.Errorf("authentication: %s has a control character, such as the line end of a file", v.field)
		}
	}
	// Authing's own calls read the options later, so what the caller may change is copied.
	o.TicketPrefixes = slices.Clone(o.TicketPrefixes)
	if o.HTTPClient != nil {
		own := *o.HTTPClient
		o.HTTPClient = &own
	}
	hc, err := httpcore.New(httpcore.Config{
		HTTPClient: o.HTTPClient, Header: o.header(), MaxReply: o.MaxReply, MaxRetryAfter: o.MaxRetryAfter, InsecureAllowHTTP: o.InsecureAllowHTTP,
	})
	if err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	if err := hc.CheckURL("AppHost", o.AppHost); err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	if strings.Contains(o.AppHost, "?") {
		return nil, errors.New("authentication: AppHost must not have a query")
	}
	if path := authingPath(o.AppHost, o.AppID); path != "" {
		return nil, fmt.Errorf("authentication: AppHost must not end in %s: that is one of Authing's paths, which are added to it", path)
	}
	if o.RedirectURI != "" {
		if err := hc.CheckReturn("RedirectURI", o.RedirectURI); err != nil {
			return nil, fmt.Errorf("authentication: %w", err)
		}
	}
	return hc, nil
}

// theirs has, for fields of Options, the names that packages oidc and oauth have in their Config.
var theirs = map[string]string{
	"ClientID": "AppID", "ClientSecret": "Secret", "OlderClientSecrets": "OlderSecrets", "TokenAuth": "TokenEndPointAuthMethod",
	"IntrospectionAuth": "IntrospectionEndPointAuthMethod", "RevocationAuth": "RevocationEndPointAuthMethod",
}

var fieldName = regexp.MustCompile(`\b[A-Z]\w+`)

// ofOptions names in an error of oidc.NewClient or oauth.NewClient the fields that the application has set.
func ofOptions(err error) error {
	text := fieldName.ReplaceAllStringFunc(err.Error(), func(name string) string { return cmp.Or(theirs[name], name) })
	return renamed{err, "authentication: " + text}
}

type renamed struct {
	error
	text string
}

// Error has the names of Options.
func (r renamed) Error() string { return r.text }

// Unwrap gives the error as it was.
func (r renamed) Unwrap() error { return r.error }
