package saml

import (
	"context"
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// resolve exchanges an artifact for the response that it stands for (SAML Profiles §5). Only the identity provider of the
// login is asked, and only for an artifact of its own. The response must be signed as one by POST is. The artifact is not
// marked as used: anyone can make one up, and would fill the store. The identity provider gives its message once, and the
// login is completed once.
func (x *exchange) resolve(ctx context.Context, text string) (response xmlgate.Element, err error) {
	if x.login == nil {
		return response, refuse(CheckUnsolicited, "an artifact came without a login; AllowUnsolicited is for responses by POST alone")
	}
	a, err := readArtifact(text)
	if err != nil {
		return response, err
	}
	x.artifact = a.text
	if !a.of(x.login.IDP) {
		return response, refuse(CheckArtifact, "the artifact is of another identity provider than the login")
	}
	if x.idp, err = x.c.idp(ctx, x.login.IDP); err != nil {
		return response, err
	}
	location, err := resolver(x.idp, a.index)
	if err != nil {
		return response, err
	}
	id := x.c.newID()
	envelope, err := x.c.fetchArtifact(ctx, x.idp, location, id, a.text)
	if err != nil {
		return response, err
	}
	return x.readArtifactResponse(ctx, envelope, id, strings.HasPrefix(location, "https://"))
}

// resolver is the address of the endpoint that an artifact names (SAML Bindings §3.6.4.2).
func resolver(p *metadata.IDP, index int) (string, error) {
	for _, e := range p.ArtifactResolution {
		if e.Index == index {
			return e.Location, nil
		}
	}
	if len(p.ArtifactResolution) == 0 {
		return "", &metadata.Error{Check: metadata.CheckEndpoint, EntityID: p.EntityID, Detail: "there is no ArtifactResolutionService by SOAP"}
	}
	return "", refuse(CheckArtifact, "the artifact is of the endpoint %d, which the metadata of %q does not have: is it up to date?", index, p.EntityID)
}

// fetchArtifact sends a signed ArtifactResolve, once, and returns the ArtifactResponse in the envelope of the reply (SAML Core §3.5.1,
// SAML Bindings §3.2.3).
func (c *Client) fetchArtifact(ctx context.Context, p *metadata.IDP, location, id, artifact string) (xmlgate.Element, error) {
	failed := func(err error) (xmlgate.Element, error) {
		return xmlgate.Element{}, &ResolveError{EntityID: p.EntityID, URL: httpcore.WithoutQuery(location), Err: err}
	}
	request, err := c.artifactResolve(id, location, artifact)
	if err != nil {
		return xmlgate.Element{}, err
	}
	reply, err := c.http.Do(ctx, &httpcore.Request{
		Method: http.MethodPost, URL: location, Body: writeSOAP(request), Accept: "text/xml", Once: true, Secrets: []string{artifact},
		Header: http.Header{"Content-Type": {soapType}, "Soapaction": {soapAction}},
	})
	switch {
	case err != nil:
		return failed(err)
	case reply.StatusCode != http.StatusOK:
		return failed(reply.StatusError())
	}
	doc, err := c.gate(reply.Body)
	if err != nil {
		return failed(unrefused(err))
	}
	message, err := readSOAP(doc.Root())
	switch {
	case err != nil:
		return failed(unrefused(err))
	case message.Is(nsSOAP, "Fault"):
		return failed(errFault)
	case !message.Is(nsProtocol, "ArtifactResponse"):
		return failed(errOther)
	}
	return message, nil
}

// artifactResolve writes and signs an ArtifactResolve (SAML Core §3.5.1). The requester must authenticate itself (SAML
// Profiles §5.4.1).
func (c *Client) artifactResolve(id, destination, artifact string) (string, error) {
	doc, root := c.newMessage("ArtifactResolve", id, destination, c.cfg.Now())
	root.CreateElement("samlp:Artifact").SetText(artifact)
	message, err := write(doc)
	if err != nil {
		return "", err
	}
	return c.signMessage(message)
}

// readArtifactResponse returns the Response in an ArtifactResponse (SAML Core §3.5.2). A signature around it is verified
// when it is there, and demanded where TLS does not say who sent it (SAML Profiles §5.4.2). It does not replace the
// signature of the Response or of its Assertion. That one is verified in the message as it was sent: the canonical form
// of what is around may leave out declarations that it covers.
func (x *exchange) readArtifactResponse(ctx context.Context, sent xmlgate.Element, id string, overTLS bool) (response xmlgate.Element, err error) {
	if !sent.Blank() {
		return response, refuse(CheckRoot, "the ArtifactResponse has text beside its elements")
	}
	root := sent
	if xmldsig.Signed(sent) {
		doc, err := x.verify(ctx, sent)
		if err != nil {
			return response, err
		}
		root = doc.Root()
	} else if !overTLS {
		return response, refuse(CheckSignature, "the ArtifactResponse is not signed, and did not come over https")
	}
	h, err := x.c.readHeader(root)
	switch {
	case err != nil:
		return response, err
	case h.issuer != x.idp.EntityID:
		return response, refuse(CheckIssuer, "the ArtifactResponse is from %s, want %q", x.show(h.issuer), x.idp.EntityID)
	case h.inResponseTo != id:
		return response, refuse(CheckInResponseTo, "the ArtifactResponse answers another request, or none")
	}
	if err := x.c.checkInstant(h, "ArtifactResponse", x.c.cfg.Now()); err != nil {
		return response, err
	}
	no, err := x.readStatus(root)
	switch {
	case err != nil:
		return response, err
	case no != nil:
		return response, because(CheckArtifact, no, "the identity provider did not resolve the artifact")
	}
	for e := range sent.Children {
		switch {
		case e.Is(nsAssertion, "Issuer"), e.Is(nsDSig, "Signature"), e.Is(nsProtocol, "Extensions"), e.Is(nsProtocol, "Status"):
		case response.OK():
			return xmlgate.Element{}, refuse(CheckArtifact, "the ArtifactResponse has several messages")
		default:
			response = e
		}
	}
	if !response.OK() {
		return response, refuse(CheckArtifact, "the identity provider has no message for the artifact: it was used before, or is too old")
	}
	return response, nil
}
