package castest

import (
	"encoding/json"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// replyFault is a fault that changes the text of a service response; nil leaves that format alone.
type replyFault struct {
	fault     idptest.Fault
	xml, json func(body string) string
}

// spoil changes the text of a service response by every fault that is on; user is the one that it names, empty when it names none.
func spoil(body, user string, broken func(idptest.Fault) bool, in func(replyFault) func(string) string) string {
	for _, f := range replyFaults(user) {
		if change := in(f); change != nil && broken(f.fault) {
			body = change(body)
		}
	}
	return body
}

// spoilText changes the reply of CAS 1.0.
func spoilText(body string, broken func(idptest.Fault) bool) string {
	if !strings.HasPrefix(body, "yes\n") {
		return body
	}
	switch {
	case broken(NoUser):
		return "yes\n"
	case broken(EmptyUser):
		return "yes\n\n"
	case broken(ExtraLines):
		return body + mallory + "\n"
	}
	return body
}

// hostileText is a failure's description that must not be printed as it is.
func hostileText(ticket string) string {
	return "<script>alert('" + ticket + "')</script>\r\n\u202e" + strings.Repeat("x", 300)
}

func replyFaults(user string) []replyFault {
	text, _ := json.Marshal(user) // a string does not fail
	userXML, userJSON := "<cas:user>"+idptest.EscapeXML(user)+"</cas:user>", `"user":`+string(text)
	within := strings.NewReplacer("<cas:user>", "<cas:user><cas:name>", "</cas:user>", "</cas:name></cas:user>").Replace(userXML)
	return []replyFault{
		{NoUser, swap("    "+userXML+"\n", ""), leaveOut(userJSON)},
		{EmptyUser, swap(userXML, "<cas:user></cas:user>"), swap(userJSON, `"user":""`)},
		{UserTwice, swap(userXML, userXML+"\n    <cas:user>"+mallory+"</cas:user>"), swap(userJSON, userJSON+`,"user":"`+mallory+`"`)},
		{UserObject, swap(userXML, within), swap(userJSON, `"user":{"name":`+string(text)+`}`)},
		{BareUser, swap(userXML, userXML+"\n    <user>"+mallory+"</user>"), nil},
		{MixedXML, func(body string) string {
			return addElements(body, `<cas:a ID="1">b<!-- -->c<![CDATA[d]]></cas:a><cas:e ID="1"/>`)
		}, nil},
		{FoldedUser, swap(userXML, strings.ReplaceAll(userXML, "cas:user>", "cas:User>")), swap(userJSON, `"User":`+string(text))},
		{UserAttribute, func(body string) string { return addAttribute(body, "user", mallory) }, swap(`"attributes":{`, `"attributes":{"user":"`+mallory+`",`)},
		{CommentInUser, swap(userXML, "<cas:user>"+idptest.EscapeXML(user[:len(user)/2])+"<!-- -->"+idptest.EscapeXML(user[len(user)/2:])+"</cas:user>"), nil},
		{ProxiesPresent, swap(userXML, userXML+"\n    <cas:proxies><cas:proxy>https://proxy.example/pgt</cas:proxy></cas:proxies>"),
			swap(userJSON, userJSON+`,"proxies":["https://proxy.example/pgt"]`)},
		{ProtocolAttributeTwice, func(body string) string { return addAttribute(body, "isFromNewLogin", "true") },
			swap(`"attributes":{`, `"attributes":{"isFromNewLogin":true,`)},
		{DeepReply, deepXML, deepJSON},
		{ManyAttributes, manyElements, manyMembers},
		{BothVerdicts, bothXML, bothJSON},
		{NoVerdict, func(string) string { return root + rootEnd }, func(string) string { return `{"serviceResponse":{}}` }},
		{UndeclaredPrefix, withoutNamespace, nil},
		{NoNamespace, func(body string) string {
			return strings.NewReplacer("<cas:", "<", "</cas:", "</").Replace(withoutNamespace(body))
		}, nil},
		{OtherNamespace, swap("http://www.yale.edu/tp/cas", "http://www.example.edu/tp/cas"), nil},
		{OtherRoot, rename, rename},
		{Doctype, func(body string) string {
			return `<!DOCTYPE r [<!ENTITY who "` + mallory + `">]>` + "\n" + swap(userXML, "<cas:user>&who;</cas:user>")(body)
		}, nil},
		{ProcessingInstruction, swap("\n", "\n  <?cas version=\"3\"?>\n"), nil},
		{SecondDocument, twice, twice},
	}
}
