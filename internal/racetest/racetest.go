// Package racetest says how large a test is. The race detector makes a test five to
// ten times as slow and finds what it finds in a few rounds: with it, tests that
// repeat themselves take their short form. Their ordinary one is run by go test
// without the detector, and their long one by make soak.
package racetest

// Sized is the ordinary number, or the short one with the race detector.
func Sized(ordinary, short int) int {
	if detecting {
		return short
	}
	return ordinary
}
