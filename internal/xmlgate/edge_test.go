package xmlgate

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A signature refers to ID, Id or id without a namespace, and to xml:id. What else has such a name is no ID, and so may
// be given twice and need not be a name.
func TestSAML13WhichAttributesAreIDs(t *testing.T) {
	t.Parallel()
	const spaces = `xmlns:xades='u:x' xmlns='u:x'`
	for name, id := range map[string]bool{
		"ID": true, "Id": true, "id": true, "xml:id": true,
		"iD": false, "Ie": false, "ie": false, "I": false, "IDs": false, "d": false,
		"xml:ID": false, "xml:Id": false, "xml:iD": false, "xml:lang": false, "xml:ie": false,
		"xades:ID": false, "xades:Id": false, "xades:id": false, "xades:iD": false,
	} {
		for text, reason := range map[string]Reason{
			`<a ` + spaces + ` ` + name + `='v'/>`:                     "",
			`<a ` + spaces + ` ` + name + `=' v&#9;'/>`:                IDName,
			`<a ` + spaces + ` ` + name + `='1'/>`:                     IDName,
			`<a ` + spaces + ` ` + name + `=''/>`:                      IDName,
			`<a ` + spaces + ` ` + name + `=' '/>`:                     IDName,
			`<a ` + spaces + ` ` + name + `='v'><b ID='v'/></a>`:       ID,
			`<a ` + spaces + ` ` + name + `='v'><b ID=' v '/></a>`:     ID,
			`<a ` + spaces + `><b id='v'/><c ` + name + `='v'/></a>`:   ID,
			`<a ` + spaces + ` ` + name + `='v'><b xml:id='v2'/></a>`:  "",
			`<a ` + spaces + ` ` + name + `='v' Other='v' Third='1'/>`: "",
		} {
			_, err := Parse(text, Options{})
			if !id || reason == "" {
				assert.NoError(t, err, text)
			} else {
				assert.ErrorIs(t, err, reason, text)
			}
		}
		loose := Options{AnyIDs: true}
		_, err := Parse(`<a `+spaces+` `+name+`='1:'/>`, loose)
		assert.NoError(t, err, name)
		for _, other := range []string{"1", "&#49;", " 1", "&#10;&#x31; "} {
			_, err = Parse(`<a `+spaces+` ID='1'><b `+name+`='`+other+`'/></a>`, loose)
			assert.Equal(t, id, errors.Is(err, ID), "two spellings of one ID are one: %s %s", name, other)
		}
	}
}

// The IDs are kept in two ways, of which the first holds sixteen: each is found again in both, and at their border.
func TestSAML13EachOfManyIDsIsFoundAgain(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 40; n++ {
		ids := many(n, func(i int) string { return fmt.Sprintf("<a ID='a%d'/>", i) })
		for i := range n + 1 {
			_, err := Parse(fmt.Sprintf("<r>%s<b ID='a%d'/></r>", ids, i), Options{})
			if i < n {
				require.ErrorIs(t, err, ID, "%d of %d", i, n)
			} else {
				require.NoError(t, err, "another than %d", n)
			}
		}
	}
}

// Every character, as the first of a name and as another: the letters are those of three alphabets and three scripts,
// and nothing beside them.
func TestSAML6LettersOfNames(t *testing.T) {
	t.Parallel()
	ranges := [][2]rune{
		{'A', 'Z'}, {'_', '_'}, {'a', 'z'}, {'À', 'Ö'}, {'Ø', 'ö'}, {'ø', 'ı'}, {'Ё', 'Ќ'}, {'Ў', 'я'},
		{'ぁ', 'ゔ'}, {'ァ', 'ヺ'}, {'一', '龥'}, {'가', '힣'},
	}
	for c := rune(1); c <= 0x10FFFF; c++ {
		if c >= 0xD800 && c < 0xE000 {
			continue
		}
		letter := false
		for _, r := range ranges {
			letter = letter || r[0] <= c && c <= r[1]
		}
		inside := letter || c >= '0' && c <= '9' || c == '-' || c == '.'
		one := string(c)
		if got := ncName(one, 0) == len(one); got != letter {
			t.Errorf("%U begins a name: %v", c, got)
		}
		for _, before := range []string{"a", "é"} {
			if got := ncName(before+one, 0) == len(before+one); got != inside {
				t.Errorf("%U behind %s in a name: %v", c, before, got)
			}
		}
	}
}

// Every character, written directly and by a reference (XML 1.0 §2.2).
func TestSAML2EveryCharacter(t *testing.T) {
	t.Parallel()
	bad := func(c rune) bool {
		return c < ' ' && c != '\t' && c != '\n' && c != '\r' || c >= 0xD800 && c < 0xE000 || c == 0xFFFE || c == 0xFFFF || c > 0x10FFFF
	}
	for c := rune(0); c <= 0x110000; c++ {
		if isChar(uint32(c)) == bad(c) {
			t.Errorf("a reference to %U: %v", c, isChar(uint32(c)))
		}
		if c < ' ' || c >= 0xD800 && c < 0xE000 || c > 0x10FFFF || c == 0xFEFF {
			continue
		}
		if got := checkChars("ab"+string(c), 0) < 0; got == bad(c) {
			t.Errorf("%U as it stands: %v", c, got)
		}
	}
	for c := range ' ' {
		for _, around := range [][2]string{{"<a>", "</a>"}, {"<a><![CDATA[", "]]></a>"}, {"<a><!--", "--></a>"}, {"<a b='", "'/>"}} {
			_, err := Parse(around[0]+string(c)+around[1], Options{Comments: outside})
			if bad(c) {
				assert.ErrorIs(t, err, Encoding, "%U in %s", c, around[0])
			} else {
				assert.NoError(t, err, "%U in %s", c, around[0])
			}
		}
	}
}

