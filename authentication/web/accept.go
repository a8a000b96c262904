package web

import (
	"net/http"
	"strconv"
	"strings"
)

// wish is one element of an Accept or Accept-Language header (RFC 9110 §12.4.2).
type wish struct {
	name string // in lower case
	q    float64
}

const maxWishes = 4096 // bytes of a header that are read; browsers send a few hundred

// wishes reads the lines of an Accept or Accept-Language header. It ignores elements with an invalid q, and all after
// maxWishes.
func wishes(lines []string) []wish {
	var all []wish
	text := strings.Join(lines, ",")
	for _, element := range split(text[:min(len(text), maxWishes)], ',') {
		parts := split(element, ';')
		name := strings.ToLower(strings.Trim(parts[0], " \t"))
		if q, ok := weight(parts[1:]); ok && name != "" {
			all = append(all, wish{name, q})
		}
	}
	return all
}

func weight(parameters []string) (float64, bool) {
	for _, p := range parameters {
		name, value, _ := strings.Cut(strings.Trim(p, " \t"), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		q, err := strconv.ParseFloat(value, 64)
		return q, err == nil && q >= 0 && q <= 1
	}
	return 1, true
}

// names reports whether the header has the type itself, not only a range.
func names(header []string, mediaType string) bool {
	for _, w := range wishes(header) {
		if w.name == mediaType && w.q > 0 {
			return true
		}
	}
	return false
}

// wanted is the q of a type: that of the most specific range that matches it (RFC 9110 §12.5.1).
func wanted(header []wish, mediaType string) (q float64, exact int) {
	group, _, _ := strings.Cut(mediaType, "/")
	for exact, name := range []string{mediaType, group + "/*", "*/*"} {
		for _, w := range header {
			if w.name == name {
				return w.q, -exact
			}
		}
	}
	return 0, -3
}

// wantsJSON reports whether the client is a program that asks for JSON, and not a browser that shows a page. A client
// that accepts both equally is a program unless the request is a navigation.
func wantsJSON(r *http.Request) bool {
	header := wishes(r.Header.Values("Accept"))
	json, exact := wanted(header, "application/json")
	if q, e := wanted(header, "application/problem+json"); e > exact || e == exact && q > json {
		json, exact = q, e
	}
	html, exactHTML := wanted(header, "text/html")
	switch {
	case json != html:
		return json > html
	case exact != exactHTML:
		return exact > exactHTML
	}
	return !navigates(r)
}

// language chooses one of the languages of the pages: the one with the highest q, the first of equals, English when
// none matches (RFC 9110 §12.5.4). Any variant of Chinese gets zh-CN.
func language(r *http.Request) string {
	header := wishes(r.Header.Values("Accept-Language"))
	best, chosen, star := 0.0, "en", -1.0
	said := map[string]bool{}
	for _, w := range header {
		if w.name == "*" {
			star = max(star, w.q)
			continue
		}
		primary, _, _ := strings.Cut(w.name, "-")
		lang, ok := map[string]string{"en": "en", "zh": "zh-CN"}[primary]
		if !ok {
			continue
		}
		said[lang] = true
		if w.q > best {
			best, chosen = w.q, lang
		}
	}
	for _, lang := range []string{"en", "zh-CN"} {
		if !said[lang] && star > best {
			return lang
		}
	}
	return chosen
}
