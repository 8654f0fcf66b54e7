package secrets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/aesgcm"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/secretdata"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// The master key is a tink keyset: what it wraps names its key by id, so a second
// key can be added and made primary while the first still unwraps. The keyset lies
// in the clear in a file of mode 0600: this file is the one secret from outside.

// makeMasterKey writes a keyset of one AES-256-GCM key. The file appears whole and
// durable or not at all.
func makeMasterKey(dir string, random *entropy) error {
	seed := make([]byte, familyKeySize+4)
	if err := random.fill(seed); err != nil {
		return err
	}
	parameters, err := aesgcm.NewParameters(aesgcm.ParametersOpts{
		KeySizeInBytes: familyKeySize, IVSizeInBytes: 12, TagSizeInBytes: 16, Variant: aesgcm.VariantTink,
	})
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	id := binary.BigEndian.Uint32(seed[familyKeySize:])
	material := secretdata.NewBytesFromData(seed[:familyKeySize], insecuresecretdataaccess.Token{})
	key, err := aesgcm.NewKey(material, id, parameters)
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	manager := keyset.NewManager()
	if _, err = manager.AddKey(key); err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	if err = manager.SetPrimary(id); err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	handle, err := manager.Handle()
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	return writeDurably(filepath.Join(dir, masterFile), text.Bytes())
}

func readMasterKey(dir string) (tink.AEAD, error) {
	path := filepath.Join(dir, masterFile)
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others than its owner: give it mode 0600", masterFile)
	}
	text, err := os.ReadFile(path) //nolint:gosec // the folder is the operator's
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		// The reader's error may quote the file.
		return nil, fmt.Errorf("%s is not a keyset", masterFile)
	}
	master, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return master, nil
}

// writeDurably writes a file that only its owner can read: to a name beside it
// first, then in its place, each step on the disk before the next.
func writeDurably(path string, content []byte) (err error) {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", filepath.Base(path), err), removed(file.Name()))
		}
	}()
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err != nil {
		return err
	}
	err = os.Rename(file.Name(), path)
	if err != nil {
		return err
	}
	return syncFolder(dir)
}

func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove: %w", err)
	}
	return nil
}

// syncFolder makes new names in the folder durable.
func syncFolder(dir string) error {
	folder, err := os.Open(dir) //nolint:gosec // the folder is the operator's
	if err != nil {
		return fmt.Errorf("open the key folder: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("sync the key folder: %w", err)
	}
	return nil
}
