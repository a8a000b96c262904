package web

import (
	"net/http"
	"strconv"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// metadata serves the SAML metadata of the application (SAML Metadata §4.1.1).
func (v *visit) metadata(flow authentication.LoginFlow) {
	described, ok := able[authentication.MetadataFlow](flow)
	switch {
	case !ok:
		v.notFound()
		return
	case v.r.Method != http.MethodGet && v.r.Method != http.MethodHead:
		v.wrongMethod("GET, HEAD")
		return
	}
	data, err := described.Metadata(v.r.Context())
	if err != nil {
		v.site.fail(v.w, v.r, Event{Kind: EventError, Flow: v.flow, Err: err})
		return
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/samlmetadata+xml")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("X-Content-Type-Options", "nosniff")
	v.w.WriteHeader(http.StatusOK) // some routers begin with another status
	_, _ = v.w.Write(data)
}
