package saml

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

var (
	publicConfig = [...]string{
		"EntityID", "ACSURL", "MoreACSURLs", "SLOURL", "SOAPLogoutURL", "AcceptArtifacts", "EncryptNameID", "DiscoveryURLs", "SignatureAlgorithm", "Skew", "LoginLifetime",
		"WantAssertionsSigned", "WantResponseSigned", "WantEncrypted", "AllowMissingNameID", "AllowUnsolicited", "AllowUnsignedLogout",
		"AllowSHA1", "AllowSmallRSA", "AllowInclusiveC14N", "AllowEmptyReference", "AllowLastSignature", "AllowCBC", "AllowTripleDES", "AllowRSA15", "AllowComments",
		"AllowAnyIDs", "AllowTimeOffsets", "AllowDeflatedPOST", "MaxMessage", "MaxInflated", "MaxNodes", "InsecureAllowHTTP",
	}
	publicLogin     = [...]string{"IDP", "Client", "ACSURL", "Contexts", "NameIDFormat", "CreatedAt"}
	publicLogout    = [...]string{"IDP", "Client", "CreatedAt"}
	publicAssertion = [...]string{"Issuer", "IssueInstant", "SessionNotOnOrAfter", "AuthnInstant", "AuthnContext"}
	publicOptions   = [...]string{"IDP", "ACSURL", "SendACSIndex", "Binding", "ResponseBinding", "ForceAuthn", "IsPassive", "MaxAge"}
)

// Format prints the configuration without its keys, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, c, publicConfig[:]...)
}

// LogValue logs the configuration without its keys.
func (c Config) LogValue() slog.Value { return httpcore.LogRedacted(c, publicConfig[:]...) }

// MarshalJSON writes the configuration without its keys, as a string: it is no storage form.
func (c Config) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(c, publicConfig[:]...) }

// Format prints the client without its keys, whatever the verb.
func (c *Client) Format(f fmt.State, verb rune) { c.config().Format(f, verb) }

// LogValue logs the client without its keys.
func (c *Client) LogValue() slog.Value { return c.config().LogValue() }

// MarshalJSON writes the client without its keys, as a string.
func (c *Client) MarshalJSON() ([]byte, error) { return c.config().MarshalJSON() }

func (c *Client) config() Config {
	if c == nil || c.cfg == nil {
		return Config{}
	}
	return *c.cfg
}

// Format prints nothing of the key, whatever the verb.
func (k Key) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, k) }

// LogValue logs nothing of the key.
func (k Key) LogValue() slog.Value { return httpcore.LogRedacted(k) }

// MarshalJSON writes nothing of the key, as a string: it is no storage form.
func (k Key) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(k) }

// MarshalText writes nothing of the key, for XML and other encoders that ask for text.
func (k Key) MarshalText() ([]byte, error) { return fmt.Append(nil, k), nil }

// Format prints the login without its secrets, whatever the verb.
func (l Login) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, l, publicLogin[:]...)
}

// LogValue logs the login without its secrets.
func (l Login) LogValue() slog.Value { return httpcore.LogRedacted(l, publicLogin[:]...) }

// Format prints the logout without its secrets, whatever the verb.
func (l Logout) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, l, publicLogout[:]...)
}

// LogValue logs the logout without its secrets.
func (l Logout) LogValue() slog.Value { return httpcore.LogRedacted(l, publicLogout[:]...) }

// Format prints the assertion without the user's name and data, whatever the verb.
func (a Assertion) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, a, publicAssertion[:]...)
}

// LogValue logs the assertion without the user's name and data.
func (a Assertion) LogValue() slog.Value { return httpcore.LogRedacted(a, publicAssertion[:]...) }

// String prints the name identifier without its value. It has a field Format and so no method Format: verbs for numbers
// print all of it.
func (n NameID) String() string { return n.LogValue().String() }

// GoString is String.
func (n NameID) GoString() string { return n.String() }

// LogValue logs the name identifier without its value.
func (n NameID) LogValue() slog.Value { return httpcore.LogRedacted(n, "Format") }

// Format prints the attribute without its values, whatever the verb.
func (a Attribute) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, a, "Name", "FriendlyName", "NameFormat")
}

// LogValue logs the attribute without its values.
func (a Attribute) LogValue() slog.Value {
	return httpcore.LogRedacted(a, "Name", "FriendlyName", "NameFormat")
}

// Format prints only the type of the value, whatever the verb.
func (v Value) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, v, "Type", "Nil") }

// LogValue logs only the type of the value.
func (v Value) LogValue() slog.Value { return httpcore.LogRedacted(v, "Type", "Nil") }

// Format prints the options without what goes with the browser, whatever the verb.
func (o AuthorizeOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicOptions[:]...)
}

// LogValue logs the options without what goes with the browser.
func (o AuthorizeOptions) LogValue() slog.Value {
	return httpcore.LogRedacted(o, publicOptions[:]...)
}

// MarshalJSON writes the options without what goes with the browser, as a string: it is no storage form.
func (o AuthorizeOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, publicOptions[:]...)
}

// Format prints the options without the user, whatever the verb.
func (o LogoutOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "IDP", "Binding", "Reason")
}

// LogValue logs the options without the user.
func (o LogoutOptions) LogValue() slog.Value {
	return httpcore.LogRedacted(o, "IDP", "Binding", "Reason")
}

// MarshalJSON writes the options without the user, as a string: it is no storage form.
func (o LogoutOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, "IDP", "Binding", "Reason")
}

// Format prints the request without the user and their sessions, whatever the verb.
func (r LogoutRequest) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, r, "Issuer", "IssueInstant", "Reason", "Binding", "Unsigned")
}

// LogValue logs the request without the user and their sessions.
func (r LogoutRequest) LogValue() slog.Value {
	return httpcore.LogRedacted(r, "Issuer", "IssueInstant", "Reason", "Binding", "Unsigned")
}

// MarshalJSON writes the request without the user and their sessions, as a string: it is no storage form.
func (r LogoutRequest) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(r, "Issuer", "IssueInstant", "Reason", "Binding", "Unsigned")
}

// Format prints nothing of the answer, whatever the verb.
func (r LogoutReply) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, r) }

// LogValue logs nothing of the answer.
func (r LogoutReply) LogValue() slog.Value { return httpcore.LogRedacted(r) }

// MarshalJSON writes nothing of the answer, as a string: it is no storage form.
func (r LogoutReply) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(r) }
