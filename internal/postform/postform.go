// Package postform answers with a page that posts a form automatically, for the POST bindings of the protocols (SAML
// Bindings §3.5.4).
package postform

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// script calls the prototype's method, because a field of the form may be called "submit".
const script = `HTMLFormElement.prototype.submit.call(document.forms[0])`

const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>One moment</title>
</head>
<body>
<form method="post" action="{{.URL}}">
{{- range .Fields}}
<input type="hidden" name="{{.Name}}" value="{{.Value}}">
{{- end}}
<noscript><p>Press the button to go on.</p><button>Continue</button></noscript>
</form>
<script>` + script + `</script>
</body>
</html>
`

type field struct{ Name, Value string }

// Page is a page that is not yet written.
type Page struct{ body []byte }

// New makes the page. The address must be an absolute http or https URL.
func New(action string, form url.Values) (*Page, error) {
	if u, err := url.Parse(action); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, errors.New("the form's address must be an absolute http or https URL")
	}
	var fields []field
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			fields = append(fields, field{name, value})
		}
	}
	parsed, err := template.New("post").Parse(page)
	if err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	var body bytes.Buffer
	if err := parsed.Execute(&body, struct {
		URL    string
		Fields []field
	}{action, fields}); err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	return &Page{body.Bytes()}, nil
}

// Write answers with the page. Its policy permits only its own script. The policy has no form-action, because
// browsers apply it to the following redirects too.
func (p *Page) Write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; script-src '"+scriptHash()+"'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(p.body)
}

// scriptHash is the policy's name for an inline script (CSP Level 3 §2.3.1).
func scriptHash() string {
	sum := sha256.Sum256([]byte(script))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
