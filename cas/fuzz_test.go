package cas

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzServiceResponse: a reply is refused for a typed reason, or is exactly one of success and failure. The same
// facts in the other format give the same result.
func FuzzServiceResponse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.http")
	require.NoError(f, err)
	for _, name := range files {
		f.Add(string(readFixture(f, strings.TrimSuffix(filepath.Base(name), ".http")).body))
	}
	f.Add(jsonSuccessWith(`"user":"a","attributes":{"b":[1,[null]],"c":{"d":""}}`))
	f.Add(xmlSuccessWith(`<cas:user>a</cas:user><cas:attributes><cas:b>1</cas:b><cas:c/><cas:b>2</cas:b></cas:attributes>`))
	f.Add(xmlSuccessWith(`<cas:user>a</cas:user><cas:attributes><cas:u><cas:attribute name="b">1</cas:attribute></cas:u><cas:_613a62>c<![CDATA[d]]></cas:_613a62></cas:attributes>`))
	f.Add(xmlSuccessWith(`<cas:user>a</cas:user><b><![CDATA[c]]></b><x:d xmlns:x="u:1" ID="1">e<!-- -->f</x:d><cas:isFromNewLogin ID="1"> true</cas:isFromNewLogin>`))
	f.Add(jsonSuccessWith(`"user":"a","b":["c"],"attributes":{"_613a62":[1],"a:b":[2],"authenticationDate":["Wed Apr 04 18:45:44 CEST 2018"]}`))
	c, _ := newClient(f, func(c *Config) { c.AllowNoNamespace = true })
	f.Add(proxyReply(`<cas:proxySuccess><cas:proxyTicket>PT-1</cas:proxyTicket></cas:proxySuccess>`))
	f.Add(`{"serviceResponse":{"proxyFailure":{"code":"INVALID_REQUEST"}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		ticket, failure, err := c.readProxy(body)
		mustBeTyped(t, err)
		if err == nil {
			require.NotEqual(t, ticket == "", failure == nil)
			got, err := c.read(body, ValidateOptions{})
			require.True(t, err != nil || ticket == "" && got.Failure != nil, "one reply is not success and failure")
			return
		}
		got, err := c.read(body, ValidateOptions{})
		if err != nil {
			var typed *TicketError
			require.ErrorAs(t, err, &typed)
			require.Nil(t, got)
			return
		}
		require.NotEqual(t, got.Success == nil, got.Failure == nil)
		require.Equal(t, body, string(got.Bytes()))
		for _, write := range []func(*ServiceResponse) (string, error){asXML, asJSON} {
			text, err := write(got)
			if err != nil {
				continue
			}
			again, err := c.read(text, ValidateOptions{})
			require.NoError(t, err, "%q", text)
			require.Equal(t, facts(got), facts(again), "%q", text)
		}
	})
}

// facts are the results that must be equal in both formats.
func facts(r *ServiceResponse) string {
	var b strings.Builder
	if f := r.Failure; f != nil {
		b.WriteString("failure " + string(f.Code) + "\n" + strings.TrimSpace(f.Description))
		return b.String()
	}
	b.WriteString(r.Success.User + "\n" + r.Success.ProxyGrantingTicketIOU + "\n")
	var walk func(indent string, v Value)
	walk = func(indent string, v Value) {
		one := v.single()
		b.WriteString(" " + one.Text() + "\n")
		if one.kind != List && one.kind != Object {
			return
		}
		for _, p := range one.parts {
			b.WriteString(indent + p.Name)
			walk(indent+"  ", p.Value)
		}
	}
	walk("", Value{kind: Object, parts: r.Success.Attributes})
	return b.String()
}

var errNoForm = errors.New("this format cannot express it")

func asJSON(r *ServiceResponse) (string, error) {
	verdict := map[string]any{}
	if f := r.Failure; f != nil {
		verdict["authenticationFailure"] = map[string]any{"code": string(f.Code), "description": f.Description}
	} else {
		verdict["authenticationSuccess"] = map[string]any{
			"user": r.Success.User, "proxyGrantingTicket": r.Success.ProxyGrantingTicketIOU, "attributes": r.Success.Attributes,
		}
	}
	out, err := json.Marshal(map[string]any{"serviceResponse": verdict})
	if checkSize(string(out), 0) != nil {
		return "", errNoForm
	}
	return string(out), err
}

func asXML(r *ServiceResponse) (string, error) {
	var b strings.Builder
	b.WriteString(open)
	w := xmlWriter{&b}
	if f := r.Failure; f != nil {
		b.WriteString(`<cas:authenticationFailure code="`)
		if err := errors.Join(w.text(string(f.Code)), w.raw(`">`), w.text(f.Description)); err != nil {
			return "", err
		}
		return b.String() + `</cas:authenticationFailure>` + shut, nil
	}
	b.WriteString(`<cas:authenticationSuccess>`)
	err := errors.Join(
		w.element("user", Value{kind: String, text: r.Success.User}, 3),
		w.element("proxyGrantingTicket", Value{kind: String, text: r.Success.ProxyGrantingTicketIOU}, 3),
		w.element("attributes", Value{kind: Object, parts: r.Success.Attributes}, 3),
	)
	return b.String() + `</cas:authenticationSuccess>` + shut, err
}

type xmlWriter struct{ b *strings.Builder }

func (w xmlWriter) raw(s string) error { w.b.WriteString(s); return nil }

func (w xmlWriter) text(s string) error {
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0xFFFE && r <= 0xFFFF || r == 0xFEFF {
			return errNoForm
		}
	}
	return xml.EscapeText(w.b, []byte(s))
}

var simpleName = regexp.MustCompile(`^[A-Za-z_][-.\w]*$`)

func (w xmlWriter) element(name string, v Value, depth int) error {
	if v.kind == List {
		if len(v.parts) == 0 {
			return errNoForm
		}
		for _, p := range v.parts {
			if p.Value.kind == List {
				return errNoForm
			}
			if err := w.element(name, p.Value, depth); err != nil {
				return err
			}
		}
		return nil
	}
	if !simpleName.MatchString(name) || len(name) > 1000 || depth > 64 {
		return errNoForm
	}
	w.b.WriteString("<cas:" + name + ">")
	if v.kind == Object {
		for _, p := range v.parts {
			if err := w.element(p.Name, p.Value, depth+1); err != nil {
				return err
			}
		}
	} else if err := w.text(v.text); err != nil {
		return err
	}
	w.b.WriteString("</cas:" + name + ">")
	return nil
}
