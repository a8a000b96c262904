package xmlgate

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSAML24Attributes: other parsers take an attribute whose value has other marks around it, or none.
func TestSAML24Attributes(t *testing.T) {
	refusals(t, map[string]refusal{
		"letters for quotes":     {`<a b=xcx/>`, Syntax, `<a b="c"/>`},
		"digits for quotes":      {`<a b=1c1 />`, Syntax, `<a b='c' />`},
		"a colon for =":          {`<a b:"c"/>`, Name, `<a b="c"/>`},
		"a bar for =":            {`<a b|"c"/>`, Syntax, `<a b="c"/>`},
		"nothing for =":          {`<a b "c"/>`, Syntax, `<a b = "c"/>`},
		"no value":               {`<a b/>`, Syntax, `<a b=""/>`},
		"nothing behind =":       {`<a b=`, Syntax, `<a b=""/>`},
		"nothing behind a name":  {`<a b`, Syntax, `<a b=""/>`},
		"nothing behind a quote": {`<a b="`, Syntax, `<a b=""/>`},
		"a value without end":    {`<a b="c`, Syntax, `<a b="c"/>`},
		"a tag without end":      {`<a b="c"`, Syntax, `<a b="c"/>`},
		"a slash without end":    {`<a b="c"/`, Syntax, `<a b="c"/>`},
	})
}

func TestSAML2Declarations(t *testing.T) {
	const good = `<?xml version="1.0" encoding="UTF-8"?><a/>`
	refusals(t, map[string]refusal{
		"something behind":     {`<?xml version="1.0" x="y"?><a/>`, Declaration, `<?xml version="1.0" ?><a/>`},
		"text behind":          {`<?xml version="1.0" encoding="UTF-8"x?><a/>`, Declaration, good},
		"out of order":         {`<?xml version="1.0" standalone="no" encoding="UTF-8"?><a/>`, Declaration, `<?xml version="1.0" encoding="UTF-8" standalone="no"?><a/>`},
		"no space":             {`<?xml version="1.0"encoding="UTF-8"?><a/>`, Declaration, good},
		"nothing for =":        {`<?xml version "1.0"?><a/>`, Declaration, `<?xml version = "1.0"?><a/>`},
		"no value":             {`<?xml version?><a/>`, Declaration, `<?xml version="1.0"?><a/>`},
		"nothing behind =":     {`<?xml version=?><a/>`, Declaration, `<?xml version="1.0"?><a/>`},
		"letters for quotes":   {`<?xml version=x1.0x?><a/>`, Declaration, `<?xml version='1.0'?><a/>`},
		"value without end":    {`<?xml version="1.0?><a/>`, Declaration, `<?xml version="1.0"?><a/>`},
		"encoding without one": {`<?xml version="1.0" encoding=xUTF-8x?><a/>`, Declaration, good},
		"without end":          {`<?xml version="1.0"><a/>`, Syntax, `<?xml version="1.0"?><a/>`},
		"nothing but a name":   {`<?xml`, Instruction, `<a/>`},
		"of another name":      {`<?xmlx version="1.0"?><a/>`, Instruction, `<?xml version="1.0"?><a/>`},
		"another before":       {`<?xml xversion="1.0"?><a/>`, Declaration, `<?xml version="1.0"?><a/>`},
		"again":                {`<?xml version="1.0"?><?xml version="1.0"?><a/>`, Instruction, `<?xml version="1.0"?><a/>`},
	})
}

func TestSAML2Characters(t *testing.T) {
	refusals(t, map[string]refusal{
		"FFFE":                         {"<a>\ufffe</a>", Encoding, "<a>\ufffd</a>"},
		"FFFE in an attribute":         {"<a b='\ufffe'/>", Encoding, "<a b='\ufffd'/>"},
		"reference to FFFE":            {"<a>&#xFFFE;</a>", Entity, "<a>&#xFFFD;</a>"},
		"reference to a low surrogate": {"<a>&#xDFFF;</a>", Entity, "<a>&#xE000;</a>"},
		"reference to a control":       {"<a>&#x1F;</a>", Entity, "<a>&#x20;</a>"},
		"a replacement, and no UTF-8":  {"<a>\ufffd\xff</a>", Encoding, "<a>\ufffd\u00ff</a>"},
	})
}

