//go:build !race

package sqlite_test

var ordinaryGrowth = []int{1_000, 10_000}