// The character of a reference, by each way to write its number.
func TestSAML1ReferencesByTheirNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []rune{'\t', '\n', '\r', ' ', 'J', 'j', 'O', 'Z', '\u009f', '\u00ab', '\u00cd', '\u00ef', '\u0fed', '\ud7ff', '\ue000', '\ufffd', '\U000abcde', '\U0010ffff'} {
		for _, form := range []string{"&#%d;", "&#0%d;", "&#x%x;", "&#x%X;", "&#x0%x;"} {
			text := fmt.Sprintf(form, c)
			d, err := Parse("<a b='"+text+"'>"+text+"</a>", Options{})
			require.NoError(t, err, text)
			inside, _ := d.Root().Text()
			value, _ := d.Root().Attr("", "b")
			assert.Equal(t, string(c)+string(c), inside+value, text)
		}
	}
}

// The offset is that of the first byte that is no UTF-8, also behind a replacement character that is.
func TestSAML2OffsetOfWhatIsNoUTF8(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"\xff": 0, "<a>é\xff</a>": 5, "<a>\ufffd\xff\xff</a>": 6, "<a>x\ufffe\xff</a>": 7, "<a>x\ufffe</a>": 4} {
		_, err := Parse(text, Options{})
		var refused *Error
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, Error{Encoding, want}, *refused, "%q", text)
	}
}

// A text that ends early is refused wherever it ends, with every kind of thing in it.
func TestSAML3EveryProperPrefix(t *testing.T) {
	t.Parallel()
	const whole = "\ufeff<?xml version='1.0' encoding=\"UTF-8\" standalone='no' ?>\n<!-- c -->\r\n<p:a xmlns:p='u:p' b = \"1&amp;&#x41;\r\" p:é='>'  >" +
		"t&lt;]]<!----><b/><c\n></c ><d><![CDATA[<x>]]></d> </p:a>"
	_, err := Parse(whole+" \n", Options{Comments: outside})
	require.NoError(t, err)
	for i := range len(whole) {
		_, err := Parse(whole[:i], Options{Comments: outside})
		assert.Error(t, err, "%q", whole[:i])
	}
}

// White space is the four characters and nothing else (XML 1.0 §2.3).
func TestSAML5WhiteSpace(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		space := c == ' ' || c == '\t' || c == '\n' || c == '\r'
		assert.Equal(t, space, isSpace(byte(c)), "%q", c)
	}
}

func TestSAML7Edges(t *testing.T) {
	nest := func(n int, leaf string) string { return strings.Repeat("<a>", n) + leaf + strings.Repeat("</a>", n) }
	declared := func(n int) string { // in scope at once
		per := many(8, func(i int) string { return fmt.Sprintf(" xmlns:%c%%[1]d='u:1'", 'a'+i) })
		deep := n / 8
		open := many(deep, func(i int) string { return fmt.Sprintf("<a"+per+">", i) })
		last := "<z" + many(n%8, func(i int) string { return fmt.Sprintf(" xmlns:z%d='u:1'", i) }) + "/>"
		return "<r>" + open + last + strings.Repeat("</a>", deep) + "</r>"
	}
	half := many(30, func(i int) string { return fmt.Sprintf(" xmlns:p%d='u:1' a%d=''", i, i) })
	refusals(t, map[string]refusal{
		"depth of an empty element": {nest(64, "<a/>"), Limit, nest(63, "<a/>")},
		"declarations in scope":     {declared(257), Limit, declared(256)},
		"attributes and declarations": {"<a" + half + " b='' c='' d='' e='' f=''/>", Limit,
			"<a" + half + " b='' c='' d='' e=''/>"},
		"name with a prefix": {"<p:" + strings.Repeat("a", 1023) + " xmlns:p='u:1'/>", Limit, "<p:" + strings.Repeat("a", 1022) + " xmlns:p='u:1'/>"},
		"attribute with a prefix": {"<a xmlns:p='u:1' p:" + strings.Repeat("a", 1023) + "=''/>", Limit,
			"<a xmlns:p='u:1' p:" + strings.Repeat("a", 1022) + "=''/>"},
		"value with a reference at its end": {"<a b='" + strings.Repeat("c", 1<<16-4) + "&amp;'/>", Limit, "<a b='" + strings.Repeat("c", 1<<16-5) + "&amp;'/>"},
		"value in double quotes":            {`<a b="` + strings.Repeat("c", 1<<16+1) + `"/>`, Limit, `<a b="` + strings.Repeat("c", 1<<16) + `"/>`},
		"digits of a reference":             {"<a>&#x0000000000041;</a>", Entity, "<a>&#x000000000041;</a>"},
		"digits of a decimal one":           {"<a>&#00000000000065;</a>", Entity, "<a>&#0000000000065;</a>"},
	})
}

// Names of namespaces are counted by their differing ones, beside the three of every document.
func TestSAML7NamesOfNamespaces(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]Reason{1<<16 - 3: "", 1<<16 - 2: Limit} {
		text := "<r>" + many(n, func(i int) string { return fmt.Sprintf("<a xmlns='u:%d'/>", i) }) + "</r>"
		_, err := Parse(text, Options{MaxBytes: 4 << 20, MaxNodes: 1 << 18})
		if want == "" {
			require.NoError(t, err, n)
		} else {
			require.ErrorIs(t, err, want, n)
		}
	}
}

func TestSAML7MaxBytesIsExact(t *testing.T) {
	t.Parallel()
	const text = "<a>12345</a>"
	for limit, good := range map[int]bool{len(text) - 1: false, len(text): true, len(text) + 1: true, 0: true, -1: true} {
		_, err := Parse(text, Options{MaxBytes: limit})
		assert.Equal(t, good, err == nil, "%d", limit)
	}
}
