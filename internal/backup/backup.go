// Package backup is the form of a backup file: a header that anybody can read and
// that names nobody, and behind it files, encrypted as one stream whose every byte
// and whose end are authenticated together with the header.
//
// Backups of the data and backups of the keys are never one file and never under
// one key. A case is erased by destroying its key, everywhere; a backup that held
// both would bring it back.
package backup

import "errors"

// Purpose is what a backup holds, and what a backup key is for.
type Purpose string

// The purposes.
const (
	Data Purpose = "data" // the embedded store and the origin of its audit log
	Keys Purpose = "keys" // the key folder
)

// Purposes are all there are.
func Purposes() []Purpose { return []Purpose{Data, Keys} }

func (p Purpose) known() bool { return p == Data || p == Keys }

// Errors of what is no backup, or not the one that was asked for. Each is said to
// whoever restores, as it is.
var (
	ErrNoBackup   = errors.New("this file is no backup of Accord")
	ErrLater      = errors.New("this backup was made by a later Accord, which alone can read it")
	ErrDamaged    = errors.New("this backup is damaged or incomplete: it is not what was written")
	ErrHoldsData  = errors.New("this is a backup of the data, not of the keys")
	ErrHoldsKeys  = errors.New("this is a backup of the keys, not of the data")
	ErrOtherKey   = errors.New("this backup was made with another backup key")
	ErrNoKey      = errors.New("this file is no backup key of Accord")
	ErrKeyForData = errors.New("this backup key is for backups of the data: whoever holds it must not be able to read the keys")
	ErrKeyForKeys = errors.New("this backup key is for backups of the keys: whoever holds it must not be able to read the data")
)

// holdsOther says what a backup holds that does not hold what was asked for.
func holdsOther(holds Purpose) error {
	if holds == Data {
		return ErrHoldsData
	}
	return ErrHoldsKeys
}
