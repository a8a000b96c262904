package oidctest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// objectAlgs sign request objects; without a signature there is none.
func objectAlgs() []string { return append(assertionAlgs(authSecretJWT), assertionAlgs(authKeyJWT)...) }

// hasKeys says whether the server can verify what the application signs.
func (c *client) hasKeys() bool { return len(c.app.JWKS) > 0 || c.app.JWKSURI != "" }

// takesObjects says whether an application can have request objects.
func (s *Server) takesObjects() bool {
	return s.Registration != nil || s.client.hasKeys() || slices.ContainsFunc(s.apps, (*client).hasKeys)
}

// openObject returns the parameters in the request object of a request, or those of the request when it has none (RFC
// 9101 §6, OpenID Connect Core §6). Nobody can be told of a refusal but the person: the redirect URI is in the object.
func (s *Server) openObject(r *http.Request, c *client, form url.Values) (url.Values, *refusal) {
	if !form.Has("request") && !form.Has("request_uri") || !c.hasKeys() {
		if s.mustSign(c) {
			return nil, &refusal{"invalid_request", "this application must send request objects"}
		}
		return form, nil
	}
	raw, refused := s.fetchObject(r, c, form)
	if refused != nil {
		return nil, refused
	}
	inside, refused := s.readObject(r, c, raw)
	if refused != nil {
		return nil, refused
	}
	return inside, s.compareOutside(form, inside)
}

// readObject returns the parameters in a request object, which may be encrypted (RFC 9101 §6).
func (s *Server) readObject(r *http.Request, c *client, raw string) (url.Values, *refusal) {
	if encrypted := strings.Count(raw, ".") == 4; encrypted || c.object.alg != "" {
		var opened bool
		if raw, opened = s.decrypter.open(c, raw); !opened {
			return nil, &refusal{"invalid_request_object", "the request object is not encrypted to this server, or by another algorithm"}
		}
	}
	algs := s.allowed(objectAlgs())
	if c.app.RequestObjectAlg != "" {
		algs = slices.DeleteFunc(algs, func(alg string) bool { return alg != c.app.RequestObjectAlg })
	}
	bad := func(why string) (url.Values, *refusal) { return nil, &refusal{"invalid_request_object", why} }
	header, claims, _ := parseJWT(raw)
	if typ, present := header["typ"]; present && typ != "JWT" && typ != "oauth-authz-req+jwt" {
		return bad("the request object has a typ of another kind of JWT")
	}
	if !s.signedBy(r, c, raw, algs) {
		return bad("the request object is not signed by the client, or by another algorithm")
	}
	now := s.realm.Time()
	end, bounded := claims["exp"].(float64)
	switch {
	case claims["iss"] != c.id || claims["client_id"] != c.id:
		return bad("iss or client_id of the request object is not the client")
	case claims["sub"] != nil:
		return bad("the request object has a sub, as client assertions have")
	case !only(claims["aud"], s.issuer(r)):
		return bad("the aud of the request object is not this server")
	case !bounded || !now.Before(time.Unix(int64(end), 0)):
		return bad("the request object has no exp, or has expired")
	case later(claims["nbf"], s.soon()) || later(claims["iat"], s.soon()):
		return bad("the request object is from the future")
	case claims["request"] != nil || claims["request_uri"] != nil:
		return bad("the request object has another one inside")
	}
	if why := s.unsigned(claims); why != "" {
		return bad(why)
	}
	inside := parametersOf(claims)
	if inside.Has("authorization_details") { // whose amounts stay as they are
		inside.Set("authorization_details", member(raw, "authorization_details"))
	}
	return inside, nil
}

// member is a member of the claims, as it is written.
func member(raw, name string) string {
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(raw, ".")[1])
	var claims map[string]json.RawMessage
	if err != nil || json.Unmarshal(text, &claims) != nil {
		return ""
	}
	return string(claims[name])
}

// compareOutside demands the parameters that OpenID Connect wants beside the object (OpenID Connect Core §6.1).
func (s *Server) compareOutside(outside, inside url.Values) *refusal {
	switch {
	case s.OAuth:
	case outside.Get("response_type") != inside.Get("response_type"):
		return &refusal{"invalid_request", "response_type beside the request object is missing or another one"}
	case !slices.Contains(words(outside.Get("scope")), "openid"):
		return &refusal{"invalid_request", "scope beside the request object is missing or has no openid"}
	}
	return nil
}

// fetchObject reads the object, by value or by reference.
func (s *Server) fetchObject(r *http.Request, c *client, form url.Values) (string, *refusal) {
	address := form.Get("request_uri")
	switch {
	case form.Has("request") && form.Has("request_uri"):
		return "", &refusal{"invalid_request", "request and request_uri exclude each other"}
	case address == "":
		return form.Get("request"), nil
	case len(address) > 512 || len(c.app.RequestURIs) > 0 && !slices.Contains(c.app.RequestURIs, address):
		return "", &refusal{"invalid_request_uri", "the request_uri is too long or not registered"}
	}
	status, body, err := s.realm.Get(r.Context(), address)
	if err != nil || status != http.StatusOK {
		return "", &refusal{"invalid_request_uri", "the request_uri has no request object"}
	}
	return strings.TrimSpace(string(body)), nil
}

// parametersOf makes parameters of the claims: what is no string is JSON (RFC 9101 §4), and a list of
// strings is several values.
func parametersOf(claims map[string]any) url.Values {
	form := url.Values{}
	for name, value := range claims {
		switch value := value.(type) {
		case string:
			form.Set(name, value)
		case float64:
			form.Set(name, fmt.Sprint(int64(value)))
		case []any:
			if allTexts(value) {
				for _, v := range value {
					form.Add(name, v.(string))
				}
				continue
			}
			setJSON(form, name, value)
		default:
			setJSON(form, name, value)
		}
	}
	return form
}

func setJSON(form url.Values, name string, value any) {
	if text, err := json.Marshal(value); err == nil {
		form.Set(name, string(text))
	}
}
