package xmlgate

import (
	"hash/maphash"
	"slices"
)

// nameSet holds the IDs of a document.
type nameSet struct {
	few  [16]string
	size int
	many map[string]struct{}

	// Of a text in parts, which no name may hold in memory: a hash of each name. Of a hundred thousand names, two have one
	// hash, and are refused, once in a billion times.
	hashes map[uint64]struct{}
	seed   maphash.Seed
}

// keepHashes makes an empty set one of hashes.
func (set *nameSet) keepHashes() { set.hashes, set.seed = map[uint64]struct{}{}, maphash.MakeSeed() }

// add reports whether name is new.
func (set *nameSet) add(name string) bool {
	if set.hashes != nil {
		hash := maphash.String(set.seed, name)
		_, old := set.hashes[hash]
		set.hashes[hash] = struct{}{}
		return !old
	}
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
