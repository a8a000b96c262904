package strictjson

// Members walks the members of an object in their order, with names unescaped; any other kind has none.
func (v Value) Members(yield func(name string, v Value) bool) {
	if v.Kind() != Object {
		return
	}
	s := v.text
	for i := skipSpace(s, 1); s[i] != '}'; {
		end, escaped := skipString(s, i)
		name := s[i+1 : end-1]
		if escaped {
			name = unescape(name)
		}
		i = skipSpace(s, skipSpace(s, end)+1)
		end = skipValue(s, i)
		if !yield(name, Value{s[i:end]}) {
			return
		}
		i = nextItem(s, end)
	}
}

// Elements walks the elements of an array in their order; any other kind has none.
func (v Value) Elements(yield func(Value) bool) {
	if v.Kind() != Array {
		return
	}
	s := v.text
	for i := skipSpace(s, 1); s[i] != ']'; {
		end := skipValue(s, i)
		if !yield(Value{s[i:end]}) {
			return
		}
		i = nextItem(s, end)
	}
}

// nextItem steps over the comma after an item, or stops at the closing bracket.
func nextItem(s string, i int) int {
	i = skipSpace(s, i)
	if s[i] == ',' {
		i = skipSpace(s, i+1)
	}
	return i
}

// skipValue returns the offset after the value at i, in a checked text.
func skipValue(s string, i int) int {
	switch s[i] {
	case '"':
		end, _ := skipString(s, i)
		return end
	case '{', '[':
		return skipNested(s, i)
	}
	for i < len(s) && s[i] != ',' && s[i] != '}' && s[i] != ']' && s[i] > ' ' {
		i++
	}
	return i
}

func skipNested(s string, i int) int {
	for depth := 0; ; {
		switch s[i] {
		case '"':
			i, _ = skipString(s, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
}
