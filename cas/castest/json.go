package castest

// document is a service response in JSON (CAS §2.5.2).
type document struct {
	Success      *success      `json:"authenticationSuccess,omitempty"`
	Failure      *refusal      `json:"authenticationFailure,omitempty"`
	ProxySuccess *proxySuccess `json:"proxySuccess,omitempty"`
}

type success struct {
	User       string         `json:"user"`
	IOU        string         `json:"proxyGrantingTicket,omitempty"`
	Proxies    []string       `json:"proxies,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
}

type refusal struct {
	Code        string `json:"code"`
	Description string `json:"description"`
}

type proxySuccess struct {
	Ticket string `json:"proxyTicket"`
}

func (f failure) document() *document { return &document{Failure: &refusal{f.code, f.description}} }

// document is the answer in JSON. The order of the proxies is that of XML, the latest first: the specification says so
// of XML, and its sample in JSON has the other order (CAS §2.6.2).
func (a *answer) document() *document {
	if a.failed.code != "" {
		return a.failed.document()
	}
	released := a.released
	if a.v3 {
		for _, of := range a.protocolAttributes() {
			released[of.name] = of.value
		}
	}
	if a.lists {
		for name, value := range released {
			switch value.(type) {
			case []any, []string:
			default:
				released[name] = []any{value}
			}
		}
	}
	return &document{Success: &success{User: a.user(), IOU: a.iou, Proxies: a.ticket.proxies, Attributes: released}}
}
