package authtest

import (
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Faults of SAML in signatures. Forged assertions name mallory, and are sent as
// they are where the application's should be encrypted.
const (
	// SAMLUnsigned leaves every signature out.
	SAMLUnsigned idptest.Fault = "SAMLUnsigned"
	// SAMLSignedDetail signs a part of StatusDetail and nothing else.
	SAMLSignedDetail idptest.Fault = "SAMLSignedDetail"
	// SAMLReferenceElsewhere has a signature in the assertion that is over a part of StatusDetail.
	SAMLReferenceElsewhere idptest.Fault = "SAMLReferenceElsewhere"
	// SAMLXSW1 wraps a signed response: the original is in the signature of the forged one.
	SAMLXSW1 idptest.Fault = "SAMLXSW1"
	// SAMLXSW2 wraps a signed response: the original stands before its signature in the forged one.
	SAMLXSW2 idptest.Fault = "SAMLXSW2"
	// SAMLXSW3 puts a forged assertion before the signed one.
	SAMLXSW3 idptest.Fault = "SAMLXSW3"
	// SAMLXSW4 puts the signed assertion into a forged one.
	SAMLXSW4 idptest.Fault = "SAMLXSW4"
	// SAMLXSW5 gives the signature to a forged assertion; the original, without it, comes last.
	SAMLXSW5 idptest.Fault = "SAMLXSW5"
	// SAMLXSW6 gives the signature to a forged assertion, with the original in the signature.
	SAMLXSW6 idptest.Fault = "SAMLXSW6"
	// SAMLXSW7 puts a forged assertion of the same ID into Extensions.
	SAMLXSW7 idptest.Fault = "SAMLXSW7"
	// SAMLXSW8 gives the signature to a forged assertion, with the original in an Object of the signature.
	SAMLXSW8 idptest.Fault = "SAMLXSW8"
	// SAMLXSW9 puts the signed assertion into StatusDetail and a forged one in its place.
	SAMLXSW9 idptest.Fault = "SAMLXSW9"
	// SAMLAltered changes the name after signing.
	SAMLAltered idptest.Fault = "SAMLAltered"
	// SAMLComment signs another account's name, which begins like the person's, and
	// puts a comment after the beginning.
	SAMLComment idptest.Fault = "SAMLComment"
	// SAMLSHA1 signs with RSA-SHA1.
	SAMLSHA1 idptest.Fault = "SAMLSHA1"
	// SAMLOtherKey signs with a key that is not in the metadata, under the usual certificate.
	SAMLOtherKey idptest.Fault = "SAMLOtherKey"
	// SAMLOtherCertificate signs with a key that is not in the metadata, under its own certificate.
	SAMLOtherCertificate idptest.Fault = "SAMLOtherCertificate"
	// SAMLHMAC signs with HMAC-SHA256, whose secret is the public key.
	SAMLHMAC idptest.Fault = "SAMLHMAC"
	// SAMLSameID gives the response and the assertion one ID.
	SAMLSameID idptest.Fault = "SAMLSameID"
	// SAMLTwoAssertions adds a second assertion, signed as the first is.
	SAMLTwoAssertions idptest.Fault = "SAMLTwoAssertions"
	// SAMLEncryptedBeside adds an encrypted assertion that nobody signed.
	SAMLEncryptedBeside idptest.Fault = "SAMLEncryptedBeside"
	// SAMLDoctype puts a DOCTYPE before the response.
	SAMLDoctype idptest.Fault = "SAMLDoctype"
)

// Faults of SAML in what responses say; the signatures are good.
const (
	// SAMLWrongAudience names another application.
	SAMLWrongAudience idptest.Fault = "SAMLWrongAudience"
	// SAMLNoAudience leaves AudienceRestriction out.
	SAMLNoAudience idptest.Fault = "SAMLNoAudience"
	// SAMLWrongRecipient confirms the subject to another address.
	SAMLWrongRecipient idptest.Fault = "SAMLWrongRecipient"
	// SAMLWrongDestination sends the response to another address.
	SAMLWrongDestination idptest.Fault = "SAMLWrongDestination"
	// SAMLNoDestination leaves Destination out of a signed response.
	SAMLNoDestination idptest.Fault = "SAMLNoDestination"
	// SAMLWrongIssuer speaks in the name of another identity provider.
	SAMLWrongIssuer idptest.Fault = "SAMLWrongIssuer"
	// SAMLExpired makes assertions that ended an hour ago.
	SAMLExpired idptest.Fault = "SAMLExpired"
	// SAMLNotYetValid makes assertions that begin tomorrow.
	SAMLNotYetValid idptest.Fault = "SAMLNotYetValid"
	// SAMLNoBearer confirms the subject as holder of a key.
	SAMLNoBearer idptest.Fault = "SAMLNoBearer"
	// SAMLWrongInResponseTo answers a request that nobody sent.
	SAMLWrongInResponseTo idptest.Fault = "SAMLWrongInResponseTo"
	// SAMLNoInResponseTo answers as if nobody had asked.
	SAMLNoInResponseTo idptest.Fault = "SAMLNoInResponseTo"
	// SAMLReplayed sends the response before this one again, octet for octet.
	SAMLReplayed idptest.Fault = "SAMLReplayed"
	// SAMLSameAssertion gives the assertion the ID of the one before.
	SAMLSameAssertion idptest.Fault = "SAMLSameAssertion"
	// SAMLStatusFailed says Responder, beside an assertion.
	SAMLStatusFailed idptest.Fault = "SAMLStatusFailed"
	// SAMLEmptyName has a NameID without a text.
	SAMLEmptyName idptest.Fault = "SAMLEmptyName"
	// SAMLUnknownCondition adds a condition of a type that nobody knows.
	SAMLUnknownCondition idptest.Fault = "SAMLUnknownCondition"
	// SAMLSessionOver tells of a session that ended an hour ago.
	SAMLSessionOver idptest.Fault = "SAMLSessionOver"
)

// Faults of SAML in the metadata.
const (
	// SAMLMetadataExpired makes metadata whose validUntil is an hour ago.
	SAMLMetadataExpired idptest.Fault = "SAMLMetadataExpired"
	// SAMLMetadataOtherEntity describes another entity.
	SAMLMetadataOtherEntity idptest.Fault = "SAMLMetadataOtherEntity"
	// SAMLMetadataScript has a javascript: address for single logout.
	SAMLMetadataScript idptest.Fault = "SAMLMetadataScript"
	// SAMLMetadataNoKeys leaves the keys out.
	SAMLMetadataNoKeys idptest.Fault = "SAMLMetadataNoKeys"
)

// Faults of SAML in logout messages.
const (
	// SAMLLogoutUnsigned leaves the signature out.
	SAMLLogoutUnsigned idptest.Fault = "SAMLLogoutUnsigned"
	// SAMLLogoutBadSignature changes a bit of the signature.
	SAMLLogoutBadSignature idptest.Fault = "SAMLLogoutBadSignature"
	// SAMLLogoutWrongDestination names another address as the Destination.
	SAMLLogoutWrongDestination idptest.Fault = "SAMLLogoutWrongDestination"
	// SAMLLogoutWrongIssuer speaks in the name of another identity provider.
	SAMLLogoutWrongIssuer idptest.Fault = "SAMLLogoutWrongIssuer"
	// SAMLLogoutReplayed sends the message of this kind before again, under a new signature.
	SAMLLogoutReplayed idptest.Fault = "SAMLLogoutReplayed"
	// SAMLLogoutExpired makes requests that ended an hour ago.
	SAMLLogoutExpired idptest.Fault = "SAMLLogoutExpired"
	// SAMLLogoutWrongName makes requests that name a person nobody knows.
	SAMLLogoutWrongName idptest.Fault = "SAMLLogoutWrongName"
	// SAMLLogoutWrongInResponseTo makes responses to a request that nobody sent.
	SAMLLogoutWrongInResponseTo idptest.Fault = "SAMLLogoutWrongInResponseTo"
	// SAMLLogoutDenied makes responses that say that nothing was done.
	SAMLLogoutDenied idptest.Fault = "SAMLLogoutDenied"
)

// SAMLFaults are the faults in the responses of SAML logins. A service provider
// must accept none of those responses. SAMLReplayed and SAMLSameAssertion need a
// login before.
func SAMLFaults() []idptest.Fault {
	return []idptest.Fault{
		SAMLUnsigned, SAMLSignedDetail, SAMLReferenceElsewhere,
		SAMLXSW1, SAMLXSW2, SAMLXSW3, SAMLXSW4, SAMLXSW5, SAMLXSW6, SAMLXSW7, SAMLXSW8, SAMLXSW9,
		SAMLAltered, SAMLComment, SAMLSHA1, SAMLOtherKey, SAMLOtherCertificate, SAMLHMAC, SAMLSameID,
		SAMLTwoAssertions, SAMLEncryptedBeside, SAMLDoctype,
		SAMLWrongAudience, SAMLNoAudience, SAMLWrongRecipient, SAMLWrongDestination, SAMLNoDestination, SAMLWrongIssuer,
		SAMLExpired, SAMLNotYetValid, SAMLNoBearer, SAMLWrongInResponseTo, SAMLNoInResponseTo, SAMLReplayed, SAMLSameAssertion,
		SAMLStatusFailed, SAMLEmptyName, SAMLUnknownCondition, SAMLSessionOver,
	}
}

// SAMLMetadataFaults are the faults in the metadata of the SAML identity provider.
func SAMLMetadataFaults() []idptest.Fault {
	return []idptest.Fault{SAMLMetadataExpired, SAMLMetadataOtherEntity, SAMLMetadataScript, SAMLMetadataNoKeys}
}

// SAMLLogoutRequestFaults are the faults that strike the LogoutRequests of the
// server. SAMLLogoutReplayed needs a request before, to that application.
func SAMLLogoutRequestFaults() []idptest.Fault {
	return append(samlNoticeFaults(), SAMLLogoutExpired, SAMLLogoutWrongName)
}

// SAMLLogoutResponseFaults are the faults that strike the LogoutResponses of the
// server. SAMLLogoutReplayed needs a response before, to that application.
func SAMLLogoutResponseFaults() []idptest.Fault {
	return append(samlNoticeFaults(), SAMLLogoutWrongInResponseTo, SAMLLogoutDenied)
}

func samlNoticeFaults() []idptest.Fault {
	return []idptest.Fault{SAMLLogoutUnsigned, SAMLLogoutBadSignature, SAMLLogoutWrongDestination, SAMLLogoutWrongIssuer, SAMLLogoutReplayed}
}

func samlFaults() []idptest.Fault {
	return slices.Concat(SAMLFaults(), SAMLMetadataFaults(), SAMLLogoutRequestFaults(), SAMLLogoutResponseFaults())
}
