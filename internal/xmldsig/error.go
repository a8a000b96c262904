package xmldsig

// Check names the step that refused a signature. Each is an error, so that errors.Is(err, xmldsig.CheckDigest) works.
type Check string

const (
	CheckMissing   Check = "missing"   // no signature
	CheckPlace     Check = "place"     // a signature where none is allowed, or more than one
	CheckShape     Check = "shape"     // not the form of signature that SAML Core §5.4 wants
	CheckReference Check = "reference" // it refers to something other than its parent
	CheckTransform Check = "transform" // transforms or a canonicalization that are not accepted
	CheckAlgorithm Check = "algorithm" // unknown or not allowed; the detail names the option
	CheckKey       Check = "key"       // no key fits the algorithm
	CheckValue     Check = "value"     // not signed by any of the keys
	CheckDigest    Check = "digest"    // the signed digest is of another content
	CheckOctets    Check = "octets"    // the signed octets are too many, or the gate refused them
)

// Error is the check's name.
func (c Check) Error() string { return string(c) }

// Error is the refusal of a signature. It quotes nothing of the message.
type Error struct {
	Check  Check
	Detail string
	cause  error
}

// Error names check and detail.
func (e *Error) Error() string {
	if e == nil {
		return "xmldsig: no refusal"
	}
	text := "xmldsig: refused (" + string(e.Check) + "): " + e.Detail
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap gives the Check and the cause, for errors.Is.
func (e *Error) Unwrap() []error {
	if e == nil {
		return nil
	}
	if e.cause == nil {
		return []error{e.Check}
	}
	return []error{e.Check, e.cause}
}

func refuse(check Check, detail string) error { return &Error{Check: check, Detail: detail} }
