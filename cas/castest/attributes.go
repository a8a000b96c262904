package castest

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Attributes is how attributes are written in XML.
type Attributes string

const (
	// Elements is an element for each attribute in cas:attributes, as the specification has it (CAS §2.5.7). A null is
	// an empty element. A name with a colon or an at sign is written as Apereo's server does: _ and its UTF-8 in
	// hexadecimal. Any other name that XML cannot have is left out.
	Elements Attributes = "elements"
	// Pairs is <cas:attribute name="..." value="..."/> for each attribute, beside cas:user. A null is an empty value, an
	// object its JSON.
	Pairs Attributes = "pairs"
	// Both is one after the other.
	Both Attributes = "both"
	// Named is <cas:attribute name="...">...</cas:attribute> for each attribute in cas:userAttributes in cas:attributes,
	// as Casdoor does; what the protocol tells of the login is in elements. A null is an empty element.
	Named Attributes = "named"
	// Siblings is an element without prefix and namespace for each attribute beside cas:user, as RubyCAS does: a text or
	// number as it is, anything else as a CDATA section with its JSON. A name that XML cannot have is left out, and so is
	// what the protocol tells of the login.
	Siblings Attributes = "siblings"
)

// element writes one attribute as an element, a list as one element for each item. See Elements for names.
func element(b *strings.Builder, indent, name string, value any) {
	if strings.ContainsAny(name, ":@") {
		name = "_" + hex.EncodeToString([]byte(name))
	}
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

// pair writes one attribute as a name and a value between the three texts, a list as one pair for each item.
func pair(b *strings.Builder, before, between, after, name string, value any) {
	switch value := value.(type) {
	case []string:
		for _, item := range value {
			pair(b, before, between, after, name, item)
		}
		return
	case []any:
		for _, item := range value {
			pair(b, before, between, after, name, item)
		}
		return
	case map[string]any:
		text, _ := json.Marshal(value) // what JSON has no form for stays empty
		pair(b, before, between, after, name, string(text))
		return
	case nil:
		pair(b, before, between, after, name, "")
		return
	}
	b.WriteString(before + idptest.EscapeXML(name) + between + idptest.EscapeXML(fmt.Sprint(value)) + after)
}

// sibling writes one attribute as an element without prefix.
func sibling(b *strings.Builder, name string, value any) {
	if !xmlName(name) {
		return
	}
	var text string
	switch value.(type) {
	case string, json.Number, int, int64, float64:
		text = idptest.EscapeXML(fmt.Sprint(value))
	default:
		whole, _ := json.Marshal(value) // what JSON has no form for stays empty
		text = "\n      <![CDATA[" + strings.ReplaceAll(string(whole), "]]>", "]]\\u003e") + "]]>\n    "
	}
	b.WriteString("    <" + name + ">" + text + "</" + name + ">\n")
}

// xmlName says whether a name can be that of an element.
func xmlName(name string) bool {
	for i, c := range name {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '-' && c != '.' && (c < '0' || c > '9')) {
			return false
		}
	}
	return name != ""
}
