package authtest

import "strings"

// Faults of CAS in what the server does.
const (
	// UnknownTicket sends the browser back with a ticket that the server does not know.
	UnknownTicket Fault = "UnknownTicket"
	// AnyService takes a ticket for every service, not only for the one it was issued for.
	AnyService Fault = "AnyService"
	// RenewIgnored takes tickets of a single sign-on although renew was asked for.
	RenewIgnored Fault = "RenewIgnored"
	// ReusableTicket takes tickets any number of times.
	ReusableTicket Fault = "ReusableTicket"
	// WrongIOU answers with another IOU than the one sent to the proxy callback.
	WrongIOU Fault = "WrongIOU"
	// UndeliveredPGT answers with an IOU without having sent it to the proxy callback.
	UndeliveredPGT Fault = "UndeliveredPGT"
	// OtherFormat answers in XML when JSON was asked for, and the reverse.
	OtherFormat Fault = "OtherFormat"
	// ForbiddenStatus answers CAS's calls with 403, whatever the body says.
	ForbiddenStatus Fault = "ForbiddenStatus"
	// HostileText puts markup, control characters and the ticket into the text of
	// failures, more than 300 characters.
	HostileText Fault = "HostileText"
	// ExtraLines adds a second user to the reply of CAS 1.0.
	ExtraLines Fault = "ExtraLines"
)

// Faults of CAS in the replies themselves.
const (
	// NoUser leaves the user out, EmptyUser makes it empty; those two strike CAS 1.0 too.
	NoUser    Fault = "NoUser"
	EmptyUser Fault = "EmptyUser"
	// UserTwice adds a second user, in JSON a second member of that name.
	UserTwice Fault = "UserTwice"
	// UserObject makes the user an element with an element in it, in JSON an object.
	UserObject Fault = "UserObject"
	// FoldedUser calls it User.
	FoldedUser Fault = "FoldedUser"
	// UserAttribute adds an attribute called user that names another person.
	UserAttribute Fault = "UserAttribute"
	// CommentInUser splits the user by a comment (XML).
	CommentInUser Fault = "CommentInUser"
	// BothVerdicts adds a failure to a success, and a success to a failure.
	BothVerdicts Fault = "BothVerdicts"
	// NoVerdict leaves the reply empty.
	NoVerdict Fault = "NoVerdict"
	// NoNamespace leaves prefixes and namespace out, UndeclaredPrefix the
	// namespace only, OtherNamespace puts another in its place (XML).
	NoNamespace      Fault = "NoNamespace"
	UndeclaredPrefix Fault = "UndeclaredPrefix"
	OtherNamespace   Fault = "OtherNamespace"
	// OtherRoot calls serviceResponse otherwise.
	OtherRoot Fault = "OtherRoot"
	// Doctype declares an entity and names the user by it (XML).
	Doctype Fault = "Doctype"
	// ProcessingInstruction puts one into the reply (XML).
	ProcessingInstruction Fault = "ProcessingInstruction"
	// SecondDocument says it all once more.
	SecondDocument Fault = "SecondDocument"
	// ProxiesPresent lists a proxy that nobody used.
	ProxiesPresent Fault = "ProxiesPresent"
	// ProtocolAttributeTwice adds a second isFromNewLogin, a true one.
	ProtocolAttributeTwice Fault = "ProtocolAttributeTwice"
	// DeepReply nests 10,000 elements or lists, ManyAttributes adds 100,000
	// attributes; both are replies under 1 MiB.
	DeepReply      Fault = "DeepReply"
	ManyAttributes Fault = "ManyAttributes"
)

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
	case s.broken(NoUser):
		return "yes\n"
	case s.broken(EmptyUser):
		return "yes\n\n"
	case s.broken(ExtraLines):
		return body + mallory + "\n"
	}
	return body
}
