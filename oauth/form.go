package oauth

import "net/url"

// newForm makes a form of names and their values, in turn (RFC 6749 §3.2). A name without a value is left out, which
// means the same there.
func newForm(pairs ...string) url.Values {
	form := make(url.Values, 8) // the call and its ClientAuth add more
	addValues(form, pairs...)
	return form
}

// addValues sets names to their values, in turn: all values are in one array.
func addValues(form url.Values, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			form[pairs[i]] = pairs[i+1 : i+2 : i+2]
		}
	}
}
