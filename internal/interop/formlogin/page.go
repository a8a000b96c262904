package formlogin

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// page is one HTML page. It is read by patterns: the servers' pages are simple, and a complex page fails the test.
type page struct {
	url  *url.URL
	body string
}

type form struct {
	step
	password bool
}

func match(pattern, text string) [][]string {
	return regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1)
}

const (
	formPattern    = `(?is)<form\b([^>]*)>(.*?)</form>`
	controlPattern = `(?is)<(input|button|textarea)\b([^>]*)>`
	linkPattern    = `(?is)<a\b([^>]*)>`
	attrPattern    = `(?is)([a-z][\w:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?`
)

func attributes(tag string) map[string]string {
	m := map[string]string{}
	for _, a := range match(attrPattern, tag) {
		m[strings.ToLower(a[1])] = html.UnescapeString(a[2] + a[3] + a[4])
	}
	return m
}

// link returns the address of the first link whose path ends with suffix.
func (p page) link(suffix string) (string, bool) {
	for _, m := range match(linkPattern, p.body) {
		u, err := p.url.Parse(attributes(m[1])["href"])
		if err == nil && strings.HasSuffix(u.Path, suffix) {
			return u.String(), true
		}
	}
	return "", false
}

// forms returns the page's forms as person would submit them.
func (p page) forms(person *Person) []form {
	var forms []form
	for _, m := range match(formPattern, p.body) {
		attrs := attributes(m[1])
		action, err := p.url.Parse(attrs["action"])
		if err != nil {
			continue
		}
		f := form{step: step{method: strings.ToUpper(attrs["method"]), url: action.String(), form: url.Values{}}}
		if f.method == "" {
			f.method = http.MethodGet
		}
		controls := match(controlPattern, m[2])
		if id := attrs["id"]; id != "" { // a button outside the form may belong to it
			for _, c := range match(controlPattern, strings.Replace(p.body, m[0], "", 1)) {
				if attributes(c[2])["form"] == id {
					controls = append(controls, c)
				}
			}
		}
		f.fill(person, controls)
		forms = append(forms, f)
	}
	return forms
}

func (f *form) fill(person *Person, controls [][]string) {
	var button, value string
	for _, c := range controls {
		in := attributes(c[2])
		name, kind := in["name"], strings.ToLower(in["type"])
		if kind == "" && strings.EqualFold(c[1], "button") {
			kind = "submit"
		}
		_, checked := in["checked"]
		switch {
		case name == "":
		case kind == "submit":
			if name == person.Press || button == "" && person.Press == "" && name != "abort" {
				button, value = name, in["value"]
			}
		case kind == "button", kind == "reset", kind == "image", (kind == "checkbox" || kind == "radio") && !checked:
		case kind == "password":
			f.password = true
			f.form.Set(name, person.Password)
		case (kind == "text" || kind == "email" || kind == "") && in["value"] == "":
			f.form.Set(name, person.User)
		default:
			f.form.Add(name, in["value"])
		}
	}
	if button != "" {
		f.form.Set(button, value)
	}
}
