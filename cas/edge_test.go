package cas

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each byte at the start, in the middle and at the end of a ticket, and each length around the limit.
func TestCAS3BytesAndLengthsOfTickets(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		one := string([]byte{byte(c)})
		good := c > ' ' && c < 0x7F && !strings.Contains(`<>&#"'`, one)
		for _, ticket := range []string{"ST-" + one, "ST-" + one + "x", "ST-x" + one, one + "ST-"} {
			err := checkTicketText(ticket, defaultMaxTicket)
			if good {
				assert.NoError(t, err, "%q", ticket)
			} else {
				assert.ErrorIs(t, err, CheckTicket, "%q", ticket)
			}
		}
	}
	require.NoError(t, checkTicketText("ST-"+strings.Repeat("x", 509), 512))
	require.ErrorIs(t, checkTicketText("ST-"+strings.Repeat("x", 510), 512), CheckTicket)
	prefixes, c := []string{"ST-", "PT-"}, Config{MaxTicket: 512}
	for ticket, good := range map[string]bool{"ST-": false, "ST-1": true, "PT-": false, "PT-1": true, "SU-1": false, "S": false, "st-1": false, "": false} {
		assert.Equal(t, good, c.checkTicket(ticket, prefixes) == nil, ticket)
	}
}

// The sizes of a JSON reply: a text at each limit, and one just above it. The fast count and the exact measure agree.
func TestCAS12SizesOfJSON(t *testing.T) {
	t.Parallel()
	for text, nodes := range map[string]int{
		`1`: 1, `[]`: 2, `{}`: 2, `[1]`: 2, `[1,2]`: 3, `[1,2,3]`: 4, `{"a":1,"b":[1,2]}`: 5, `["[,{",1]`: 3, `["\"[,",1]`: 3, `["\\",[]]`: 4,
	} {
		require.NoError(t, checkSize(text, nodes), text)
		require.NoError(t, checkSize(text, nodes+1), text)
		if nodes > 1 {
			require.ErrorIs(t, checkSize(text, nodes-1), CheckSyntax, text)
		}
	}
	for _, braces := range [][2]string{{"[", "]"}, {`{"a":`, "}"}} {
		nested := func(n int) string { return strings.Repeat(braces[0], n) + "1" + strings.Repeat(braces[1], n) }
		require.NoError(t, checkSize(nested(32), 0))
		require.ErrorIs(t, checkSize(nested(33), 0), CheckSyntax)
		require.NoError(t, checkSize("["+nested(31)+","+nested(31)+"]", 0), "side by side is not deeper")
		require.ErrorIs(t, checkSize("["+nested(31)+","+nested(32)+"]", 0), CheckSyntax)
	}
	require.NoError(t, checkSize("["+strings.Repeat("1,", 99_998)+"1]", 0))
	require.ErrorIs(t, checkSize("["+strings.Repeat("1,", 99_999)+"1]", 0), CheckSyntax)
}

// Attributes are found in two ways, the first for up to 64 attributes. Both, and the change between them, find a
// repeated name.
func TestCAS21EachOfManyAttributesIsFoundAgain(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 63, 64, 65, 66, 67, 130} {
		var set attributeSet
		for _, round := range []string{"a", "b", "c"} {
			for i := range n {
				set.add("n"+strconv.Itoa(i), Value{kind: String, text: round + strconv.Itoa(i)})
			}
		}
		require.Len(t, set.list, n)
		for i, a := range set.list {
			number := strconv.Itoa(i)
			require.Equal(t, "n"+number, a.Name)
			require.Equal(t, `["a`+number+`","b`+number+`","c`+number+`"]`, string(a.Value.appendJSON(nil)), "of %d", n)
		}
	}
}

// Tests of limits use the constants; this test says their values.
func TestCAS4Numbers(t *testing.T) {
	t.Parallel()
	require.Equal(t, []int{65536, 512, 32, 100_000, 10_000}, []int{maxBody, defaultMaxTicket, maxJSONDepth, defaultMaxNodes, maxPGTs})
	require.Equal(t, 2*time.Minute, defaultPGTLifetime)
}
