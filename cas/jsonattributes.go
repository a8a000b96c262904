package cas

import (
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// jsonMembers copies the members of an object (CAS §2.5.2); any other value has none. They are counted first, and so kept
// in no more room than they need: a guess by the length of the text would be made again at each depth.
func jsonMembers(v strictjson.Value) []Attribute {
	size := 0
	for range v.Members {
		size++
	}
	if size == 0 {
		return nil
	}
	all, decoded := make([]Attribute, 0, size), false
	for name, m := range v.Members {
		all = append(all, Attribute{})
		a := &all[len(all)-1]
		a.Name = attributeName(name)
		a.Value.readJSON(m)
		decoded = decoded || len(a.Name) != len(name) // a decoded name is shorter
	}
	if !decoded {
		return all // JSON repeats no name
	}
	var set attributeSet
	for _, a := range all {
		set.add(a.Name, a.Value)
	}
	return set.list
}

// readJSON copies the structure of a value; its strings stay views of the reply. The zero Value becomes it in place,
// which is faster than a copy.
func (v *Value) readJSON(from strictjson.Value) {
	switch from.Kind() {
	case strictjson.Bool:
		v.kind, v.text = Bool, from.Raw()
	case strictjson.Number:
		v.kind, v.text = Number, from.Raw()
	case strictjson.String:
		v.kind, v.text = String, from.Text()
	case strictjson.Object:
		v.kind, v.parts = Object, jsonMembers(from)
	case strictjson.Array:
		v.kind = List
		for e := range from.Elements {
			v.parts = append(v.parts, Attribute{})
			v.parts[len(v.parts)-1].Value.readJSON(e)
		}
	}
}
