package castest

import "github.com/seed6e7d3bb2/authing-go/authentication/idptest"

// Faults in what the server does.
const (
	// LostMethod forgets that the ticket was to be posted, as Apereo's server does behind its form for the password.
	LostMethod idptest.Fault = "castest.LostMethod"
	// UnaskedPost posts the ticket although the login did not ask for it.
	UnaskedPost idptest.Fault = "castest.UnaskedPost"
	// LongTicket makes tickets of more than 1,200 characters, as a server does that keeps none.
	LongTicket idptest.Fault = "castest.LongTicket"
	// UnknownTicket sends the browser back with a ticket that the server does not know.
	UnknownTicket idptest.Fault = "castest.UnknownTicket"
	// AnyService takes a ticket for every service, not only for the one it was issued for.
	AnyService idptest.Fault = "castest.AnyService"
	// RenewIgnored takes tickets of a single sign-on although renew was asked for.
	RenewIgnored idptest.Fault = "castest.RenewIgnored"
	// ReusableTicket takes tickets any number of times.
	ReusableTicket idptest.Fault = "castest.ReusableTicket"
	// WrongIOU answers with another IOU than the one sent to the proxy callback.
	WrongIOU idptest.Fault = "castest.WrongIOU"
	// UndeliveredPGT answers with an IOU without having sent it to the proxy callback.
	UndeliveredPGT idptest.Fault = "castest.UndeliveredPGT"
	// OtherFormat answers in XML when JSON was asked for, and the reverse.
	OtherFormat idptest.Fault = "castest.OtherFormat"
	// ForbiddenStatus answers CAS's calls with 403, whatever the body says.
	ForbiddenStatus idptest.Fault = "castest.ForbiddenStatus"
	// JavaDate writes authenticationDate as Java prints a date, with a zone that the name does not tell.
	JavaDate idptest.Fault = "castest.JavaDate"
	// LoudFlags writes isFromNewLogin and longTermAuthenticationRequestTokenUsed as TRUE and FALSE, in JSON as texts.
	LoudFlags idptest.Fault = "castest.LoudFlags"
	// HostileText puts markup, control characters and the ticket into the text of failures, more than 300 characters.
	HostileText idptest.Fault = "castest.HostileText"
	// ExtraLines adds a second user to the reply of CAS 1.0.
	ExtraLines idptest.Fault = "castest.ExtraLines"
)

// Faults in the replies themselves.
const (
	// NoUser leaves the user out, in CAS 1.0 too.
	NoUser idptest.Fault = "castest.NoUser"
	// EmptyUser makes the user empty, in CAS 1.0 too.
	EmptyUser idptest.Fault = "castest.EmptyUser"
	// UserTwice adds a second user, in JSON a second member of that name.
	UserTwice idptest.Fault = "castest.UserTwice"
	// UserObject makes the user an element with an element in it, in JSON an object.
	UserObject idptest.Fault = "castest.UserObject"
	// BareUser adds a second user without prefix and namespace (XML).
	BareUser idptest.Fault = "castest.BareUser"
	// FoldedUser calls the user's element or member User.
	FoldedUser idptest.Fault = "castest.FoldedUser"
	// UserAttribute adds an attribute called user that names another person, to replies with attributes.
	UserAttribute idptest.Fault = "castest.UserAttribute"
	// MixedXML adds attributes with a comment, a CDATA section beside text, and one ID twice (XML).
	MixedXML idptest.Fault = "castest.MixedXML"
	// CommentInUser splits the user by a comment (XML).
	CommentInUser idptest.Fault = "castest.CommentInUser"
	// BothVerdicts adds a failure to a success, and a success to a failure.
	BothVerdicts idptest.Fault = "castest.BothVerdicts"
	// NoVerdict leaves the reply empty.
	NoVerdict idptest.Fault = "castest.NoVerdict"
	// NoNamespace leaves prefixes and namespace out (XML).
	NoNamespace idptest.Fault = "castest.NoNamespace"
	// UndeclaredPrefix leaves the namespace out and keeps the prefixes (XML).
	UndeclaredPrefix idptest.Fault = "castest.UndeclaredPrefix"
	// OtherNamespace puts another namespace in its place (XML).
	OtherNamespace idptest.Fault = "castest.OtherNamespace"
	// OtherRoot gives serviceResponse another name.
	OtherRoot idptest.Fault = "castest.OtherRoot"
	// Doctype declares an entity and names the user by it (XML).
	Doctype idptest.Fault = "castest.Doctype"
	// ProcessingInstruction puts a processing instruction into the reply (XML).
	ProcessingInstruction idptest.Fault = "castest.ProcessingInstruction"
	// SecondDocument repeats the whole reply after it.
	SecondDocument idptest.Fault = "castest.SecondDocument"
	// ProxiesPresent lists a proxy that was not used.
	ProxiesPresent idptest.Fault = "castest.ProxiesPresent"
	// ProtocolAttributeTwice adds a second isFromNewLogin, a true one, to replies with attributes.
	ProtocolAttributeTwice idptest.Fault = "castest.ProtocolAttributeTwice"
	// DeepReply nests 10,000 elements or lists, in a reply under 1 MiB.
	DeepReply idptest.Fault = "castest.DeepReply"
	// ManyAttributes adds 100,000 attributes, in a reply under 1 MiB.
	ManyAttributes idptest.Fault = "castest.ManyAttributes"
)

// serverFaults are those in what the server does; replyFaults are those in the replies.
func serverFaults() []idptest.Fault {
	return []idptest.Fault{
		LostMethod, UnaskedPost, LongTicket, UnknownTicket, AnyService, RenewIgnored, ReusableTicket, WrongIOU, UndeliveredPGT,
		OtherFormat, ForbiddenStatus, JavaDate, LoudFlags, HostileText, ExtraLines,
	}
}
