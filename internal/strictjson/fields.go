package strictjson

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"unicode"
)

// fields maps the exact member names of a struct to their Go types, by the rules of encoding/json: the
// shallowest field wins, then the tagged one, and a tie hides the name.
func fields(t reflect.Type) map[string]reflect.Type {
	found := map[string]reflect.Type{}
	seen := map[reflect.Type]bool{}
	level, count := []reflect.Type{t}, map[reflect.Type]int{}
	for len(level) > 0 {
		var next []reflect.Type
		nextCount := map[reflect.Type]int{}
		here := map[string]*rivals{}
		for _, s := range level {
			if seen[s] {
				continue
			}
			seen[s] = true
			for i := range s.NumField() {
				f := s.Field(i)
				name, ok := fieldName(f)
				embedded := f.Anonymous && pointee(f.Type).Kind() == reflect.Struct
				switch {
				case !ok || !f.IsExported() && !embedded:
				case embedded && name == "":
					inner := pointee(f.Type)
					if nextCount[inner]++; nextCount[inner] == 1 {
						next = append(next, inner)
					}
				default:
					// A type embedded twice at one depth ties with itself.
					for range max(1, count[s]) {
						compete(here, f, name)
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
type rivals struct{ tagged, plain []reflect.Type }

func compete(here map[string]*rivals, f reflect.StructField, tag string) {
	name := tag
	if name == "" {
		name = f.Name
	}
	if here[name] == nil {
		here[name] = &rivals{}
	}
	if tag == "" {
		here[name].plain = append(here[name].plain, f.Type)
	} else {
		here[name].tagged = append(here[name].tagged, f.Type)
	}
}

// winner returns nil for a tie.
func (r *rivals) winner() reflect.Type {
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
