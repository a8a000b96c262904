package oauth

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// LoginKey returns the State of the Login that the callback r belongs to, empty when r names none, so that the
// application finds it. It reads the query, or the form of a POST, which can still be read afterwards. With
// ReadAuthorizationResponse the state is in the JWT (JARM §2.1); for an encrypted JWT LoginKey of package oidc is needed.
//
// Nothing is checked here: anyone can send any state. CompleteLogin checks the response.
func (c *Client) LoginKey(r *http.Request) string {
	params := callback.Parameters(r)
	if c.made() == nil && c.cfg.ReadAuthorizationResponse != nil {
		return callback.ClaimedState(params.Get("response"))
	}
	return params.Get("state")
}

// checkMode compares the response mode with what the client reads and the server has, and sets its default.
func (c *Client) checkMode(o *AuthorizeOptions) error {
	if c.cfg.ReadAuthorizationResponse == nil {
		return nil
	}
	var offered []string
	if c.server != nil {
		offered = c.server.responseModes
	}
	if o.ResponseMode == "" {
		if o.ResponseMode = ResponseModeJWT; lacks(offered, string(ResponseModeJWT)) {
			place, _ := ResponseModeJWT.place(hasToken(o.ResponseType))
			o.ResponseMode = place + ".jwt"
		}
	}
	_, isJWT := o.ResponseMode.place(hasToken(o.ResponseType))
	switch {
	case !isJWT:
		return fmt.Errorf("oauth: ResponseMode %s is not one of a JWT, and the client reads no other response (ReadAuthorizationResponse, AuthorizationSigningAlg)", httpcore.Quote(string(o.ResponseMode)))
	case lacks(offered, string(o.ResponseMode)):
		return fmt.Errorf("oauth: the server's response_modes_supported does not have %s: it is %s", o.ResponseMode, httpcore.Clean(strings.Join(offered, ", ")))
	}
	return nil
}

// openResponse returns the parameters in the JWT of a response (JARM §2.1, §2.4). sealed: it must be encrypted, because a
// token in it came in the query (JARM §2.3.1).
func (c *Client) openResponse(ctx context.Context, params url.Values, sealed bool) (url.Values, error) {
	for _, name := range []string{"code", "state", "error", "access_token", "id_token"} {
		if params.Has(name) {
			return nil, refuse(CheckResponse, "%s came outside of a JWT, and the login asked for a JWT", name)
		}
	}
	response := params.Get("response")
	switch {
	case response == "":
		return nil, refuse(CheckResponse, "the callback has no response, which is the JWT that the login asked for")
	case sealed && strings.Count(response, ".") != 4:
		return nil, refuse(CheckResponse, "the JWT has a token, came in the query, and is not encrypted")
	}
	claims, err := c.cfg.ReadAuthorizationResponse(ctx, response)
	if err != nil {
		return nil, err
	}
	inside, err := claimedParams(claims)
	if err != nil {
		return nil, err
	}
	if iss, sent := params["iss"]; sent && iss[0] != inside.Get("iss") {
		return nil, refuse(CheckIssuer, "iss differs from that in the JWT")
	}
	return inside, nil
}

// claimedParams are the claims of a response as parameters. A number stands for its text (JARM §2.1).
func claimedParams(claims string) (url.Values, error) {
	members, err := strictjson.ParseObject(claims, nil)
	if err != nil {
		return nil, refuse(CheckMalformed, "the claims of the JWT: %v", err)
	}
	params := make(url.Values, len(members))
	for _, m := range members {
		text, ok := m.Value.ExactStr()
		if m.Value.Kind() == strictjson.Number && !textual(m.Name) {
			text, ok = m.Value.Raw(), true
		}
		switch {
		case ok:
			params[m.Name] = []string{text}
		case m.Value.Kind() != strictjson.Null && (textual(m.Name) || m.Name == "expires_in"):
			return nil, refuse(CheckMalformed, "%s in the JWT %s", m.Name, m.Value.Misfit())
		}
	}
	return params, nil
}

// textual reports whether a parameter of a response is a text. What else a JWT has, such as aud, is no parameter.
func textual(name string) bool {
	switch name {
	case "code", "state", "iss", "error", "error_description", "error_uri", "access_token", "token_type", "scope", "id_token", "refresh_token", "response", "session_state":
		return true
	}
	return false
}
