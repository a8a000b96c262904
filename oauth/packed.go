package oauth

import (
	"bytes"
	"compress/flate"
	"io"
	"strings"
	"sync"
)

// packed is a text that is kept long and read rarely, compressed: a metadata document has a third of its size.
type packed []byte

// packer is one for all clients, because it takes 0.8 MB, and many may refresh at once. The garbage collector frees it
// when nobody uses it.
var packer struct {
	sync.Mutex
	sync.Pool
}

func pack(text string) packed {
	var b bytes.Buffer
	packer.Lock()
	defer packer.Unlock()
	w, ok := packer.Get().(*flate.Writer)
	if !ok {
		w, _ = flate.NewWriter(nil, flate.DefaultCompression) // the level exists
	}
	w.Reset(&b)
	_, _ = io.WriteString(w, text) // a Buffer takes everything
	_ = w.Close()
	packer.Put(w)
	return bytes.Clone(b.Bytes()) // without the rest of the buffer
}

func (p packed) text() (string, error) {
	var b strings.Builder
	_, err := io.Copy(&b, flate.NewReader(bytes.NewReader(p)))
	return b.String(), err
}
