// Package bench measures Accord as people meet it: the pack of a meeting, asked
// over HTTP of the real program with the real store, and the time from starting
// the program to its first answer. docs/performance.md says how to read it.
package bench
