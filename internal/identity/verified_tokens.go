package identity

import (
	"crypto/sha256"
	"sync"
)

// verifiedToken is what is remembered of a token that was verified in full.
type verifiedToken struct {
	principal Principal
	keys      [sha256.Size]byte // digest of the key set it was verified with
}

// verifiedTokens remembers verified tokens by their SHA-256, so that no token
// is held in clear. It holds two generations: what is asked for moves to the
// young one, and when that is full the old one is dropped. So it is bounded,
// nothing is ever swept, and what is in use stays.
type verifiedTokens struct {
	generation int // most entries of one generation; two are held

	mu    sync.Mutex
	young map[[sha256.Size]byte]verifiedToken
	old   map[[sha256.Size]byte]verifiedToken
}

func newVerifiedTokens(limit int) *verifiedTokens {
	return &verifiedTokens{
		generation: max(1, limit/2),
		young:      make(map[[sha256.Size]byte]verifiedToken),
	}
}

// find returns what is remembered; whether it still holds is the caller's to
// judge.
func (t *verifiedTokens) find(digest [sha256.Size]byte) (verifiedToken, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if token, ok := t.young[digest]; ok {
		return token, true
	}
	token, ok := t.old[digest]
	if ok {
		t.keep(digest, token)
	}
	return token, ok
}

func (t *verifiedTokens) add(digest [sha256.Size]byte, token verifiedToken) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keep(digest, token)
}

func (t *verifiedTokens) keep(digest [sha256.Size]byte, token verifiedToken) {
	if _, held := t.young[digest]; !held && len(t.young) >= t.generation {
		t.old = t.young
		t.young = make(map[[sha256.Size]byte]verifiedToken)
	}
	t.young[digest] = token
}
