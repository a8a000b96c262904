package authtest

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Faults of CAS in what the server does.
const (
	// UnknownTicket sends the browser back with a ticket that the server does not know.
	UnknownTicket idptest.Fault = "UnknownTicket"
	// AnyService takes a ticket for every service, not only for the one it was issued for.
	AnyService idptest.Fault = "AnyService"
	// RenewIgnored takes tickets of a single sign-on although renew was asked for.
	RenewIgnored idptest.Fault = "RenewIgnored"
	// ReusableTicket takes tickets any number of times.
	ReusableTicket idptest.Fault = "ReusableTicket"
	// WrongIOU answers with another IOU than the one sent to the proxy callback.
	WrongIOU idptest.Fault = "WrongIOU"
	// UndeliveredPGT answers with an IOU without having sent it to the proxy callback.
	UndeliveredPGT idptest.Fault = "UndeliveredPGT"
	// OtherFormat answers in XML when JSON was asked for, and the reverse.
	OtherFormat idptest.Fault = "OtherFormat"
	// ForbiddenStatus answers CAS's calls with 403, whatever the body says.
	ForbiddenStatus idptest.Fault = "ForbiddenStatus"
	// HostileText puts markup, control characters and the ticket into the text of
	// failures, more than 300 characters.
	HostileText idptest.Fault = "HostileText"
	// ExtraLines adds a second user to the reply of CAS 1.0.
	ExtraLines idptest.Fault = "ExtraLines"
)

// Faults of CAS in the replies themselves.
const (
	// NoUser leaves the user out, EmptyUser makes it empty; those two strike CAS 1.0 too.
	NoUser    idptest.Fault = "NoUser"
	EmptyUser idptest.Fault = "EmptyUser"
	// UserTwice adds a second user, in JSON a second member of that name.
	UserTwice idptest.Fault = "UserTwice"
	// UserObject makes the user an element with an element in it, in JSON an object.
	UserObject idptest.Fault = "UserObject"
	// FoldedUser calls it User.
	FoldedUser idptest.Fault = "FoldedUser"
	// UserAttribute adds an attribute called user that names another person.
	UserAttribute idptest.Fault = "UserAttribute"
	// CommentInUser splits the user by a comment (XML).
	CommentInUser idptest.Fault = "CommentInUser"
	// BothVerdicts adds a failure to a success, and a success to a failure.
	BothVerdicts idptest.Fault = "BothVerdicts"
	// NoVerdict leaves the reply empty.
	NoVerdict idptest.Fault = "NoVerdict"
	// NoNamespace leaves prefixes and namespace out, UndeclaredPrefix the
	// namespace only, OtherNamespace puts another in its place (XML).
	NoNamespace      idptest.Fault = "NoNamespace"
	UndeclaredPrefix idptest.Fault = "UndeclaredPrefix"
	OtherNamespace   idptest.Fault = "OtherNamespace"
	// OtherRoot calls serviceResponse otherwise.
	OtherRoot idptest.Fault = "OtherRoot"
	// Doctype declares an entity and names the user by it (XML).
	Doctype idptest.Fault = "Doctype"
	// ProcessingInstruction puts one into the reply (XML).
	ProcessingInstruction idptest.Fault = "ProcessingInstruction"
	// SecondDocument says it all once more.
	SecondDocument idptest.Fault = "SecondDocument"
	// ProxiesPresent lists a proxy that nobody used.
	ProxiesPresent idptest.Fault = "ProxiesPresent"
	// ProtocolAttributeTwice adds a second isFromNewLogin, a true one.
	ProtocolAttributeTwice idptest.Fault = "ProtocolAttributeTwice"
	// DeepReply nests 10,000 elements or lists, ManyAttributes adds 100,000
	// attributes; both are replies under 1 MiB.
	DeepReply      idptest.Fault = "DeepReply"
	ManyAttributes idptest.Fault = "ManyAttributes"
)

// casServerFaults are those in what the server does; casFaults are those in the replies.
func casServerFaults() []idptest.Fault {
	return []idptest.Fault{
		UnknownTicket, AnyService, RenewIgnored, ReusableTicket, WrongIOU, UndeliveredPGT, OtherFormat, ForbiddenStatus,
		HostileText, ExtraLines,
	}
}

// mallory is whom a spoilt reply names beside the right person.
const mallory = "mallory"

// hostileText is a failure's description that must not be printed as it is.
func hostileText(ticket string) string {
	return "<script>alert('" + ticket + "')</script>\r\n\u202e" + strings.Repeat("x", 300)
}

// spoilText spoils the reply of CAS 1.0.
func (s *Server) spoilText(body string) string {
	if !strings.HasPrefix(body, "yes\n") {
		return body
	}
	switch {
	case s.realm.Broken(NoUser):
		return "yes\n"
	case s.realm.Broken(EmptyUser):
		return "yes\n\n"
	case s.realm.Broken(ExtraLines):
		return body + mallory + "\n"
	}
	return body
}
