package oidctest

import (
	"slices"
	"strings"
)

// words splits a space-separated list, each word once, in order.
func words(list string) []string {
	var unique []string
	for _, word := range strings.Fields(list) {
		if !slices.Contains(unique, word) {
			unique = append(unique, word)
		}
	}
	return unique
}

// either is value, or otherwise when value is empty.
func either(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}
