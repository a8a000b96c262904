package xmlgate

import (
	"hash/maphash"
	"strings"
)

// resolve finds the namespaces of the element and of its attributes, and refuses an attribute that is given twice
// (Namespaces in XML 1.0 §6).
func (p *parser) resolve(n *node) bool {
	own := p.attributes(n)
	if p.declares {
		// First, because they apply also to attributes before them.
		for i := range own {
			if own[i].space == inXMLNS && !p.declare(&own[i]) {
				return false
			}
		}
		p.declares = false
	}
	var ok bool
	if n.space, ok = p.lookup(n.start+1, n.local-1); !ok {
		return p.fail(Prefix, int(n.start)) >= 0
	}
	if n.space == inXMLNS {
		return p.fail(Namespace, int(n.start)) >= 0
	}
	for i := range own {
		a := &own[i]
		if a.space != noSpace {
			continue // a declaration
		}
		if a.local > 0 {
			if a.space, ok = p.lookup(a.start, a.local); !ok {
				return p.fail(Prefix, int(a.start)) >= 0
			}
		}
		if !p.checkID(n, a) {
			return false
		}
	}
	if a := p.repeated(own); a != nil {
		return p.fail(Duplicate, int(a.start)) >= 0
	}
	return true
}

// repeated returns the first attribute whose name is that of one before it, or nil.
func (p *parser) repeated(own []attr) *attr {
	const few = 8
	var hashes [256 / 64]uint64 // of the names so far, a bit for each
	for i := range own {
		if len(own) > few { // comparing each with all before it would be most of the work
			hash := uint8(p.nameHash(&own[i]))
			at, bit := &hashes[hash/64], uint64(1)<<(hash%64)
			if *at&bit == 0 {
				*at |= bit
				continue
			}
		}
		for j := range own[:i] {
			if p.same(&own[i], &own[j]) {
				return &own[i]
			}
		}
	}
	return nil
}

// nameHash is the hash of a's expanded name.
func (p *parser) nameHash(a *attr) uint64 {
	hash := maphash.String(p.seed, p.attrLocal(a))
	if a.space != noSpace {
		hash ^= maphash.String(p.seed, p.spaces[a.space])
	}
	return hash
}

// same reports whether two attributes have one expanded name. Most differ in the length of their names already.
func (p *parser) same(a, b *attr) bool {
	return a.name-a.local == b.name-b.local && p.attrLocal(a) == p.attrLocal(b) &&
		(a.space == b.space || p.spaces[a.space] == p.spaces[b.space])
}

// checkID refuses an ID that is not a name or is given twice, in any of its four spellings: the reference of a signature
// must have one target.
func (p *parser) checkID(n *node, a *attr) bool {
	if a.name-a.local != uint16(len("ID")) {
		return true
	}
	switch p.attrLocal(a) {
	case "ID", "Id":
		if a.space != noSpace {
			return true
		}
	case "id":
		if a.space != noSpace && a.space != inXML {
			return true
		}
	default:
		return true
	}
	if p.unsigned && p.agree() && p.comments(p.spaces[n.space], p.nodeLocal(n)) {
		return true
	}
	id := p.src[a.value:a.end]
	if p.anyIDs {
		id = p.attrValue(a) // two spellings of one ID are one ID; a name has no references
	}
	id = strings.Trim(id, " \t\r\n") // white space around an ID is no part of it (XML Schema part 2 §3.3.8)
	if id == "" || !p.anyIDs && ncName(id, 0) != len(id) {
		return p.bend(IDName, int(a.start)) || p.fail(IDName, int(a.start)) >= 0
	}
	if !p.ids.add(id) && !p.bend(ID, int(a.start)) {
		return p.fail(ID, int(a.start)) >= 0
	}
	return true
}
