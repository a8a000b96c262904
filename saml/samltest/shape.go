package samltest

import (
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Shapes are what real servers send in their own way. They are no attacks: a service provider must accept the first
// five, and may accept the others by an option.
const (
	// SilentRefusal leaves InResponseTo out of responses that refuse, as Keycloak does.
	SilentRefusal idptest.Fault = "SAMLSilentRefusal"
	// Blanks puts white space around addresses and other URIs, times and the IDs of requests (XML Schema part 2 §4.3.6).
	Blanks idptest.Fault = "SAMLBlanks"
	// NoZone writes times without their Z (SAML Core §1.3.3).
	NoZone idptest.Fault = "SAMLNoZone"
	// ZeroOffset writes +00:00 for the Z of times.
	ZeroOffset idptest.Fault = "SAMLZeroOffset"
	// Advice puts a signed assertion for mallory into the Advice of the assertion (SAML Core §2.6.1).
	Advice idptest.Fault = "SAMLAdvice"
	// Offset writes times with the offset +08:00.
	Offset idptest.Fault = "SAMLOffset"
	// DigitIDs makes IDs that begin with a digit, which are no NCNames (SAML Core §1.3.4).
	DigitIDs idptest.Fault = "SAMLDigitIDs"
)

// Shapes are turned on by Break. SilentRefusal is for responses and Advice for assertions; the others are for logout
// messages too.
func Shapes() []idptest.Fault {
	return []idptest.Fault{SilentRefusal, Blanks, NoZone, ZeroOffset, Advice, Offset, DigitIDs}
}

// shape changes a message before it is signed.
func shape(root *etree.Element, on broken) {
	for _, e := range append(root.FindElements(".//*"), root) {
		for i := range e.Attr {
			if a := &e.Attr[i]; a.Space == "" {
				a.Value = shapeValue(a.Key, a.Value, on)
			}
		}
		if on(Blanks) && slices.Contains([]string{"Audience", "AuthnContextClassRef"}, e.Tag) {
			e.SetText("\n          " + e.Text() + "\n        ")
		}
	}
}

// shapeText is shape for a message that is a text.
func shapeText(message string, on broken) (string, error) {
	if !on.any(Shapes()...) {
		return message, nil
	}
	document, err := parseXML(message)
	if err != nil {
		return "", err
	}
	shape(document.Root(), on)
	return document.WriteToString()
}

// shapeValue is an attribute's value in the shape that is on.
func shapeValue(name, value string, on broken) string {
	blank := false
	switch name {
	case "IssueInstant", "NotBefore", "NotOnOrAfter", "AuthnInstant", "SessionNotOnOrAfter":
		value, blank = shapeTime(value, on), true
	case "Destination", "Recipient", "InResponseTo", "Method", "Format", "NameFormat":
		blank = true
	case "Value":
		blank = strings.HasPrefix(value, "urn:")
	case "ID":
		if rest, ok := strings.CutPrefix(value, "_"); ok && on(DigitIDs) {
			value = "7" + rest
		}
	}
	if blank && on(Blanks) {
		return "  " + value + " "
	}
	return value
}

func shapeTime(text string, on broken) string {
	at, err := time.Parse(time.RFC3339, text)
	switch {
	case err != nil:
	case on(NoZone):
		return strings.TrimSuffix(text, "Z")
	case on(ZeroOffset):
		return strings.TrimSuffix(text, "Z") + "+00:00"
	case on(Offset):
		return at.In(time.FixedZone("", 8*60*60)).Format("2006-01-02T15:04:05.000-07:00")
	}
	return text
}

// advise puts a signed copy of the assertion, for mallory, into its Advice, which comes after Conditions (SAML Core
// §2.3.3).
func advise(assertion *etree.Element, signer *signer) error {
	other := assertion.Copy()
	other.CreateAttr("ID", newID())
	if name := other.FindElement("./Subject/NameID"); name != nil {
		name.SetText(mallory)
	}
	if err := signer.sign(other); err != nil {
		return err
	}
	advice := etree.NewElement("saml:Advice")
	advice.AddChild(other)
	at := len(assertion.Child)
	if conditions := assertion.SelectElement("Conditions"); conditions != nil {
		at = conditions.Index() + 1
	}
	assertion.InsertChildAt(at, advice)
	return nil
}
