package authtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// CASAttributes is how attributes stand in an XML reply.
type CASAttributes string

const (
	// CASElements is an element for each attribute in cas:attributes, as the
	// specification and Authing have it (CAS §2.5.7).
	CASElements CASAttributes = "elements"
	// CASPairs is <cas:attribute name="..." value="..."/> for each attribute,
	// beside cas:user. A null is an empty value, an object its JSON.
	CASPairs CASAttributes = "pairs"
	// CASBoth is one after the other.
	CASBoth CASAttributes = "both"
)

const (
	casRoot    = "<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\">\n"
	casRootEnd = "</cas:serviceResponse>\n"
)

func (s *Server) writeCASXML(w http.ResponseWriter, body string, a *casAnswer) {
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	s.writeStatus(w, s.spoil(body, a, func(f casFault) func(string) string { return f.xml }))
}

// casXML is the answer in XML, in the shapes that Authing's page prints.
func (s *Server) casXML(a *casAnswer) string {
	var b strings.Builder
	if a.failed.code != "" {
		b.WriteString("<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>\n    <cas:authenticationFailure code=\"")
		b.WriteString(a.failed.code + "\">\n        " + idptest.EscapeXML(a.failed.description))
		b.WriteString("\n    </cas:authenticationFailure>\n" + casRootEnd)
		return b.String()
	}
	b.WriteString(casRoot + "  <cas:authenticationSuccess>\n")
	element(&b, "    ", "user", a.ticket.login.User.Name())
	all := a.protocolAttributes()
	claims := s.casAttributes(&a.ticket.login)
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		all = append(all, attribute{name, claims[name]})
	}
	if s.CASAttributes != CASPairs {
		b.WriteString("    <cas:attributes>\n")
		for _, one := range all {
			element(&b, "      ", one.name, one.value)
		}
		b.WriteString("    </cas:attributes>\n")
	}
	if s.CASAttributes == CASPairs || s.CASAttributes == CASBoth {
		for _, one := range all {
			pair(&b, one.name, one.value)
		}
	}
	if a.iou != "" {
		element(&b, "    ", "proxyGrantingTicket", a.iou)
	}
	if len(a.ticket.proxies) > 0 {
		b.WriteString("    <cas:proxies>\n")
		element(&b, "      ", "proxy", a.ticket.proxies)
		b.WriteString("    </cas:proxies>\n")
	}
	b.WriteString("  </cas:authenticationSuccess>\n" + casRootEnd)
	return b.String()
}

// element writes one claim: null as an empty element, a list as one element each.
func element(b *strings.Builder, indent, name string, value any) {
	if !xmlName(name) {
		return
	}
	switch value := value.(type) {
	case nil:
		b.WriteString(indent + "<cas:" + name + "/>\n")
	case map[string]any:
		b.WriteString(indent + "<cas:" + name + ">\n")
		for _, member := range slices.Sorted(maps.Keys(value)) {
			element(b, indent+"  ", member, value[member])
		}
		b.WriteString(indent + "</cas:" + name + ">\n")
	case []string:
		for _, item := range value {
			element(b, indent, name, item)
		}
	case []any:
		for _, item := range value {
			element(b, indent, name, item)
		}
	default:
		b.WriteString(indent + "<cas:" + name + ">" + idptest.EscapeXML(fmt.Sprint(value)) + "</cas:" + name + ">\n")
	}
}

// pair writes one claim as name and value.
func pair(b *strings.Builder, name string, value any) {
	switch value := value.(type) {
	case []string:
		for _, item := range value {
			pair(b, name, item)
		}
		return
	case []any:
		for _, item := range value {
			pair(b, name, item)
		}
		return
	case map[string]any:
		text, _ := json.Marshal(value) // what JSON has no form for stays empty
		pair(b, name, string(text))
		return
	case nil:
		pair(b, name, "")
		return
	}
	b.WriteString("    <cas:attribute name=\"" + idptest.EscapeXML(name) + "\" value=\"" + idptest.EscapeXML(fmt.Sprint(value)) + "\"/>\n")
}

// xmlName says whether a claim's name can be an element's.
func xmlName(name string) bool {
	for i, c := range name {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '-' && c != '.' && (c < '0' || c > '9')) {
			return false
		}
	}
	return name != ""
}
