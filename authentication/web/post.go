package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// submitScript calls the prototype's method, because a field of the form may be called "submit".
const submitScript = `HTMLFormElement.prototype.submit.call(document.forms[0])`

const postPage = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Signing in</title>
</head>
<body>
<form method="post" action="{{.URL}}">
{{- range .Fields}}
<input type="hidden" name="{{.Name}}" value="{{.Value}}">
{{- end}}
<noscript><p>Press the button to go on.</p><button>Continue</button></noscript>
</form>
<script>` + submitScript + `</script>
</body>
</html>
`

type field struct{ Name, Value string }

// post answers with a page that posts the form by itself. Its policy has no form-action, because browsers
// apply that to the redirects that follow as well.
func (p *Pending) post(w http.ResponseWriter, r *http.Request, login *authentication.Login, cookie *http.Cookie) error {
	var fields []field
	for _, name := range slices.Sorted(maps.Keys(login.Form)) {
		for _, value := range login.Form[name] {
			fields = append(fields, field{name, value})
		}
	}
	page, err := template.New("post").Parse(postPage)
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	var body bytes.Buffer
	if err := page.Execute(&body, struct {
		URL    string
		Fields []field
	}{login.URL, fields}); err != nil {
		return fmt.Errorf("web: %w", err)
	}
	p.keep(w, r, cookie)
	writePage(w, http.StatusOK, "script-src '"+sourceHash(submitScript)+"'", body.Bytes())
	return nil
}

// writePage writes a page that may load nothing but what the policy names.
func writePage(w http.ResponseWriter, status int, policy string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; "+policy)
	h.Set("X-Content-Type-Options", "nosniff")
	quiet(w)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// sourceHash is how a policy names an inline script or style (CSP Level 3 §2.3.1).
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
