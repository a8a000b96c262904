package oidctest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	documentLifetime = time.Minute
	documentSize     = 5 << 10 // draft-ietf-oauth-client-id-metadata-document-03, "Maximum Response Size"
)

// findClient is clientOf, and fetches the document of a client that is unknown and named by its address.
func (s *Server) findClient(ctx context.Context, id string) *client {
	c := s.clientOf(id)
	if c == nil && s.ClientIDMetadataDocuments && documentAddress(id) {
		if c = s.readDocument(ctx, id); c != nil {
			now := s.realm.Time()
			s.memory.keepClient(c, now.Add(documentLifetime), now)
		}
	}
	return c
}

// documentAddress says whether an address can be that of a document (draft-ietf-oauth-client-id-metadata-document-03, "Client Identifier URL").
func documentAddress(id string) bool {
	u, err := url.Parse(id)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Path == "" || strings.Contains(id, "#") {
		return false
	}
	return !slices.ContainsFunc(strings.Split(u.Path, "/"), func(part string) bool { return part == "." || part == ".." })
}

// readDocument is the client of a document, or nil.
func (s *Server) readDocument(ctx context.Context, id string) *client {
	status, text, err := s.realm.Get(ctx, id)
	if err != nil || status != http.StatusOK || len(text) > documentSize {
		return nil
	}
	var named map[string]any
	if json.Unmarshal(text, &named) != nil || named["client_id"] != id {
		return nil
	}
	for _, secret := range []string{"client_secret", "client_secret_expires_at"} {
		if _, has := named[secret]; has {
			return nil
		}
	}
	c, failed := s.clientFrom(text)
	if failed != nil || c.secret != "" {
		return nil
	}
	c.id, c.app.ClientID = id, id
	return c
}
