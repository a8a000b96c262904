package cas

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// jsonMembers copies the members of an object (CAS §2.5.2); any other value has none.
func jsonMembers(v strictjson.Value) []Attribute {
	var all []Attribute
	decoded := false
	for name, m := range v.Members {
		if all == nil {
			all = make([]Attribute, 0, min(strings.Count(v.Raw(), ",")+1, len(v.Raw())/16+1, 64))
		}
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
