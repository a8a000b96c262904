package castest

import (
	"strconv"
	"strings"
)

// mallory is whom a spoilt reply names beside the right person.
const mallory = "mallory"

// swap replaces the first old; a reply that has none stays as it is.
func swap(old, with string) func(string) string {
	return func(body string) string { return strings.Replace(body, old, with, 1) }
}

// leaveOut removes the first such member of an object that need not have others.
func leaveOut(member string) func(string) string {
	return func(body string) string {
		if !strings.Contains(body, member+",") {
			return swap(member, "")(body)
		}
		return swap(member+",", "")(body)
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

// addElements adds them to the attributes, or beside them where those are no elements.
func addElements(body, elements string) string {
	if strings.Contains(body, "</cas:attributes>") {
		return swap("</cas:attributes>", elements+"</cas:attributes>")(body)
	}
	return swap("</cas:authenticationSuccess>", elements+"</cas:authenticationSuccess>")(body)
}

// addMembers adds them to the attributes, or beside them where there are none.
func addMembers(body, members string) string {
	if strings.Contains(body, `"attributes":{`) {
		return swap(`"attributes":{`, `"attributes":{`+members)(body)
	}
	return swap(`"authenticationSuccess":{`, `"authenticationSuccess":{`+members)(body)
}

func deepXML(body string) string {
	const deep = 10_000
	return addElements(body, strings.Repeat("<cas:a>", deep)+strings.Repeat("</cas:a>", deep))
}

func deepJSON(body string) string {
	const deep = 10_000
	return addMembers(body, `"a":`+strings.Repeat("[", deep)+strings.Repeat("]", deep)+",")
}

func manyElements(body string) string { return addElements(body, strings.Repeat("<cas:a/>", 100_000)) }

// manyMembers gives each attribute a name of its own.
func manyMembers(body string) string {
	var b strings.Builder
	for i := range int64(100_000) {
		b.WriteString(`"` + strconv.FormatInt(i, 36) + `":0,`)
	}
	return addMembers(body, b.String())
}

func bothXML(body string) string {
	other := "  <cas:authenticationSuccess>\n    <cas:user>" + mallory + "</cas:user>\n  </cas:authenticationSuccess>\n"
	switch {
	case strings.Contains(body, "<cas:authenticationSuccess>"):
		other = "  <cas:authenticationFailure code=\"INVALID_TICKET\">no</cas:authenticationFailure>\n"
	case strings.Contains(body, "<cas:proxySuccess>"):
		other = "  <cas:proxyFailure code=\"INVALID_REQUEST\">no</cas:proxyFailure>\n"
	}
	return swap(rootEnd, other+rootEnd)(body)
}

func bothJSON(body string) string {
	other := `"authenticationSuccess":{"user":"` + mallory + `","attributes":{}}`
	if strings.Contains(body, `Success":{`) {
		other = `"authenticationFailure":{"code":"INVALID_TICKET","description":"no"}`
	}
	return swap(`{"serviceResponse":{`, `{"serviceResponse":{`+other+",")(body)
}
