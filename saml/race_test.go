//go:build race

package saml_test

// With the race detector everything takes ten times as long, and a mutant more or less finds no race.
const (
	raceDetector = true
	thinned      = 20
)
