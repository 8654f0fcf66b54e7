package store

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Errors of a store that is being copied to.
var (
	ErrUnfinished = errors.New("a copy into this store has not been finished: run accord copy again")
	ErrOccupied   = errors.New("the place to copy to is not empty, and what it holds is no copy that was begun: choose an empty place, nothing was touched")
	ErrOtherCopy  = errors.New("the copy that was begun in this place is of another source, or of this one before it changed: run accord copy again with --restart, which removes what was begun")
)

// ErrNotItsLog is for a source whose entries are not those of its tree head.
var ErrNotItsLog = errors.New("the entries of the source do not add up to the root of its audit log: see what accord audit verify says of the source")

// State is how far the log of a store has come, by which a copy knows its source.
type State struct {
	Tree   tlog.Tree // zero for an empty log
	Signed []byte    // the signed tree head, as it is stored; nil for an empty log
}

// Same reports whether both are of one log at one length.
func (s State) Same(other State) bool { return s.Tree == other.Tree }

// Source is a store that is read whole while nobody writes into it. It is used by
// one goroutine.
type Source interface {
	// State is the same for as long as the source is open.
	State() State
	// Page returns what stands behind a place in a part, in its order: at most
	// CopyRows rows, and about CopyBytes unless one row has more. It is empty at the
	// end, and an error when somebody has written into the store since it was
	// opened.
	Page(ctx context.Context, part Part, from Place) (Copied, error)
	// Log is the store's log.
	Log() Log
	// Close lets writers in again.
	Close() error
}

// Target is a store that is being made: no Open and no OpenLog accepts it until it
// is finished. It is used by one goroutine.
type Target interface {
	// Source reads what was put there so far; State is that of the store it is a
	// copy of.
	Source
	// Place is where a part is gone on with; it outlives the process.
	Place(part Part) Place
	// Put adds a page; what of it was put before is passed over. Keys and whatever
	// else the target finds documents by are made by the way.
	Put(ctx context.Context, page Copied) error
	// Finish makes the target a store, once its log is the source's.
	Finish(ctx context.Context) error
}

// CopyRows and CopyBytes bound a page that is copied.
const (
	CopyRows  = 1000
	CopyBytes = 8 << 20
)

// Copy brings everything that the target does not hold yet, and tells after every
// page how many rows of a part came in this run.
func Copy(ctx context.Context, from Source, to Target, tell func(part Part, rows int64)) error {
	if !from.State().Same(to.State()) {
		return ErrOtherCopy
	}
	for _, part := range Parts() {
		rows := int64(0)
		for {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("copy the %s: %w", part, err)
			}
			page, err := from.Page(ctx, part, to.Place(part))
			if err != nil {
				return fmt.Errorf("read the %s: %w", part, err)
			}
			if page.Len() == 0 {
				break
			}
			if err := to.Put(ctx, page); err != nil {
				return fmt.Errorf("write the %s: %w", part, err)
			}
			rows += int64(page.Len())
			tell(part, rows)
		}
	}
	return nil
}
