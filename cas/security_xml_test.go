package cas

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// Items SAML-1 to SAML-9 hold for everything that this package reads as XML: replies about tickets, replies with
// proxy tickets, logout requests. Package xmlgate tests each item in full. The leaf is a user, a proxy ticket and a
// session index: comments and CDATA beside text are refused in these, and read elsewhere (CAS-8), because nothing here is
// signed.
func TestSAML1To9HoldHere(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	for reader, r := range map[string]struct {
		good string
		read func(string) error
	}{
		"reply":          {xmlSuccessWith(`<cas:user>alice</cas:user><cas:attributes><cas:a>b</cas:a></cas:attributes>`), func(s string) error { _, err := c.read(s, ValidateOptions{}); return err }},
		"proxy reply":    {proxyReply(`<cas:proxySuccess><cas:x/><cas:proxyTicket>PT-1</cas:proxyTicket></cas:proxySuccess>`), func(s string) error { _, _, err := c.readProxy(s); return err }},
		"logout request": {slo + sloOne + sloName + sloEnd, func(s string) error { _, err := ParseLogoutRequest(s); return err }},
	} {
		require.NoError(t, r.read(r.good), reader)
		// The text of the first leaf, and the root's start tag, are where each construct is put.
		leaf := strings.Index(r.good, "</")
		start := strings.IndexByte(r.good, '>')
		inLeaf := func(s string) string { return r.good[:leaf] + s + r.good[leaf:] }
		inRoot := func(s string) string { return r.good[:start] + s + r.good[start:] }
		for name, bad := range map[string]struct {
			text   string
			reason xmlgate.Reason
		}{
			"SAML-1 document type":        {`<!DOCTYPE a [<!ENTITY b "c">]>` + r.good, xmlgate.Doctype},
			"SAML-1 document type inside": {inLeaf(`<!DOCTYPE a>`), xmlgate.Doctype},
			"SAML-1 entity":               {inLeaf(`&b;`), xmlgate.Entity},
			"SAML-2 other encoding":       {`<?xml version="1.0" encoding="UTF-16"?>` + r.good, xmlgate.Declaration},
			"SAML-2 invalid UTF-8":        {inLeaf("\xc3"), xmlgate.Encoding},
			"SAML-2 BOM in a tag":         {inRoot(" \ufeff"), xmlgate.Name}, // in a value U+FEFF is a character (XML 1.0 §2.2)
			"SAML-3 two roots":            {r.good + r.good, xmlgate.Root},
			"SAML-3 text after the root":  {r.good + "x", xmlgate.Root},
			"SAML-4 attribute twice":      {inRoot(` a="" a=""`), xmlgate.Duplicate},
			"SAML-5 prefix not declared":  {inRoot(` b:a=""`), xmlgate.Prefix},
			"SAML-5 relative namespace":   {inRoot(` xmlns:b="../c"`), xmlgate.Namespace},
			"SAML-6 a colon too many":     {inRoot(` :a=""`), xmlgate.Name},
			"SAML-7 depth":                {inLeaf(strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64)), xmlgate.Limit},
			"SAML-8 instruction":          {inLeaf(`<?x?>`), xmlgate.Instruction},
			"SAML-8 comment in a value":   {inLeaf(`<!---->`), xmlgate.Comment},
			"SAML-9 split by CDATA":       {inLeaf(`<![CDATA[x]]>y`), xmlgate.CDATA},
		} {
			err := r.read(bad.text)
			assert.ErrorIs(t, err, CheckSyntax, "%s: %s", reader, name)
			assert.ErrorIs(t, err, bad.reason, "%s: %s", reader, name)
		}
		require.NoError(t, r.read(`<?xml version="1.0" encoding="UTF-8"?>`+inRoot(` a="" b=""`)+"\n"), reader)
	}
}
