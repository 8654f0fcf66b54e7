package secrets

import (
	"fmt"
	"io"
	"sync"
)

// entropy reads random bytes from a source that need not be safe for concurrent
// use, such as the seeded source of a test.
type entropy struct {
	mu     sync.Mutex
	source io.Reader
}

func newEntropy(source io.Reader) *entropy { return &entropy{source: source} }

// fill fills b whole or fails; there is no half random key.
func (e *entropy) fill(b []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, err := io.ReadFull(e.source, b); err != nil {
		return fmt.Errorf("read entropy: %w", err)
	}
	return nil
}
