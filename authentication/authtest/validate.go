package authtest

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// validateToken serves /api/v2/oidc/validate_token: the claims of a good token,
// or Authing's own error form. Authing does not say under which HTTP status;
// here it is 200, the harder case for a client.
func (s *Server) validateToken(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	ids, accesses := query["id_token"], query["access_token"]
	switch {
	case len(ids)+len(accesses) != 1:
		notValid(w, "id_token 和 access_token 必须且只能传一个")
	case len(ids) == 1:
		claims, err := s.oidc.IDTokenClaims(ids[0])
		validated(w, "id_token", claims, err)
	default:
		claims, err := s.oidc.AccessTokenClaims(accesses[0])
		validated(w, "access_token", claims, err)
	}
}

func validated(w http.ResponseWriter, kind string, claims map[string]any, err error) {
	switch {
	case errors.Is(err, oidctest.ErrMalformed):
		notValid(w, kind+" 格式有误")
	case err != nil:
		notValid(w, kind+" 不合法")
	default:
		writeJSON(w, claims)
	}
}

func notValid(w http.ResponseWriter, message string) {
	writeJSON(w, map[string]any{"code": 400, "message": message})
}

func writeJSON(w http.ResponseWriter, body map[string]any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(body)
}
