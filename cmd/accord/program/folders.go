package program

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"accord/internal/audit"
	"accord/internal/secrets"
)

// DataFolder and KeyFolder are the names, in the folder of a demo, of the folders
// with its data and its keys.
const (
	DataFolder = "data"
	KeyFolder  = "keys"
)

// HoldsData reports whether a folder is itself a data folder.
func HoldsData(folder string) bool {
	return isThere(filepath.Join(folder, audit.OriginFile)) || holdsStore(folder)
}

// HoldsKeys reports whether a folder is itself a key folder, if only half of one.
func HoldsKeys(folder string) bool {
	for _, name := range secrets.Files() {
		if isThere(filepath.Join(folder, name)) {
			return true
		}
	}
	return false
}

func holdsStore(data string) bool { return isThere(filepath.Join(data, StoreFile)) }

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// dataFolder is the data folder that is meant by a folder that must be there: that
// of a demo holds data and keys beside each other.
func dataFolder(folder string) (string, error) { return meant(folder, DataFolder, HoldsData) }

// keyFolder is the key folder that is meant, in the same way. It must hold keys.
func keyFolder(folder string) (string, error) {
	keys, err := meant(folder, KeyFolder, HoldsKeys)
	if err != nil {
		return "", err
	}
	for _, name := range secrets.Files() {
		if !isThere(filepath.Join(keys, name)) {
			return "", fmt.Errorf("%s is no key folder: it holds no %s", keys, name)
		}
	}
	return keys, nil
}

func meant(folder, name string, itself func(string) bool) (string, error) {
	switch inner := filepath.Join(folder, name); {
	case IsCluster(folder):
		return "", errors.New("the address of a cluster is given where a folder belongs")
	case folder == "":
		return "", fmt.Errorf("give a folder: an empty name was given for that of the %s", name)
	case !isThere(folder):
		return "", fmt.Errorf("%s is not there", folder)
	case !isFolder(folder):
		return "", fmt.Errorf("%s is not a folder", folder)
	case !itself(folder) && isFolder(inner):
		return inner, nil
	default:
		return folder, nil
	}
}

// noStore says that a data folder holds no store of its own.
func noStore(data string) error {
	return fmt.Errorf("there is no store in %s: restore one, or, if the documents of this folder are in a cluster, give its address with --mongodb-uri", data)
}

// oneStore refuses to guess which of two stores is meant, and a folder without one.
func oneStore(data, cluster string) error {
	switch held := holdsStore(data); {
	case held && cluster != "":
		return fmt.Errorf("%s holds a store of its own, and the address of a cluster is given too: leave the address out (unset ACCORD_MONGODB_URI), or give a data folder that holds %s and no %s", data, audit.OriginFile, StoreFile)
	case !held && cluster == "":
		return noStore(data)
	default:
		return nil
	}
}

// withoutItsKeys refuses to make new keys for data that was written with others. It
// makes nothing, so that the keys can be restored to where they belong.
func withoutItsKeys(data, keys string) error {
	if !HoldsData(data) {
		return nil
	}
	for _, name := range secrets.Files() {
		if !isThere(filepath.Join(keys, name)) {
			return fmt.Errorf("%s holds no %s, and the data in %s was written with keys that are not there: restore them with accord restore keys; no new ones are made", keys, name, data)
		}
	}
	return nil
}

// IsCluster tells the address of a cluster, a malformed one too, from a folder.
func IsCluster(name string) bool {
	scheme, _, found := strings.Cut(name, ":")
	return found && (strings.EqualFold(scheme, "mongodb") || strings.EqualFold(scheme, "mongodb+srv"))
}

// Entries is a number of entries in words.
func Entries(number int64) string {
	if number == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", number)
}
