// Package fragment serves the page that posts the fragment of its address, which browsers do not send, back to the
// same address as a form (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, OpenID Connect Core §15.5.3).
package fragment

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
)

// script first removes the fragment from the address bar and the history. URLSearchParams reads any text without an
// error. It calls the prototype's method, because a field of the form may be called "submit".
const script = `(function(){
var href=location.href,at=href.indexOf("#"),text=at<0?"":href.slice(at+1),form=document.forms[0];
if(at>=0)history.replaceState(null,"",href.slice(0,at));
if(!text){document.getElementById("empty").hidden=false;return}
new URLSearchParams(text).forEach(function(value,name){
var field=document.createElement("input");
field.type="hidden";field.name=name;field.value=value;form.appendChild(field)});
HTMLFormElement.prototype.submit.call(form)})()`

// A form without an action posts to the address of its page.
const page = `<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
</head>
<body>
<form method="post"></form>
<p id="empty" hidden>{{.Empty}}</p>
<noscript><p>{{.NoScript}}</p></noscript>
<script>` + script + `</script>
</body>
</html>
`

// Words are the texts of the page.
type Words struct {
	Lang, Title string
	Empty       string // there is no fragment
	NoScript    string // the browser runs no scripts
}

// responses are the parameters by which a GET is a response in the query.
func responses() []string {
	return []string{"code", "state", "error", "iss", "access_token", "id_token", "response"}
}

// Handler answers a GET that is no response in the query with the page, and passes all else to next.
func Handler(next http.Handler, words func(*http.Request) Words) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !bare(r) {
			next.ServeHTTP(w, r)
			return
		}
		write(w, words(r))
	})
}

func bare(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	query := r.URL.Query()
	for _, name := range responses() {
		if query.Has(name) {
			return false
		}
	}
	return true
}

// write answers with the page. Its policy permits only its own script; it has no form-action, because browsers apply
// that to the redirects after the form too. The referrer is for this application alone; without any, browsers send
// "Origin: null" with the form, which protections against cross-site requests refuse.
func write(w http.ResponseWriter, words Words) {
	var body bytes.Buffer
	parsed, err := template.New("fragment").Parse(page)
	if err == nil {
		err = parsed.Execute(&body, words)
	}
	if err != nil {
		http.Error(w, words.Title, http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256([]byte(script))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", words.Lang)
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body.Bytes())
}
