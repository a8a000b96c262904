// Package authorize has what the authorization requests of packages oauth and oidc share, and the door between them:
// nothing else can import both, so that no application opens it by accident.
package authorize

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/internal/query"
)

// URL is BuildAuthorizeUrl of client, an *oauth.Client, for options, an *oauth.AuthorizeOptions, with the parameters of
// OpenID Connect too. Package oauth sets it; package oidc calls it.
var URL func(ctx context.Context, client, options any, more []query.Param) (string, error)
