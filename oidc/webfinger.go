package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/discovery"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// WebFingerConfig says whom a WebFinger asks and which answers it accepts (OpenID Connect Discovery §2). Users type the
// hosts, so both rules are required: without them the application would send requests to any host, and log in the
// users of any server.
type WebFingerConfig struct {
	// Hosts may be asked: names in lower case, with the port unless it is 443, such as example.com or
	// example.com:8443.
	Hosts []string
	// AllowHost, when set, allows hosts that are not in Hosts. It gets a host in the same form.
	AllowHost func(host string) bool
	// Issuers are the issuers that may be found, compared byte for byte: those for which the application has a Client.
	Issuers []string
	// AllowIssuer, when set, allows issuers that are not in Issuers.
	AllowIssuer func(issuer string) bool
	// HTTPClient gives the transport and the timeout; it is copied. Its cookie jar and redirects are not used.
	HTTPClient *http.Client
	// Header is sent with every request. Authorization, Content-Type, Accept, Host and Cookie are errors.
	Header http.Header
	// MaxReply is the largest reply in bytes; 0 means 1 MiB.
	MaxReply int64
	// RefusePrivateAddresses connects to public addresses only; see Config. Set it when AllowHost allows hosts that the
	// application does not know.
	RefusePrivateAddresses bool
}

// WebFinger finds the issuer of a user. NewWebFinger makes it; it is immutable and safe for concurrent use.
type WebFinger struct {
	cfg  *WebFingerConfig
	http *httpcore.Client
}

// NewWebFinger checks c and returns a WebFinger. It sends nothing. A missing rule for hosts or issuers is an error.
func NewWebFinger(c WebFingerConfig) (*WebFinger, error) {
	switch {
	case len(c.Hosts) == 0 && c.AllowHost == nil:
		return nil, errors.New("oidc: WebFingerConfig needs Hosts or AllowHost: users name the hosts that are asked")
	case len(c.Issuers) == 0 && c.AllowIssuer == nil:
		return nil, errors.New("oidc: WebFingerConfig needs Issuers or AllowIssuer: hosts name the issuers that log users in")
	}
	for _, host := range c.Hosts {
		if id, err := normalize("https://" + host); err != nil || id.host != host {
			return nil, fmt.Errorf("oidc: WebFingerConfig.Hosts has %s, want a name in lower case, with the port unless it is 443", httpcore.Quote(host))
		}
	}
	hc, err := httpcore.New(httpcore.Config{
		HTTPClient: c.HTTPClient, Header: c.Header, MaxReply: c.MaxReply, RefusePrivateAddresses: c.RefusePrivateAddresses,
	})
	if err != nil {
		return nil, fmt.Errorf("oidc: %w", err)
	}
	c.Hosts, c.Issuers = slices.Clone(c.Hosts), slices.Clone(c.Issuers)
	return &WebFinger{cfg: &c, http: hc}, nil
}

const issuerRelation = "http://openid.net/specs/connect/1.0/issuer"

