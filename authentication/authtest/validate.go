package authtest

import "net/http"

// validateToken serves /api/v2/oidc/validate_token: the claims of a good token,
// or Authing's own error form. Authing does not say under which HTTP status;
// here it is 200, the harder case for a client.
func (s *Server) validateToken(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	ids, accesses := query["id_token"], query["access_token"]
	if len(ids)+len(accesses) != 1 {
		notValid(w, "id_token 和 access_token 必须且只能传一个")
		return
	}
	if len(accesses) == 1 {
		s.validateAccessToken(w, accesses[0])
		return
	}
	claims, wellFormed, signed := s.verify(ids[0])
	switch exp, _ := claims["exp"].(float64); {
	case !wellFormed:
		notValid(w, "id_token 格式有误")
	case !signed, s.realm.Time().Unix() >= int64(exp):
		notValid(w, "id_token 不合法")
	default:
		writeJSON(w, http.StatusOK, claims)
	}
}

func (s *Server) validateAccessToken(w http.ResponseWriter, value string) {
	_, wellFormed, _ := s.verify(value)
	t := s.live(oidc, value)
	switch {
	case !wellFormed:
		notValid(w, "access_token 格式有误")
	case t == nil:
		notValid(w, "access_token 不合法")
	default:
		writeJSON(w, http.StatusOK, t.claims)
	}
}

func notValid(w http.ResponseWriter, message string) {
	writeJSON(w, http.StatusOK, map[string]any{"code": 400, "message": message})
}
