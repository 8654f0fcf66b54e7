// Package secrets keeps the keys of Accord apart from its data: one key for each
// family of documents, wrapped by a master key, so that destroying one key erases
// a case everywhere, backups of the data included. It seals sections, makes
// cursors and blind tokens that say nothing, and makes identifiers.
//
// The folder of the keyring is not the folder of the data and must not be in its
// backups.
package secrets

import (
	"context"
	"crypto/cipher"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// Errors a caller may branch on; everything else means the keyring cannot answer.
var (
	// ErrDestroyed is for a family whose key was destroyed. It never comes back.
	ErrDestroyed = errors.New("the key of this family was destroyed")
	// ErrSealed is for a section that does not open: changed, or moved from
	// another record, section, version or family.
	ErrSealed = errors.New("the section does not open at this address")
)

// Names in the folder of the keyring.
const (
	masterFile   = "master.json"
	databaseFile = "keys.db"
)

// cachedKeys bounds the unwrapped keys kept in memory: about 1 KB each.
const cachedKeys = 4096

// familyKeySize is that of AES-256.
const familyKeySize = 32

// Keyring holds the keys. It is safe for concurrent use, and alone: a second
// keyring on the same folder does not open, because a key destroyed in one would
// live on in the cache of the other.
type Keyring struct {
	entropy  *entropy
	clock    func() time.Time
	master   tink.AEAD
	lock     *sql.DB // holds the folder
	database *sql.DB
	purposes map[string][]byte // key material by purpose, read when opened

	writing sync.Mutex // one transaction at a time makes or destroys keys
	cache   *keyCache

	// Families destroyed since the keyring was opened, for the keys that were
	// handed out before: copied on write, nil as a rule.
	destroyed atomic.Pointer[map[string]struct{}]
}

// OpenKeyring opens the keyring in dir and makes it when dir is new or empty.
// Entropy gives every random byte (production passes crypto/rand.Reader); clock
// gives the times that the keyring notes beside its keys.
//
// A folder that holds keys.db without the master key, or the master key without
// keys.db, is an error and stays as it is: a new key in the place of a lost one
// would make what was sealed look damaged.
func OpenKeyring(ctx context.Context, dir string, source io.Reader, clock func() time.Time) (*Keyring, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the key folder: %w", err)
	}
	hasMaster, err := exists(filepath.Join(dir, masterFile))
	if err != nil {
		return nil, err
	}
	hasDatabase, err := exists(filepath.Join(dir, databaseFile))
	if err != nil {
		return nil, err
	}
	if hasMaster && !hasDatabase {
		return nil, fmt.Errorf("the key folder holds %s but no %s: restore it from the backup of the keys", masterFile, databaseFile)
	}
	lock, err := lockFolder(ctx, dir)
	if err != nil {
		return nil, err
	}
	database, err := openKeyDatabase(ctx, dir)
	if err != nil {
		return nil, errors.Join(advised(err), lock.Close())
	}
	ring := &Keyring{
		entropy:  newEntropy(source),
		clock:    clock,
		lock:     lock,
		database: database,
		cache:    newKeyCache(cachedKeys),
	}
	if err := ring.start(ctx, dir, hasMaster); err != nil {
		return nil, errors.Join(advised(err), ring.Close())
	}
	return ring, nil
}

// start reads the master key and what it wraps. The master key is made after
// keys.db, so that a start cut short leaves a folder that the next start can
// finish.
func (k *Keyring) start(ctx context.Context, dir string, hasMaster bool) error {
	if !hasMaster {
		empty, err := keyDatabaseEmpty(ctx, k.database)
		if err != nil {
			return err
		}
		if !empty {
			return fmt.Errorf("the key folder holds %s but no %s: restore it from the backup of the keys", databaseFile, masterFile)
		}
		if err := makeMasterKey(dir, k.entropy); err != nil {
			return err
		}
	}
	var err error
	if k.master, err = readMasterKey(dir); err != nil {
		return err
	}
	k.purposes, err = k.openPurposes(ctx)
	return err
}

// Close lets go of the folder. Keys handed out before go on working.
func (k *Keyring) Close() error {
	if err := errors.Join(k.database.Close(), k.lock.Close()); err != nil {
		return fmt.Errorf("close %s: %w", databaseFile, err)
	}
	return nil
}

func (k *Keyring) isDestroyed(family string) bool {
	gone := k.destroyed.Load()
	if gone == nil {
		return false
	}
	_, found := (*gone)[family]
	return found
}

// newFamilyKey makes the key usable. The standard library's AES-GCM is used and
// not tink's: it takes the nonce from the injected entropy and opens into a buffer
// the caller owns, which tink's interface cannot.
func (k *Keyring) newFamilyKey(family string, material []byte) (*FamilyKey, error) {
	aead, err := newGCM(material)
	if err != nil {
		return nil, err
	}
	return &FamilyKey{ring: k, family: family, aead: aead}, nil
}

func newGCM(material []byte) (cipher.AEAD, error) {
	if len(material) != familyKeySize {
		return nil, fmt.Errorf("a family key of %d bytes, not %d", len(material), familyKeySize)
	}
	block, err := newAES(material)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("AES-GCM: %w", err)
	}
	return aead, nil
}

func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look into the key folder: %w", err)
	}
	return true, nil
}
