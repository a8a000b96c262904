package saml

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
)

// strictBase64 refuses bits after the end (RFC 4648 §3.5).
var strictBase64 = base64.StdEncoding.Strict()

var errNoBase64 = errors.New("no base64")

// decodeFormBase64 decodes base64 in a form that is still escaped (SAML Bindings §3.5.4), in one pass and with one
// allocation: a message has many kilobytes. The result is the same as that of unescaping and decodeBase64.
func decodeFormBase64(raw string) (string, error) {
	for _, c := range []byte("+ \t\r\n") {
		// It is not escaped as it should be: a line may be broken anywhere.
		if strings.IndexByte(raw, c) >= 0 {
			return decodeOddBase64(raw)
		}
	}
	var d quanta
	d.out.Grow(len(raw) / 4 * 3)
	for raw != "" {
		run := strings.IndexByte(raw, '%')
		if run < 0 {
			run = len(raw)
		}
		if err := d.add(raw[:run]); err != nil {
			return "", err
		}
		if raw = raw[run:]; raw == "" {
			break
		}
		if len(raw) < 3 || !isHex(raw[1]) || !isHex(raw[2]) {
			return "", errNoBase64
		}
		c := unhex(raw[1])<<4 | unhex(raw[2])
		raw = raw[3:]
		if strings.IndexByte(asciiSpace, c) >= 0 {
			continue
		}
		if err := d.addByte(c); err != nil {
			return "", err
		}
	}
	if err := d.flush(); err != nil {
		return "", err
	}
	if d.out.Len() == 0 {
		return "", errNoBase64
	}
	return d.out.String(), nil
}

func decodeOddBase64(raw string) (string, error) {
	text, err := url.QueryUnescape(raw)
	if err != nil {
		return "", errNoBase64
	}
	data, err := decodeBase64(text)
	return string(data), err
}

// quanta decodes what is added, several quanta of four characters at a time.
type quanta struct {
	chars [1024]byte
	n     int
	ended bool // there was padding
	out   strings.Builder
}

func (d *quanta) add(s string) error {
	for s != "" {
		k := copy(d.chars[d.n:], s)
		d.n += k
		s = s[k:]
		if d.n == len(d.chars) {
			if err := d.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *quanta) addByte(c byte) error {
	d.chars[d.n] = c
	if d.n++; d.n == len(d.chars) {
		return d.flush()
	}
	return nil
}

func (d *quanta) flush() error {
	if d.n == 0 {
		return nil
	}
	var data [len(d.chars) / 4 * 3]byte
	n, err := strictBase64.Decode(data[:], d.chars[:d.n])
	if err != nil || d.ended {
		return errNoBase64
	}
	d.ended = n < d.n/4*3
	d.n = 0
	d.out.Write(data[:n])
	return nil
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func unhex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
