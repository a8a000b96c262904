package authtest

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// casFault is a fault that changes the text of a service response; nil leaves
// that format alone.
type casFault struct {
	fault     idptest.Fault
	xml, json func(body string) string
}

// spoil changes the text of a reply by every fault that is on; a is nil where
// nobody is named.
func (s *Server) spoil(body string, a *casAnswer, in func(casFault) func(string) string) string {
	for _, c := range casFaults(a) {
		if change := in(c); change != nil && s.realm.Broken(c.fault) {
			body = change(body)
		}
	}
	return body
}

// swap replaces the first old; a reply that has none stays as it is.
func swap(old, with string) func(string) string {
	return func(body string) string { return strings.Replace(body, old, with, 1) }
}

func casFaults(a *casAnswer) []casFault {
	user, userXML, userJSON := "", "<cas:user></cas:user>", `"user":""`
	if a != nil && a.failed.code == "" {
		user = a.ticket.login.User.Name()
		text, _ := json.Marshal(user) // a string does not fail
		userXML, userJSON = "<cas:user>"+idptest.EscapeXML(user)+"</cas:user>", `"user":`+string(text)
	}
	within := strings.NewReplacer("<cas:user>", "<cas:user><cas:name>", "</cas:user>", "</cas:name></cas:user>").Replace(userXML)
	value := strings.TrimPrefix(userJSON, `"user":`)
	return []casFault{
		{NoUser, swap("    "+userXML+"\n", ""), swap(userJSON+",", "")},
		{EmptyUser, swap(userXML, "<cas:user></cas:user>"), swap(userJSON, `"user":""`)},
		{UserTwice, swap(userXML, userXML+"\n    <cas:user>"+mallory+"</cas:user>"), swap(userJSON, userJSON+`,"user":"`+mallory+`"`)},
		{UserObject, swap(userXML, within), swap(userJSON, `"user":{"name":`+value+`}`)},
		{FoldedUser, swap(userXML, strings.ReplaceAll(userXML, "cas:user>", "cas:User>")), swap(userJSON, `"User":`+value)},
		{UserAttribute, func(body string) string { return addAttribute(body, "user", mallory) }, swap(`"attributes":{`, `"attributes":{"user":"`+mallory+`",`)},
		{CommentInUser, swap(userXML, "<cas:user>"+idptest.EscapeXML(user[:len(user)/2])+"<!-- -->"+idptest.EscapeXML(user[len(user)/2:])+"</cas:user>"), nil},
		{ProxiesPresent, swap(userXML, userXML+"\n    <cas:proxies><cas:proxy>https://proxy.example/pgt</cas:proxy></cas:proxies>"),
			swap(userJSON, userJSON+`,"proxies":["https://proxy.example/pgt"]`)},
		{ProtocolAttributeTwice, func(body string) string { return addAttribute(body, "isFromNewLogin", "true") },
			swap(`"attributes":{`, `"attributes":{"isFromNewLogin":true,`)},
		{DeepReply, deepXML, deepJSON},
		{ManyAttributes, manyElements, manyMembers},
		{BothVerdicts, bothXML, bothJSON},
		{NoVerdict, func(string) string { return casRoot + casRootEnd }, func(string) string { return `{"serviceResponse":{}}` }},
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

func rename(body string) string { return strings.ReplaceAll(body, "serviceResponse", "serviceReply") }

func twice(body string) string { return body + body }

func withoutNamespace(body string) string {
	return strings.NewReplacer(` xmlns:cas="http://www.yale.edu/tp/cas"`, "", ` xmlns:cas='http://www.yale.edu/tp/cas'`, "").Replace(body)
}

// addAttribute adds one in each style that the reply has.
func addAttribute(body, name, value string) string {
	body = swap("<cas:attributes>\n", "<cas:attributes>\n      <cas:"+name+">"+value+"</cas:"+name+">\n")(body)
	return swap("<cas:attribute name=", `<cas:attribute name="`+name+`" value="`+value+"\"/>\n    <cas:attribute name=")(body)
}

// addElements adds them to the attributes, or beside them where they are pairs.
func addElements(body, elements string) string {
	if strings.Contains(body, "</cas:attributes>") {
		return swap("</cas:attributes>", elements+"</cas:attributes>")(body)
	}
	return swap("</cas:authenticationSuccess>", elements+"</cas:authenticationSuccess>")(body)
}

func deepXML(body string) string {
	const deep = 10_000
	return addElements(body, strings.Repeat("<cas:a>", deep)+strings.Repeat("</cas:a>", deep))
}

func deepJSON(body string) string {
	const deep = 10_000
	return swap(`"attributes":{`, `"attributes":{"a":`+strings.Repeat("[", deep)+strings.Repeat("]", deep)+",")(body)
}

func manyElements(body string) string { return addElements(body, strings.Repeat("<cas:a/>", 100_000)) }

// manyMembers gives each attribute a name of its own.
func manyMembers(body string) string {
	var b strings.Builder
	for i := range int64(100_000) {
		b.WriteString(`"` + strconv.FormatInt(i, 36) + `":0,`)
	}
	return swap(`"attributes":{`, `"attributes":{`+b.String())(body)
}

func bothXML(body string) string {
	other := "  <cas:authenticationSuccess>\n    <cas:user>" + mallory + "</cas:user>\n  </cas:authenticationSuccess>\n"
	switch {
	case strings.Contains(body, "<cas:authenticationSuccess>"):
		other = "  <cas:authenticationFailure code=\"INVALID_TICKET\">no</cas:authenticationFailure>\n"
	case strings.Contains(body, "<cas:proxySuccess>"):
		other = "  <cas:proxyFailure code=\"INVALID_REQUEST\">no</cas:proxyFailure>\n"
	}
	return swap(casRootEnd, other+casRootEnd)(body)
}

func bothJSON(body string) string {
	other := `"authenticationSuccess":{"user":"` + mallory + `","attributes":{}}`
	if strings.Contains(body, `Success":{`) {
		other = `"authenticationFailure":{"code":"INVALID_TICKET","description":"no"}`
	}
	return swap(`{"serviceResponse":{`, `{"serviceResponse":{`+other+",")(body)
}
