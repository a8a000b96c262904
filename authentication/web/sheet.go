package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
)

const sheetStyle = `:root{color-scheme:light dark;--ground:#f4f5f7;--sheet:#fff;--ink:#1c2430;--soft:#5c6675;--line:#dfe3e8;--link:#1f5fbf}
@media(prefers-color-scheme:dark){:root{--ground:#14171c;--sheet:#1d222a;--ink:#e8ebef;--soft:#9aa4b2;--line:#303744;--link:#8ab4f8}}
body{box-sizing:border-box;margin:0;min-height:100vh;padding:1rem;display:grid;place-items:center;background:var(--ground);color:var(--ink);font:1rem/1.6 system-ui,sans-serif;overflow-wrap:anywhere}
main{box-sizing:border-box;width:100%;max-width:26rem;padding:2rem;background:var(--sheet);border:1px solid var(--line);border-radius:12px}
h1{margin:0 0 .6rem;font-size:1.3rem;line-height:1.3}p{margin:0 0 1.2rem;color:var(--soft)}a{color:var(--link)}form{margin:0 0 1.2rem}
button{font:inherit;padding:.5rem 1.2rem;border:0;border-radius:8px;background:var(--link);color:var(--sheet);cursor:pointer}
nav{display:grid;gap:.6rem}nav a{padding:.6rem 1rem;border:1px solid var(--line);border-radius:8px;text-align:center;text-decoration:none}nav a:hover,nav a:focus-visible{border-color:var(--link)}
small{display:block;margin-top:1.4rem;color:var(--soft)}`

const sheetHTML = `<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>` + sheetStyle + `</style>
</head>
<body>
<main><h1>{{.Title}}</h1><p>{{.Text}}</p>{{template "body" .}}</main>
</body>
</html>
`

// writeSheet writes a built-in page, which no other page may have in a frame: data has Lang, Title and Text, and body is
// the template of what follows them.
func writeSheet(w http.ResponseWriter, status int, body string, data any) {
	writeFramedSheet(w, status, " frame-ancestors 'none';", body, data)
}

// writeFramedSheet says by its policy which pages may have it in a frame; empty is all of them. Otherwise the policy allows
// only the page's own style. It has no form-action, because browsers apply that to the redirects after a form too.
func writeFramedSheet(w http.ResponseWriter, status int, ancestors, body string, data any) {
	var page bytes.Buffer
	parsed, err := template.New("sheet").Parse(sheetHTML + `{{define "body"}}` + body + `{{end}}`)
	if err == nil {
		err = parsed.Execute(&page, data)
	}
	if err != nil {
		http.Error(w, http.StatusText(status), status)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none';"+ancestors+" style-src '"+sourceHash(sheetStyle)+"'")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}

// sourceHash is the policy's name for an inline script or style (CSP Level 3 §2.3.1).
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
