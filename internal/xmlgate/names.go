package xmlgate

import "slices"

// nameSet holds the IDs of a document.
type nameSet struct {
	few  []string
	many map[string]struct{}
}

// add reports whether name is new.
func (set *nameSet) add(name string) bool {
	if set.many == nil {
		if slices.Contains(set.few, name) {
			return false
		}
		if set.few == nil {
			set.few = make([]string, 0, 4)
		}
		if set.few = append(set.few, name); len(set.few) < 32 {
			return true
		}
		// Comparing each with all before it would cost quadratic time.
		set.many = make(map[string]struct{}, 2*len(set.few))
		for _, old := range set.few {
			set.many[old] = struct{}{}
		}
		return true
	}
	if _, old := set.many[name]; old {
		return false
	}
	set.many[name] = struct{}{}
	return true
}
