package session

import (
	"encoding/binary"
	"time"
)

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// maxTime is the length of the longest time.
const maxTime = binary.MaxVarintLen32 + binary.MaxVarintLen64

// appendTime writes nanoseconds and then seconds, and the zero time as one 0. The clock's place is lost.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	return binary.AppendVarint(binary.AppendUvarint(b, uint64(t.Nanosecond())+1), t.Unix())
}

// reader reads what was appended. After the first mistake it reads nothing more, and bad is true.
type reader struct {
	rest string
	bad  bool
}

func (r *reader) byte() byte {
	if r.bad || r.rest == "" {
		r.bad = true
		return 0
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	return c
}

func (r *reader) uvarint() uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		c := r.byte()
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return n
		}
	}
	r.bad = true
	return 0
}

func (r *reader) string() string {
	n := r.uvarint()
	if r.bad || n > uint64(len(r.rest)) {
		r.bad = true
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) time() time.Time {
	nano := r.uvarint()
	if nano == 0 {
		return time.Time{}
	}
	n := r.uvarint()
	second := int64(n >> 1)
	if n&1 != 0 { // as encoding/binary writes negative numbers
		second = ^second
	}
	if r.bad {
		return time.Time{}
	}
	return time.Unix(second, int64(nano-1)).UTC()
}

// err is ErrDamaged unless everything was read, without a mistake.
func (r *reader) err() error {
	if r.bad || r.rest != "" {
		return ErrDamaged
	}
	return nil
}
