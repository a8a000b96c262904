package saml_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// The identity provider itself ends a session, by SOAP. No cookie comes with the request: the sessions are on the server,
// by the names that their logins had.
func ExampleLogoutReply_Send() {
	c, err := newSP(logouts, func(c *saml.Config) { c.SOAPLogoutURL = "https://app.example/saml/soap" })
	if err != nil {
		fmt.Println(err)
		return
	}
	sessions := map[string]string{idpID + " ada@example.com _session-1": "Ada's session"}

	handler := func(w http.ResponseWriter, r *http.Request) {
		request, err := c.ReceiveLogout(r.Context(), r)
		if err != nil {
			http.Error(w, "refused", http.StatusForbidden)
			return
		}
		for _, index := range request.SessionIndexes {
			delete(sessions, request.Issuer+" "+request.NameID.Value+" "+index)
		}
		reply, err := c.RespondLogout(r.Context(), request, saml.Success)
		if err == nil {
			err = reply.Send(w) // in the body, since Binding is BindingSOAP; else with the browser
		}
		if err != nil {
			http.Error(w, "failed", http.StatusInternalServerError)
		}
	}

	text := signed(`<samlp:LogoutRequest ID="_request-8"` + strings.Replace(logoutHead, slo, "https://app.example/saml/soap", 1) + `><saml:Issuer>` + idpID + `</saml:Issuer>` +
		`<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">ada@example.com</saml:NameID><samlp:SessionIndex>_session-1</samlp:SessionIndex></samlp:LogoutRequest>`)
	envelope := `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>` + text + `</soap:Body></soap:Envelope>`
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "https://app.example/saml/soap", strings.NewReader(envelope))
	r.Header.Set("Content-Type", "text/xml")
	w := httptest.NewRecorder()
	handler(w, r)
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	fmt.Println(strings.Contains(w.Body.String(), "<samlp:LogoutResponse"), len(sessions))
	// Output:
	// 200 text/xml; charset=utf-8
	// true 0
}

// The user chooses an identity provider at a discovery service of the federation.
func ExampleClient_BuildDiscoveryUrl() {
	c, err := newSP(func(c *saml.Config) { c.DiscoveryURLs = []string{"https://app.example/discovered"} })
	if err != nil {
		fmt.Println(err)
		return
	}
	link, err := c.BuildDiscoveryUrl(saml.DiscoveryOptions{Service: "https://disco.example/ds"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(link)
	// Output:
	// https://disco.example/ds?entityID=https%3A%2F%2Fapp.example%2Fsaml&return=https%3A%2F%2Fapp.example%2Fdiscovered
}

func ExampleClient_DiscoveredIDP() {
	c, err := newSP(func(c *saml.Config) { c.DiscoveryURLs = []string{"https://app.example/discovered"} })
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "https://app.example/discovered?entityID=https%3A%2F%2Fidp.example%2Fmetadata", nil)
	entity, err := c.DiscoveredIDP(r.Context(), r, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	login, err := c.BeginLogin(r.Context(), saml.AuthorizeOptions{IDP: entity})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(login.IDP)
	// Output: https://idp.example/metadata
}
