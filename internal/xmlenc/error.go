package xmlenc

// Check names what was wrong. Each is an error, so that errors.Is(err, xmlenc.CheckAlgorithm) works.
type Check string

const (
	CheckShape     Check = "shape"     // not as XML Encryption wants it, or with an element or attribute that is never read, such as Encoding
	CheckAlgorithm Check = "algorithm" // unknown or not allowed; the detail names the option
	CheckSize      Check = "size"      // a ciphertext that its algorithm cannot have made
	CheckLimit     Check = "limit"     // more than is read
	CheckKey       Check = "key"       // there is no key to try
	// CheckFailed is everything that depends on a key or on the plaintext: an attacker who could tell one such failure
	// from another could decrypt by many tries (XML Encryption 1.1 §6.1.2).
	CheckFailed Check = "failed"
)

// Error is the check's name.
func (c Check) Error() string { return string(c) }

// Error is a refusal. It quotes nothing of the message, of the plaintext or of a key.
type Error struct {
	Check  Check
	Detail string
}

// Error names check and detail.
func (e *Error) Error() string {
	if e == nil {
		return "xmlenc: no refusal"
	}
	return "xmlenc: refused (" + string(e.Check) + "): " + e.Detail
}

// Unwrap gives the Check, for errors.Is.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Check
}

func refuse(check Check, detail string) error { return &Error{check, detail} }

// Undecryptable is the one error of [CheckFailed]. A caller that refuses an element because of its plaintext, before a
// signature of it is verified, returns this error too.
func Undecryptable() error {
	return refuse(CheckFailed, "no key fits, or the plaintext is not one well-formed element within the limits")
}
