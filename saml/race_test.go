//go:build race

package saml_test

// raceDetector thins out what takes ten times as long with it.
const raceDetector = true
