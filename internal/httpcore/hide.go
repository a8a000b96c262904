package httpcore

import (
	"cmp"
	"slices"
	"strings"
)

const (
	shortSecret = 8
	// window is how many bytes of a text are searched; no token is longer.
	window = 64 << 10
	// layers is how many times a text may have been escaped.
	layers = 3
)

// hide replaces secrets in any layer of escapes: not escaped, or escaped for an address, a page or JSON, several
// times and in any mixture, also with line breaks and invisible characters. Its time is linear in the text for any
// input.
func hide(text string, secrets []string) string {
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(s string) bool { return s == "" })
	if len(secrets) == 0 || text == "" {
		return text
	}
	if slices.ContainsFunc(secrets, isShort) {
		return hidden
	}
	cut := len(text) > window
	if cut {
		text = text[:window]
	}
	text = replace(text, find(text, secrets, cut))
	if cut {
		text += ellipsis
	}
	return text
}

// find returns where text contains a secret. When it was cut, its end may be the beginning of one.
func find(text string, secrets []string, cut bool) []span {
	var found []span
	patterns := spellings(secrets)
	pieces := plain(text)
	for range layers + 1 {
		seen := visible(pieces)
		for _, p := range patterns {
			found = append(found, matches(pieces, p, cut)...)
			if len(seen) < len(pieces) {
				found = append(found, matches(seen, p, cut)...)
			}
		}
		next, changed := decode(pieces)
		if !changed {
			break
		}
		pieces = next
	}
	return found
}

// spellings are the texts to search for. A secret that itself looks escaped, such as "%41&", is decoded like its echo
// from a server, such as "%41&amp;".
func spellings(secrets []string) []string {
	var all []string
	for _, s := range secrets {
		for _, form := range undone(s) {
			all = append(all, fold(strings.TrimRight(form, "=")))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// undone is a secret unchanged, and without the escapes that it seems to have.
func undone(secret string) []string {
	forms := []string{secret}
	pieces := plain(secret)
	for range layers {
		next, changed := decode(pieces)
		if !changed {
			break
		}
		forms, pieces = append(forms, text(next)), next
	}
	return forms
}

func isShort(secret string) bool {
	return slices.ContainsFunc(undone(secret), func(s string) bool { return len(s) < shortSecret })
}

// span is a part of the text, from its first byte to after its last.
type span struct{ from, to int }

// replace replaces every span by a mark. Overlapping spans get one mark.
func replace(text string, spans []span) string {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	var b strings.Builder
	at := 0
	for i := 0; i < len(spans); {
		s := spans[i]
		for i++; i < len(spans) && spans[i].from < s.to; i++ {
			s.to = max(s.to, spans[i].to)
		}
		b.WriteString(text[at:max(at, s.from)])
		b.WriteString(hidden)
		at = max(at, s.to)
	}
	return b.String() + text[at:]
}

// fold maps equivalent bytes to one: spaces and plus signs in forms, and the two alphabets of base64.
func fold(s string) string { return folding.Replace(s) }

var folding = strings.NewReplacer("+", " ", "-", " ", "_", "/")

func foldByte(c byte) byte {
	switch c {
	case '+', '-':
		return ' '
	case '_':
		return '/'
	}
	return c
}

// matches finds all places of secret, which is folded and not empty (Knuth, Morris, Pratt). When the text was cut,
// its end may be the beginning of one.
func matches(pieces []piece, secret string, cut bool) []span {
	if secret == "" {
		return nil
	}
	back := make([]int, len(secret)) // back[n]: the longest beginning of secret that ends secret[:n+1], shorter than it
	for i, n := 1, 0; i < len(secret); i++ {
		for n > 0 && secret[i] != secret[n] {
			n = back[n-1]
		}
		if secret[i] == secret[n] {
			n++
		}
		back[i] = n
	}
	var found []span
	n := 0
	for i, p := range pieces {
		c := foldByte(p.c)
		for n > 0 && (n == len(secret) || c != secret[n]) {
			n = back[n-1]
		}
		if c == secret[n] {
			n++
		}
		if n == len(secret) {
			end := i
			for end+1 < len(pieces) && pieces[end+1].c == '=' { // the padding of base64
				end++
			}
			found = append(found, span{pieces[i-n+1].from, pieces[end].to})
		}
	}
	if cut && n > 0 && n < len(secret) {
		found = append(found, span{pieces[len(pieces)-n].from, pieces[len(pieces)-1].to})
	}
	return found
}
