package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"io"
	"strings"
)

// deflate writes the DEFLATE encoding (SAML Bindings §3.4.4.1, RFC 1951): raw, without a header of zlib.
func (c *Client) deflate(message []byte) ([]byte, error) {
	var out bytes.Buffer
	w, ok := c.deflaters.Get().(*flate.Writer)
	if ok {
		w.Reset(&out)
	} else {
		var err error
		if w, err = flate.NewWriter(&out, flate.BestCompression); err != nil {
			return nil, err
		}
	}
	defer c.deflaters.Put(w)
	if _, err := w.Write(message); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// inflate reads the DEFLATE encoding. It stops one byte over the limit, so that a bomb costs no more than the largest
// accepted message. Data after the end is refused.
func inflate(data []byte, limit int) (string, error) {
	in := bytes.NewReader(data) // an io.ByteReader: flate reads no byte after the end
	var out strings.Builder
	n, err := io.Copy(&out, io.LimitReader(flate.NewReader(in), int64(limit)+1))
	switch {
	case n > int64(limit):
		return "", refuse(CheckMalformed, "the inflated message is over %d bytes (MaxInflated)", limit)
	case err != nil:
		return "", refuse(CheckMalformed, "the message is not deflated, or not whole")
	case in.Len() > 0:
		return "", refuse(CheckMalformed, "there is data after the deflated message")
	}
	return out.String(), nil
}

// decodeBase64 reads base64 with its padding (RFC 4648 §4). It ignores white space, by which some servers break lines,
// and nothing else.
func decodeBase64(text string) ([]byte, error) {
	if strings.ContainsAny(text, asciiSpace) {
		text = strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(text)
	}
	if text == "" {
		return nil, errors.New("empty")
	}
	return base64.StdEncoding.Strict().DecodeString(text)
}

const asciiSpace = " \t\r\n"
