package xmldsig

// Policy says what a verifier accepts beside what is safe. Its zero value is the safe choice.
type Policy struct {
	AllowSHA1           bool // RSA-SHA1 and the digest SHA-1: two contents of one digest can be made
	AllowSmallRSA       bool // RSA keys from 1024 to 2047 bits, which can be factored
	AllowInclusiveC14N  bool // Canonical XML 1.0 and 1.1
	AllowEmptyReference bool // URI="" when the signature's parent is the root
	AllowLastSignature  bool // a signature that is the last child of its parent
	AllowAnyIDs         bool // IDs that are not XML names
	IgnoreComments      bool // comments in what a reference covers: it has none (XML Signature 1.1 §4.4.3.3), whatever its canonicalization says
	MaxNodes            int  // of the second gate; 0 is xmlgate's default
}