// Issuer asks the host in an identifier for the issuer of that user (OpenID Connect Discovery §2.1, RFC 7033 §4). The
// identifier is what the user typed: an e-mail address, a host, an https URL or an acct URI (§2.1.2). Every request is
// https, and a redirect is refused.
//
// A refusal is an *oauth.DiscoveryError: DiscoveryIdentifier and DiscoveryHost are of what the user typed, and nothing
// was sent; DiscoveryIssuer is an issuer that is not allowed. Any other error means that there was no answer.
//
// The result is the issuer of a Client, whose discovery and logins check it again. It is no proof of who the user is.
func (w *WebFinger) Issuer(ctx context.Context, identifier string) (string, error) {
	if w == nil || w.cfg == nil {
		return "", errors.New("oidc: the WebFinger was not made by NewWebFinger")
	}
	if ctx == nil {
		return "", errNoContext
	}
	id, err := normalize(identifier)
	if err != nil {
		return "", refuseDiscovery(oauth.DiscoveryIdentifier, err.Error(), nil)
	}
	if !slices.Contains(w.cfg.Hosts, id.host) && (w.cfg.AllowHost == nil || !w.cfg.AllowHost(id.host)) {
		return "", refuseDiscovery(oauth.DiscoveryHost, "WebFingerConfig does not allow to ask "+httpcore.Clean(id.host), nil)
	}
	r := discovery.Request{
		HTTP: w.http, URLs: []string{"https://" + id.host + "/.well-known/webfinger"}, Refuse: refused,
		Ask: httpcore.Request{
			Query: url.Values{"resource": {id.resource}, "rel": {issuerRelation}}, Accept: "application/jrd+json, application/json",
			Secrets: []string{identifier, id.resource}, Retry: true, // a name of a person, not for logs
		},
	}
	reply, err := r.Fetch(ctx)
	var refusal *oauth.DiscoveryError
	switch {
	case errors.As(err, &refusal):
		return "", refusal
	case err != nil:
		return "", fmt.Errorf("oidc: WebFinger: %w", err)
	}
	issuer, err := issuerIn(reply.Body)
	if err != nil {
		return "", refuseDiscovery(oauth.DiscoveryDocument, reply.URL()+": "+err.Error(), nil)
	}
	if err := w.checkIssuer(issuer); err != nil {
		return "", err
	}
	return issuer, nil
}

func (w *WebFinger) checkIssuer(issuer string) error {
	err := w.http.CheckURL("the issuer", issuer)
	switch {
	case err != nil:
	case !strings.HasPrefix(issuer, "https://"):
		err = errors.New("the issuer must be an https URL")
	case strings.Contains(issuer, "?"):
		err = errors.New("the issuer must not have a query (OpenID Connect Discovery §2)")
	case !slices.Contains(w.cfg.Issuers, issuer) && (w.cfg.AllowIssuer == nil || !w.cfg.AllowIssuer(issuer)):
		err = fmt.Errorf("WebFingerConfig does not allow the issuer %q", httpcore.Clean(issuer))
	}
	if err != nil {
		return refuseDiscovery(oauth.DiscoveryIssuer, err.Error(), nil)
	}
	return nil
}

// issuerIn reads the answer (RFC 7033 §4.4). A link of the relation must be there, and several must not differ.
func issuerIn(body string) (string, error) {
	doc, err := strictjson.Parse(body)
	if err != nil {
		return "", fmt.Errorf("the document: %w", err)
	}
	if doc.Kind() != strictjson.Object {
		return "", errors.New("the document is not a JSON object")
	}
	issuer := ""
	for name, links := range doc.Members {
		if name != "links" {
			continue
		}
		if links.Kind() != strictjson.Array {
			return "", errors.New("the document's links " + links.Misfit())
		}
		for link := range links.Elements {
			href, err := hrefOf(link)
			switch {
			case err != nil:
				return "", err
			case href != "" && issuer != "" && href != issuer:
				return "", errors.New("the document has links to several issuers")
			case href != "":
				issuer = href
			}
		}
	}
	if issuer == "" {
		return "", errors.New("the document has no link to an issuer")
	}
	return issuer, nil
}

// hrefOf is empty for a link of another relation.
func hrefOf(link strictjson.Value) (string, error) {
	if link.Kind() != strictjson.Object {
		return "", errors.New("the document's links " + link.Misfit())
	}
	var rel, href strictjson.Value
	for name, v := range link.Members {
		switch name {
		case "rel":
			rel = v
		case "href":
			href = v
		}
	}
	if relation, ok := rel.ExactStr(); !ok {
		return "", errors.New("the rel of a link " + rel.Misfit())
	} else if relation != issuerRelation {
		return "", nil
	}
	address, _ := href.ExactStr()
	if address == "" {
		return "", errors.New("the link to the issuer has no href")
	}
	return address, nil
}
