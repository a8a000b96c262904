package web

import "net/http"

const frameBody = `<a href="{{.Address}}" target="_top">{{.Open}}</a>`

// frame answers a navigation in a frame, where servers show no login page: its link opens an address in the whole window.
// It needs no script, and may be in any frame, because it does nothing by itself.
func (e *ErrorPage) frame(w http.ResponseWriter, r *http.Request, m matter, address string) {
	lang := language(r)
	e.asks(w, lang)
	writeFramedSheet(w, m.status, "", frameBody, struct{ Lang, Title, Text, Address, Open string }{
		lang, m.words[lang].title, frameWords[lang].text, address, frameWords[lang].title,
	})
}

// program answers a request that is no navigation; login may be empty.
func (e *ErrorPage) program(w http.ResponseWriter, r *http.Request, m matter, login string) {
	lang := language(r)
	e.asks(w, lang)
	writeJSON(w, Problem{Status: m.status, Code: m.code, Text: m.words[lang].text, Login: login})
}

// asks sets the headers of an answer that asks for a login.
func (e *ErrorPage) asks(w http.ResponseWriter, lang string) {
	quiet(w)
	h := w.Header()
	h.Add("Vary", "Accept-Language")
	h.Set("Content-Language", lang)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("WWW-Authenticate", challengeLogin)
}
