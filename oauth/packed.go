package oauth

import (
	"bytes"
	"compress/flate"
	"io"
	"strings"
)

// packed is a text that is kept long and read rarely, compressed: a metadata document has a third of its size.
type packed []byte

func pack(text string) packed {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.DefaultCompression) // the level exists
	_, _ = io.WriteString(w, text)                        // a Buffer takes everything
	_ = w.Close()
	return bytes.Clone(b.Bytes()) // without the rest of the buffer
}

func (p packed) text() (string, error) {
	var b strings.Builder
	_, err := io.Copy(&b, flate.NewReader(bytes.NewReader(p)))
	return b.String(), err
}
