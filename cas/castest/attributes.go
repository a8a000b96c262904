package castest

import (
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
	// an empty element.
	Elements Attributes = "elements"
	// Pairs is <cas:attribute name="..." value="..."/> for each attribute, beside cas:user. A null is an empty value, an
	// object its JSON.
	Pairs Attributes = "pairs"
	// Both is one after the other.
	Both Attributes = "both"
)

// element writes one attribute as an element, a list as one element for each item. A name that XML cannot have is left out.
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

// pair writes one attribute as name and value, a list as one pair for each item.
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
