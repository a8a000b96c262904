package oidctest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

func invalidMetadata(description string) *failure {
	return &failure{http.StatusBadRequest, "invalid_client_metadata", description}
}

// registrationMetadata are the members that a registration can have (OpenID Connect Registration §2);
// others are ignored.
type registrationMetadata struct {
	RedirectURIs       []string        `json:"redirect_uris"`
	LogoutURIs         []string        `json:"post_logout_redirect_uris"`
	RequestURIs        []string        `json:"request_uris"`
	BackURI            string          `json:"backchannel_logout_uri"`
	BackSession        bool            `json:"backchannel_logout_session_required"`
	FrontURI           string          `json:"frontchannel_logout_uri"`
	FrontSession       bool            `json:"frontchannel_logout_session_required"`
	TokenAuth          string          `json:"token_endpoint_auth_method"`
	TokenAuthAlg       string          `json:"token_endpoint_auth_signing_alg"`
	DPoP               bool            `json:"dpop_bound_access_tokens"`
	CertificateBound   bool            `json:"tls_client_certificate_bound_access_tokens"`
	JWKSURI            string          `json:"jwks_uri"`
	JWKS               json.RawMessage `json:"jwks"`
	CertificateSubject string          `json:"tls_client_auth_subject_dn"`
	IDTokenAlg         string          `json:"id_token_signed_response_alg"`
	IDTokenEncAlg      string          `json:"id_token_encrypted_response_alg"`
	IDTokenEncEnc      string          `json:"id_token_encrypted_response_enc"`
	UserInfoAlg        string          `json:"userinfo_signed_response_alg"`
	UserInfoEncAlg     string          `json:"userinfo_encrypted_response_alg"`
	UserInfoEncEnc     string          `json:"userinfo_encrypted_response_enc"`
	ResponseAlg        string          `json:"authorization_signed_response_alg"`
	ResponseEncAlg     string          `json:"authorization_encrypted_response_alg"`
	ResponseEncEnc     string          `json:"authorization_encrypted_response_enc"`
	RequestAlg         string          `json:"request_object_signing_alg"`
	RequestEncAlg      string          `json:"request_object_encryption_alg"`
	RequestEncEnc      string          `json:"request_object_encryption_enc"`
	DetailsTypes       []string        `json:"authorization_details_types"`
	Pushed             bool            `json:"require_pushed_authorization_requests"`
}

// readMetadata makes a client, without a name, of what it says of itself.
func (s *Server) readMetadata(w http.ResponseWriter, r *http.Request) (*client, *failure) {
	var text json.RawMessage
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<18)).Decode(&text); err != nil {
		return nil, invalidMetadata("the body is not an object of client metadata")
	}
	return s.clientFrom(text)
}

// clientFrom makes a client of its metadata.
func (s *Server) clientFrom(text []byte) (*client, *failure) {
	var m registrationMetadata
	var named map[string]any
	if json.Unmarshal(text, &m) != nil || json.Unmarshal(text, &named) != nil {
		return nil, invalidMetadata("the body is not an object of client metadata")
	}
	if failed := s.checkMetadata(&m); failed != nil {
		return nil, failed
	}
	a := App{
		ClientID: "new", RedirectURIs: m.RedirectURIs, LogoutURIs: m.LogoutURIs, RequestURIs: m.RequestURIs, TokenAuth: either(m.TokenAuth, authBasic),
		TokenAuthAlg: m.TokenAuthAlg, JWKS: m.JWKS, JWKSURI: m.JWKSURI, CertificateSubject: m.CertificateSubject,
		IDTokenSigningAlg: m.IDTokenAlg, IDTokenEncryptionAlg: m.IDTokenEncAlg, IDTokenEncryptionEnc: m.IDTokenEncEnc,
		UserInfoSigningAlg: m.UserInfoAlg, UserInfoEncryptionAlg: m.UserInfoEncAlg, UserInfoEncryptionEnc: m.UserInfoEncEnc,
		AuthorizationSigningAlg: m.ResponseAlg, AuthorizationEncryptionAlg: m.ResponseEncAlg, AuthorizationEncryptionEnc: m.ResponseEncEnc,
		RequestObjectAlg: m.RequestAlg, RequestObjectEncryptionAlg: m.RequestEncAlg, RequestObjectEncryptionEnc: m.RequestEncEnc, RequirePushedAuthorizationRequests: m.Pushed, AuthorizationDetailsTypes: m.DetailsTypes, DPoPBoundAccessTokens: m.DPoP, CertificateBoundAccessTokens: m.CertificateBound,
		BackChannelLogoutURI: m.BackURI, BackChannelLogoutSessionRequired: m.BackSession,
		FrontChannelLogoutURI: m.FrontURI, FrontChannelLogoutSessionRequired: m.FrontSession,
	}
	if strings.HasPrefix(a.TokenAuth, "client_secret_") || slices.ContainsFunc([]string{m.IDTokenAlg, m.UserInfoAlg, m.ResponseAlg}, symmetric) ||
		slices.Contains([]string{m.IDTokenEncAlg, m.UserInfoEncAlg, m.ResponseEncAlg, m.RequestEncAlg}, "dir") {
		a.ClientSecret = idptest.OpaqueHex() + idptest.OpaqueHex() // long enough for HS512
	}
	if lacks := either(a.lacks(a.TokenAuth), a.lacksKeys()); lacks != "" {
		return nil, invalidMetadata(lacks)
	}
	c := s.newClient(a)
	if unfit := s.unfit(c); unfit != "" {
		return nil, invalidMetadata(unfit)
	}
	c.named, c.metadata = named, maps.Clone(named)
	for _, name := range []string{"client_id", "client_secret"} {
		delete(c.metadata, name)
	}
	c.metadata["token_endpoint_auth_method"] = a.TokenAuth
	c.metadata["id_token_signed_response_alg"] = c.idTokenAlg
	return c, nil
}

func (s *Server) checkMetadata(m *registrationMetadata) *failure {
	if len(m.RedirectURIs) == 0 {
		return &failure{http.StatusBadRequest, "invalid_redirect_uri", "redirect_uris is missing"}
	}
	for _, uri := range m.RedirectURIs {
		u, err := url.Parse(uri)
		if err != nil || !u.IsAbs() || strings.Contains(uri, "#") || u.Scheme == "http" && !idptest.Loopback(uri) {
			return &failure{http.StatusBadRequest, "invalid_redirect_uri", "a redirect URI is not absolute, has a fragment, or is not https"}
		}
	}
	switch {
	case len(m.JWKS) > 0 && m.JWKSURI != "":
		return invalidMetadata("jwks and jwks_uri exclude each other")
	case m.RequestEncAlg != "" && !slices.Contains(s.decrypter.algs(), m.RequestEncAlg):
		return invalidMetadata("request_object_encryption_alg is not supported")
	case s.lacksType(m.DetailsTypes):
		return invalidMetadata("authorization_details_types has one that is not supported")
	case strings.Contains(string(m.JWKS), `"d":`):
		return invalidMetadata("jwks has a private key")
	}
	for name, alg := range map[string]string{
		"id_token_signed_response_alg": m.IDTokenAlg, "userinfo_signed_response_alg": m.UserInfoAlg, "authorization_signed_response_alg": m.ResponseAlg,
	} {
		if alg != "" && (!knownAlg(alg) || !symmetric(alg) && s.signer.rings[alg] == nil) {
			return invalidMetadata(name + " is not supported")
		}
	}
	return nil
}
