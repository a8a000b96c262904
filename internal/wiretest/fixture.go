package wiretest

import (
	"bufio"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
)

const formType = "application/x-www-form-urlencoded"

// fixture is one recorded exchange.
type fixture struct {
	name   string
	method string
	url    *url.URL
	header http.Header
	form   url.Values

	status      int
	replyHeader http.Header
	reply       string
}

func parse(name, text string) (*fixture, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for strings.HasPrefix(text, "#") {
		_, text, _ = strings.Cut(text, "\n")
	}
	request, reply, found := strings.Cut(text, "\n---\n")
	if !found {
		return nil, fmt.Errorf("%s: no line of --- between request and reply", name)
	}
	f := &fixture{name: name}
	if err := f.readRequest(request); err != nil {
		return nil, fmt.Errorf("%s: request: %w", name, err)
	}
	if err := f.readReply(reply); err != nil {
		return nil, fmt.Errorf("%s: reply: %w", name, err)
	}
	return f, nil
}

func (f *fixture) readRequest(text string) error {
	first, header, body, err := split(text)
	if err != nil {
		return err
	}
	method, target, _ := strings.Cut(first, " ")
	if f.url, err = url.Parse(target); err != nil || !f.url.IsAbs() {
		return fmt.Errorf("the first line is %q, want a method and an absolute URL", first)
	}
	f.method, f.header = method, header
	f.form, err = url.ParseQuery(strings.ReplaceAll(body, "\n", ""))
	return err
}

func (f *fixture) readReply(text string) error {
	first, header, body, err := split(text)
	if err != nil {
		return err
	}
	status, _, _ := strings.Cut(first, " ")
	if f.status, err = strconv.Atoi(status); err != nil {
		return fmt.Errorf("the first line is %q, want a status", first)
	}
	f.replyHeader, f.reply = header, strings.TrimSuffix(body, "\n")
	return nil
}

// split reads a first line, header lines and, after an empty line, the body.
func split(text string) (first string, header http.Header, body string, err error) {
	head, body, _ := strings.Cut(text, "\n\n")
	first, lines, _ := strings.Cut(strings.TrimSuffix(head, "\n"), "\n")
	mime, err := textproto.NewReader(bufio.NewReader(strings.NewReader(lines + "\n\n"))).ReadMIMEHeader()
	return first, http.Header(mime), body, err
}
