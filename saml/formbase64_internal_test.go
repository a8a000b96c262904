package saml

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzFormBase64 compares with unescaping first and decoding then.
func FuzzFormBase64(f *testing.F) {
	for _, raw := range []string{
		"", "QUJD", "QUI%3D", "QUI=", "QQ==", "QQ%3d%3D", "QR==", "QUI", "QU", "Q", "%51UJD", "%", "%5", "%5g", "QUJD%0D%0AQUJD", "QUJD+QUJD", "QU JD",
		"QUJDQ%3D%3D%3D", "QQ==QUJD", "QQ==+%20", "QQ==x", "%2B%2f+/", "////", "-_-_", "\xff\xff\xff\xff", "QUJ\x00", "=", "====", "%00%00%00%00", "QUJD\n", "QUJ%44",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var want []byte
		text, err := url.QueryUnescape(raw)
		if err == nil {
			want, err = decodeBase64(text)
		}
		got, ourErr := decodeFormBase64(raw)
		require.Equal(t, err == nil, ourErr == nil)
		if err == nil {
			require.Equal(t, string(want), got)
		}
	})
}

func TestFormBase64(t *testing.T) {
	t.Parallel()
	for size := range 2000 {
		data := strings.Repeat("\xfb\xef\xbe<a>", size/6+1)[:size+1]
		encoded := base64.StdEncoding.EncodeToString([]byte(data))
		got, err := decodeFormBase64(url.QueryEscape(encoded))
		require.NoError(t, err)
		require.Equal(t, data, got)
		var lines strings.Builder
		for i := range len(encoded) {
			if lines.WriteByte(encoded[i]); i%76 == 75 {
				lines.WriteString("\r\n")
			}
		}
		got, err = decodeFormBase64(url.QueryEscape(lines.String()))
		require.NoError(t, err)
		require.Equal(t, data, got)
	}
}

// What unescaping or decoding refuses is refused in one pass too. Each row has an accepted twin.
func TestFormBase64Refused(t *testing.T) {
	t.Parallel()
	const good = "QUJD"
	for raw, twin := range map[string]string{
		good + "%":       good,
		good + "%3":      good + "%0A",
		good[:3] + "%4":  good[:3] + "%44",
		good[:3] + "%4g": good[:3] + "%4" + "4",
		good[:3] + "%g4": good[:3] + "%44",
		good[:3] + "%:4": good[:3] + "%44",
		good[:3] + "%`4": good[:3] + "%44",
		good[:3] + "%4`": good[:3] + "%44",
		"QQ==" + good:    good + "QQ==",
		strings.Repeat(good, 255) + "QQ==" + good:            strings.Repeat(good, 255) + good + "QQ==",
		strings.Repeat(good, 255) + "QQ%3D%3D" + good:        strings.Repeat(good, 256) + "QQ%3D%3D",
		strings.Repeat(good, 255) + "QU%3D%3D":               strings.Repeat(good, 255) + "QQ%3D%3D",
		"-" + strings.Repeat(good, 300)[1:]:                  strings.Repeat(good, 300),
		strings.Repeat(good, 300) + "%2B":                    strings.Repeat(good, 300) + "%2B%2B%2B%2B",
		strings.Repeat(good, 255) + "QUJ%2" + "D" + good[:4]: strings.Repeat(good, 255) + "QUJ%2" + "B" + good[:4],
		"%0A":         "%0A" + good,
		"+%zz" + good: "+%20" + good,
	} {
		_, err := decodeFormBase64(raw)
		require.Error(t, err, raw)
		_, err = decodeFormBase64(twin)
		require.NoError(t, err, twin)
	}
}
