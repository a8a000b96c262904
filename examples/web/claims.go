package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// claim is one line of the table.
type claim struct{ Name, Value, Note string }

// Profile are the claims about the user, the most important first.
func (s *session) Profile() []claim {
	return s.claims(func(name string) bool { return !technical(name) })
}

// Technical are the claims about the ID token itself.
func (s *session) Technical() []claim { return s.claims(technical) }

// Unset are the claims without a value.
func (s *session) Unset() string {
	var names []string
	for name, value := range s.Identity().Claims {
		if empty(value) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (s *session) claims(wanted func(string) bool) []claim {
	all := s.Identity().Claims
	var lines []claim
	for _, name := range slices.SortedFunc(maps.Keys(all), byRank) {
		if value := all[name]; wanted(name) && !empty(value) {
			lines = append(lines, claim{name, text(value), note(name, value)})
		}
	}
	return lines
}

// empty also reports an address in which every line is null.
func empty(value any) bool {
	if object, ok := value.(map[string]any); ok {
		for _, member := range object {
			if !empty(member) {
				return false
			}
		}
		return true
	}
	return value == nil || value == ""
}

// technical claims belong to the protocol (OpenID Connect Core §2).
func technical(name string) bool {
	switch name {
	case "iss", "aud", "exp", "iat", "nbf", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "s_hash", "sid", "jti":
		return true
	}
	return false
}

func byRank(a, b string) int {
	known := []string{"sub", "name", "username", "preferred_username", "nickname", "given_name", "family_name", "email", "email_verified",
		"phone_number", "phone_number_verified", "iss", "aud", "iat", "exp", "auth_time"}
	rank := func(name string) int {
		if i := slices.Index(known, name); i >= 0 {
			return i
		}
		return len(known)
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
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

// note reads a number of seconds for people.
func note(name string, value any) string {
	number, ok := value.(json.Number)
	if !ok || !slices.Contains([]string{"exp", "iat", "nbf", "auth_time", "updated_at"}, name) {
		return ""
	}
	seconds, err := number.Int64()
	if err != nil {
		return ""
	}
	return clock(time.Unix(seconds, 0))
}
