package cas

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sample is Authing's reply of 22 attributes, as its page prints it in JSON, and the same facts in XML.
func sample(tb testing.TB) (asJSON, asXML string) {
	tb.Helper()
	c, _ := newClient(tb)
	asJSON = string(readFixture(tb, "authing_success_json").body)
	got, err := c.read(asJSON, ValidateOptions{})
	require.NoError(tb, err)
	var b strings.Builder
	indent := func(n int) { b.WriteString("\n" + strings.Repeat("  ", n)) }
	b.WriteString(open)
	indent(1)
	b.WriteString("<cas:authenticationSuccess>")
	indent(2)
	b.WriteString("<cas:user>" + got.Success.User + "</cas:user>")
	indent(2)
	b.WriteString("<cas:attributes>")
	for _, a := range got.Success.Attributes {
		indent(3)
		require.NoError(tb, xmlWriter{&b}.element(a.Name, a.Value, 3))
	}
	indent(2)
	b.WriteString("</cas:attributes>")
	indent(1)
	b.WriteString("</cas:authenticationSuccess>\n" + shut + "\n")
	return asJSON, b.String()
}

// anyElement is how encoding/xml is asked for attributes whose names are not known.
type anyElement struct {
	XMLName  xml.Name
	Text     string       `xml:",chardata"`
	Children []anyElement `xml:",any"`
}

type anyResponse struct {
	XMLName xml.Name `xml:"http://www.yale.edu/tp/cas serviceResponse"`
	Success *struct {
		User       string     `xml:"user"`
		Attributes anyElement `xml:"attributes"`
	} `xml:"authenticationSuccess"`
}

func BenchmarkXML(b *testing.B) {
	_, body := sample(b)
	b.Run("ours", func(b *testing.B) {
		c, _ := newClient(b)
		data := []byte(body)
		b.ReportAllocs()
		for b.Loop() {
			if r, err := c.read(string(data), ValidateOptions{}); err != nil || len(r.Success.Attributes) != 22 {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding", func(b *testing.B) {
		data := []byte(body)
		b.ReportAllocs()
		for b.Loop() {
			var r anyResponse
			if err := xml.Unmarshal(data, &r); err != nil || len(r.Success.Attributes.Children) != 22 {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkJSON(b *testing.B) {
	body, _ := sample(b)
	b.Run("ours", func(b *testing.B) {
		c, _ := newClient(b)
		data := []byte(body)
		b.ReportAllocs()
		for b.Loop() {
			if r, err := c.read(string(data), ValidateOptions{}); err != nil || len(r.Success.Attributes) != 22 {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding", func(b *testing.B) {
		data := []byte(body)
		b.ReportAllocs()
		for b.Loop() {
			var r struct {
				ServiceResponse struct {
					AuthenticationSuccess struct {
						User       string         `json:"user"`
						Attributes map[string]any `json:"attributes"`
					} `json:"authenticationSuccess"`
				} `json:"serviceResponse"`
			}
			if err := json.Unmarshal(data, &r); err != nil || len(r.ServiceResponse.AuthenticationSuccess.Attributes) != 22 {
				b.Fatal(err)
			}
		}
	})
}
