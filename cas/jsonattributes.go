package cas

import (
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// jsonMembers copies the members of an object (CAS §2.5.2); any other value has none.
func jsonMembers(v strictjson.Value) []Attribute {
	var all []Attribute
	decoded := false
	for name, m := range v.Members {
		if all == nil {
			all = make([]Attribute, 0, min(len(v.Raw())/32+1, 64))
		}
		a := Attribute{attributeName(name), jsonValue(m)}
		decoded = decoded || a.Name != name
		all = append(all, a)
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

// jsonValue copies the structure of a value; its strings stay views of the reply.
func jsonValue(v strictjson.Value) Value {
	switch v.Kind() {
	case strictjson.Bool:
		return Value{kind: Bool, text: v.Raw()}
	case strictjson.Number:
		return Value{kind: Number, text: v.Raw()}
	case strictjson.String:
		return Value{kind: String, text: v.Text()}
	case strictjson.Object:
		return Value{kind: Object, parts: jsonMembers(v)}
	case strictjson.Array:
		list := Value{kind: List}
		for e := range v.Elements {
			list.parts = append(list.parts, Attribute{Value: jsonValue(e)})
		}
		return list
	}
	return Value{}
}
