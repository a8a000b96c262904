// Package signin is the door of package web for webtest: nothing else can import both, so that no application opens it
// by accident.
package signin

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// Begin begins a session at a *web.Site, without a login. Package web sets it; webtest calls it.
var Begin func(site any, w http.ResponseWriter, r *http.Request, flow string, id *authentication.Identity) error
