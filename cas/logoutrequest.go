package cas

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const protocolNamespace = "urn:oasis:names:tc:SAML:2.0:protocol"

// LogoutRequest is the server's message that sessions have ended (CAS §2.3.3). It has no user: the NameID in the
// message is a placeholder at most servers, and proves nothing.
type LogoutRequest struct {
	// SessionIndexes are the tickets of the sessions' logins, as in Success.Ticket. An unknown one is not an error:
	// the session may have ended already.
	SessionIndexes []string
}

// ParseLogoutRequest reads the XML of a logout request (CAS §2.3.3, SAML Core §3.7.1), of at most 64 KiB and with
// tickets of at most 512 bytes; in ReceiveLogout Config.MaxTicket counts. The error is a *TicketError. The request is
// not signed: it proves only that its sender knows the tickets. A repeated request does no harm.
func ParseLogoutRequest(message string) (*LogoutRequest, error) {
	return parseLogoutRequest(message, defaultMaxTicket)
}

func parseLogoutRequest(message string, maxTicket int) (*LogoutRequest, error) {
	doc, err := xmlgate.Parse(message, xmlgate.Options{
		MaxBytes: maxBody, Comments: func(_, local string) bool { return local != "SessionIndex" }, Unsigned: true,
	})
	if err != nil {
		return nil, &TicketError{Check: CheckSyntax, Detail: err.Error(), subject: aLogoutRequest, cause: err}
	}
	root := doc.Root()
	if !root.Is(protocolNamespace, "LogoutRequest") {
		return nil, aLogoutRequest.refuse(CheckRoot, "the root element is not LogoutRequest of the SAML protocol")
	}
	if version, _ := root.Attr("", "Version"); version != "2.0" {
		return nil, aLogoutRequest.refuse(CheckRoot, "its Version is not 2.0")
	}
	if !root.Blank() {
		return nil, aLogoutRequest.refuse(CheckRoot, "it has text between its elements")
	}
	request := &LogoutRequest{}
	for child := range root.Children {
		if child.Local() != "SessionIndex" {
			continue
		}
		index, ok := child.Text()
		index = strings.Trim(index, " \t\r\n")
		if !ok || child.Space() != protocolNamespace || checkTicketText(index, maxTicket) != nil {
			return nil, aLogoutRequest.refuse(CheckSessionIndex, "a SessionIndex is in another namespace or not a ticket")
		}
		request.SessionIndexes = append(request.SessionIndexes, index)
	}
	if len(request.SessionIndexes) == 0 {
		return nil, aLogoutRequest.refuse(CheckSessionIndex, "it is missing")
	}
	return request, nil
}
