//go:build race

package sqlite_test

// The race detector makes SQLite ten times as slow, and has nothing to find here
// that the smaller sizes would hide.
var ordinaryGrowth = []int{500, 1_000}
