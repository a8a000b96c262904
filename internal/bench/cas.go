package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

const (
	casServer   = "https://cas.example/cas"
	casTicket   = "ST-1856339-aA5Yuvrxzpv8Tau1cYQ7"
	casFixture  = "../../cas/testdata/authing_success_json.http"
	casReplyHas = 22 // attributes
)

// casCases validate a ticket; the replies are Authing's with 22 attributes, in both formats. The cost of reading
// alone is measured by go test -bench 'XML|JSON' ./cas.
func casCases() []benchCase {
	file, err := os.ReadFile(casFixture)
	must(err)
	_, reply, _ := strings.Cut(string(file), "\n---\n")
	_, asJSON, _ := strings.Cut(reply, "\n\n")
	return []benchCase{
		casCase("CAS JSON call", cas.FormatJSON, []byte(asJSON), readJSON),
		casCase("CAS XML call", cas.FormatXML, []byte(casXML(asJSON)), readXML),
	}
}

func casClient(body []byte) (*cas.Client, *http.Client) {
	hc := &http.Client{Transport: wire{body: body}}
	client, err := cas.NewClient(cas.Config{ServerURL: casServer, Service: callback, HTTPClient: hc})
	must(err)
	return client, hc
}

func casCase(name string, format cas.Format, body []byte, read func([]byte) (attributes int, err error)) benchCase {
	client, hc := casClient(body)
	target := casServer + "/serviceValidate?"
	query := url.Values{"service": {callback}, "ticket": {casTicket}, "format": {string(format)}}
	return benchCase{
		name:  name,
		limit: func() error { return do(hc, http.MethodGet, target+query.Encode(), "") },
		works: []work{our("cas", func() error {
			r, err := client.ValidateTicketV2(context.Background(), casTicket, "", cas.ValidateOptions{Format: format})
			if err == nil && (r.Success == nil || len(r.Success.Attributes) != casReplyHas) {
				return errors.New("attributes")
			}
			return err
		}), peer("net/http + encoding/"+strings.ToLower(string(format)), func() error {
			query := url.Values{"service": {callback}, "ticket": {casTicket}, "format": {string(format)}}
			res, err := hc.Get(target + query.Encode())
			if err != nil {
				return err
			}
			defer res.Body.Close()
			data, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
			if err != nil {
				return err
			}
			n, err := read(data)
			if err == nil && n != casReplyHas {
				return errors.New("attributes")
			}
			return err
		})},
	}
}

func readJSON(data []byte) (int, error) {
	var r struct {
		ServiceResponse struct {
			AuthenticationSuccess struct {
				User       string         `json:"user"`
				Attributes map[string]any `json:"attributes"`
			} `json:"authenticationSuccess"`
		} `json:"serviceResponse"`
	}
	err := json.Unmarshal(data, &r)
	return len(r.ServiceResponse.AuthenticationSuccess.Attributes), err
}

// anyElement is how encoding/xml is asked for attributes whose names are not known.
type anyElement struct {
	XMLName  xml.Name
	Text     string       `xml:",chardata"`
	Children []anyElement `xml:",any"`
}

func readXML(data []byte) (int, error) {
	var r struct {
		XMLName xml.Name `xml:"http://www.yale.edu/tp/cas serviceResponse"`
		Success struct {
			User       string     `xml:"user"`
			Attributes anyElement `xml:"attributes"`
		} `xml:"authenticationSuccess"`
	}
	err := xml.Unmarshal(data, &r)
	return len(r.Success.Attributes.Children), err
}

// casXML is the XML form of a reply in JSON.
func casXML(asJSON string) string {
	client, _ := casClient([]byte(asJSON))
	r, err := client.ValidateTicketV2(context.Background(), casTicket, "")
	must(err)
	var b strings.Builder
	b.WriteString(`<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">` + "\n  <cas:authenticationSuccess>\n    <cas:user>" + r.Success.User +
		"</cas:user>\n    <cas:attributes>")
	for _, a := range r.Success.Attributes {
		casElement(&b, "\n      ", a)
	}
	b.WriteString("\n    </cas:attributes>\n  </cas:authenticationSuccess>\n</cas:serviceResponse>\n")
	return b.String()
}

func casElement(b *strings.Builder, line string, a cas.Attribute) {
	b.WriteString(line + "<cas:" + a.Name + ">")
	must(xml.EscapeText(b, []byte(a.Value.Text())))
	for _, member := range a.Value.Object() {
		casElement(b, line+"  ", member)
	}
	if a.Value.Kind() == cas.Object {
		b.WriteString(line)
	}
	b.WriteString("</cas:" + a.Name + ">")
}
