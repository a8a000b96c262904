package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// attribute is one line of the table.
type attribute struct{ Name, Value string }

// Attributes are those with a value. A reply in XML has only texts; their types are not guessed.
func (s *session) Attributes() []attribute {
	var lines []attribute
	for _, name := range slices.Sorted(maps.Keys(s.id.Claims)) {
		if value := s.id.Claims[name]; !empty(value) {
			lines = append(lines, attribute{name, text(value)})
		}
	}
	return lines
}

// Unset are the attributes without a value.
func (s *session) Unset() string {
	var names []string
	for name, value := range s.id.Claims {
		if empty(value) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// empty also reports an address in which every line is null.
func empty(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range v {
			if !empty(member) {
				return false
			}
		}
		return true
	case []any:
		return len(v) == 0
	}
	return value == nil || value == ""
}

// text writes a list with one element to a line.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		var lines []string
		for _, element := range v {
			lines = append(lines, text(element))
		}
		return strings.Join(lines, "\n")
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false) // the template escapes
	enc.SetIndent("", "  ")
	if enc.Encode(value) != nil {
		return ""
	}
	return strings.TrimSpace(out.String())
}

// Subject is the user's name at the server, Issuer the server: together they identify the user.
func (s *session) Subject() string { return s.id.Subject }

// Issuer is the server's address.
func (s *session) Issuer() string { return s.id.Issuer }

// Started is when the session began.
func (s *session) Started() string { return s.created.Format("2006-01-02 15:04:05 MST") }

// Name is the user's display name.
func (s *session) Name() string {
	for _, attribute := range []string{"name", "displayName", "nickname", "cn"} {
		if name, _ := s.id.Claims[attribute].(string); name != "" {
			return name
		}
	}
	return s.id.Subject
}

// Initial is shown in place of a picture.
func (s *session) Initial() string {
	for _, letter := range s.Name() {
		return string(letter)
	}
	return "?"
}
