package xmlgate

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestScansFindEveryByte puts each byte at each place of two words, behind bytes of all kinds that are passed over.
func TestScansFindEveryByte(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		for _, filler := range []string{" ", "x", "\x7f", "\x80", "\xff", "="} {
			for size := range 18 {
				for at := range size {
					s := strings.Repeat(filler, at) + string([]byte{byte(c)}) + strings.Repeat(filler, size-at-1)
					for _, quote := range []byte{'"', '\''} {
						require.Equal(t, slow(s, "&<"+string(quote)), valueEnd(s, 0, quote), "%q", s)
					}
					require.Equal(t, slow(s, "<>&"), textEnd(s, 0), "%q", s)
				}
			}
		}
	}
}

func slow(s, stops string) int {
	for i := range len(s) {
		if s[i] < ' ' || strings.IndexByte(stops, s[i]) >= 0 {
			return i
		}
	}
	return len(s)
}

func TestByteClasses(t *testing.T) {
	t.Parallel()
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for c := range 256 {
		in := func(set string) bool { return strings.IndexByte(set, byte(c)) >= 0 }
		assert.Equal(t, in(letters+"_"), nameClass[c]&1 != 0, "%q begins a name", c)
		assert.Equal(t, in(letters+"_0123456789-."), nameClass[c]&2 != 0, "%q in a name", c)
		assert.Equal(t, in(letters+"0123456789+-."), uriClass[c]&1 != 0, "%q in a scheme", c)
		assert.Equal(t, c > ' ' && c < 0x7F && !in("&<>\"'{}|\\^`"), uriClass[c]&2 != 0, "%q in a URI", c)
	}
}
