package xmldsig

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig/corpus"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

var (
	rec10 = c14n{inclusive: true}
	rec11 = c14n{inclusive: true, version11: true}
)

func methodOf(f corpus.Form) c14n {
	switch f.Method {
	case corpus.Inclusive10:
		return rec10
	case corpus.Inclusive11:
		return rec11
	}
	return c14n{prefixes: f.Prefixes}
}

func TestCanonicalForm(t *testing.T) {
	t.Parallel()
	for name, test := range corpus.Forms() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := xmlgate.Parse(test.In, xmlgate.Options{Comments: func(string, string) bool { return true }})
			require.NoError(t, err)
			e := d.Root()
			if test.Apex != "" {
				e = find(e, test.Apex)
			}
			assert.Equal(t, test.Want, octets(t, e, methodOf(test)))
		})
	}
}

// TestLineEndsInCDATA is no line of the corpus: the parser that xmlsec1 has keeps carriage returns there, against XML
// 1.0 §2.11; xmllint does not.
func TestLineEndsInCDATA(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "<a>1\n2\n3</a>", octets(t, root(t, "<a><![CDATA[1\r\n2\r3]]></a>"), c14n{}))
}

// find returns the first element below e that has this local name.
func find(e xmlgate.Element, local string) xmlgate.Element {
	if e.Local() == local {
		return e
	}
	for child := range e.Children {
		if found := find(child, local); found.OK() {
			return found
		}
	}
	return xmlgate.Element{}
}
