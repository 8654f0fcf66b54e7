package server

import "time"

// ConnectionLimits is how long a connection may take over each part of a
// request, and how large its headers may be.
type ConnectionLimits struct {
	ReadHeader  time.Duration
	Read        time.Duration // of the whole request
	Write       time.Duration // from the end of the headers to the end of the answer
	Idle        time.Duration // between two requests
	HeaderBytes int
	Grace       time.Duration // for requests in flight when the server stops
}

// DefaultConnectionLimits leave room for a slow network and a token of 8 KB, and
// more time to write than DefaultDeadline gives to answer.
func DefaultConnectionLimits() ConnectionLimits {
	return ConnectionLimits{
		ReadHeader:  5 * time.Second,
		Read:        15 * time.Second,
		Write:       40 * time.Second,
		Idle:        2 * time.Minute,
		HeaderBytes: 32 << 10,
		Grace:       20 * time.Second,
	}
}
