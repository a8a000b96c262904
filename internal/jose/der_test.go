package jose

import (
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every length of r and s, with and without a first bit that would make them negative, is read back by encoding/asn1.
func TestDERSignature(t *testing.T) {
	t.Parallel()
	for _, size := range []int{32, 48, 66} {
		for zeros := range size + 1 {
			for _, lead := range []byte{0x01, 0x7f, 0x80, 0xff} {
				half := strings.Repeat("\x00", zeros)
				if zeros < size {
					half += string([]byte{lead}) + strings.Repeat("\x55", size-zeros-1)
				}
				for _, raw := range []string{half + half, half + strings.Repeat("\x81", size), strings.Repeat("\x01", size) + half} {
					der, ok := derSignature(nil, raw, size)
					require.True(t, ok)
					var back struct{ R, S *big.Int }
					rest, err := asn1.Unmarshal(der, &back)
					require.NoError(t, err)
					require.Empty(t, rest)
					require.Equal(t, raw, string(back.R.FillBytes(make([]byte, size)))+string(back.S.FillBytes(make([]byte, size))))
				}
			}
		}
		for _, n := range []int{0, size, 2*size - 1, 2*size + 1} {
			_, ok := derSignature(nil, strings.Repeat("\x01", n), size)
			assert.False(t, ok)
		}
	}
}
