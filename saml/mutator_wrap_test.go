package saml_test

import (
	"strings"
)

// wraps makes the signature wrapping attacks: "On Breaking SAML: Be Whoever You Want to Be" (Somorovsky and others,
// 2012), the eight permutations that tools call XSW1 to XSW8, a ninth, and all their neighbours.
func (m *mutants) wraps() {
	all := index(m.t, m.doc)
	for i, s := range all {
		if s.local() != "Signature" || s.parent < 0 {
			continue
		}
		w := wrapper{mutants: m, signed: all[s.parent], root: all[0]}
		w.signature = m.doc[s.start:s.end]
		w.original = m.doc[w.signed.start:w.signed.end]
		w.bare = splice(w.original, s.start-w.signed.start, s.end-w.signed.start, "")
		w.at = s.start - w.signed.start
		w.named()
		w.everywhere(all, i)
	}
}

// wrapper is one signed element and its signature.
type wrapper struct {
	*mutants
	signed, root              span
	original, bare, signature string
	at                        int // where the signature stands in the original, and may stand in a copy
}

// rename gives the copy another ID, or spells the attribute in other ways, or drops it.
func rename(copy, mode string) string {
	head, tail, _ := strings.Cut(copy, ">")
	for _, a := range attrPattern.FindAllString(head, -1) {
		if !strings.HasPrefix(strings.TrimSpace(a), "ID=") {
			continue
		}
		switch mode {
		case "":
		case "none":
			head = strings.Replace(head, a, "", 1)
		case "other":
			head = strings.Replace(head, a, ` ID="_evil"`, 1)
		default:
			head = strings.Replace(head, a, strings.Replace(a, "ID=", mode+"=", 1), 1)
		}
	}
	return head + ">" + tail
}

var idModes = []string{"other", "", "none", "Id", "id", "xml:id"}

// sign puts a signature into a copy of the signed element, where the original has its own.
func (w *wrapper) sign(copy, signature string) string {
	all := index(w.t, copy)
	if at := find(all, "Issuer"); at >= 0 {
		return splice(copy, all[at].end, all[at].end, signature)
	}
	return put(copy, all[0], true, signature)
}

// inSignature puts something into a signature, as an Object at its end.
func inSignature(signature, inside string, object bool) string {
	end := strings.LastIndex(signature, "</")
	if object {
		inside = `<o:Object xmlns:o="http://www.w3.org/2000/09/xmldsig#">` + inside + `</o:Object>`
	}
	return splice(signature, end, end, inside)
}

// named makes the permutations that have a number. Those of the response wrap whatever is signed, and so do those
// of the assertion; where both are the same, one has a line end behind it.
func (w *wrapper) named() {
	replaced := func(piece string) string { return splice(w.doc, w.signed.start, w.signed.end, piece) }
	for _, mode := range idModes {
		evil := rename(w.evil(w.bare), mode)
		evilRoot := index(w.t, evil)[0]
		for _, object := range []bool{false, true} {
			w.add("xsw1", func() string { return replaced(w.sign(evil, inSignature(w.signature, w.original, object))) })
			w.add("xsw1", func() string { return replaced(w.sign(evil, inSignature(w.signature, w.bare, object))) })
		}
		w.add("xsw6", func() string { return replaced(w.sign(evil, inSignature(w.signature, w.bare, false)) + "\n") })
		w.add("xsw8", func() string { return replaced(w.sign(evil, inSignature(w.signature, w.bare, true)) + "\n") })
		w.add("xsw2", func() string { return replaced(put(evil, evilRoot, true, w.bare+w.signature)) })
		w.add("xsw2", func() string { return replaced(put(evil, evilRoot, false, w.bare+w.signature)) })
		w.add("xsw3", func() string { return replaced(evil + w.original) })
		w.add("xsw3", func() string { return replaced(w.original + evil) })
		w.add("xsw4", func() string { return replaced(put(evil, evilRoot, false, w.original)) })
		w.add("xsw4", func() string { return replaced(put(evil, evilRoot, true, w.original)) })
		signedEvil := w.sign(evil, w.signature)
		w.add("xsw5", func() string { return replaced(signedEvil + w.bare) })
		w.add("xsw5", func() string { return replaced(w.bare + signedEvil) })
		w.add("xsw5", func() string { return put(replaced(signedEvil), index(w.t, replaced(signedEvil))[0], false, w.bare) })
		for _, holder := range holders {
			w.add("xsw7", func() string { return replaced(holder.hold(evil) + w.original) })
			w.add("xsw7", func() string { return put(w.doc, w.root, true, holder.hold(evil)) })
			w.add("xsw7", func() string { return put(w.doc, w.root, false, holder.hold(evil)) })
			w.add("xsw9", func() string { return replaced(put(evil, evilRoot, true, holder.hold(w.original))) })
			w.add("xsw9", func() string { return replaced(put(signedEvil, index(w.t, signedEvil)[0], false, holder.hold(w.bare))) })
			w.add("xsw9", func() string { return replaced(put(evil, evilRoot, false, holder.hold(w.bare+w.signature))) })
		}
	}
}

// holder is an element in which readers do not look, or should not.
type holder struct{ open, shut string }

func (h holder) hold(inside string) string { return h.open + inside + h.shut }

var holders = []holder{
	{"", ""},
	{`<samlp:Extensions xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">`, `</samlp:Extensions>`},
	{`<o:Object xmlns:o="http://www.w3.org/2000/09/xmldsig#">`, `</o:Object>`},
	{`<a:Advice xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">`, `</a:Advice>`},
	{`<p:StatusDetail xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol">`, `</p:StatusDetail>`},
	{`<a:SubjectConfirmationData xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">`, `</a:SubjectConfirmationData>`},
	{`<x:any xmlns:x="urn:x">`, `</x:any>`},
}

// everywhere puts the copy in every place of the original, and the original in every place of the copy, whichever
// of them has the signature.
func (w *wrapper) everywhere(all []span, signature int) {
	replaced := func(piece string) string { return splice(w.doc, w.signed.start, w.signed.end, piece) }
	for n, mode := range idModes {
		evil := rename(w.evil(w.bare), mode)
		for _, pair := range []struct {
			kind              string
			original, another string
		}{
			{"original signed", w.original, evil},
			{"copy signed", w.bare, w.sign(evil, w.signature)},
			{"both signed", w.original, w.sign(evil, w.signature)},
		} {
			for h, host := range index(w.t, pair.another) {
				for _, first := range []bool{true, false} {
					holder := holders[(h+n)%len(holders)]
					w.add("original in the copy, "+pair.kind, func() string { return replaced(put(pair.another, host, first, holder.hold(pair.original))) })
				}
			}
			if pair.original != w.original {
				continue
			}
			for h, host := range all {
				if h == signature {
					continue
				}
				for _, first := range []bool{true, false} {
					holder := holders[(h+n)%len(holders)]
					w.add("copy in the message, "+pair.kind, func() string { return put(w.doc, host, first, holder.hold(pair.another)) })
				}
				w.add("copy before", func() string { return splice(w.doc, host.start, host.start, pair.another) })
				w.add("copy behind", func() string { return splice(w.doc, host.end, host.end, pair.another) })
			}
		}
	}
}
