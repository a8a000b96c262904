package jose

// Kind says which step refused a token or a key set. A Kind is an error, so that errors.Is(err, jose.Signature)
// works.
type Kind string

const (
	Format       Kind = "malformed"
	Encrypted    Kind = "encrypted"
	NotEncrypted Kind = "not encrypted"
	Critical     Kind = "unknown critical extension"
	Algorithm    Kind = "algorithm"
	BadKey       Kind = "key"
	Signature    Kind = "signature"
	Decryption   Kind = "decryption"
)

// Error is the kind's name.
func (k Kind) Error() string { return "jose: " + string(k) }

// Error is a refusal; Detail never quotes the token or a key.
type Error struct {
	Kind   Kind
	Detail string
}

// Error names the kind and the detail.
func (e *Error) Error() string {
	if e == nil {
		return "jose: no refusal"
	}
	return e.Kind.Error() + ": " + e.Detail
}

// Is makes a Kind match.
func (e *Error) Is(target error) bool { return e != nil && target == error(e.Kind) }
