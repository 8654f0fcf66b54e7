package secrets

import (
	"container/list"
	"sync"
)

// keyCache keeps the unwrapped keys that were used last.
type keyCache struct {
	mu    sync.Mutex
	limit int
	keys  map[string]*list.Element // of *FamilyKey
	order *list.List               // the last used first
}

func newKeyCache(limit int) *keyCache {
	return &keyCache{limit: limit, keys: make(map[string]*list.Element), order: list.New()}
}

func (c *keyCache) get(family string) *FamilyKey {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, found := c.keys[family]
	if !found {
		return nil
	}
	c.order.MoveToFront(element)
	return keyOf(element)
}

func (c *keyCache) put(key *FamilyKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, found := c.keys[key.family]; found {
		element.Value = key
		c.order.MoveToFront(element)
		return
	}
	c.keys[key.family] = c.order.PushFront(key)
	if c.order.Len() > c.limit {
		c.drop(c.order.Back())
	}
}

func (c *keyCache) forget(family string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, found := c.keys[family]; found {
		c.drop(element)
	}
}

func (c *keyCache) drop(element *list.Element) {
	c.order.Remove(element)
	delete(c.keys, keyOf(element).family)
}

func keyOf(element *list.Element) *FamilyKey {
	key, _ := element.Value.(*FamilyKey)
	return key
}
