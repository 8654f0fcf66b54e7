package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// Inclusion proves to somebody who holds nothing but the origin that an entry
// stands in the log.
type Inclusion struct {
	Number     int64
	Entry      []byte
	Checkpoint []byte
	Proof      tlog.RecordProof
}

// Check reports whether the proof holds.
func (i Inclusion) Check(origin Origin) error {
	tree, err := OpenCheckpoint(origin, i.Checkpoint)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(i.Proof, tree.N, tree.Hash, i.Number, tlog.RecordHash(i.Entry)); err != nil {
		return fmt.Errorf("%w: entry %d is not in the signed tree", ErrBroken, i.Number)
	}
	return nil
}

// Prove returns the proof that entry n stands under the newest checkpoint. It is
// store.ErrAbsent when there is no such entry.
func Prove(ctx context.Context, log store.Log, origin Origin, n int64) (Inclusion, error) {
	checkpoint, err := log.Checkpoint(ctx)
	if err != nil {
		return Inclusion{}, fmt.Errorf("read the checkpoint of the audit log: %w", err)
	}
	tree, err := OpenCheckpoint(origin, checkpoint)
	if err != nil {
		return Inclusion{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if n < 0 || n >= tree.N {
		return Inclusion{}, fmt.Errorf("prove entry %d: %w", n, store.ErrAbsent)
	}
	entries, err := log.Entries(ctx, n, 1)
	if err != nil {
		return Inclusion{}, fmt.Errorf("read entry %d of the audit log: %w", n, err)
	}
	if len(entries) != 1 {
		return Inclusion{}, fmt.Errorf("%w: entry %d is missing", ErrBroken, n)
	}
	proof, err := tlog.ProveRecord(tree.N, n, log.Hashes(ctx))
	if err != nil {
		return Inclusion{}, fmt.Errorf("prove entry %d of the audit log: %w", n, err)
	}
	inclusion := Inclusion{Number: n, Entry: entries[0], Checkpoint: checkpoint, Proof: proof}
	return inclusion, inclusion.Check(origin)
}

// ProveGrowth returns the proof that the log of the newer checkpoint begins with
// the whole log of the older one: kept elsewhere, an old checkpoint shows that
// nothing was cut off or rewritten since.
func ProveGrowth(ctx context.Context, log store.Log, origin Origin, older, newer []byte) (tlog.TreeProof, error) {
	before, err := OpenCheckpoint(origin, older)
	if err != nil {
		return nil, fmt.Errorf("the older checkpoint: %w", err)
	}
	after, err := OpenCheckpoint(origin, newer)
	if err != nil {
		return nil, fmt.Errorf("the newer checkpoint: %w", err)
	}
	if after.N < before.N {
		return nil, fmt.Errorf("%w: the newer checkpoint is of %d entries, the older of %d", ErrBroken, after.N, before.N)
	}
	proof, err := tlog.ProveTree(after.N, before.N, log.Hashes(ctx))
	if err != nil {
		return nil, fmt.Errorf("prove the growth of the audit log: %w", err)
	}
	if err := tlog.CheckTree(proof, after.N, after.Hash, before.N, before.Hash); err != nil {
		return nil, fmt.Errorf("%w: the log of %d entries does not begin with the log of %d", ErrBroken, after.N, before.N)
	}
	return proof, nil
}
