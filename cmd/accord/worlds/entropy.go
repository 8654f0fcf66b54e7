package worlds

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"sync"
)

// entropy is a source of bytes that look random and start afresh with each act:
// the ids of an act hang on its key and on nothing before it.
type entropy struct {
	mutex  sync.Mutex
	source *rand.ChaCha8
}

func newEntropy(key string) *entropy {
	e := &entropy{}
	e.begin(key)
	return e
}

func (e *entropy) begin(key string) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.source = rand.NewChaCha8(sha256.Sum256([]byte(key)))
}

// Read fills b.
func (e *entropy) Read(b []byte) (int, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	n, err := e.source.Read(b)
	if err != nil {
		return n, fmt.Errorf("reading entropy: %w", err)
	}
	return n, nil
}
