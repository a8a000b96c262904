package saml

import "time"

// Assertion is a user who logged in, read only from octets that a key of the issuer signed (SAML Core §2.3.3).
//
// It prints redacted, and its JSON form is whole. slog's JSON handler writes the JSON form of a value inside a struct,
// map or slice of yours: log the value by itself.
type Assertion struct {
	// Issuer is the entity ID of the identity provider.
	Issuer string
	// ID is the assertion's own; an ID is accepted once.
	ID string
	// IssueInstant is when it was made.
	IssueInstant time.Time
	// NameID is who the user is; empty only with Config.AllowMissingNameID.
	NameID NameID
	// InResponseTo is the request that it answers; empty when the identity provider began the login.
	InResponseTo string
	// SessionIndex names the session at the identity provider, for a logout; empty when it did not say.
	SessionIndex string
	// SessionNotOnOrAfter is when this session must end; zero when the identity provider did not say.
	SessionNotOnOrAfter time.Time
	// AuthnInstant is when the user authenticated. Some identity providers, such as Keycloak, write the time of the
	// response.
	AuthnInstant time.Time
	// AuthnContext is the class of the authentication (SAML Core §2.7.2.2).
	AuthnContext string
	// Attributes are in the order of the assertion. Several may have the same Name, and then the same
	// NameFormat.
	Attributes []Attribute
	// OutOfScope are values of scoped attributes, such as eduPersonPrincipalName, that the identity provider has no right
	// to send: its metadata has no scope that covers them; those after the first 200 count as such. They are not in Attributes; never use them. It is empty unless
	// metadata.IDP.CheckScopes is on.
	OutOfScope []Attribute
	// RelayState is what came with a login that the identity provider began, of any length. It is not signed: never
	// redirect to it, unless it is on a list of yours (SAML Bindings §3.5.3).
	RelayState string
	// XML is what was signed: the assertion, or the response around it when only the response is signed, or the
	// decrypted assertion when the signature covers the ciphertext.
	XML string
}

// NameID names a user (SAML Core §2.2.2).
//
// It prints redacted, and its JSON form is whole. slog's JSON handler writes the JSON form of a value inside a struct,
// map or slice of yours: log the value by itself.
type NameID struct {
	// Value is the name, white space included.
	Value string
	// Format is the kind of name, a URI; empty is unspecified.
	Format string
	// NameQualifier is the domain that the name is from; empty when there is none.
	NameQualifier string
	// SPNameQualifier is the service provider or group that the name is for; empty when there is none.
	SPNameQualifier string
	// SPProvidedID is what a service provider called the user, at the identity provider; empty when there is none.
	SPProvidedID string
}

// Attribute is one attribute (SAML Core §2.7.3.1).
type Attribute struct {
	// Name identifies the attribute, together with NameFormat.
	Name string
	// FriendlyName is for people to read; never compare it.
	FriendlyName string
	// NameFormat is how Name is to be read, a URI; empty when the identity provider did not say.
	NameFormat string
	// Values are in the order of the assertion.
	Values []Value
}

// Value is one value of an attribute (SAML Core §2.7.3.1.1).
type Value struct {
	// Type is xsi:type as it was written, such as xs:string; empty when there is none.
	Type string
	// Text is the character data; empty when the value holds elements.
	Text string
	// Nil tells that xsi:nil is true.
	Nil bool
	// XML is the AttributeValue element with the namespaces that it uses, when the value holds elements.
	XML string
	// NameID is the one name identifier that the value holds, as in eduPersonTargetedID; nil when it holds anything else.
	// Its Value alone names nobody: another NameQualifier or SPNameQualifier makes it another person's.
	NameID *NameID
}
