package corpus

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// Wide returns an element as Random does, with up to a hundred prefixes in scope, which change and come back, and with
// many attributes. Those of an element have one prefix.
func Wide(seed uint64) string {
	g := generator{rand.New(rand.NewPCG(seed, 1)), true, &strings.Builder{}}
	g.wide(map[string]int{}, 0)
	return g.out.String()
}

func (g generator) wide(around map[string]int, depth int) {
	scope := maps.Clone(around)
	declarations := map[string]int{}
	for range g.IntN(12) {
		declarations[fmt.Sprintf("p%d", g.IntN(100))] = g.IntN(50)
	}
	maps.Copy(scope, declarations)
	prefixes := slices.Sorted(maps.Keys(scope))
	prefix := func() string {
		if len(prefixes) == 0 || g.IntN(4) == 0 {
			return ""
		}
		return g.one(prefixes...) + ":"
	}
	name := prefix() + "a"
	g.out.WriteString("<" + name)
	for p, n := range declarations {
		fmt.Fprintf(g.out, ` xmlns:%s="u:%d"`, p, n)
	}
	of := prefix()
	for _, i := range g.Perm(50)[:g.IntN(3)*g.IntN(25)] {
		fmt.Fprintf(g.out, ` %sa%d="%d"`, of, i, i)
	}
	g.out.WriteString(">")
	for range 1 + g.IntN(2) {
		if depth < 10 {
			g.wide(scope, depth+1)
		}
	}
	g.out.WriteString("</" + name + ">")
}
