package strictjson

// nameSet holds the member names of one object; its zero value is empty and lives on the stack.
type nameSet struct {
	few  [32]string
	n    int
	many map[string]struct{}
}

// add reports whether name is new.
func (set *nameSet) add(name string) bool {
	if set.many == nil {
		for _, old := range set.few[:set.n] {
			if old == name {
				return false
			}
		}
		if set.n < len(set.few) {
			set.few[set.n] = name
			set.n++
			return true
		}
		// Comparing each name with all before it would cost quadratic time.
		set.many = make(map[string]struct{}, 2*len(set.few))
		for _, old := range set.few {
			set.many[old] = struct{}{}
		}
	}
	before := len(set.many)
	set.many[name] = struct{}{}
	return len(set.many) > before
}
