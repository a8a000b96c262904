package cas

import "strings"

const (
	maxJSONDepth    = 32
	defaultMaxNodes = 100_000
)

// checkSize refuses a checked text that is nested too deep or has too many values; 0 means the default. For most
// replies a fast count is enough.
func checkSize(s string, maxNodes int) error {
	if maxNodes == 0 {
		maxNodes = defaultMaxNodes
	}
	brackets := strings.Count(s, "{") + strings.Count(s, "[")
	if brackets <= maxJSONDepth && brackets+strings.Count(s, ",") < maxNodes {
		return nil
	}
	depth, nodes := measure(s)
	switch {
	case depth > maxJSONDepth:
		return refuse(CheckSyntax, "it is nested deeper than %d", maxJSONDepth)
	case nodes > maxNodes:
		return refuse(CheckSyntax, "it has more than %d values (MaxNodes)", maxNodes)
	}
	return nil
}

// measure returns the depth of a checked text and its number of values; an empty object or list counts as two.
func measure(s string) (depth, nodes int) {
	now := 0
	nodes = 1
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			for i++; s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case ',':
			nodes++
		case '{', '[':
			nodes++
			now++
			depth = max(depth, now)
		case '}', ']':
			now--
		}
	}
	return depth, nodes
}
