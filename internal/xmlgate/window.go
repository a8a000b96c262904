package xmlgate

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// minPart is the least that Stream reads at once.
const minPart = 64 << 10

// window reads a text in parts, each of whole characters.
type window struct {
	r     io.Reader
	part  int // the least that is read at once
	limit int // most bytes of the text
	buf   []byte
	held  int // bytes at the start of buf: the begin of a character
	read  int // bytes of the text so far
	gone  int // bytes that were cut from it
	ended bool
}

// grow appends a part to src. The parts grow with what is kept, so that the cost stays linear.
func (w *window) grow(src string) (string, error) {
	size := w.held + max(w.part, len(src)/2)
	if len(w.buf) < size {
		w.buf = append(make([]byte, 0, size), w.buf[:w.held]...)[:size]
	}
	n, err := io.ReadFull(w.r, w.buf[w.held:size])
	switch w.read += n; {
	case w.read > w.limit:
		return src, &Error{Limit, w.limit}
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		w.ended = true
	case err != nil:
		return src, err
	}
	part := w.buf[:w.held+n]
	w.held = 0
	if !w.ended {
		w.held = begun(part)
	}
	var b strings.Builder
	b.Grow(len(src) + len(part) - w.held)
	b.WriteString(src)
	b.Write(part[:len(part)-w.held])
	copy(w.buf, part[len(part)-w.held:])
	all := b.String()
	from := len(src)
	if w.gone+from == 0 {
		from = afterMark(all)
	}
	if bad := checkChars(all[len(src):], from-len(src)); bad >= 0 {
		return src, &Error{Encoding, w.gone + len(src) + bad}
	}
	return all, nil
}

// begun returns how many bytes at the end of part are the begin of a character.
func begun(part []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(part); n++ {
		if last := part[len(part)-n:]; utf8.RuneStart(last[0]) {
			if utf8.FullRune(last) {
				return 0
			}
			return n
		}
	}
	return 0
}
