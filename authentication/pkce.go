package authentication

import "github.com/seed6e7d3bb2/authing-go/pkce"

// GenerateCodeChallenge returns a code verifier, which Authing's page calls a code challenge (RFC 7636
// §4.1). Keep it secret until GetAccessTokenByCode.
func (c *Client) GenerateCodeChallenge() string { return pkce.NewVerifier() }

// CodeChallengeDigestOptions are a verifier and a method.
type CodeChallengeDigestOptions struct {
	// CodeChallenge is the verifier.
	CodeChallenge string
	// Method is pkce.S256 when empty.
	Method pkce.Method
}

// GetCodeChallengeDigest returns the code challenge of a verifier, to be sent as CodeChallenge (RFC 7636
// §4.2).
func (c *Client) GetCodeChallengeDigest(o CodeChallengeDigestOptions) (string, error) {
	if o.Method == "" {
		o.Method = pkce.S256
	}
	return pkce.Challenge(o.CodeChallenge, o.Method)
}
