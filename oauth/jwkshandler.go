package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// JWKSHandler serves the client's JWKS (RFC 7517 §5), the jwks_uri of its registration. current returns the keys of one
// request, so that they can change; its errors are status 500 and are not shown. Servers keep the reply for 5 minutes.
func JWKSHandler(current func(ctx context.Context) (JWKSet, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		body, err := marshalSet(r.Context(), current)
		if err != nil {
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "the keys are not available", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/jwk-set+json")
		w.Header().Set("Cache-Control", "public, max-age=300")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(body)
	})
}

func marshalSet(ctx context.Context, current func(context.Context) (JWKSet, error)) ([]byte, error) {
	if current == nil {
		return nil, errors.New("oauth: JWKSHandler has no function")
	}
	set, err := current(ctx)
	if err != nil {
		return nil, err
	}
	return json.Marshal(set)
}