func TestSAML1References(t *testing.T) {
	refusals(t, map[string]refusal{
		"a small letter in decimal": {"<a>&#6a;</a>", Entity, "<a>&#x6a;</a>"},
		"a big letter in decimal":   {"<a>&#6A;</a>", Entity, "<a>&#x6A;</a>"},
		"behind f":                  {"<a>&#x4g;</a>", Entity, "<a>&#x4f;</a>"},
		"behind F":                  {"<a>&#x4G;</a>", Entity, "<a>&#x4F;</a>"},
		"before a":                  {"<a>&#x4`;</a>", Entity, "<a>&#x4a;</a>"},
		"before A":                  {"<a>&#x4@;</a>", Entity, "<a>&#x4A;</a>"},
		"before 0":                  {"<a>&#6/;</a>", Entity, "<a>&#60;</a>"},
		"behind 9":                  {"<a>&#6:;</a>", Entity, "<a>&#69;</a>"},
		"before 0, in hex":          {"<a>&#x6/;</a>", Entity, "<a>&#x60;</a>"},
		"a letter for #":            {"<a>&x65;</a>", Entity, "<a>&#65;</a>"},
		"nothing":                   {"<a>&;</a>", Entity, "<a>&#65;</a>"},
		"only #":                    {"<a>&#;</a>", Entity, "<a>&#65;</a>"},
		"a number that overflows":   {"<a>&#x100000041;</a>", Entity, "<a>&#x000000041;</a>"},
		"in decimal":                {"<a>&#4294967361;</a>", Entity, "<a>&#0000000065;</a>"},
		"a sign":                    {"<a>&#+65;</a>", Entity, "<a>&#065;</a>"},
	})
}

// TestSAML4DuplicatesFarApart: one name is another attribute's too when its namespace was declared long before.
func TestSAML4DuplicatesFarApart(t *testing.T) {
	between := many(20, func(i int) string { return fmt.Sprintf(` xmlns:q%d="u:%d"`, i, i) })
	refusals(t, map[string]refusal{
		"of two prefixes": {`<a xmlns:p="u:p"` + between + ` xmlns:r="u:p" p:b="" r:b=""/>`, Duplicate, `<a xmlns:p="u:p"` + between + ` xmlns:r="u:r" p:b="" r:b=""/>`},
		"around":          {`<o xmlns:p="u:p"><a` + between + ` xmlns:r="u:p" p:b="" r:b=""/></o>`, Duplicate, `<o xmlns:p="u:p"><a` + between + ` xmlns:r="u:p" p:b="" r:c=""/></o>`},
		"among many":      {`<a xmlns:p="u:p"` + between + ` xmlns:r="u:p" p:b=""` + many(20, func(i int) string { return fmt.Sprintf(` q%d:b=""`, i) }) + ` r:b=""/>`, Duplicate, `<a xmlns:p="u:p"` + between + ` xmlns:r="u:p" p:b=""` + many(20, func(i int) string { return fmt.Sprintf(` q%d:b=""`, i) }) + ` r:c=""/>`},
	})
}

func TestSAML5Schemes(t *testing.T) {
	refusals(t, map[string]refusal{
		"begins with a digit":     {`<a xmlns:x="1u:x"/>`, Namespace, `<a xmlns:x="u1:x"/>`},
		"begins with a bracket":   {`<a xmlns:x="{u:x"/>`, Namespace, `<a xmlns:x="zu:x"/>`},
		"begins with a bracket 2": {`<a xmlns:x="[u:x"/>`, Namespace, `<a xmlns:x="Zu:x"/>`},
		"begins with an at":       {`<a xmlns:x="@u:x"/>`, Namespace, `<a xmlns:x="Au:x"/>`},
		"has a tilde":             {`<a xmlns:x="u~v:x"/>`, Namespace, `<a xmlns:x="u+v-w.1:x~"/>`},
		"has an underline":        {`<a xmlns:x="u_v:x"/>`, Namespace, `<a xmlns:x="u-v:x_"/>`},
		"has a slash":             {`<a xmlns:x="u/v:x"/>`, Namespace, `<a xmlns:x="u:v/x"/>`},
	})
}

// Names have letters of many scripts (XML 1.0 §2.3).
func TestNamesOfManyScripts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"é", "ж", "Ё", "あ", "ア", "ん", "员工", "한", "aж"} {
		d, err := Parse("<"+name+"/>", Options{})
		require.NoError(t, err, name)
		assert.Equal(t, name, d.Root().Name())
	}
}

func TestCDATAIsNotBlank(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"<a> </a>": true, "<a>x</a>": false, "<a><![CDATA[x]]></a>": false, "<a><b>x</b> </a>": true} {
		d, err := Parse(text, Options{})
		require.NoError(t, err)
		assert.Equal(t, want, d.Root().Blank(), text)
	}
}
