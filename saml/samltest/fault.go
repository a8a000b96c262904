package samltest

import (
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Faults in signatures. Forged assertions name mallory, and are sent as they are where those of the application should
// be encrypted.
const (
	// Unsigned leaves every signature out.
	Unsigned idptest.Fault = "samltest.Unsigned"
	// SignedDetail signs a part of StatusDetail and nothing else.
	SignedDetail idptest.Fault = "samltest.SignedDetail"
	// ReferenceElsewhere has a signature in the assertion that is over a part of StatusDetail.
	ReferenceElsewhere idptest.Fault = "samltest.ReferenceElsewhere"
	// XSW1 wraps a signed response: the original is in the signature of the forged one.
	XSW1 idptest.Fault = "samltest.XSW1"
	// XSW2 wraps a signed response: the original comes after its signature in the forged one.
	XSW2 idptest.Fault = "samltest.XSW2"
	// XSW3 puts a forged assertion before the signed one.
	XSW3 idptest.Fault = "samltest.XSW3"
	// XSW4 puts the signed assertion into a forged one.
	XSW4 idptest.Fault = "samltest.XSW4"
	// XSW5 gives the signature to a forged assertion; the original, without it, comes last.
	XSW5 idptest.Fault = "samltest.XSW5"
	// XSW6 gives the signature to a forged assertion, with the original in the signature.
	XSW6 idptest.Fault = "samltest.XSW6"
	// XSW7 puts a forged assertion of the same ID into Extensions.
	XSW7 idptest.Fault = "samltest.XSW7"
	// XSW8 gives the signature to a forged assertion, with the original in an Object of the signature.
	XSW8 idptest.Fault = "samltest.XSW8"
	// XSW9 puts the signed assertion into StatusDetail and a forged one in its place.
	XSW9 idptest.Fault = "samltest.XSW9"
	// Altered changes the name after signing.
	Altered idptest.Fault = "samltest.Altered"
	// Comment signs another account's name, which begins like the person's, and puts a comment after the beginning.
	Comment idptest.Fault = "samltest.Comment"
	// SHA1 signs with RSA-SHA1.
	SHA1 idptest.Fault = "samltest.SHA1"
	// OtherKey signs with a key that is not in the metadata, under the usual certificate.
	OtherKey idptest.Fault = "samltest.OtherKey"
	// OtherCertificate signs with a key that is not in the metadata, under its own certificate.
	OtherCertificate idptest.Fault = "samltest.OtherCertificate"
	// HMAC signs with HMAC-SHA256, whose secret is the public key.
	HMAC idptest.Fault = "samltest.HMAC"
	// SameID gives the response and the assertion one ID. An encrypted assertion is a document of its own, where a service
	// provider may accept that.
	SameID idptest.Fault = "samltest.SameID"
	// TwoAssertions adds a second assertion, signed as the first is.
	TwoAssertions idptest.Fault = "samltest.TwoAssertions"
	// EncryptedBeside adds an encrypted assertion without a signature.
	EncryptedBeside idptest.Fault = "samltest.EncryptedBeside"
	// Doctype puts a DOCTYPE before the response.
	Doctype idptest.Fault = "samltest.Doctype"
)

// Faults in what responses say; the signatures are good.
const (
	// WrongAudience names another application.
	WrongAudience idptest.Fault = "samltest.WrongAudience"
	// NoAudience leaves AudienceRestriction out.
	NoAudience idptest.Fault = "samltest.NoAudience"
	// WrongRecipient confirms the subject to another address.
	WrongRecipient idptest.Fault = "samltest.WrongRecipient"
	// WrongDestination sends the response to another address.
	WrongDestination idptest.Fault = "samltest.WrongDestination"
	// NoDestination leaves Destination out of a signed response.
	NoDestination idptest.Fault = "samltest.NoDestination"
	// WrongIssuer speaks in the name of another identity provider.
	WrongIssuer idptest.Fault = "samltest.WrongIssuer"
	// Expired makes assertions that ended an hour ago.
	Expired idptest.Fault = "samltest.Expired"
	// NotYetValid makes assertions that begin tomorrow.
	NotYetValid idptest.Fault = "samltest.NotYetValid"
	// NoBearer confirms the subject as holder of a key.
	NoBearer idptest.Fault = "samltest.NoBearer"
	// WrongInResponseTo answers a request that was not sent.
	WrongInResponseTo idptest.Fault = "samltest.WrongInResponseTo"
	// NoInResponseTo leaves InResponseTo out.
	NoInResponseTo idptest.Fault = "samltest.NoInResponseTo"
	// Replayed sends the response before this one again, octet for octet.
	Replayed idptest.Fault = "samltest.Replayed"
	// SameAssertion gives the assertion the ID of the one before.
	SameAssertion idptest.Fault = "samltest.SameAssertion"
	// StatusFailed says Responder, beside an assertion.
	StatusFailed idptest.Fault = "samltest.StatusFailed"
	// EmptyName has a NameID without a text.
	EmptyName idptest.Fault = "samltest.EmptyName"
	// UnknownCondition adds a condition of an unknown type.
	UnknownCondition idptest.Fault = "samltest.UnknownCondition"
	// SessionOver tells of a session that ended an hour ago.
	SessionOver idptest.Fault = "samltest.SessionOver"
)

// Faults in the metadata.
const (
	// MetadataExpired makes metadata whose validUntil is an hour ago.
	MetadataExpired idptest.Fault = "samltest.MetadataExpired"
	// MetadataOtherEntity describes another entity.
	MetadataOtherEntity idptest.Fault = "samltest.MetadataOtherEntity"
	// MetadataScript has a javascript: address for single logout.
	MetadataScript idptest.Fault = "samltest.MetadataScript"
	// MetadataNoKeys leaves the keys out.
	MetadataNoKeys idptest.Fault = "samltest.MetadataNoKeys"
)

// Faults in logout messages.
const (
	// LogoutUnsigned leaves the signature out.
	LogoutUnsigned idptest.Fault = "samltest.LogoutUnsigned"
	// LogoutBadSignature changes a bit of the signature.
	LogoutBadSignature idptest.Fault = "samltest.LogoutBadSignature"
	// LogoutWrongDestination names another address as the Destination.
	LogoutWrongDestination idptest.Fault = "samltest.LogoutWrongDestination"
	// LogoutWrongIssuer speaks in the name of another identity provider.
	LogoutWrongIssuer idptest.Fault = "samltest.LogoutWrongIssuer"
	// LogoutReplayed sends the message of this kind before again, under a new signature.
	LogoutReplayed idptest.Fault = "samltest.LogoutReplayed"
	// LogoutExpired makes requests that ended an hour ago.
	LogoutExpired idptest.Fault = "samltest.LogoutExpired"
	// LogoutWrongName makes requests that name an unknown person: it is the application that has no session of theirs.
	LogoutWrongName idptest.Fault = "samltest.LogoutWrongName"
	// LogoutWrongInResponseTo makes responses to a request that was not sent.
	LogoutWrongInResponseTo idptest.Fault = "samltest.LogoutWrongInResponseTo"
	// LogoutDenied makes responses that say that nothing was done.
	LogoutDenied idptest.Fault = "samltest.LogoutDenied"
)

// Faults in artifacts and in what they are resolved to.
const (
	// ArtifactWrongSource makes artifacts of another identity provider.
	ArtifactWrongSource idptest.Fault = "samltest.ArtifactWrongSource"
	// ArtifactWrongEndpoint makes artifacts of an endpoint that is not in the metadata.
	ArtifactWrongEndpoint idptest.Fault = "samltest.ArtifactWrongEndpoint"
	// ArtifactReplayed sends the artifact before this one again.
	ArtifactReplayed idptest.Fault = "samltest.ArtifactReplayed"
	// ArtifactOtherResponse resolves to the response of the login before.
	ArtifactOtherResponse idptest.Fault = "samltest.ArtifactOtherResponse"
	// ArtifactEmpty resolves to nothing.
	ArtifactEmpty idptest.Fault = "samltest.ArtifactEmpty"
	// ArtifactDenied says that the request for the response is refused.
	ArtifactDenied idptest.Fault = "samltest.ArtifactDenied"
	// ArtifactUnsigned leaves out every signature, also those of the response.
	ArtifactUnsigned idptest.Fault = "samltest.ArtifactUnsigned"
	// ArtifactBadSignature changes a bit of the signature of the ArtifactResponse.
	ArtifactBadSignature idptest.Fault = "samltest.ArtifactBadSignature"
	// ArtifactWrongIssuer speaks in the name of another identity provider.
	ArtifactWrongIssuer idptest.Fault = "samltest.ArtifactWrongIssuer"
	// ArtifactWrongInResponseTo answers a request that was not sent.
	ArtifactWrongInResponseTo idptest.Fault = "samltest.ArtifactWrongInResponseTo"
	// ArtifactOutage answers with a SOAP Fault.
	ArtifactOutage idptest.Fault = "samltest.ArtifactOutage"
)

// ArtifactFaults are the faults that strike responses by artifact (Server.Artifacts), beside those of Faults. A service
// provider must complete no login with them. ArtifactReplayed and ArtifactOtherResponse need a login before.
func ArtifactFaults() []idptest.Fault {
	return []idptest.Fault{
		ArtifactWrongSource, ArtifactWrongEndpoint, ArtifactReplayed, ArtifactOtherResponse, ArtifactEmpty, ArtifactDenied,
		ArtifactUnsigned, ArtifactBadSignature, ArtifactWrongIssuer, ArtifactWrongInResponseTo, ArtifactOutage,
	}
}

// Faults are the faults in the responses of logins. A service provider must accept none of those responses, except
// SameID with an encrypted assertion. Replayed and SameAssertion need a login before.
func Faults() []idptest.Fault {
	return []idptest.Fault{
		Unsigned, SignedDetail, ReferenceElsewhere,
		XSW1, XSW2, XSW3, XSW4, XSW5, XSW6, XSW7, XSW8, XSW9,
		Altered, Comment, SHA1, OtherKey, OtherCertificate, HMAC, SameID,
		TwoAssertions, EncryptedBeside, Doctype,
		WrongAudience, NoAudience, WrongRecipient, WrongDestination, NoDestination, WrongIssuer,
		Expired, NotYetValid, NoBearer, WrongInResponseTo, NoInResponseTo, Replayed, SameAssertion,
		StatusFailed, EmptyName, UnknownCondition, SessionOver,
	}
}

// MetadataFaults are the faults in the metadata of the identity provider.
func MetadataFaults() []idptest.Fault {
	return []idptest.Fault{MetadataExpired, MetadataOtherEntity, MetadataScript, MetadataNoKeys}
}

// LogoutRequestFaults are the faults that strike the LogoutRequests of the server. LogoutReplayed needs a request
// before, to that application.
func LogoutRequestFaults() []idptest.Fault {
	return append(noticeFaults(), LogoutExpired, LogoutWrongName)
}

// LogoutResponseFaults are the faults that strike the LogoutResponses of the server. LogoutReplayed needs a response
// before, to that application.
func LogoutResponseFaults() []idptest.Fault {
	return append(noticeFaults(), LogoutWrongInResponseTo, LogoutDenied)
}

// noticeFaults are those of both kinds of logout message.
func noticeFaults() []idptest.Fault {
	return []idptest.Fault{LogoutUnsigned, LogoutBadSignature, LogoutWrongDestination, LogoutWrongIssuer, LogoutReplayed}
}

// allFaults are what the realm must know.
func allFaults() []idptest.Fault {
	return slices.Concat(Faults(), Shapes(), MetadataFaults(), LogoutRequestFaults(), LogoutResponseFaults(), ArtifactFaults())
}

// broken says whether a fault is on.
type broken func(idptest.Fault) bool

// any says whether one of the faults is on.
func (on broken) any(these ...idptest.Fault) bool { return slices.ContainsFunc(these, on) }
