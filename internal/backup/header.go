package backup

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"time"
)

// Header says what a backup holds: counts and hashes, no person and no case. It
// can be read without a key, and is proved only by opening the backup with one.
type Header struct {
	Holds  Purpose   `json:"holds"`
	Made   time.Time `json:"made"`   // by the second, UTC
	Key    string    `json:"key"`    // fingerprint of the backup key
	Origin string    `json:"origin"` // name of the audit log

	// Entries and Root are the tree head of the audit log: of the data as they
	// are in the backup, of the keys as they have seen it last. Root is base64 and
	// empty when there were no entries.
	Entries int64  `json:"entries"`
	Root    string `json:"root"`

	Schema int64   `json:"schema"` // version of the tables
	Counts []Count `json:"counts"` // documents by kind; of the keys, those that live and those destroyed
	Files  []File  `json:"files"`  // in the order in which they lie in the backup
}

// Count is how many there are of something.
type Count struct {
	Of     string `json:"of"` // one word
	Number int64  `json:"number"`
}

// File is one file of a backup.
type File struct {
	Name string `json:"name"` // without a folder
	Size int64  `json:"size"` // bytes, at least 1
}

// A backup begins with these bytes, its format as two bytes and the length of the
// header as four, big endian. The header is JSON in its one form.
const (
	magic     = "ACCORDBK"
	format    = 1
	preamble  = len(magic) + 2 + 4
	maxHeader = 64 << 10
)

var (
	aWord        = regexp.MustCompile(`^[a-z][a-zA-Z]{0,63}$`)
	aFileName    = regexp.MustCompile(`^[a-z]{1,32}(\.[a-z]{1,32})?$`)
	anOrigin     = regexp.MustCompile(`^[a-z0-9./_-]{1,128}$`)
	aFingerprint = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// check refuses a header that says too little or could say too much.
func (h Header) check() error {
	root, err := base64.StdEncoding.Strict().DecodeString(h.Root)
	switch {
	case !h.Holds.known():
		return errors.New("a backup header that does not say what it holds")
	case h.Made.Year() < 2000 || h.Made.Year() > 9999 || h.Made.Nanosecond() != 0 || h.Made.Location() != time.UTC:
		return errors.New("a backup header without a time by the second in UTC")
	case !aFingerprint.MatchString(h.Key):
		return errors.New("a backup header without the fingerprint of its key")
	case !anOrigin.MatchString(h.Origin):
		return errors.New("a backup header without the origin of the audit log")
	case h.Entries < 0 || err != nil || len(root) != 0 && len(root) != 32 || (h.Entries == 0) != (len(root) == 0):
		return errors.New("a backup header without a tree head")
	case h.Schema < 1:
		return errors.New("a backup header without a version of the tables")
	case len(h.Files) == 0:
		return errors.New("a backup header without files")
	}
	for _, count := range h.Counts {
		if !aWord.MatchString(count.Of) || count.Number < 0 {
			return errors.New("a backup header that counts something else than words")
		}
	}
	var all int64
	for _, file := range h.Files {
		if !aFileName.MatchString(file.Name) || file.Size < 1 || file.Size > math.MaxInt64-all {
			return errors.New("a backup header with a file that is none")
		}
		all += file.Size
	}
	return nil
}

// encode returns the preamble and the header, which are what is authenticated.
func (h Header) encode() ([]byte, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("write the header of a backup: %w", err)
	}
	if len(text) > maxHeader {
		return nil, errors.New("the header of a backup is too long")
	}
	head := make([]byte, 0, preamble+len(text))
	head = append(head, magic...)
	head = binary.BigEndian.AppendUint16(head, format)
	head = binary.BigEndian.AppendUint32(head, uint32(len(text))) //nolint:gosec // bounded above
	return append(head, text...), nil
}

// ReadHeader reads the header of a backup without a key: what it says is proved
// only by Open. ErrNoBackup, ErrLater or ErrDamaged when there is none to read.
func ReadHeader(r io.Reader) (Header, error) {
	header, _, err := readHead(r)
	return header, err
}

// readHead returns the header and the bytes it was read from.
func readHead(r io.Reader) (Header, []byte, error) {
	head := make([]byte, preamble)
	if n, err := io.ReadFull(r, head); err != nil {
		if isEnd(err) && n > 0 && n >= len(magic) && string(head[:len(magic)]) == magic {
			return Header{}, nil, ErrDamaged
		}
		return Header{}, nil, orRead(err, ErrNoBackup)
	}
	if string(head[:len(magic)]) != magic {
		return Header{}, nil, ErrNoBackup
	}
	switch version := binary.BigEndian.Uint16(head[len(magic):]); {
	case version > format:
		return Header{}, nil, ErrLater
	case version < 1:
		return Header{}, nil, ErrDamaged
	}
	length := binary.BigEndian.Uint32(head[len(magic)+2:])
	if length > maxHeader {
		return Header{}, nil, ErrDamaged
	}
	head = slices.Concat(head, make([]byte, length))
	if _, err := io.ReadFull(r, head[preamble:]); err != nil {
		return Header{}, nil, orRead(err, ErrDamaged)
	}
	var header Header
	if err := json.Unmarshal(head[preamble:], &header); err != nil {
		return Header{}, nil, ErrDamaged
	}
	header.Made = header.Made.UTC()
	if again, err := header.encode(); err != nil || !bytes.Equal(again, head) {
		return Header{}, nil, ErrDamaged
	}
	return header, head, nil
}

func isEnd(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// orRead returns the finding when the file ended, and otherwise that it could not
// be read.
func orRead(err, finding error) error {
	if isEnd(err) {
		return finding
	}
	return fmt.Errorf("read the backup: %w", err)
}
