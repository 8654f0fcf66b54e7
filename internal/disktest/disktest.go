// Package disktest gives tests a small disk of their own that really fills up and
// really becomes read-only.
package disktest

// Disk is a disk of its own for one test.
type Disk struct {
	Path string // where it is mounted

	ballast string // a file outside of what the test keeps there
}
