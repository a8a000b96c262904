package cas

import (
	"encoding/json"
	"strings"
)

type responseForm struct {
	ServiceResponse struct {
		Success *successForm `json:"authenticationSuccess,omitempty"`
		Failure *failureForm `json:"authenticationFailure,omitempty"`
	} `json:"serviceResponse"`
}

type successForm struct {
	User       string     `json:"user"`
	Attributes Attributes `json:"attributes,omitempty"`
	IOU        string     `json:"proxyGrantingTicket,omitempty"`
	Proxies    []string   `json:"proxies,omitempty"`
}

type failureForm struct {
	Code        FailureCode `json:"code"`
	Description string      `json:"description"`
}

// MarshalJSON writes the reply in the JSON format of CAS: as the server wrote it, or converted from its XML
// (CAS §2.5.1).
func (r ServiceResponse) MarshalJSON() ([]byte, error) {
	if strings.HasPrefix(strings.TrimSpace(r.raw), "{") {
		return []byte(r.raw), nil
	}
	var out responseForm
	if s := r.Success; s != nil {
		out.ServiceResponse.Success = &successForm{s.User, s.Attributes, s.ProxyGrantingTicketIOU, s.Proxies}
	}
	if f := r.Failure; f != nil {
		out.ServiceResponse.Failure = &failureForm{f.Code, f.Description}
	}
	return json.Marshal(out)
}
