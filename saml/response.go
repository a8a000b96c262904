package saml

import (
	"context"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// readResponse checks a samlp:Response and the assertion in it (SAML Profiles §4.1.4.3, SAML Core §3.3.3). Of a signed
// element only the document that was signed is read.
func (x *exchange) readResponse(ctx context.Context, root xmlgate.Element) (*Assertion, error) {
	if !root.Is(nsProtocol, "Response") {
		return nil, refuse(CheckRoot, "the message is not a Response")
	}
	if err := x.findIDP(ctx, root); err != nil {
		return nil, err
	}
	sent, signed := root, xmldsig.Signed(root)
	if signed {
		doc, err := x.verify(ctx, root)
		if err != nil {
			return nil, err
		}
		root = doc.Root()
	}
	h, err := x.c.readHeader(root)
	if err != nil {
		return nil, err
	}
	no, err := x.readStatus(root)
	if err := x.checkHeader(h, signed, no != nil); err != nil {
		return nil, err
	}
	switch {
	case err != nil:
		return nil, err
	case no != nil:
		return nil, no
	}
	if x.c.cfg.WantResponseSigned && !signed {
		return nil, refuse(CheckSignature, "the response is not signed, and WantResponseSigned is on")
	}
	e, encrypted, err := oneAssertion(root)
	switch {
	case err != nil:
		return nil, err
	case encrypted && h.issuer == "":
		return nil, refuse(CheckIssuer, "Issuer is missing on a response with an encrypted assertion")
	case encrypted:
		return x.readEncrypted(ctx, e, signed)
	case x.c.cfg.WantEncrypted:
		return nil, refuse(CheckEncryption, "the assertion is not encrypted, and WantEncrypted is on")
	case xmldsig.Signed(e):
		// The canonical form of the response may leave out declarations that the assertion's own signature covers, so
		// the assertion is verified in the message as it was sent. Only what its signature covers is read.
		if e, err = child(sent, nsAssertion, "Assertion", CheckAssertion); err != nil {
			return nil, err
		}
		return x.readSigned(ctx, e)
	case !signed:
		return nil, refuse(CheckSignature, "neither the response nor the assertion is signed")
	}
	return x.readCovered(e, root.Raw())
}

// readSigned reads an assertion by its own signature.
func (x *exchange) readSigned(ctx context.Context, e xmlgate.Element) (*Assertion, error) {
	doc, err := x.verify(ctx, e)
	if err != nil {
		return nil, err
	}
	return x.readAssertion(doc.Root(), doc.Root().Raw())
}

// readCovered reads an assertion that the signature of the response covers; octets is what was signed.
func (x *exchange) readCovered(e xmlgate.Element, octets string) (*Assertion, error) {
	if x.c.cfg.WantAssertionsSigned {
		return nil, refuse(CheckSignature, "the assertion is not signed, and WantAssertionsSigned is on")
	}
	return x.readAssertion(e, octets)
}

// findIDP finds the identity provider that must have signed: the one of the login, or without a login the one that the
// message names. That name is believed only when one of its keys made the signature.
func (x *exchange) findIDP(ctx context.Context, root xmlgate.Element) (err error) {
	if x.login != nil {
		x.idp, err = x.c.idp(ctx, x.login.IDP)
		return err
	}
	name, err := readIssuer(root)
	if err != nil {
		return err
	}
	if name == "" {
		e, err := child(root, nsAssertion, "Assertion", CheckAssertion)
		if err != nil {
			return err
		}
		if e.OK() {
			if name, err = readIssuer(e); err != nil {
				return err
			}
		}
	}
	if name == "" {
		return refuse(CheckIssuer, "Issuer is missing")
	}
	x.idp, err = x.c.sender(ctx, name)
	return err
}

// checkHeader checks the header of the response. Without a signature it proves nothing, but a good response has a good
// header. no tells that the identity provider refused: such a response grants nothing, and RelayState has bound it to this
// browser, so that it need not say which request it answers. Keycloak's never do.
func (x *exchange) checkHeader(h header, signed, no bool) error {
	switch {
	case h.issuer == "" && signed:
		return refuse(CheckIssuer, "Issuer is missing on a signed response")
	case h.issuer != "" && h.issuer != x.idp.EntityID:
		return refuse(CheckIssuer, "the response is from %s, want %q", x.show(h.issuer), x.idp.EntityID)
	}
	if err := x.c.checkInstant(h, "response", x.now); err != nil {
		return err
	}
	switch {
	case h.destination == "" && signed:
		return refuse(CheckDestination, "Destination is missing on a signed response")
	case h.destination == "":
	case x.acs == "" && x.c.isACS(h.destination):
		x.acs = h.destination
	case h.destination != x.acs:
		return refuse(CheckDestination, "the response is for %s, want %s, which the identity provider must have letter for letter", x.show(h.destination), x.wantACS())
	}
	if no && h.inResponseTo == "" {
		return nil
	}
	return x.checkInResponseTo(h.inResponseTo, "response")
}

// wantACS names our address in an error, or our addresses when the response says which one is meant.
func (x *exchange) wantACS() string {
	if x.acs == "" {
		return fmt.Sprintf("one of ACSURL and MoreACSURLs: %q", x.c.acsURLs())
	}
	return fmt.Sprintf("%q", x.acs)
}

// show is a value of the response in an error, without the secrets of the login.
func (x *exchange) show(value string) string { return show(value, x.secrets()...) }

func (x *exchange) secrets() []string {
	if x.login == nil {
		return nil
	}
	return []string{x.login.Key, x.login.RequestID, x.artifact}
}

// checkInResponseTo compares the ID of the answered request with the one of the login.
func (x *exchange) checkInResponseTo(id, what string) error {
	switch {
	case x.login == nil && id != "":
		return refuse(CheckInResponseTo, "the %s answers a request, and this browser began no login", what)
	case x.login != nil && id == "":
		return refuse(CheckInResponseTo, "the %s answers no request", what)
	case x.login != nil && id != x.login.RequestID:
		return refuse(CheckInResponseTo, "the %s answers another request", what)
	}
	return nil
}

func (x *exchange) readStatus(root xmlgate.Element) (*StatusError, error) {
	return readStatus(root, x.secrets()...)
}
