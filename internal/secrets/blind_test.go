package secrets_test

import (
	"path/filepath"
	"strings"
	"testing"

	"accord/internal/secrets"
	"accord/internal/secrets/identifier"
)

func TestABlindTokenStandsForItsValueAndSaysNothing(t *testing.T) {
	ring := openKeyring(t, filepath.Join(t.TempDir(), "keys"))
	token := ring.Blind("reference", "ACC-7K3M-92QF")
	if token != ring.Blind("reference", "ACC-7K3M-92QF") {
		t.Fatal("equal values, different tokens")
	}
	if !identifier.Is(token) || !strings.HasPrefix(token, secrets.BlindPrefix+"_") {
		t.Fatalf("%s has not the form of an identifier", token)
	}
	other := openKeyring(t, filepath.Join(t.TempDir(), "other"))
	for name, different := range map[string]string{
		"another value":                  ring.Blind("reference", "ACC-7K3M-92QG"),
		"another label":                  ring.Blind("idempotency", "ACC-7K3M-92QF"),
		"letters moved to the label":     ring.Blind("referenceA", "CC-7K3M-92QF"),
		"the same under another keyring": other.Blind("reference", "ACC-7K3M-92QF"),
	} {
		if different == token {
			t.Errorf("%s has the same token", name)
		}
	}
}
