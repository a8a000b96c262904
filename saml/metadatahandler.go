package saml

import (
	"net/http"
	"strconv"
)

// MetadataHandler serves Metadata by GET and HEAD (SAML Metadata §4.1.1). With Sign each request costs a signature.
func (c *Client) MetadataHandler(o MetadataDocOptions) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		data, err := c.Metadata(r.Context(), o)
		if err != nil {
			http.Error(w, "the metadata cannot be made", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/samlmetadata+xml")
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(data)
	})
}
