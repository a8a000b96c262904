package authtest

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// casValidate serves /cas-idp/{appId}/validate: two lines of text (CAS §2.4).
func (s *Server) casValidate(w http.ResponseWriter, r *http.Request) {
	who, failed := s.useTicket(r)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if failed.code != "" {
		_, _ = io.WriteString(w, "no\n\n")
		return
	}
	_, _ = io.WriteString(w, "yes\n"+who.user.name()+"\n")
}

// casServiceValidate serves /cas-idp/{appId}/serviceValidate (CAS §2.5), in the
// shapes Authing's page prints: XML unless format=JSON.
func (s *Server) casServiceValidate(w http.ResponseWriter, r *http.Request) {
	format := strings.ToUpper(r.URL.Query().Get("format"))
	who, failed := (*login)(nil), casFailure{"INVALID_REQUEST", "format 只能为 XML 或 JSON"}
	if format == "" || format == "XML" || format == "JSON" {
		who, failed = s.useTicket(r)
	}
	if format == "JSON" {
		writeJSON(w, http.StatusOK, map[string]any{"serviceResponse": casJSON(who, failed)})
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = io.WriteString(w, casXML(who, failed))
}

func casJSON(who *login, failed casFailure) map[string]any {
	if failed.code != "" {
		return map[string]any{"authenticationFailure": map[string]any{"code": failed.code, "description": failed.description}}
	}
	return map[string]any{"authenticationSuccess": map[string]any{"user": who.user.name(), "attributes": casAttributes(who)}}
}

// casAttributes are the profile, as Authing gives it to every CAS application.
func casAttributes(who *login) map[string]any {
	return who.user.claims([]string{"profile", "email", "phone", "address", "unionid", "external_id"}, nil)
}

func casXML(who *login, failed casFailure) string {
	var b strings.Builder
	if failed.code != "" {
		b.WriteString("<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>\n    <cas:authenticationFailure code=\"")
		b.WriteString(failed.code + "\">\n        " + escape(failed.description))
		b.WriteString("\n    </cas:authenticationFailure>\n</cas:serviceResponse>\n")
		return b.String()
	}
	b.WriteString("<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\">\n  <cas:authenticationSuccess>\n")
	element(&b, "    ", "user", who.user.name())
	b.WriteString("    <cas:attributes>\n")
	element(&b, "      ", "authenticationDate", who.authTime.UTC().Format("2006-01-02T15:04:05.000Z"))
	element(&b, "      ", "longTermAuthenticationRequestTokenUsed", false)
	members(&b, "      ", casAttributes(who))
	b.WriteString("    </cas:attributes>\n  </cas:authenticationSuccess>\n</cas:serviceResponse>\n")
	return b.String()
}

func members(b *strings.Builder, indent string, values map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		element(b, indent, name, values[name])
	}
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
		members(b, indent+"  ", value)
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
		b.WriteString(indent + "<cas:" + name + ">" + escape(fmt.Sprint(value)) + "</cas:" + name + ">\n")
	}
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

func escape(value string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(value)) // a strings.Builder does not fail
	return b.String()
}
