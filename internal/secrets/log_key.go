package secrets

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"accord/internal/secrets/identifier"
)

// LogKey signs the checkpoints of the audit log.
type LogKey struct {
	Origin   string      // name of the log, made with the keyring and as unique
	Verifier string      // the public key, as note.NewVerifier reads it
	Signer   note.Signer // ed25519; its name is Origin
}

// LogKey returns the key of the audit log.
func (k *Keyring) LogKey() (LogKey, error) {
	private, public, found := strings.Cut(string(k.purposes[purposeLog]), "\n")
	if !found {
		return LogKey{}, fmt.Errorf("the audit key in %s is malformed", databaseFile)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return LogKey{}, fmt.Errorf("the audit key in %s: %w", databaseFile, err)
	}
	return LogKey{Origin: signer.Name(), Verifier: public, Signer: signer}, nil
}

// makeLogKey makes the origin and the key pair: the private key's line, then the
// public one's.
func makeLogKey(random *entropy) ([]byte, error) {
	body := make([]byte, identifier.Bytes)
	if err := random.fill(body); err != nil {
		return nil, err
	}
	private, public, err := note.GenerateKey(lockedReader{random}, "accord.audit/"+identifier.Encode(body))
	if err != nil {
		return nil, fmt.Errorf("make the audit key: %w", err)
	}
	return []byte(private + "\n" + public), nil
}

// lockedReader lets a library read from the injected entropy.
type lockedReader struct{ random *entropy }

func (r lockedReader) Read(b []byte) (int, error) {
	if err := r.random.fill(b); err != nil {
		return 0, err
	}
	return len(b), nil
}
