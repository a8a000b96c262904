package xmlgate

import "slices"

// nameSet holds the IDs of a document.
type nameSet struct {
	few  [16]string
	size int
	many map[string]struct{}
}

// add reports whether name is new.
func (set *nameSet) add(name string) bool {
	if set.many == nil {
		if slices.Contains(set.few[:set.size], name) {
			return false
		}
		if set.size < len(set.few) {
			set.few[set.size] = name
			set.size++
			return true
		}
		// Comparing each with all before it would cost quadratic time.
		set.many = make(map[string]struct{}, 4*len(set.few))
		for _, old := range set.few {
			set.many[old] = struct{}{}
		}
	}
	if _, old := set.many[name]; old {
		return false
	}
	set.many[name] = struct{}{}
	return true
}
