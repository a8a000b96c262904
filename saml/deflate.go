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

// inflate reads the DEFLATE encoding. It stops one byte over the limit, so that a bomb costs no more than a message
// that is accepted, and it refuses whatever stands behind the end.
func inflate(data []byte, limit int) (string, error) {
	in := bytes.NewReader(data) // an io.ByteReader: flate takes no byte too many
	var out strings.Builder
	n, err := io.Copy(&out, io.LimitReader(flate.NewReader(in), int64(limit)+1))
	switch {
	case n > int64(limit):
		return "", refuse(CheckMalformed, "the message is over %d bytes when it is inflated (MaxInflated)", limit)
	case err != nil:
		return "", refuse(CheckMalformed, "the message is not deflated, or not whole")
	case in.Len() > 0:
		return "", refuse(CheckMalformed, "something stands behind the deflated message")
	}
	return out.String(), nil
}

// decodeBase64 reads base64 with its padding (RFC 4648 §4) and ignores white space alone, which some servers put in
// to break lines.
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
