package samltest

import (
	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// wrap is one way of wrapping what is signed (Somorovsky and others, On Breaking SAML, 2012): the signature stays good,
// and what an application might read is forged.
type wrap func(document *etree.Document, response, assertion *etree.Element)

// wrapping is the way that is on, or nil.
func wrapping(on broken) wrap {
	for fault, way := range map[idptest.Fault]wrap{
		XSW1: wrapInSignature, XSW2: wrapBeside, XSW3: wrapAfter, XSW4: wrapInForged, XSW5: wrapAtEnd,
		XSW6: wrapUnderSignature, XSW7: wrapInExtensions, XSW8: wrapInObject, XSW9: wrapInDetail,
	} {
		if on(fault) {
			return way
		}
	}
	return nil
}

// forgedFrom is an assertion about mallory, without a signature.
func forgedFrom(assertion *etree.Element) *etree.Element {
	forged := assertion.Copy()
	takeSignature(forged)
	forged.CreateAttr("ID", newID())
	forged.FindElement("./Subject/NameID").SetText(mallory)
	for _, value := range forged.FindElements(".//AttributeValue") {
		value.SetText(mallory)
	}
	return forged
}

// takeSignature takes the signature out of the element and returns it, or nil.
func takeSignature(e *etree.Element) *etree.Element {
	signature := e.SelectElement("Signature")
	if signature != nil {
		e.RemoveChild(signature)
	}
	return signature
}

// detail is the StatusDetail of the response, made where there is none.
func detail(response *etree.Element) *etree.Element {
	status := response.SelectElement("Status")
	if found := status.SelectElement("StatusDetail"); found != nil {
		return found
	}
	return status.CreateElement("samlp:StatusDetail")
}

// forgedResponse is a response with a forged assertion, and the signature and the rest of the original.
func forgedResponse(response *etree.Element) (forged, signature, original *etree.Element) {
	original = response.Copy()
	signature = takeSignature(original)
	forged = original.Copy()
	forged.CreateAttr("ID", newID())
	assertion := forged.SelectElement("Assertion")
	replace(assertion, forgedFrom(assertion))
	return forged, signature, original
}

func wrapInSignature(document *etree.Document, response, _ *etree.Element) {
	forged, signature, original := forgedResponse(response)
	signature.AddChild(original)
	afterIssuer(forged, signature)
	document.SetRoot(forged)
}

func wrapBeside(document *etree.Document, response, _ *etree.Element) {
	forged, signature, original := forgedResponse(response)
	afterIssuer(forged, signature)
	afterIssuer(forged, original)
	document.SetRoot(forged)
}

func wrapAfter(_ *etree.Document, response, assertion *etree.Element) {
	response.InsertChildAt(assertion.Index(), forgedFrom(assertion))
}

func wrapInForged(_ *etree.Document, _, assertion *etree.Element) {
	forged := forgedFrom(assertion)
	replace(assertion, forged)
	forged.AddChild(assertion)
}

func wrapAtEnd(_ *etree.Document, response, assertion *etree.Element) {
	forged := forgedFrom(assertion)
	afterIssuer(forged, takeSignature(assertion))
	replace(assertion, forged)
	response.AddChild(assertion)
}

func wrapUnderSignature(_ *etree.Document, _, assertion *etree.Element) {
	forged, signature := forgedFrom(assertion), takeSignature(assertion)
	afterIssuer(forged, signature)
	replace(assertion, forged)
	signature.AddChild(assertion)
}

func wrapInExtensions(_ *etree.Document, response, assertion *etree.Element) {
	forged := forgedFrom(assertion)
	forged.CreateAttr("ID", assertion.SelectAttrValue("ID", ""))
	extensions := etree.NewElement("samlp:Extensions")
	extensions.AddChild(forged)
	afterIssuer(response, extensions)
}

func wrapInObject(_ *etree.Document, _, assertion *etree.Element) {
	forged, signature := forgedFrom(assertion), takeSignature(assertion)
	afterIssuer(forged, signature)
	replace(assertion, forged)
	signature.CreateElement("ds:Object").AddChild(assertion)
}

func wrapInDetail(_ *etree.Document, response, assertion *etree.Element) {
	replace(assertion, forgedFrom(assertion))
	detail(response).AddChild(assertion)
}
