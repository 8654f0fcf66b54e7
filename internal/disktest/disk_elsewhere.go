//go:build !linux

package disktest

import "testing"

// Run skips the test: only Linux gives a process mounts of its own.
func Run(t *testing.T, _ int64, _ func(t *testing.T, disk Disk)) {
	t.Helper()
	t.Skip("only Linux gives a process mounts of its own, so there is no disk to fill")
}

// Fill writes until nothing more fits.
func (Disk) Fill(*testing.T) {}

// Free makes room again.
func (Disk) Free(*testing.T) {}

// ReadOnly makes the disk read-only.
func (Disk) ReadOnly(*testing.T) {}

// Writable makes the disk writable again.
func (Disk) Writable(*testing.T) {}
