package samltest

import (
	"cmp"
	"slices"
)

// asked is a login under way: who asked for it, and where the answer goes.
type asked struct {
	app        *App
	issuer     string // entity ID of the server
	home       string // its single logout service
	audience   string // entity ID of who asked
	requestID  string // empty for a login that starts here
	acs        string
	relayState string
	format     string  // of the name identifier
	class      string  // of the authentication context
	binding    Binding // of the response; empty is BindingPOST
}

// choose reads what the request wants of the answer; the status tells what cannot be had.
func (to *asked) choose(q *authnRequest, artifacts bool) status {
	to.binding = cmp.Or(to.app.ResponseBinding, Binding(q.ProtocolBinding))
	if known := []Binding{"", BindingPOST}; !slices.Contains(known, to.binding) && (to.binding != BindingArtifact || !artifacts) {
		to.binding = ""
		return status{statusResponder, statusUnsupportedBind}
	}
	if len(q.IDPs) > 0 {
		mine := false
		for _, idp := range q.IDPs {
			mine = mine || idp.ProviderID == to.issuer
		}
		if !mine {
			return status{statusResponder, statusNoSupportedIDP}
		}
	}
	to.format = cmp.Or(to.app.NameIDFormat, Unspecified)
	if wanted := q.NameIDPolicy.Format; wanted != "" && wanted != Unspecified {
		to.format = wanted
	}
	qualifier := q.NameIDPolicy.SPNameQualifier
	if !slices.Contains(nameIDFormats(), to.format) || qualifier != "" && qualifier != to.audience {
		return status{statusRequester, statusInvalidPolicy}
	}
	if to.class = contextClass(q.RequestedAuthnContext.Comparison, q.RequestedAuthnContext.Classes); to.class == "" {
		return status{statusResponder, statusNoAuthnContext}
	}
	return status{top: statusSuccess}
}
