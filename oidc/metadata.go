package oidc

import (
	"errors"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Metadata is the server's metadata (OpenID Connect Discovery §3, RFC 8414 §2): one type for both packages, since one
// registry has the members of both specifications.
type Metadata = oauth.Metadata

// ParseMetadata reads a discovery document (OpenID Connect Discovery §4.2), for a server that publishes it at another
// address than the issuer's, or for a document in a file. Member names are exact. Errors are an *oauth.DiscoveryError
// with oauth.DiscoveryDocument; see oauth.ParseMetadata.
//
// ParseMetadata cannot know the right issuer: set Config.Issuer together with the metadata, and NewClient compares
// them.
func ParseMetadata(document []byte) (*Metadata, error) { return oauth.ParseMetadata(document) }

// need returns an endpoint, or an error that names the missing attribute.
func need(name, endpoint string) (string, error) {
	if endpoint == "" {
		return "", &oauth.DiscoveryError{
			Check: oauth.DiscoveryMissing, Detail: "the server's metadata has no " + name + ": " + errors.ErrUnsupported.Error(), Err: errors.ErrUnsupported,
		}
	}
	return endpoint, nil
}
