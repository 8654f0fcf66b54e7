package secrets

import (
	"crypto/hmac"
	"crypto/sha256"

	"accord/internal/secrets/identifier"
)

const blindKeySize = 32

// BlindPrefix begins every blind token.
const BlindPrefix = "blind"

// Blind returns a token that stands for value and says nothing about it without
// the keyring: "blind_" and 128 bits of HMAC-SHA256. Equal values under one label
// are equal tokens; the label keeps uses apart, such as "idempotency" and
// "reference". The token has the form of an identifier.
func (k *Keyring) Blind(label, value string) string {
	mac := hmac.New(sha256.New, k.purposes[purposeBlind])
	mac.Write(Binding(label, value))
	sum := mac.Sum(nil)
	return BlindPrefix + "_" + identifier.Encode(sum[:identifier.Bytes])
}
