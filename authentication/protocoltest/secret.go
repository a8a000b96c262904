package protocoltest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
)

// secrets are the application's, and those in fields of the protocol, found by their names.
func (p *probe) secrets() []string {
	all := []string{p.options.Secret}
	v := reflect.ValueOf(p.protocol)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return all
	}
	for i := range v.NumField() {
		name := strings.ToLower(v.Type().Field(i).Name)
		if v.Field(i).Kind() == reflect.String && (strings.Contains(name, "secret") || strings.Contains(name, "password") || strings.Contains(name, "privatekey")) {
			all = append(all, v.Field(i).String())
		}
	}
	return all
}

// carried are the secrets of one login: the key, the code, the ticket. Addresses, such as iss, are not secret.
func (a *attempt) carried() []string {
	all := []string{a.login.Key}
	for _, v := range a.callback.values() {
		if !strings.Contains(v, "://") {
			all = append(all, v)
		}
	}
	return all
}

const shortest = 8 // a shorter value may be in a text by chance

// reveals returns an error when the text contains a secret, without the secret.
func (p *probe) reveals(what, text string, more ...string) error {
	for _, secret := range append(p.secrets(), more...) {
		if len(secret) >= shortest && strings.Contains(text, secret) {
			return fmt.Errorf("%s contains a secret", what)
		}
	}
	return nil
}

// errorTexts checks the error of every refusal, of a failed network, and of a server that repeats the request.
func (p *probe) errorTexts() error {
	carried, errs, err := p.refused()
	if err != nil {
		return err
	}
	var wrong []error
	for name, err := range errs {
		if err != nil {
			wrong = append(wrong, p.reveals("the error for "+name, err.Error(), carried...))
		}
	}
	servers := map[string]transport{
		"a dead network":         func(*http.Request) (*http.Response, error) { return nil, errors.New("the network is gone") },
		"a server's echo":        echo(http.StatusBadRequest, "text/plain"),
		"a failing server":       echo(http.StatusInternalServerError, "text/plain"),
		"an echo in JSON":        echo(http.StatusBadRequest, "application/json"),
		"an answer in HTML":      echo(http.StatusOK, "text/html"),
		"an answer without form": echo(http.StatusOK, "application/json"),
	}
	for name, server := range servers {
		c, _, err := p.client()
		if err != nil {
			return err
		}
		a, err := p.begin(c)
		if err != nil {
			return err
		}
		changed, _, err := p.client(over(server))
		if err != nil {
			return err
		}
		if _, err := p.finish(changed, a); err != nil {
			wrong = append(wrong, p.reveals("the error for "+name, err.Error(), a.carried()...))
		}
	}
	return errors.Join(wrong...)
}

// echo is a server that answers with its request.
func echo(status int, media string) transport {
	return func(r *http.Request) (*http.Response, error) {
		var body []byte
		if r.Body != nil {
			body, _ = io.ReadAll(r.Body)
		}
		text := r.URL.String() + " " + readable(r.URL.RawQuery) + " " + readable(string(body)) + " " + r.Header.Get("Authorization")
		if media == "application/json" {
			text = fmt.Sprintf(`{"error":"invalid_request","error_description":%q,"errcode":40029,"errmsg":%q,"message":%q}`, text, text, text)
		}
		return &http.Response{
			Status: http.StatusText(status), StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Request: r,
			Header: http.Header{"Content-Type": {media}}, Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)),
		}, nil
	}
}

func (p *probe) printedLinks() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	return errors.Join(p.prints("the protocol", p.protocol), p.prints("the client", c))
}

func (p *probe) printed() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	a, err := p.begin(c)
	if err != nil {
		return err
	}
	id, err := p.finish(c, a)
	if err != nil {
		return err
	}
	more := a.carried()
	if id.Token != nil {
		more = append(more, id.Token.AccessToken, id.Token.RefreshToken, id.Token.IDToken)
	}
	return errors.Join(p.printedLinks(), p.prints("the Login", a.login, more...), p.prints("the Identity", id, more...))
}

// prints checks a value as printed with every verb and in a log.
func (p *probe) prints(what string, v any, more ...string) error {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if err := p.reveals(what+" printed with "+verb, fmt.Sprintf(verb, v), more...); err != nil {
			return fmt.Errorf("%w; give it a Format method", err)
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("", "value", v)
	slog.New(slog.NewTextHandler(&log, nil)).Info("", "value", v)
	if err := p.reveals(what+" in a log", log.String(), more...); err != nil {
		return fmt.Errorf("%w; give it a LogValue method", err)
	}
	return nil
}
