package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

// mark is a file beside the store that says how far its log had come. SQLite takes
// a damaged page of its write-ahead log for the end of it, and would go on as if
// what stood behind had never been; a log that is shorter than its mark has lost
// what was acknowledged.
//
// The mark is written when a commit is durable, and not synced: it may lag behind
// the log, when the power fails, and is never before it. A store without a mark is
// a new or a restored one.
type mark struct{ file *os.File }

// A mark is the size of the log, its root, and a checksum of both.
const markSize = 8 + tlog.HashSize + 4

// openMark opens the mark beside a store and holds the log against it.
func openMark(ctx context.Context, path string, c *connection, log tlog.Tree) (_ *mark, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the folder is the operator's
	if err != nil {
		return nil, fmt.Errorf("open the mark of the log: %w", explainFile(err))
	}
	m := &mark{file}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.close())
		}
	}()
	marked, err := m.read()
	if err != nil {
		return nil, err
	}
	if err := covers(ctx, c, log, marked); err != nil {
		return nil, err
	}
	// Once it is on the disk, it is only ever written over.
	if err := errors.Join(m.set(log), file.Sync()); err != nil {
		return nil, fmt.Errorf("mark the log: %w", explainFile(err))
	}
	return m, nil
}

func (m *mark) read() (tlog.Tree, error) {
	text := make([]byte, markSize)
	switch _, err := io.ReadFull(io.NewSectionReader(m.file, 0, markSize), text); {
	case errors.Is(err, io.EOF):
		return tlog.Tree{}, nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return tlog.Tree{}, damagedMark{because{errors.New("the mark of the log is cut")}}
	case err != nil:
		return tlog.Tree{}, fmt.Errorf("read the mark of the log: %w", explainFile(err))
	}
	sum := binary.BigEndian.Uint32(text[markSize-4:])
	if crc32.ChecksumIEEE(text[:markSize-4]) != sum {
		return tlog.Tree{}, damagedMark{because{errors.New("the mark of the log is not what was written")}}
	}
	marked := tlog.Tree{N: int64(binary.BigEndian.Uint64(text))} //nolint:gosec // as it was written
	copy(marked.Hash[:], text[8:])
	return marked, nil
}

// covers checks that the log is the marked one, or has gone on from it.
func covers(ctx context.Context, c *connection, log, marked tlog.Tree) error {
	if marked.N > log.N {
		return shortLog{because{fmt.Errorf("the log has %d entries and had %d", log.N, marked.N)}}
	}
	if marked.N == 0 {
		return nil
	}
	root, err := tlog.TreeHash(marked.N, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			var err error
			if hashes[i], err = storedHash(ctx, c, index); err != nil {
				return nil, err
			}
		}
		return hashes, nil
	}))
	if err != nil {
		return fmt.Errorf("hash the log: %w", err)
	}
	if root != marked.Hash {
		return damagedLog{because{errors.New("the log is not the one that was marked")}}
	}
	return nil
}

// set marks how far the log has come. What is durable is durable without it.
func (m *mark) set(log tlog.Tree) error {
	text := binary.BigEndian.AppendUint64(make([]byte, 0, markSize), uint64(log.N)) //nolint:gosec // not negative
	text = append(text, log.Hash[:]...)
	text = binary.BigEndian.AppendUint32(text, crc32.ChecksumIEEE(text))
	if _, err := m.file.WriteAt(text, 0); err != nil {
		return fmt.Errorf("write the mark: %w", err)
	}
	return nil
}

func (m *mark) close() error {
	if m == nil {
		return nil
	}
	if err := m.file.Close(); err != nil {
		return fmt.Errorf("close the mark: %w", err)
	}
	return nil
}
