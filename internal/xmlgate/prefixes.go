package xmlgate

import "hash/maphash"

// FewPrefixes is how many prefixes on a stack are looked at one by one faster than Prefixes finds one.
const FewPrefixes = 16

// Prefixes finds the places of a prefix on a stack of many, where looking at each would cost quadratic time. The stack is
// its owner's, who adds places when it looks for one, and cuts them when it leaves an element. The hash has a seed, so
// that nobody can choose prefixes of one hash.
type Prefixes struct {
	seed   maphash.Seed
	tops   [256]int32 // the highest place of each hash, counted from 1
	places []prefixPlace
}

type prefixPlace struct {
	below int32 // the next lower place of its hash, counted from 1
	hash  uint8
}

// NewPrefixes is for an empty stack.
func NewPrefixes() *Prefixes { return &Prefixes{seed: maphash.MakeSeed()} }

// Len is how many places were added.
func (p *Prefixes) Len() int { return len(p.places) }

// Add adds a place above all others.
func (p *Prefixes) Add(prefix string) {
	hash := uint8(maphash.String(p.seed, prefix))
	p.places = append(p.places, prefixPlace{p.tops[hash], hash})
	p.tops[hash] = int32(len(p.places))
}

// Cut forgets the places from n on. It accepts a nil p.
func (p *Prefixes) Cut(n int) {
	if p == nil {
		return
	}
	for i := len(p.places) - 1; i >= n; i-- {
		p.tops[p.places[i].hash] = p.places[i].below
	}
	p.places = p.places[:min(n, len(p.places))]
}

// Highest returns the highest place that may have this prefix, -1 for none.
func (p *Prefixes) Highest(prefix string) int {
	return int(p.tops[uint8(maphash.String(p.seed, prefix))]) - 1
}

// Lower returns the next lower place that may have the prefix of place, -1 for none.
func (p *Prefixes) Lower(place int) int { return int(p.places[place].below) - 1 }
