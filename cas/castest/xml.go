package castest

import (
	"maps"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const (
	root    = "<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\">\n"
	rootEnd = "</cas:serviceResponse>\n"
)

// xml is the answer in XML (CAS §2.5.1). A failure has other quotes and white space than a success, as with some
// servers: a client must read both.
func (a *answer) xml(style Attributes) string {
	var b strings.Builder
	if a.failed.code != "" {
		b.WriteString("<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>\n    <cas:authenticationFailure code=\"")
		b.WriteString(a.failed.code + "\">\n        " + idptest.EscapeXML(a.failed.description))
		b.WriteString("\n    </cas:authenticationFailure>\n" + rootEnd)
		return b.String()
	}
	b.WriteString(root + "  <cas:authenticationSuccess>\n")
	element(&b, "    ", "user", a.user())
	if a.released != nil {
		a.attributesXML(&b, style)
	}
	if a.iou != "" {
		element(&b, "    ", "proxyGrantingTicket", a.iou)
	}
	if len(a.ticket.proxies) > 0 {
		b.WriteString("    <cas:proxies>\n")
		element(&b, "      ", "proxy", a.ticket.proxies)
		b.WriteString("    </cas:proxies>\n")
	}
	b.WriteString("  </cas:authenticationSuccess>\n" + rootEnd)
	return b.String()
}

func (a *answer) attributesXML(b *strings.Builder, style Attributes) {
	protocol := a.protocolAttributes()
	var user []attribute
	for _, name := range slices.Sorted(maps.Keys(a.released)) {
		user = append(user, attribute{name, a.released[name]})
	}
	switch style {
	case Siblings:
		for _, one := range user {
			sibling(b, one.name, one.value)
		}
		return
	case Named:
		b.WriteString("    <cas:attributes>\n")
		for _, one := range protocol {
			element(b, "      ", one.name, one.value)
		}
		b.WriteString("      <cas:userAttributes>\n")
		for _, one := range user {
			pair(b, "        <cas:attribute name=\"", "\">", "</cas:attribute>\n", one.name, one.value)
		}
		b.WriteString("      </cas:userAttributes>\n    </cas:attributes>\n")
		return
	}
	all := append(protocol, user...)
	if style != Pairs {
		b.WriteString("    <cas:attributes>\n")
		for _, one := range all {
			element(b, "      ", one.name, one.value)
		}
		b.WriteString("    </cas:attributes>\n")
	}
	if style == Pairs || style == Both {
		for _, one := range all {
			pair(b, "    <cas:attribute name=\"", "\" value=\"", "\"/>\n", one.name, one.value)
		}
	}
}
