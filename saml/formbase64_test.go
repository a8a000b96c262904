package saml

import (
	"net/url"
	"strings"
	"testing"
)

// One pass over a form's value finds what unescaping and then decoding find.
func FuzzFormBase64(f *testing.F) {
	whole := b64([]byte(strings.Repeat(sloRequest, 3)))
	for _, raw := range []string{
		"", "%20", "PGE%2B", "PGEvPg%3D%3D", "PGEvPg==", "PGEvPg%3d%3D%0d%0A", "PGEvPh==", "PGE=PGE=", "PGEvPg%3D%3DPGEvPg%3D%3D", "PG+E", "PG%2", "%zz", "%5047E",
		url.QueryEscape(whole), whole, whole[:1021] + "%3D" + whole[1021:], whole[:1024] + "====", whole[:1022] + "==" + whole[:4], strings.ReplaceAll(whole, "X", "X%0D%0A"),
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := decodeFormBase64(raw)
		want, wrong := "", error(errNoBase64)
		if text, err := url.QueryUnescape(raw); err == nil {
			var data []byte
			data, wrong = decodeBase64(text)
			want = string(data)
		}
		if (err == nil) != (wrong == nil) || err == nil && got != want {
			t.Fatalf("%q %v, want %q %v", got, err, want, wrong)
		}
	})
}
