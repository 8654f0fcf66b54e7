package secrets

import "accord/internal/secrets/identifier"

// Identifiers makes identifiers from the entropy of the keyring.
func (k *Keyring) Identifiers() *identifier.Maker {
	return identifier.NewMaker(lockedReader{k.entropy})
}
