package corpus

import (
	"maps"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Random returns an element that no two seeds share: prefixes, default namespaces, attributes and texts that change
// on every level. The attributes of an element have one prefix when simple is set, which goxmldsig needs.
func Random(seed uint64, simple bool) string {
	g := generator{rand.New(rand.NewPCG(seed, 0)), simple, &strings.Builder{}}
	g.element(map[string]string{}, 0)
	return g.out.String()
}

type generator struct {
	*rand.Rand
	simple bool
	out    *strings.Builder
}

func (g generator) one(of ...string) string { return of[g.IntN(len(of))] }

func (g generator) element(around map[string]string, depth int) {
	scope := maps.Clone(around)
	declarations := ""
	for _, prefix := range []string{"", "p", "q", "z"} {
		if g.IntN(3) > 0 {
			continue
		}
		name := g.one("u:1", "u:2", "urn:x:3", "")
		if prefix == "" {
			declarations += ` xmlns="` + name + `"`
		} else {
			name = "u:" + strconv.Itoa(g.IntN(4))
			declarations += " xmlns:" + prefix + `='` + name + `'`
		}
		scope[prefix] = name
	}
	var prefixes []string
	for _, prefix := range []string{"p", "q", "z"} {
		if scope[prefix] != "" {
			prefixes = append(prefixes, prefix)
		}
	}
	name := g.one("a", "b", "c")
	if len(prefixes) > 0 && g.IntN(2) == 0 {
		name = g.one(prefixes...) + ":" + name
	}
	g.out.WriteString("<" + name)
	if g.IntN(2) == 0 {
		g.out.WriteString(declarations)
		declarations = ""
	}
	g.attributes(scope, prefixes)
	g.out.WriteString(declarations)
	g.out.WriteString(">")
	for range g.IntN(6 - min(depth, 5)) {
		if g.IntN(2) == 0 {
			g.element(scope, depth+1)
		} else {
			g.out.WriteString(g.one("x", " ", "\n", "&amp;", "&lt;", "&gt;", ">", "&#13;", "&#x9;", `"'`, "爱", "]] "))
		}
	}
	g.out.WriteString("</" + name + ">")
}

func (g generator) attributes(scope map[string]string, prefixes []string) {
	if len(prefixes) > 0 && g.simple {
		prefixes = []string{g.one(prefixes...)}
	}
	taken := map[string]bool{}
	for range g.IntN(5) {
		prefix, local := "", g.one("a", "b", "c", "xsi", "É")
		if len(prefixes) > 0 && g.IntN(2) == 0 {
			prefix = g.one(prefixes...)
		} else if !g.simple && g.IntN(4) == 0 {
			prefix, local = "xml", g.one("lang", "space")
		}
		if expanded := scope[prefix] + " " + local; prefix != "" && taken[expanded] || prefix == "" && taken[local] {
			continue
		} else if prefix == "" {
			taken[local] = true
		} else {
			taken[expanded] = true
		}
		if prefix != "" {
			local = prefix + ":" + local
		}
		quote := g.one(`"`, "'")
		g.out.WriteString(" " + local + "=" + quote + g.one("", "1", "&amp;&lt;>", "&quot;&apos;", "&#9;&#10;&#13;", "爱", strings.Trim(`"'`, quote)) + quote)
	}
}
