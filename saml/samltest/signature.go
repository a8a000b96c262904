package samltest

// Signature is what the server signs of its responses (SAML Core §5).
type Signature string

const (
	// SignAssertion signs the assertion alone.
	SignAssertion Signature = "assertion"
	// SignResponse signs the response alone.
	SignResponse Signature = "response"
	// SignBoth signs the assertion and then the response.
	SignBoth Signature = "both"
)
