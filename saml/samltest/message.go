package samltest

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// messageLimit bounds a message, packed and unpacked.
const messageLimit = 1 << 20

// message is a message as it came with the browser.
type message struct {
	name       string // SAMLRequest or SAMLResponse
	xml        []byte // after verify of a form, only what is signed
	relayState string
	form       bool // it came by POST
	signed     bool // its signature was verified
	query      *signedQuery
}

// signedQuery is the signature of a message in a query, and the octets that it is over.
type signedQuery struct {
	octets, algorithm string
	signature         []byte
}

// readMessage reads the one message of the request; nil means that there is none.
func readMessage(w http.ResponseWriter, r *http.Request) (*message, *refusal) {
	var m *message
	var err error
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, messageLimit)
		m, err = readForm(r)
	} else {
		m, err = readQuery(r.URL.RawQuery)
	}
	if err != nil {
		return nil, &refusal{"invalid_message", "The message cannot be read: " + err.Error() + "."}
	}
	return m, nil
}

// readForm reads a posted message (SAML Bindings §3.5.4).
func readForm(r *http.Request) (*message, error) {
	if err := r.ParseForm(); err != nil {
		return nil, errors.New("it is not a form, or too long")
	}
	name, value, err := oneMessage(r.PostForm)
	if name == "" || err != nil {
		return nil, err
	}
	text := strings.Map(func(c rune) rune {
		if strings.ContainsRune(" \t\r\n", c) {
			return -1
		}
		return c
	}, value)
	xml, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("it is not base64")
	}
	return &message{name: name, xml: xml, relayState: r.PostForm.Get("RelayState"), form: true}, nil
}

// readQuery reads a message of the redirect binding and keeps the octets that a signature is over as they came (SAML
// Bindings §3.4.4.1).
func readQuery(raw string) (*message, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, errors.New("the query is malformed")
	}
	name, value, err := oneMessage(values)
	if name == "" || err != nil {
		return nil, err
	}
	if encoding := values.Get("SAMLEncoding"); encoding != "" && encoding != "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE" {
		return nil, errors.New("its SAMLEncoding is not DEFLATE")
	}
	packed, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return nil, errors.New("it is not base64")
	}
	xml, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), messageLimit+1))
	if err != nil || len(xml) > messageLimit {
		return nil, errors.New("it cannot be inflated, or is too long")
	}
	m := &message{name: name, xml: xml, relayState: values.Get("RelayState")}
	if !values.Has("Signature") && !values.Has("SigAlg") {
		return m, nil
	}
	signature, err := base64.StdEncoding.DecodeString(values.Get("Signature"))
	if err != nil {
		return nil, errors.New("the signature is not base64")
	}
	m.query = &signedQuery{octets: signedOctets(raw, name), algorithm: values.Get("SigAlg"), signature: signature}
	return m, nil
}

// oneMessage finds the request or the response among the parameters.
func oneMessage(values url.Values) (name, value string, err error) {
	for _, known := range []string{"SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature"} {
		if len(values[known]) > 1 {
			return "", "", errors.New(known + " is repeated")
		}
	}
	switch {
	case values.Has("SAMLRequest") && values.Has("SAMLResponse"):
		return "", "", errors.New("there are a request and a response")
	case values.Has("SAMLRequest"):
		name = "SAMLRequest"
	case values.Has("SAMLResponse"):
		name = "SAMLResponse"
	default:
		return "", "", nil
	}
	if len(values.Get("RelayState")) > 80 {
		return "", "", errors.New("RelayState is longer than 80 bytes")
	}
	return name, values.Get(name), nil
}

// signedOctets joins the parameters in the order of the specification, each as it was sent: encoding them anew could
// change the octets.
func signedOctets(raw, name string) string {
	var parts []string
	for _, wanted := range []string{name, "RelayState", "SigAlg"} {
		for _, pair := range strings.Split(raw, "&") {
			if sent, _, _ := strings.Cut(pair, "="); sent == wanted {
				parts = append(parts, pair)
			}
		}
	}
	return strings.Join(parts, "&")
}

// deflate is a message as a parameter of a query.
func deflate(message string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.DefaultCompression) // a level that exists
	_, _ = io.WriteString(w, message)                     // a bytes.Buffer does not fail
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}
