package strictjson

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// field is a field of a struct, by the rules of encoding/json.
type field struct {
	typ    reflect.Type
	index  []int // as in reflect.StructField, through embedded structs
	quoted bool  // by the option string in its tag
}

// known has what is known of struct types. It is as large as the program has types.
var known sync.Map // map[reflect.Type]*structure

// structure is what is known of a struct type.
type structure struct {
	fields map[string]*field // by their exact member names
	order  []member          // for Marshal
	plain  bool              // order is all that Marshal needs
}

func structureOf(t reflect.Type) *structure {
	if found, ok := known.Load(t); ok {
		return found.(*structure)
	}
	found := &structure{fields: findFields(t)}
	found.order, found.plain = membersOf(t, found.fields)
	first, _ := known.LoadOrStore(t, found)
	return first.(*structure)
}

func fieldsOf(t reflect.Type) map[string]*field { return structureOf(t).fields }

// findFields follows encoding/json: the shallowest field wins, then the tagged one, and a tie hides the name.
func findFields(t reflect.Type) map[string]*field {
	found := map[string]*field{}
	seen := map[reflect.Type]bool{}
	level, count := []field{{typ: t}}, map[reflect.Type]int{}
	for len(level) > 0 {
		var next []field
		nextCount := map[reflect.Type]int{}
		here := map[string]*rivals{}
		for _, s := range level {
			if seen[s.typ] {
				continue
			}
			seen[s.typ] = true
			for i := range s.typ.NumField() {
				f := s.typ.Field(i)
				name, ok := fieldName(f)
				embedded := f.Anonymous && pointee(f.Type).Kind() == reflect.Struct
				own := field{f.Type, append(slices.Clip(s.index), i), quoted(f)}
				switch {
				case !ok || !f.IsExported() && !embedded:
				case embedded && name == "":
					own.typ = pointee(f.Type)
					if nextCount[own.typ]++; nextCount[own.typ] == 1 {
						next = append(next, own)
					}
				default:
					// A type embedded twice at one depth ties with itself.
					for range max(1, count[s.typ]) {
						compete(here, f.Name, name, &own)
					}
				}
			}
		}
		for name, r := range here {
			if _, decided := found[name]; !decided {
				found[name] = r.winner()
			}
		}
		level, count = next, nextCount
	}
	for name, winner := range found {
		if winner == nil {
			delete(found, name)
		}
	}
	return found
}

// rivals are the fields of one name at one depth, those with a tag apart.
type rivals struct{ tagged, plain []*field }

func compete(here map[string]*rivals, name, tag string, f *field) {
	if tag != "" {
		name = tag
	}
	if here[name] == nil {
		here[name] = &rivals{}
	}
	if tag == "" {
		here[name].plain = append(here[name].plain, f)
	} else {
		here[name].tagged = append(here[name].tagged, f)
	}
}

// winner returns nil for a tie.
func (r *rivals) winner() *field {
	all := r.tagged
	if len(all) == 0 {
		all = r.plain
	}
	if len(all) > 1 {
		return nil
	}
	return all[0]
}

// fieldName returns the name in a field's tag, "" when there is none; ok is false for a field with the tag "-".
func fieldName(f reflect.StructField) (name string, ok bool) {
	tag := f.Tag.Get("json")
	if tag == "-" {
		return "", false
	}
	name, _, _ = strings.Cut(tag, ",")
	for _, r := range name {
		// encoding/json ignores a name with any other character.
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return "", true
		}
	}
	return name, true
}

// quoted reports whether a field has the option string, which counts for plain values only.
func quoted(f reflect.StructField) bool {
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch kind := pointee(f.Type).Kind(); {
	case kind == reflect.String, kind >= reflect.Bool && kind <= reflect.Float64:
		return slices.Contains(strings.Split(options, ","), "string")
	}
	return false
}

func pointee(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer && t.Name() == "" {
		return t.Elem()
	}
	return t
}

// readsItself reports whether a type decodes its own JSON.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
